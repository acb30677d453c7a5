"""200 clients, most of them slow, broken or hostile, while everything that the service rests on fails in turn.

Workers are killed, Redis is killed and started again, workers take all memory or all time, connections use up the descriptors, the clock
of the HTTP process is stepped, and the audit stands on a full disk. Every answer equals the one made alone, nothing is left behind, how
the service is can be asked at any time, and after each fault somebody is answered again soon. ``make check`` does it for half a minute
(``make soak-short``), ``make soak`` for ten; SOAK_SECONDS sets another time.
"""

import logging
import os
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from tests.golden.cases import cases
from tests.http.servers import ROOT, Server, running, until
from tests.http.test_faults import with_fault
from tests.http.test_rates import Redis, running_redis
from tests.http.test_server import head
from trdpgx.http.rates.store import _MOST_CONNECTIONS
from trdpgx.service.example import GENOME

from .effort import SOAK, effort
from .test_soak import NO_ANSWER, Answer, answer_of

LOG = logging.getLogger(__name__)
SECONDS = int(os.environ.get("SOAK_SECONDS") or effort(20, 600))
ASKING, SLOW, BROKEN, HOSTILE = 24, 120, 28, 28
DESCRIPTORS = 320
"""Of the HTTP process: more than the 200 clients take, and fewer than they and the flood of connections do."""
GROWTH = 48 * 2**20
"""Bytes of own memory that the two processes may gain: buffers of 300 connections, threads, and what an allocator keeps of them.

Half a minute gained 31 MiB, ten minutes 12, as it had more before."""
RECOVERY = 60.0
"""Seconds after a fault within which somebody has to be answered again, as long as a request may wait. What it took is logged."""
SMALL = ("poor", "phased", "outside-agrees", "clinical", "zstd", "grch37")
HARM = ("crash_at_end", "loop_at_end", "recurse_at_end", "allocate_at_end", "allocate_in_feed")
JUNK = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /" + b"x" * 70_000,
    b"POST /v1/reports?" + b"&".join(b"%x" % number for number in range(9_000)) + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    head(None) + b"5;" + b"x" * 100_000,
    head(10**15),
    head(20, "/v1/reannotations") + b"[" * 20,
)
CLOCK = """
import os, sys, time
if not {"tests.http.faults", "trdpgx.service"} & set(sys.orig_argv):
    real, path = time.time, os.environ["STEPPED_CLOCK"]
    time.time = lambda: real() + 3_600 * os.stat(path).st_size
"""
"""Steps the clock of the HTTP process by an hour for each byte of a file."""


class Faults:
    """What fails, one after the other, and how long it takes until a small request is answered again."""

    def __init__(self, server: Server, redis: Redis, clock: Path, ask: Callable[[], bool]) -> None:
        self._server = server
        self._redis = redis
        self._clock = clock
        self._ask = ask
        self.recovery: dict[str, list[float]] = {}

    def run(self, end: float) -> None:
        chance = random.Random(11)
        every = (self.kill_a_worker, self.kill_all_workers, self.kill_redis, self.start_redis, self.use_up_descriptors, self.step_the_clock)
        number = 0
        while time.monotonic() < end or number < len(every):
            fault = every[number % len(every)]
            fault()
            began = time.monotonic()
            assert until(self._ask, RECOVERY), fault.__name__
            took = time.monotonic() - began
            assert took < RECOVERY, fault.__name__
            self.recovery.setdefault(fault.__name__, []).append(took)
            number += 1
            time.sleep(chance.uniform(0.2, 2.0))

    def kill_a_worker(self) -> None:
        self._kill(1)

    def kill_all_workers(self) -> None:
        self._kill(10)

    def _kill(self, most: int) -> None:
        for pid in self._server.workers()[:most]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_redis(self) -> None:
        self._redis.stop()

    def start_redis(self) -> None:
        self._redis.start()

    def use_up_descriptors(self) -> None:
        """Open more connections than there may be, for two seconds."""
        with ExitStack() as held:
            for _ in range(DESCRIPTORS):
                with suppress(OSError):
                    held.enter_context(self._server.connect())
            time.sleep(2)

    def step_the_clock(self) -> None:
        with self._clock.open("ab") as file:
            file.write(b"x")


