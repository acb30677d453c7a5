"""Workers are killed under a steady load: each death costs one request, and nobody else notices.

The load is an open loop: requests are sent at fixed times whatever the answers do, so that a service that falls behind is asked no less.
"""

import asyncio
import logging
import os
import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.http.servers import WORKERS, Server, until
from trdpgx.service.example import GENOME

from .conftest import lasting
from .effort import effort

LOG = logging.getLogger(__name__)
RATE = effort(12, 50)
"""Requests a second."""
REQUESTS = RATE * effort(4, 60)
KILL_EVERY = effort(5, 25)
"""Requests between two kills."""
PATIENCE = 180


async def ask(client: httpx.AsyncClient, due: float, right: bytes, outcomes: Counter[str], waits: list[float]) -> None:
    """Post the example genome at its time and note what comes back, and when."""
    await asyncio.sleep(due - time.monotonic())
    sent = time.monotonic()
    try:
        answer = await client.post("/v1/reports", content=GENOME)
    except httpx.RemoteProtocolError:
        outcomes["broken off"] += 1
        return
    waits.append(time.monotonic() - sent)
    if answer.status_code == 200:
        outcomes["right" if lasting(answer.content) == right else "wrong"] += 1
    else:
        outcomes[answer.json()["type"]] += 1


async def kill(server: Server, begin: float, killed: list[int]) -> None:
    """Kill one of the workers again and again, from the beginning of the load to its end."""
    chance = random.Random(4)
    for number in range(KILL_EVERY, REQUESTS, KILL_EVERY):
        await asyncio.sleep(begin + number / RATE - time.monotonic())
        for pid in chance.sample(sorted(server.workers()), 1) if server.workers() else ():
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)


async def load(server: Server, right: bytes) -> tuple[Counter[str], list[float], list[int]]:
    outcomes: Counter[str] = Counter()
    waits: list[float] = []
    killed: list[int] = []
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    async with httpx.AsyncClient(base_url=server.base, trust_env=False, timeout=PATIENCE, limits=limits) as client:
        begin = time.monotonic() + 0.1
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kill(server, begin, killed))
            for number in range(REQUESTS):
                tasks.create_task(ask(client, begin + number / RATE, right, outcomes, waits))
    return outcomes, waits, killed


def test_killed_workers_cost_one_request_each(server: Server, right: bytes) -> None:
    outcomes, waits, killed = asyncio.run(load(server, right))
    waits.sort()
    middle, late = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    LOG.info("%d a second, %d kills: %s; half within %.2f s, 99%% within %.2f s", RATE, len(killed), dict(outcomes), middle, late)
    assert len(killed) > REQUESTS / KILL_EVERY / 2
    assert outcomes.total() == REQUESTS
    assert set(outcomes) <= {"right", "broken off", "/problems/worker_died"}
    assert outcomes["/problems/worker_died"] + outcomes["broken off"] <= len(killed)
    assert until(lambda: restored(server), seconds=30)


def restored(server: Server) -> bool:
    """Whether all workers live, and answer right."""
    with ThreadPoolExecutor(2 * WORKERS) as clients:
        answers = list(clients.map(server.post, [GENOME] * 2 * WORKERS))
    return len(server.workers()) == WORKERS and all(answer.status_code == 200 for answer in answers)
