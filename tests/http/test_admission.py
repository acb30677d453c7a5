"""Who gets a worker: slow senders hold none, large requests queue, small ones are answered meanwhile, and what is too much is refused."""

import os
import random
import signal
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.http.servers import Server, faulty, memory, running, until
from tests.http.test_faults import with_fault
from tests.http.test_server import FILLER, head, read_answer
from trdpgx.service.admission import WorkerHandle, cpu_seconds
from trdpgx.service.example import GENOME

LARGE = GENOME + FILLER * 20_000
"""More than what is collected before a request takes a worker."""
NAP_SECONDS = 2
"""How long a request with the fault ``nap_at_end`` takes, and so one that waits behind it."""


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    with running() as started:
        yield started


def timed(server: Server, count: int) -> list[float]:
    """Return how long each of so many small requests took, one after the other on one connection."""
    times = []
    with httpx.Client(base_url=server.base, trust_env=False, timeout=60) as client:
        for _ in range(count):
            began = time.perf_counter()
            assert client.post("/v1/reports", content=GENOME).status_code == 200
            times.append(time.perf_counter() - began)
    return times


def test_slow_uploads_hold_no_worker(plain: Server) -> None:
    """64 senders of 1 kB a second: nobody waits for them, and they cost memory only for what they have sent."""
    timed(plain, 10)
    before, alone = sum(map(memory, plain.processes())), timed(plain, 30)
    stop = threading.Event()
    with ExitStack() as stack:
        slow = [stack.enter_context(plain.connect()) for _ in range(64)]
        for connection in slow:
            connection.sendall(head(2_000_000) + GENOME)

        def drip() -> None:
            while not stop.wait(1.0):
                for connection in slow:
                    connection.sendall(FILLER[:1] * 1_000)

        dripping = threading.Thread(target=drip)
        dripping.start()
        time.sleep(2)
        beside, held = timed(plain, 30), sum(map(memory, plain.processes()))
        stop.set()
        dripping.join()
    assert statistics.median(beside) < 10 * statistics.median(alone)
    assert held - before < 64 * 2**20


def test_a_sender_below_the_least_rate_loses_its_worker() -> None:
    with running(TRDPGX_UPLOAD_RATE_SECONDS="1", TRDPGX_UPLOAD_IDLE_SECONDS="30") as strict, strict.connect() as connection:
        connection.sendall(head(len(LARGE) + 1_000_000) + LARGE)
        began = time.monotonic()
        while time.monotonic() - began < 5:
            try:
                connection.sendall(FILLER[:1] * 1_000)
                time.sleep(0.1)
            except OSError:
                break
            connection.setblocking(False)
            try:
                answered = bool(connection.recv(1, socket.MSG_PEEK))
            except BlockingIOError:
                answered = False
            connection.settimeout(30)
            if answered:
                break
        assert 0.8 < time.monotonic() - began < 4
        status, _, body = read_answer(connection)
        assert (status, b"too_slow" in body) == (408, True)
        assert strict.post(GENOME).status_code == 200


