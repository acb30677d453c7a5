"""``trdpgx serve`` as a process of its own, and a plain socket to talk to it as no polite client would."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

COMMAND = Path(sys.executable).with_name("trdpgx")
START_SECONDS = 60


@dataclass
class Server:
    """A running service. ``scratch`` is its temporary folder, ``log`` the file of its standard error."""

    process: "subprocess.Popen[bytes]"
    port: int
    scratch: Path
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, address: str) -> httpx.Response:
        return httpx.get(self.base + address, timeout=30, trust_env=False)

    def post(self, content: bytes, address: str = "/v1/reports", **headers: str) -> httpx.Response:
        return httpx.post(self.base + address, content=content, headers=headers, timeout=60, trust_env=False)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def children(self) -> list[int]:
        """Process ids of the parsers, or of the workers where there are several."""
        return children_of(self.process.pid)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@contextmanager
def running(command: Sequence[str | Path] = (COMMAND, "serve"), **environment: str) -> Iterator[Server]:
    """Run a service until the end of the block; settings are given as environment variables."""
    port = free_port()
    with TemporaryDirectory() as folder:
        scratch, log = Path(folder, "tmp"), Path(folder, "log")
        scratch.mkdir()
        settings = {"TRDPGX_PORT": str(port), "TMPDIR": str(scratch), **environment}
        with log.open("wb") as errors:
            process = subprocess.Popen(command, stdout=errors, stderr=errors, env={**os.environ, **settings}, cwd=scratch)
        server = Server(process, port, scratch, log)
        try:
            _wait(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def children_of(pid: int) -> list[int]:
    """Process ids of the children, whichever thread started them. A thread that ends meanwhile hands its own to another."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: object, seconds: float = 10.0) -> bool:
    """Wait until a condition, a function without arguments, holds; say whether it did."""
    deadline = time.monotonic() + seconds
    assert callable(condition)
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, server.log.read_text()
        try:
            if server.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(server.log.read_text())
