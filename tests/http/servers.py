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

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("trdpgx")
START_SECONDS = 60
WORKERS = 3
"""How many there are where nothing else is set."""


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

    def supervisor(self) -> int:
        """Process id of the supervisor."""
        (pid,) = children_of(self.process.pid)
        return pid

    def workers(self) -> list[int]:
        """Process ids of the workers that run."""
        return [pid for pid in children_of(self.supervisor()) if runs(pid)]

    def processes(self) -> list[int]:
        """Process ids of all of it."""
        return [self.process.pid, self.supervisor(), *self.workers()]

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
        settings = {"TRDPGX_PORT": str(port), "TMPDIR": str(scratch), "TRDPGX_DRAIN_SECONDS": "0", **environment}
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


@contextmanager
def faulty(**environment: str) -> Iterator[Server]:
    """Run a service whose workers have the planted faults of ``tests.http.faults``."""
    with running((sys.executable, "-m", "tests.http.faulty_service"), PYTHONPATH=str(ROOT), **environment) as started:
        yield started


def children_of(pid: int) -> list[int]:
    """Process ids of the children, whichever thread started them. A thread that ends meanwhile hands its own to another."""
    found: list[int] = []
    with suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                found += map(int, (task / "children").read_text().split())
    return found


def runs(pid: int) -> bool:
    """Whether a process runs; one that its parent has not looked after yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pids: list[int]) -> bool:
    """Whether no process of these runs any more."""
    return not any(runs(pid) for pid in pids)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: object, seconds: float = 10.0) -> bool:
    """Wait until a condition, a function without arguments, holds; state whether it did."""
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
