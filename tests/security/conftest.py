"""One service for the whole folder, with patience cut short so that stalled uploads end soon."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.servers import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running(TRDPGX_UPLOAD_IDLE_SECONDS="2", TRDPGX_UPLOAD_LINGER_SECONDS="1") as started:
        yield started


def cpu_seconds(pid: int) -> float:
    """Return user and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int, field: str = "VmRSS") -> int:
    """Return resident memory in bytes; ``VmHWM`` is its peak."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024
