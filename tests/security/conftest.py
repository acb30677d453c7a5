"""One service for the whole folder, and measurements of its processes."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.servers import Server, running
from trdpgx.service.example import GENOME

FORM = b'--x\r\nContent-Disposition: form-data; name="vcf"; filename="a.vcf"\r\n\r\n%s\r\n--x--\r\n'
FORM_TYPE = "multipart/form-data; boundary=x"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A service whose allocator has one arena, not one for each thread, so that its resident memory is memory in use."""
    with running(TRDPGX_UPLOAD_IDLE_SECONDS="20", TRDPGX_UPLOAD_DRAIN_SECONDS="10") as started:
        yield started


@pytest.fixture(scope="session")
def right(server: Server) -> bytes:
    """The correct answer to the example genome."""
    answer = server.post(GENOME)
    assert answer.status_code == 200
    return lasting(answer.content)


def lasting(report: bytes) -> bytes:
    """Return a report without the fields that differ between requests."""
    found, count = re.subn(rb'"(report_id|created_at)":"[^"]*"', b"", report)
    assert count == 2
    return found


def living(server: Server) -> list[int]:
    """Process ids of the supervisor and of the workers that have not died."""
    return [server.supervisor(), *server.workers()]


def stat(pid: int) -> list[str]:
    """Return the fields of ``/proc/PID/stat`` from the state on; an empty list if the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process in seconds."""
    fields = stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int, field: str = "VmRSS") -> int:
    """Return resident memory in bytes; ``VmHWM`` is its peak."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024
