"""The load generator."""

import json
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import machine

SCRIPT = Path(__file__).parent / "wrk.lua"


class LoadFailed(Exception):
    """A sentence that says which load failed and how."""


@dataclass(frozen=True)
class Load:
    """One target and how it is loaded."""

    port: int
    path: str
    connections: int
    close: bool = False
    """Whether each request gets a connection of its own."""

    def command(self, wrk: str, seconds: float) -> list:
        command = [wrk, "-t1", f"-c{self.connections}", f"-d{seconds:g}s", "--latency", "--timeout", "10s",
                   "-s", str(SCRIPT)]
        if self.close:
            command += ["-H", "Connection: close"]
        return command + [f"http://127.0.0.1:{self.port}{self.path}"]


class Injector:
    """A running wrk; `result` waits for its end."""

    def __init__(self, wrk: str, load: Load, seconds: float):
        self.load = load
        self.process = subprocess.Popen(
            load.command(wrk, seconds), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def result(self) -> dict:
        text = self.process.communicate()[0]
        line = next((line for line in text.splitlines() if line.startswith("RESULT ")), None)
        if self.process.returncode != 0 or line is None:
            raise LoadFailed(f"wrk failed on {self.load.path}: {text.strip()}")
        found = json.loads(line.removeprefix("RESULT "))
        errors = {kind: found[kind] for kind in ("connect", "read", "write", "status", "timeout") if found[kind]}
        return {
            "requests": found["requests"],
            "rps": found["requests"] / (found["micros"] / 1e6),
            **{f"{key}_ms": found[key] / 1000 for key in ("p50", "p90", "p99", "max")},
            "errors": errors,
        }

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def measure(wrk: str, loads: list, servers: list, seconds: float) -> list:
    """Loads several targets at once and returns a result for each.

    The first one's also has the processor time of the servers per request of that load, and how much of a core
    processes that are neither servers nor load generators used meanwhile.
    """
    cpu, busy = machine.cpu_seconds(servers), machine.busy_seconds()
    injectors = []
    try:
        injectors = [Injector(wrk, load, seconds) for load in loads]
        own = children_seconds()
        results = [injector.result() for injector in injectors]
        own = children_seconds() - own
    finally:
        for injector in injectors:
            injector.stop()
    cpu = machine.cpu_seconds(servers) - cpu
    foreign = machine.busy_seconds() - busy - cpu - own
    results[0]["cpu_us"] = cpu / max(1, results[0]["requests"]) * 1e6
    results[0]["foreign_cores"] = round(max(0.0, foreign / seconds), 2)
    return results


def children_seconds() -> float:
    """Processor time of this process's children that have ended: the load generators."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
