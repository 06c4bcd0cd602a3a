"""What is measured: throughput side by side, slow functions beside fast ones, starts, first calls, memory."""

import json
import os
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import machine, servers
from .wrk import Load, measure

FUNCTIONS = Path(__file__).parent / "functions"
CONNECTIONS = 64
SLOW_MILLIS = 50
FIRST_CALLS = 20
CLI_CALLS = 11
STARTS = 5


class Stage:
    """Baton and its peers, running, with every function of the benchmark deployed."""

    def __init__(self, root: Path, directory: Path, tools: dict, workers: int, say):
        self.root, self.directory, self.tools, self.say = root, directory, tools, say
        self.running = []
        self.page = (root / "examples/hello.html").read_text()
        self.baton = servers.Baton(root, directory, workers)
        self.node = servers.node(tools["node"], directory)
        self.workerd = servers.workerd(tools["workerd"], directory)
        self.nginx, self.nginx_ports = servers.nginx(tools["nginx"], directory, self.baton.http, self.page)
        self.slow_rounds = 0

    def open(self) -> None:
        for server in (self.baton, self.nginx, self.workerd, self.node):
            self.say(f"starting {server.name} …")
            self.running.append(server)
            server.start()

    def deploy(self) -> None:
        self.say("deploying the functions (the first one waits for the compiler) …")
        examples = self.root / "examples"
        self.baton.deploy("hello", "c", (examples / "hello.c").read_bytes())
        self.baton.deploy("page", "html", (examples / "hello.html").read_bytes())
        self.baton.deploy("script", "js", (examples / "hello.js").read_bytes())
        self.baton.deploy("cpu", "c", (FUNCTIONS / "cpu.c").read_bytes())
        self.baton.deploy("sleep", "c", (FUNCTIONS / "sleep.c").read_bytes())
        self.slow_rounds = self.calibrate()

    def calibrate(self) -> int:
        """Rounds of the function `cpu` that take as long as a slow call shall."""
        rounds = 1_000_000
        while True:
            micros = min(int(self.invoke(f"/function/cpu?{rounds}")) for _ in range(3))
            if micros >= 20_000:
                return rounds * SLOW_MILLIS * 1000 // micros
            rounds *= 2

    def invoke(self, path: str) -> bytes:
        status, body = servers.request(self.baton.http, "GET", path)
        if status != 200:
            raise servers.ServerFailed(f"{path} was answered with {status}: {body.decode(errors='replace')}")
        return body

    def check(self) -> None:
        """Fails when a server has ended, so that nobody takes the rest for figures."""
        for server in self.running:
            if server.process.poll() is not None:
                raise servers.ServerFailed(f"{server.name} ended with {server.process.returncode} under load:\n"
                                           f"{server.log.read_text()[-2000:]}")

    def close(self) -> None:
        for server in reversed(self.running):
            server.stop()


def throughput(stage: Stage) -> dict:
    """The loads that are compared with each other, by name, with the processes that serve them."""
    baton, nginx, ports = stage.baton, stage.nginx, stage.nginx_ports
    hello = "/function/hello"
    return {
        "nginx return 200": (Load(ports["hello"], "/", CONNECTIONS), [nginx.pid]),
        "Baton hello (C, fresh instance)": (Load(baton.http, hello, CONNECTIONS), [baton.pid]),
        "nginx return 200, page": (Load(ports["page"], "/", CONNECTIONS), [nginx.pid]),
        "Baton html": (Load(baton.http, "/function/page", CONNECTIONS), [baton.pid]),
        "workerd hello": (Load(stage.workerd.probe_port, "/", CONNECTIONS), [stage.workerd.pid]),
        "Node http server": (Load(stage.node.probe_port, "/", CONNECTIONS), [stage.node.pid]),
        "Baton js handler": (Load(baton.http, "/function/script", CONNECTIONS), [baton.pid]),
        "Baton hello behind nginx proxy": (Load(ports["proxy"], hello, CONNECTIONS), [nginx.pid, baton.pid]),
        "Baton html behind nginx proxy": (Load(ports["proxy"], "/function/page", CONNECTIONS), [nginx.pid, baton.pid]),
        "Baton hello, new connections": (Load(baton.http, hello, CONNECTIONS, close=True), [baton.pid]),
        "Baton behind nginx proxy, new connections":
            (Load(ports["proxy"], hello, CONNECTIONS, close=True), [nginx.pid, baton.pid]),
    }