class Crowd:
    """The clients, and what came of their requests."""

    def __init__(self, server: Server, asked: dict[str, tuple[Callable[[httpx.Client], httpx.Response], Answer]]) -> None:
        self._server = server
        self._asked = asked
        self._end = time.monotonic() + 3_600
        self.outcomes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.seconds: list[float] = []
        self.probes: list[float] = []

    def start(self) -> list[threading.Thread]:
        jobs = [(self._asks, number) for number in range(ASKING)]
        jobs += [(self._drips, number) for number in range(4)] + [(self._breaks, number) for number in range(4)]
        jobs += [(self._harms, number) for number in range(4)] + [(self._probes, 0)]
        threads = [threading.Thread(target=job, args=(random.Random(number),)) for job, number in jobs]
        for thread in threads:
            thread.start()
        return threads

    def stop(self, threads: list[threading.Thread]) -> None:
        self._end = 0.0
        for thread in threads:
            thread.join(150)
            assert not thread.is_alive()

    def _asks(self, chance: random.Random) -> None:
        with httpx.Client(base_url=self._server.base, trust_env=False, timeout=120) as client:
            while time.monotonic() < self._end:
                name = chance.choice(list(self._asked))
                began = time.monotonic()
                try:
                    answer = self._asked[name][0](client)
                except httpx.TransportError:
                    self.outcomes["broken off"] += 1
                    time.sleep(0.5)
                    continue
                self._judge(name, answer, time.monotonic() - began)
                time.sleep(chance.uniform(0.5, 2.0))

    def _judge(self, name: str, answer: httpx.Response, seconds: float) -> None:
        if answer.status_code == 200 and answer_of(answer.content) == self._asked[name][1]:
            self.outcomes["right"] += 1
            self.seconds.append(seconds)
        elif answer.status_code in NO_ANSWER:
            self.outcomes["no answer"] += 1
        else:
            self.wrong.append(f"{name}: {answer.status_code}")

    def _probes(self, chance: random.Random) -> None:
        """Ask how the service is, on a connection of its own each time. It lives throughout, and without workers it is not ready."""
        while time.monotonic() < self._end:
            path = chance.choice(("/livez", "/readyz", "/metrics"))
            began = time.monotonic()
            try:
                status = httpx.get(self._server.base + path, timeout=30, trust_env=False).status_code
            except httpx.TransportError as error:
                self.wrong.append(f"{path}: {error!r}")
                continue
            if status != 200 and (status, path) != (503, "/readyz"):
                self.wrong.append(f"{path}: {status}")
            self.probes.append(time.monotonic() - began)
            time.sleep(chance.uniform(0.1, 0.5))

    def _drips(self, chance: random.Random) -> None:
        """Keep a share of the slow clients: half of them never end their head, the others send a body byte by byte."""
        held: list[socket.socket] = []
        while time.monotonic() < self._end:
            with suppress(OSError):
                if len(held) < SLOW // 4:
                    connection = self._server.connect()
                    held.append(connection)
                    connection.sendall(head(200_000) if len(held) % 2 else b"POST /v1/reports HTTP/1.1\r\nX-A: ")
            for connection in list(held):
                try:
                    connection.sendall(b"#")
                except OSError:
                    connection.close()
                    held.remove(connection)
                    self.outcomes["slow"] += 1
            time.sleep(chance.uniform(0.05, 0.2))
        for connection in held:
            connection.close()

    def _breaks(self, chance: random.Random) -> None:
        """Go in the middle of uploads, some at a time."""
        body = GENOME * 20
        while time.monotonic() < self._end:
            with suppress(OSError), ExitStack() as held:
                for _ in range(BROKEN // 4):
                    connection = held.enter_context(self._server.connect())
                    connection.sendall(head(len(body)) + body[: chance.randrange(len(body))])
                    self.outcomes["left"] += 1
            time.sleep(chance.uniform(0.2, 1.0))

    def _harms(self, chance: random.Random) -> None:
        """Send what makes a worker fail, and what is no request."""
        while time.monotonic() < self._end:
            with suppress(OSError), ExitStack() as held:
                for _ in range(HOSTILE // 4):
                    connection = held.enter_context(self._server.connect())
                    body = with_fault(chance.choice(HARM))
                    connection.sendall(head(len(body)) + body if chance.random() < 0.1 else chance.choice(JUNK))
                    self.outcomes["hostile"] += 1
                time.sleep(chance.uniform(0.2, 1.0))


@pytest.mark.skipif(not (SOAK or "SOAK_SECONDS" in os.environ), reason="it takes a minute and wants the machine: make soak")
def test_two_hundred_clients_and_every_fault_in_turn(tmp_path: Path) -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    clock = tmp_path / "clock"
    clock.touch()
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    variables = {
        "TRDPGX_RATE_ADDRESS_REQUESTS": "1000000",
        "TRDPGX_AUDIT": "/dev/full",
        "TRDPGX_MAX_WORKER_SECONDS": "4",
        "TRDPGX_MAX_WORKER_MEMORY_BYTES": "3000000000",
        "TRDPGX_UPLOAD_DRAIN_SECONDS": "1",
        "STEPPED_CLOCK": str(clock),
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
    }
    command = ("prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}", sys.executable, "-m", "tests.http.serve_with", "tests.http.faults")
    with running_redis(tmp_path) as redis, running(command, TRDPGX_REDIS_URL=redis.url, **variables) as server:
        asked = {}
        for case in (case for case in cases() if case.name in SMALL):
            parts = {"vcf": case.source, **case.form} if case.source else case.form
            files = {name: path.read_bytes() for name, path in parts.items()}

            def ask(client: httpx.Client, files: dict[str, bytes] = files, options: object = case.options) -> httpx.Response:
                return client.post("/v1/reports", files=files, params=options)  # type: ignore[arg-type]

            asked[case.name] = ask, answer_of(alone(server, ask).content)
        supervisor, before = server.supervisor(), at_rest(server, asked)

        def is_answered() -> bool:
            try:
                return server.post(GENOME).status_code == 200
            except httpx.TransportError:
                return False

        def note_memory() -> None:
            while not ended.wait(60):
                LOG.info("HTTP process: %.1f MiB, %d descriptors", own(server.process.pid) / 2**20, server.descriptors())

        ended = threading.Event()
        noting = threading.Thread(target=note_memory)
        noting.start()
        crowd, faults = Crowd(server, asked), Faults(server, redis, clock, is_answered)
        threads = crowd.start()
        try:
            faults.run(time.monotonic() + SECONDS)
        finally:
            crowd.stop(threads)
            ended.set()
            noting.join()
        after = at_rest(server, asked)
        times = sorted(crowd.seconds)
        LOG.info("%d s: %s", SECONDS, dict(crowd.outcomes))
        LOG.info("right answers: median %.2f s, p99 %.2f s", times[len(times) // 2], times[len(times) * 99 // 100])
        for name, took in faults.recovery.items():
            LOG.info("%s: answered again after %.2f s at the most, %d times", name, max(took), len(took))
        LOG.info("health: %d times, at the latest after %.2f s", len(crowd.probes), max(crowd.probes))
        LOG.info("before: %d descriptors, %.1f MiB; after: %d, %.1f MiB", before[0], before[1] / 2**20, after[0], after[1] / 2**20)
        assert crowd.wrong == []
        assert crowd.outcomes["right"] > SECONDS / 2
        assert after[0] <= before[0] + _MOST_CONNECTIONS
        assert after[1] < before[1] + GROWTH
        assert server.supervisor() == supervisor
        assert list(server.scratch.iterdir()) == []
        assert server.stop() == 0


def alone(server: Server, ask: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
    with httpx.Client(base_url=server.base, trust_env=False, timeout=120) as client:
        return ask(client).raise_for_status()


def at_rest(server: Server, asked: dict[str, tuple[Callable[[httpx.Client], httpx.Response], Answer]]) -> tuple[int, int]:
    """Return descriptors and own memory of the two processes that are never replaced, when nobody asks.

    What is shared with workers is left out: it counts for the supervisor as soon as a worker that has worked has its own copy.
    """
    assert until(lambda: len(server.workers()) == 3 and server.get("/readyz").status_code == 200, seconds=30)
    for _ in range(6):
        for ask, right in asked.values():
            assert answer_of(alone(server, ask).content) == right
    time.sleep(1)
    return server.descriptors(), sum(map(own, server.processes()[:2]))


def own(pid: int) -> int:
    """Return the memory of a process in bytes that it shares with nobody (USS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))