def test_large_requests_queue_and_small_ones_are_answered() -> None:
    """40 requests of two seconds each: some wait, what is too much is refused at once, and small ones do not notice."""
    body = with_fault("nap_at_end", FILLER * 20_000)
    outcomes: Counter[str] = Counter()
    refused: list[float] = []

    with faulty(TRDPGX_QUEUE_REQUESTS="8", TRDPGX_QUEUE_SECONDS="50") as busy:

        def ask() -> None:
            began = time.monotonic()
            answer = busy.post(body)
            if answer.status_code == 200:
                outcomes["right"] += 1
            else:
                outcomes[answer.json()["type"]] += 1
                refused.append(time.monotonic() - began)
                assert int(answer.headers["retry-after"]) > 0

        threads = [threading.Thread(target=ask) for _ in range(40)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        times = timed(busy, 20)
        with httpx.Client(base_url=busy.base, trust_env=False) as client:
            health = [client.get("/readyz").elapsed.total_seconds() for _ in range(20)]
        for thread in threads:
            thread.join()
    assert outcomes["right"] + outcomes["/problems/busy"] == 40
    assert outcomes["right"] >= 8
    assert outcomes["/problems/busy"] >= 20
    assert statistics.median(times) < NAP_SECONDS / 4
    assert max(times) < 2 * NAP_SECONDS
    assert max(health) < 2 * NAP_SECONDS


def test_a_small_request_that_takes_long_makes_way() -> None:
    """Nine that count as small and take two seconds: they begin anew among the large ones, and the others do not wait for them."""
    with faulty(TRDPGX_SMALL_SECONDS="0.5") as displaced:
        answers: list[int] = []
        threads = [threading.Thread(target=lambda: answers.append(displaced.post(with_fault("nap_at_end")).status_code)) for _ in range(9)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        times = timed(displaced, 10)
        for thread in threads:
            thread.join()
        assert answers == [200] * 9
        assert max(times) < 3 * NAP_SECONDS
        assert statistics.median(times) < NAP_SECONDS / 2


def test_what_is_collected_has_a_bound() -> None:
    with running(TRDPGX_UPLOAD_HELD_BYTES="500000") as bounded, ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(bounded.connect()).sendall(head(900_000) + FILLER[:1] * 110_000)
        time.sleep(0.5)
        answer = bounded.post(GENOME + FILLER * 3_000)
        assert answer.json()["type"] == "/problems/busy"
        stack.close()
        assert until(lambda: bounded.post(GENOME + FILLER * 3_000).status_code == 200)


def test_what_is_collected_slowly_makes_space() -> None:
    """Uploads that drip and fill what may be collected are ended for others, which are refused at once until then."""
    variables = {"TRDPGX_UPLOAD_HELD_BYTES": "500000", "TRDPGX_UPLOAD_RATE_SECONDS": "2", "TRDPGX_UPLOAD_FIRST_SECONDS": "20"}
    with running(**variables) as bounded, ExitStack() as stack:
        slow = [stack.enter_context(bounded.connect()) for _ in range(4)]
        for connection in slow:
            connection.sendall(head(900_000) + FILLER[:1] * 110_000)
        panel = GENOME + FILLER * 3_000
        began = time.monotonic()
        while (answer := bounded.post(panel)).status_code == 503:
            assert answer.json()["type"] == "/problems/busy"
            assert int(answer.headers["retry-after"]) > 0
            time.sleep(0.2)
        assert answer.status_code == 200
        assert 1 < time.monotonic() - began < 10
        status, _, body = read_answer(slow[0])
        assert (status, b"too_slow" in body) == (408, True)
        assert bounded.post(panel).status_code == 200


def test_first_bytes_have_a_time() -> None:
    with running(TRDPGX_UPLOAD_FIRST_SECONDS="2") as strict, strict.connect() as connection:
        connection.sendall(head(900_000))
        began = time.monotonic()
        for _ in range(12):
            connection.sendall(b"#")
            time.sleep(0.1)
        status, _, body = read_answer(connection)
        assert (status, b"too_slow" in body) == (408, True)
        assert 1.5 < time.monotonic() - began < 6


def test_a_large_request_does_not_wait_for_ever_behind_small_ones() -> None:
    """One worker, twelve clients that ask for small reports without a pause, and a large one among them."""
    with running(TRDPGX_WORKERS="1") as crowded:
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                crowded.post(GENOME)

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        status = crowded.post(LARGE).status_code
        took = time.monotonic() - began
        stop.set()
        for thread in threads:
            thread.join()
    assert status == 200
    assert took < 15


def test_cpu_of_a_process() -> None:
    began = cpu_seconds(os.getpid())
    if began is None:
        pytest.skip("this system does not tell the CPU of another process")
    while cpu_seconds(os.getpid()) == began:
        pass
    assert began == pytest.approx(time.process_time(), abs=0.5)
    assert cpu_seconds(2**22 + 1) is None


def test_what_takes_long_is_measured_by_cpu_first() -> None:
    """On a busy machine every small request takes more than a second by the clock, and none is large for it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = WorkerHandle(os.getpid(), ours)
        worker.begin(None, 100.0)  # type: ignore[arg-type]
        assert not worker.takes_long(100.5, 1.0)
        if cpu_seconds(os.getpid()) is not None:
            assert not worker.takes_long(102.5, 1.0)
        assert worker.takes_long(103.0, 1.0)
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
        assert worker.takes_long(100.4, 0.2)


def test_senders_who_leave_the_queue_cost_nothing(plain: Server) -> None:
    before = plain.descriptors()
    for _ in range(60):
        with plain.connect() as connection:
            connection.sendall(head(len(GENOME)) + GENOME)
    assert until(lambda: plain.post(GENOME).status_code == 200, seconds=5)
    assert until(lambda: plain.descriptors() <= before)
    assert len(plain.workers()) == 3


def test_mixed_requests_at_once_equal_those_made_alone(plain: Server) -> None:
    """Genomes of many names and faults, from eight clients at once."""
    chance = random.Random(3)
    kinds = {
        "right": (GENOME, 200),
        "large": (LARGE, 200),
        "cut": (GENOME[:-20], 400),
        "empty": (b"", 400),
        "garbage": (os.urandom(3_000), 415),
    }
    wrong: list[str] = []

    def ask(numbers: list[int]) -> None:
        with httpx.Client(base_url=plain.base, trust_env=False, timeout=60) as client:
            for number in numbers:
                name = chance.choice(list(kinds))
                content, status = kinds[name]
                answer = client.post("/v1/reports", content=content.replace(b"SYNTHETIC", b"P%d" % number))
                if name in {"right", "large"} and answer.json()["input"]["sample"] != f"P{number}":
                    wrong.append(name)
                elif answer.status_code != status:
                    wrong.append(f"{name} {answer.status_code}")

    threads = [threading.Thread(target=ask, args=([*range(start, 160, 8)],)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_worker_that_is_to_be_killed_gets_no_further_request() -> None:
    """Its sender has left; it becomes ready while the supervisor, stopped here, has not killed it yet."""
    with faulty(TRDPGX_WORKERS="1") as server, ExitStack() as stack:
        (doomed,), supervisor, napping = server.workers(), server.supervisor(), with_fault("nap_at_end")
        with server.connect() as connection:
            connection.sendall(head(len(napping)) + napping)
            time.sleep(0.3)
        os.kill(supervisor, signal.SIGSTOP)
        stack.callback(os.kill, supervisor, signal.SIGCONT)
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(server.post(napping)))
        asking.start()
        time.sleep(NAP_SECONDS + 1)
        stack.close()
        asking.join()
        assert [answer.status_code for answer in answers] == [200]
        assert until(lambda: server.workers() and doomed not in server.workers())


def test_a_worker_that_has_answered_may_take_its_time() -> None:
    """On a busy machine it frees its memory slowly; it is not killed for that as one is whose sender has left."""
    with faulty(TRDPGX_WORKERS="1") as server:
        before = server.workers()
        assert server.post(GENOME, "/v1/reports?sample=slow").status_code == 200
        assert server.post(GENOME).status_code == 200
        assert server.workers() == before
