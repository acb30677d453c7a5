"""The service under measurement, and for comparison an endpoint of the same server that reads a body and discards it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.http.servers import free_port


@dataclass(frozen=True)
class Running:
    """A server under measurement: a client of it and its process."""

    client: httpx.Client
    pid: int

    def processes(self) -> list[int]:
        """Return the process ids of the server and all below it."""
        return [self.pid, *_children(self.pid)]

    def cpu_seconds(self) -> float:
        """Return the CPU time that the process and all below it have used so far."""
        return sum(map(_on_cpu, self.processes()))


async def discard(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the body of a request and answer with nothing (an ASGI application)."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def service(workers: int = 1) -> Iterator[Running]:
    """Run ``trdpgx serve``."""
    port = free_port()
    settings = {"TRDPGX_LOG_LEVEL": "warning", "TRDPGX_PORT": str(port), "TRDPGX_WORKERS": str(workers)}
    with _running([str(Path(sys.executable).with_name("trdpgx")), "serve"], port, "/readyz", settings) as server:
        yield server


@contextmanager
def yardstick() -> Iterator[Running]:
    """Run ``discard`` on the same kind of server."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "performance.service:discard", "--port", str(port), "--no-access-log"]
    with _running([*command, "--loop", "uvloop", "--http", "httptools", "--log-level", "warning"], port, "/", {}) as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, address: str, settings: dict[str, str]) -> Iterator[Running]:
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            _wait(client, address)
            yield Running(client, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(client: httpx.Client, address: str) -> None:
    for _ in range(600):
        try:
            if client.get(address).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the service did not start")


def _on_cpu(pid: int) -> float:
    seconds = 0.0
    for task in _tasks(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            seconds += int((task / "schedstat").read_text().split()[0]) / 1e9
    return seconds


def _children(pid: int) -> list[int]:
    """Return the children of a process, and theirs."""
    found: list[int] = []
    for task in _tasks(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return [one for child in found for one in (child, *_children(child))]


def _tasks(pid: int) -> list[Path]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []
