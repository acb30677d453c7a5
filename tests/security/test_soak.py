"""A mixed load for a long time while workers are killed: no answer is wrong, and the service is afterwards what it was before.

Eight clients post the golden inputs and a long one, some leave in the middle, and a worker is killed every few seconds. ``make soak``
goes on for ten minutes.
"""

import json
import logging
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.golden.cases import cases, steady
from tests.http.servers import Server, running, until
from tests.http.test_server import head
from trdpgx.service.example import GENOME

from .effort import effort

LOG = logging.getLogger(__name__)
SECONDS = effort(20, 600)
CLIENTS = 8
WORKERS = 2
PAUSES = (0.5, 3.0)
"""Seconds between two kills, at random."""
LEAVING = 0.05
"""So many of the requests end before their answer."""
REQUESTS = effort(200, 2_000)
"""So many requests are made at once with others where no worker is killed."""
GROWTH = 48 * 2**20
"""Bytes (PSS, all processes together) by which the service may differ from before: allocators keep some of it.

Ten minutes alone ended with 6 MiB more; 20 seconds beside the rest of the suite with 34, as workers that were just forked copy pages.
"""
LONG = GENOME + b"".join(b"chr1\t%d\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" % (1_000 + number) for number in range(40_000))
NO_ANSWER = {503, 408}
Answer = list[dict[str, Any]]
Request = Callable[[httpx.Client], httpx.Response]


def answer_of(content: bytes) -> Answer:
    """Return the reports of an answer without what differs from run to run."""
    loaded = json.loads(content)
    return [steady(report) for report in (loaded if isinstance(loaded, list) else [loaded])]


def post_form(files: dict[str, bytes], options: dict[str, Any]) -> Request:
    return lambda client: client.post("/v1/reports", files=files, params=options)


def requests(server: Server) -> dict[str, tuple[Request, Answer]]:
    """Return each request by name, with the right answer to it."""
    made: dict[str, tuple[Request, Answer]] = {}
    for case in cases():
        parts = {"vcf": case.source, **case.form} if case.source else case.form
        files = {name: path.read_bytes() for name, path in parts.items()}
        made[case.name] = post_form(files, case.options), json.loads((case.folder / "report.json").read_text("utf-8"))
    alone = server.post(LONG)
    assert alone.status_code == 200
    made["long"] = (lambda client: client.post("/v1/reports", content=LONG)), answer_of(alone.content)
    return made


class Load:
    """Clients that ask without a pause, and what came of it."""

    def __init__(self, server: Server, asked: dict[str, tuple[Request, Answer]]) -> None:
        self._server = server
        self._asked = asked
        self._until = time.monotonic() + SECONDS
        self.outcomes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.killed = 0

    def run(self) -> None:
        clients = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]
        for one in clients:
            one.start()
        self._kill()
        for one in clients:
            one.join()

    def _ask(self, number: int) -> None:
        chance = random.Random(number)
        with httpx.Client(base_url=self._server.base, trust_env=False, timeout=120) as client:
            while time.monotonic() < self._until:
                name = chance.choice(list(self._asked))
                if chance.random() < LEAVING:
                    self._leave(chance)
                    self.outcomes["left"] += 1
                    continue
                try:
                    self._judge(name, self._asked[name][0](client))
                except httpx.TransportError as error:
                    self.outcomes["broken off"] += 1
                    LOG.debug("%s: %r", name, error)

    def _judge(self, name: str, answer: httpx.Response) -> None:
        if answer.status_code == 200:
            right = answer_of(answer.content) == self._asked[name][1]
            self.outcomes["right" if right else "wrong"] += 1
            if not right:
                self.wrong.append(name)
        elif answer.status_code in NO_ANSWER:
            self.outcomes[answer.json()["type"]] += 1
        else:
            self.outcomes["wrong"] += 1
            self.wrong.append(f"{name}: {answer.status_code} {answer.json()['type']}")

    def _leave(self, chance: random.Random) -> None:
        """Begin an upload, and go before its end or before its answer."""
        body = chance.choice((GENOME, LONG))
        with self._server.connect() as connection:
            connection.sendall(head(len(body), "/v1/reports") + body[: chance.randrange(len(body) + 1)])

    def _kill(self) -> None:
        """Kill one of the workers again and again."""
        chance = random.Random(7)
        while time.monotonic() < self._until:
            time.sleep(chance.uniform(*PAUSES))
            for pid in chance.sample(sorted(self._server.workers()), 1) if self._server.workers() else ():
                os.kill(pid, signal.SIGKILL)
                self.killed += 1


