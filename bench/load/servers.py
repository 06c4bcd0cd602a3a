"""The servers under load: Baton, nginx, workerd, Node. Each is a process of its own that `stop` ends."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).parent
START_SECONDS = 120
STOP_SECONDS = 15


class ServerFailed(Exception):
    """A sentence that says which server failed and how."""


def free_ports(count: int) -> list:
    """Ports that nobody listens on; all are held at once, so that they differ."""
    sockets = []
    for _ in range(count):
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        sockets.append(one)
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Server:
    """A started program, in a process group of its own."""

    def __init__(self, name: str, command: list, directory: Path, probe_port: int, environment=None, path="/"):
        self.name = name
        self.command = command
        self.probe_port = probe_port
        self.path = path
        self.log = directory / f"{name}.log"
        self.environment = environment
        self.process = None

    def start(self) -> "Server":
        self.launch()
        self.await_answer()
        return self

    def launch(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment,
                start_new_session=True)

    def await_answer(self, pause=0.05) -> None:
        """Waits for the first answer to a request, whatever its status."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ServerFailed(f"{self.name} ended with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")
            try:
                request(self.probe_port, "GET", self.path)
                return
            except OSError:
                time.sleep(pause)
        raise ServerFailed(f"{self.name} did not answer in {START_SECONDS} s:\n{self.log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """Ends the program politely, then its whole group for good."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None


class Baton(Server):
    """The platform with two workers and a data directory of its own."""

    def __init__(self, root: Path, directory: Path, workers: int):
        self.root = root
        self.http, self.admin, https = free_ports(3)
        command = [
            str(root / "baton"), "up", "--data", str(directory / "data"), "--http", str(self.http),
            "--admin", str(self.admin), "--https", str(https), "--workers", str(workers)]
        super().__init__("baton", command, directory, self.admin, path="/readyz")

    def await_answer(self, pause=0.05) -> None:
        """Waits until the platform says that it is ready."""
        super().await_answer(pause)
        deadline = time.monotonic() + START_SECONDS
        while request(self.admin, "GET", "/readyz")[0] != 200:
            if time.monotonic() > deadline:
                raise ServerFailed(f"baton did not become ready:\n{self.log.read_text()[-2000:]}")
            time.sleep(pause)

    def deploy(self, name: str, lang: str, source: bytes) -> None:
        """Deploys a function, waiting while the compiler is being prepared."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            status, body = request(self.admin, "POST", f"/deploy?name={name}&lang={lang}", source)
            if status == 201:
                return
            if status != 503 or time.monotonic() > deadline:
                raise ServerFailed(f"deploying {name} was answered with {status}: {body.decode(errors='replace')}")
            time.sleep(0.5)

    def workers(self) -> list:
        return json.loads(request(self.admin, "GET", "/workers")[1])


def nginx(tool: str, directory: Path, baton_port: int, page: str) -> tuple:
    """nginx with its three servers, and their ports by name."""
    hello, paged, proxy = free_ports(3)
    escaped = page.replace("\\", "\\\\").replace('"', '\\"')
    if "$" in page:
        raise ServerFailed("the page must not contain '$', which nginx takes for a variable")
    text = fill("nginx.conf", DIR=directory, HELLO_PORT=hello, PAGE_PORT=paged, PROXY_PORT=proxy,
                BATON_PORT=baton_port, PAGE=escaped)
    config = directory / "nginx.conf"
    config.write_text(text)
    server = Server("nginx", [tool, "-p", str(directory), "-c", str(config)], directory, hello)
    return server, {"hello": hello, "page": paged, "proxy": proxy}


def workerd(tool: str, directory: Path) -> Server:
    port = free_ports(1)[0]
    config = directory / "workerd.capnp"
    config.write_text(fill("workerd.capnp", PORT=port))
    (directory / "workerd-hello.js").write_text((HERE / "peers/workerd-hello.js").read_text())
    return Server("workerd", [tool, "serve", str(config)], directory, port)


def node(tool: str, directory: Path) -> Server:
    port = free_ports(1)[0]
    return Server("node", [tool, str(HERE / "peers/node-hello.mjs"), str(port)], directory, port)


def fill(template: str, **values) -> str:
    text = (HERE / "peers" / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


def request(port: int, method: str, path: str, body: bytes = None, timeout=60) -> tuple:
    """Status and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, response.read()
    except http.client.HTTPException as e:
        raise OSError(f"no HTTP answer on port {port}: {e!r}") from e
    finally:
        connection.close()