def mixed(stage: Stage) -> dict:
    """Fast calls alone, and beside slow ones: the loads that run at the same time."""
    http, pid = stage.baton.http, stage.baton.pid
    hello = Load(http, "/function/hello", 32)
    return {
        "hello alone, 32 connections": ([hello], [pid]),
        "hello beside 8 callers of 50 ms CPU":
            ([hello, Load(http, f"/function/cpu?{stage.slow_rounds}", 8)], [pid]),
        "hello beside 8 callers of 50 ms sleep": ([hello, Load(http, "/function/sleep", 8)], [pid]),
    }


@dataclass(frozen=True)
class Pace:
    """How often, how long and how patiently the loads are measured."""

    rounds: int
    seconds: float
    warm_up: float
    quiet_wait: float
    """Seconds to wait for other processes to rest, at most, before each measurement."""
    retries: int
    """A measurement that others disturbed is repeated so often at most; the least disturbed one counts."""


def run_rounds(stage: Stage, pace: Pace, only: str) -> dict:
    """Measures everything in turn, round by round; the results of each scenario in the order of the rounds."""
    plan = {name: ([load], pids) for name, (load, pids) in throughput(stage).items()}
    plan |= mixed(stage)
    plan = {name: what for name, what in plan.items() if only.lower() in name.lower()}
    for name, (loads, pids) in plan.items():
        stage.say(f"warming up: {name}")
        measure(stage.tools["wrk"], loads, pids, pace.warm_up)
    found = {name: [] for name in plan}
    for number in range(1, pace.rounds + 1):
        for name, (loads, pids) in plan.items():
            one = least_disturbed(stage, loads, pids, pace)
            found[name].append(one)
            stage.say(f"round {number}/{pace.rounds}: {name}: {one['rps']:,.0f}/s, p50 {one['p50_ms']:.2f} ms, "
                      f"p99 {one['p99_ms']:.2f} ms, others used {one['foreign_cores']:.2f} cores"
                      + (f", errors {one['errors']}" if one["errors"] else ""))
    return found


def least_disturbed(stage: Stage, loads: list, pids: list, pace: Pace) -> dict:
    """The measurement during which other processes used the machine least."""
    best = None
    for _ in range(1 + pace.retries):
        machine.wait_until_quiet(pace.quiet_wait, stage.say)
        results = measure(stage.tools["wrk"], loads, pids, pace.seconds)
        stage.check()
        one = results[0]
        if len(results) > 1:
            one |= {"slow_rps": results[1]["rps"], "slow_errors": results[1]["errors"]}
        if best is None or one["foreign_cores"] < best["foreign_cores"]:
            best = one
        if best["foreign_cores"] <= machine.QUIET_CORES:
            break
    return best


def first_calls(stage: Stage) -> dict:
    """How long the first request of a just deployed function takes, and the second, in milliseconds."""
    template = (FUNCTIONS / "first.c").read_text()
    first, second, deploy = [], [], []
    stage.say(f"first calls of {FIRST_CALLS} functions …")
    base = time.time_ns()
    for number in range(FIRST_CALLS):
        name = f"first-{number}"
        began = time.perf_counter()
        stage.baton.deploy(name, "c", template.replace("NUMBER", str(base + number)).encode())
        deploy.append((time.perf_counter() - began) * 1000)
        for times in (first, second):
            times.append(timed_call(stage.baton.http, f"/function/{name}", str(base + number)))
    return {
        "first_median_ms": statistics.median(first), "first_max_ms": max(first), "first_ms": first,
        "second_median_ms": statistics.median(second), "deploy_median_ms": statistics.median(deploy),
    }