def at_rest(server: Server, asked: dict[str, tuple[Request, Answer]]) -> tuple[int, int]:
    """Return descriptors and memory (PSS of all processes) of the idle service; each worker has done everything at least once."""
    assert until(lambda: len(server.workers()) == WORKERS and server.get("/readyz").status_code == 200, seconds=30)
    with httpx.Client(base_url=server.base, trust_env=False, timeout=120) as client:
        for _ in range(2 * WORKERS):
            for request, right in asked.values():
                assert answer_of(request(client).raise_for_status().content) == right
    time.sleep(1)
    return server.descriptors(), sum(map(proportional, server.processes()))


def proportional(pid: int) -> int:
    """Return the memory of a process in bytes, what it shares divided among those that share it (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * int(next(line for line in rollup if line.startswith("Pss:")).split()[1])


def test_a_mixed_load_with_workers_killed() -> None:
    with running(TRDPGX_WORKERS=str(WORKERS)) as server:
        asked = requests(server)
        supervisor = server.supervisor()
        descriptors, memory = at_rest(server, asked)
        load = Load(server, asked)
        load.run()
        after = at_rest(server, asked)
        LOG.info("%d s, %d kills: %s", SECONDS, load.killed, dict(load.outcomes))
        LOG.info("before: %d descriptors, %.1f MiB; after: %d, %.1f MiB", descriptors, memory / 2**20, after[0], after[1] / 2**20)
        assert load.wrong == []
        assert load.outcomes["right"] > SECONDS / 2
        assert load.killed > SECONDS / PAUSES[1] / 2
        assert load.outcomes["/problems/worker_died"] + load.outcomes["broken off"] <= load.killed
        assert after[0] <= descriptors
        assert after[1] < memory + GROWTH
        assert server.supervisor() == supervisor
        assert len(server.workers()) == WORKERS
        assert list(server.scratch.iterdir()) == []
        assert "not_ready" not in server.get("/readyz").text


FAULTS = {
    "empty": b"",
    "no header": b"chr1\t100\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n",
    "genotype": GENOME + b"chr10\t94781859\t.\tG\tA\t.\tPASS\t.\tGT\t0/7\n",
}
"""Inputs that are refused."""


def kind_of(content: bytes) -> Answer:
    """Return which problem an answer is."""
    return [{"type": json.loads(content)["type"]}]


def test_requests_at_once_are_answered_as_each_alone() -> None:
    with running(TRDPGX_WORKERS=str(WORKERS)) as server:
        asked = requests(server)
        for name, body in FAULTS.items():
            asked[name] = (lambda client, body=body: client.post("/v1/reports", content=body)), kind_of(server.post(body).content)
        order = random.Random(11).choices(list(asked), k=REQUESTS)
        taken = iter(order)
        wrong: list[str] = []
        right: list[str] = []
        lock = threading.Lock()

        def ask() -> None:
            with httpx.Client(base_url=server.base, trust_env=False, timeout=120) as client:
                while True:
                    with lock:
                        name = next(taken, None)
                    if name is None:
                        return
                    request, alone = asked[name]
                    answer = request(client)
                    found = answer_of(answer.content) if answer.status_code == 200 else kind_of(answer.content)
                    (right if found == alone else wrong).append(name)

        clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        assert wrong == []
        assert sorted(right) == sorted(order)
