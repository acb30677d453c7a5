"""Whatever a worker does, its one request gets one problem in time, and everybody else is answered meanwhile."""

import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.http.servers import Server, faulty, until
from tests.http.test_server import FILLER, head
from trdpgx.service.example import GENOME
from trdpgx.service.pool import _LATE_SECONDS

SECONDS = 2.0
"""What a worker may take here; no sender waits longer than this and ``BUSY_SECONDS``."""
BUSY_SECONDS = 3
"""How late a deadline may be kept on a busy machine."""
LONG = FILLER * 60_000
"""Lines that make an upload larger than all buffers between a client and a worker."""

DIES = ("worker_died", 503)
LATE = ("worker_timeout", 503)
FAILS = ("internal", 500)
FAULTS = {
    "crash_in_feed": DIES,
    "crash_at_end": DIES,
    "recurse_in_feed": FAILS,
    "recurse_at_end": FAILS,
    "loop_in_feed": LATE,
    "loop_at_end": LATE,
    "loop_in_c_in_feed": LATE,
    "loop_in_c_at_end": LATE,
    "sleep_at_end": LATE,
    "allocate_in_feed": DIES,
    "allocate_at_end": DIES,
    "open_file_at_end": FAILS,
}


@pytest.fixture(scope="module")
def faults() -> Iterator[Server]:
    with faulty(
        TRDPGX_MAX_WORKER_SECONDS=str(SECONDS), TRDPGX_UPLOAD_RATE_SECONDS="3", TRDPGX_MAX_WORKER_MEMORY_BYTES="3000000000"
    ) as started:
        yield started


def with_fault(name: str, tail: bytes = b"") -> bytes:
    return GENOME.replace(b"##FORMAT", b"##fault=%s\n##FORMAT" % name.encode(), 1) + tail


def others(server: Server, count: int, answers: list[int]) -> list[threading.Thread]:
    """Ask for so many reports of the example, some at a time."""

    def ask() -> None:
        for _ in range(count // 4):
            answer = server.post(GENOME)
            answers.append(answer.status_code)
            assert answer.json()["input"]["sample"] == "SYNTHETIC"

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize("tail", [b"", LONG], ids=["small", "large"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_one_request_one_problem(name: str, tail: bytes, faults: Server) -> None:
    answers: list[int] = []
    asking = others(faults, 20, answers)
    began = time.monotonic()
    answer = faults.post(with_fault(name, tail))
    took = time.monotonic() - began
    for thread in asking:
        thread.join()
    code, status = FAULTS[name]
    assert (answer.json()["type"], answer.status_code) == (f"/problems/{code}", status)
    assert took < SECONDS + BUSY_SECONDS
    assert answers == [200] * 20
    assert until(lambda: len(faults.workers()) == 3)


@pytest.mark.parametrize(("name", "code"), [("deaf", "worker_timeout"), ("garbage", "worker_died"), ("secret", "internal")])
@pytest.mark.parametrize("tail", [b"", LONG], ids=["small", "large"])
def test_a_worker_that_does_not_listen(name: str, code: str, tail: bytes, faults: Server) -> None:
    began = time.monotonic()
    answer = faults.post(GENOME + tail, f"/v1/reports?sample={name}")
    assert answer.json()["type"] == f"/problems/{code}"
    assert time.monotonic() - began < SECONDS + BUSY_SECONDS
    assert "Jane" not in answer.text


def test_both_pipes_full(faults: Server) -> None:
    """The worker answers at length and reads nothing, while the client sends at length and reads nothing."""
    body = GENOME + LONG * 8
    with faults.connect() as connection:
        connection.sendall(head(len(body), "/v1/reports?sample=full", "Connection: close"))
        sending = threading.Thread(target=send_all, args=(connection, body))
        sending.start()
        time.sleep(0.5)
        answer = b"".join(iter(lambda: connection.recv(2**20), b""))
        sending.join()
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"x") > 400 * 256 * 1024 - 1
    assert answer.endswith(b"0\r\n\r\n")
    assert faults.post(GENOME).status_code == 200


def send_all(connection: socket.socket, body: bytes) -> None:
    try:
        connection.sendall(body)
    except OSError:
        return


@pytest.mark.parametrize(("name", "code"), [("broken", "internal"), ("torn", "worker_died")])
def test_a_failure_after_the_first_byte_is_never_a_clean_end(name: str, code: str, faults: Server) -> None:
    with faults.connect() as connection:
        connection.sendall(head(len(GENOME), f"/v1/reports?sample={name}") + GENOME)
        answer = b"".join(iter(lambda: connection.recv(2**20), b""))
    lines = [line for line in answer.partition(b"\r\n\r\n")[2].split(b"\r\n") if line.startswith(b"{")]
    assert lines[0] == b"{}\n"
    assert json.loads(lines[1])["type"] == f"/problems/{code}"
    assert not answer.endswith(b"0\r\n\r\n")
    assert b"Jane" not in answer
    if name == "broken":
        request = re.search(rb"x-request-id: ([0-9a-f-]+)", answer, re.IGNORECASE)
        assert request is not None
        assert until(lambda: f"request={request[1].decode()} worker" in faults.log.read_text())


def test_a_fault_of_ours_logs_its_location_only(faults: Server) -> None:
    answer = faults.post(GENOME, "/v1/reports?sample=secret")
    assert answer.status_code == 500
    assert until(lambda: answer.headers["x-request-id"] in faults.log.read_text())
    log = faults.log.read_text()
    (fault,) = [line for line in log.splitlines() if answer.headers["x-request-id"] in line and "trdpgx.faults" in line]
    assert "builtins.KeyError" in fault
    assert "faults.py" in fault
    assert "Jane" not in log


@pytest.mark.parametrize("name", ["loop_in_feed", "loop_in_c_at_end"])
def test_a_sender_who_leaves_ends_the_work(name: str, faults: Server) -> None:
    time.sleep(1)
    before = faults.workers()
    with faults.connect() as connection:
        content = with_fault(name)
        connection.sendall(head(len(content)) + content)
        time.sleep(0.3)
        assert set(faults.workers()) == set(before)
    assert until(lambda: set(before) - set(faults.workers()), seconds=_LATE_SECONDS + BUSY_SECONDS)
    assert until(lambda: len(faults.workers()) == 3)


def test_a_worker_that_was_stopped_is_replaced(faults: Server) -> None:
    stopped = faults.workers()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    assert faults.post(GENOME).json()["type"] == "/problems/worker_timeout"
    assert time.monotonic() - began < SECONDS + BUSY_SECONDS
    for pid in faults.workers():
        if pid in stopped:
            with suppress(ProcessLookupError):  # killed since it was listed
                os.kill(pid, signal.SIGCONT)
    assert until(lambda: faults.post(GENOME).status_code == 200)


def test_nothing_of_the_faults_stays_open(faults: Server) -> None:
    faults.post(GENOME)
    before = faults.descriptors()
    for name in ("crash_in_feed", "allocate_at_end", "recurse_at_end") * 3:
        faults.post(with_fault(name))
    assert until(lambda: len(faults.workers()) == 3 and faults.descriptors() <= before)
    assert httpx.get(f"{faults.base}/readyz", trust_env=False).status_code == 200