def timed_call(port: int, path: str, expected: str) -> float:
    """Milliseconds from connecting to the last byte of the answer."""
    message = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    answer = b""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(message)
        while expected.encode() not in answer:
            part = connection.recv(65536)
            if not part:
                raise servers.ServerFailed(f"{path} was answered with {answer.decode(errors='replace')}")
            answer += part
    return (time.perf_counter() - began) * 1000


def memory(stage: Stage) -> dict:
    """Memory of the platform as it is."""
    return summed(machine.memory_mb(stage.baton.pid))


def summed(rows: list) -> dict:
    return {
        "rss_mb": round(sum(row[2] for row in rows), 1),
        "pss_mb": round(sum(row[3] for row in rows), 1),
        "processes": [{"name": name, "rss_mb": round(rss, 1), "pss_mb": round(pss, 1)} for _, name, rss, pss in rows],
    }


def idle_memory(root: Path, directory: Path, workers: int, say) -> dict:
    """Memory of a platform that was started, serves one function and has nothing to do."""
    say("memory of an idle platform …")
    baton = restarted(root, directory, workers)
    try:
        servers.request(baton.http, "GET", "/function/hello")
        time.sleep(3)
        return summed(machine.memory_mb(baton.pid))
    finally:
        baton.stop()


def start_times(root: Path, directory: Path, workers: int, quiet_wait: float, say) -> list:
    """Seconds from the command to the first answered request of a deployed function, when not started first."""
    times = []
    for number in range(STARTS):
        machine.wait_until_quiet(quiet_wait, say)
        began = time.perf_counter()
        baton = servers.Baton(root, directory, workers)
        try:
            baton.launch()
            while not answers(baton.http, "/function/hello"):
                if baton.process.poll() is not None or time.perf_counter() - began > servers.START_SECONDS:
                    raise servers.ServerFailed(f"baton did not start: {baton.log.read_text()[-2000:]}")
                time.sleep(0.005)
            times.append(time.perf_counter() - began)
        finally:
            baton.stop()
        say(f"start {number + 1}/{STARTS}: {times[-1]:.2f} s")
    return times


def restarted(root: Path, directory: Path, workers: int) -> servers.Baton:
    baton = servers.Baton(root, directory, workers)
    try:
        return baton.start()
    except BaseException:
        baton.stop()
        raise


def answers(port: int, path: str) -> bool:
    try:
        return servers.request(port, "GET", path, timeout=30)[0] == 200
    except OSError:
        return False


def cli_times(stage: Stage, quiet_wait: float) -> list:
    """Milliseconds that `./baton list` takes; the first calls make its cache and do not count."""
    stage.say("command line …")
    command = [str(stage.root / "baton"), "list"]
    environment = {**os.environ, "BATON_URL": f"http://127.0.0.1:{stage.baton.admin}"}
    times = []
    subprocess.run(command, env=environment, capture_output=True, check=True)
    time.sleep(5)
    for _ in range(CLI_CALLS):
        machine.wait_until_quiet(quiet_wait, stage.say)
        began = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=True)
        times.append((time.perf_counter() - began) * 1000)
    return times


def soak(stage: Stage, millions: float) -> dict:
    """Descriptors, threads and memory of the platform before and after so many invocations."""
    wanted = int(millions * 1_000_000)
    load = Load(stage.baton.http, "/function/hello", CONNECTIONS)
    measure(stage.tools["wrk"], [load], [stage.baton.pid], 5)
    time.sleep(2)
    samples = [{"invocations": 0} | machine.handles(stage.baton.pid)]
    done, errors = 0, {}
    while done < wanted:
        result = measure(stage.tools["wrk"], [load], [stage.baton.pid], 10)[0]
        done += result["requests"]
        for kind, count in result["errors"].items():
            errors[kind] = errors.get(kind, 0) + count
        time.sleep(2)
        samples.append({"invocations": done} | machine.handles(stage.baton.pid))
        stage.say(f"soak: {json.dumps(samples[-1])}")
    return {"samples": samples, "errors": errors}
