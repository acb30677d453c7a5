"""``trdpgx serve`` as a process of its own, and raw sockets to it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("trdpgx")
START_SECONDS = 60
WORKERS = 3
"""The default number of workers."""


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
        """Process ids of the HTTP process, the supervisor and the workers."""
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
            assert "event loop: " not in log.read_text("utf-8", "replace")
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def running_with(supervisor: str, **environment: str) -> AbstractContextManager[Server]:
    """Run a service whose supervisor is this module."""
    return running((sys.executable, "-m", "tests.http.serve_with", supervisor), PYTHONPATH=str(ROOT), **environment)


faulty = partial(running_with, "tests.http.faults")
"""Runs a service whose workers have planted faults."""


def children_of(pid: int) -> list[int]:
    """Process ids of the children, whichever thread started them. Those of a thread that ends meanwhile belong to another."""
    pids: list[int] = []
    with suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                pids += map(int, (task / "children").read_text().split())
    return pids


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent (a zombie) does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def all_ended(pids: list[int]) -> bool:
    """Whether none of these processes runs."""
    return not any(runs(pid) for pid in pids)


def memory(pid: int, kind: str = "Pss") -> int:
    """Return one kind of memory of a process in bytes; ``Pss`` divides shared memory by the processes that share it."""
    (line,) = (line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith(f"{kind}:"))
    return int(line.split()[1]) * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """Wait until a condition holds; return whether it did."""
    deadline = time.monotonic() + seconds
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
