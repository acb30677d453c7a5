"""Many requests, many broken ones, and parsers that are killed: the service stays as it was."""

import os
import random
import signal
import socket
import threading
import time
from collections import Counter

from app.api.example import GENOME
from tests.api.servers import Server, until
from tests.api.test_server import head

from .conftest import memory
from .effort import effort

GROWTH = 24 * 2**20
"""Bytes by which the service may differ from before: allocators keep some room."""


def usage(server: Server) -> int:
    return memory(server.process.pid)


def settled(server: Server, descriptors: int) -> bool:
    return until(lambda: server.descriptors() <= descriptors and len(server.children()) == 2)


def test_descriptors_and_memory_are_flat(server: Server) -> None:
    broken = GENOME.replace(b"\t0/1", b"\t0/9")
    for _ in range(40):
        server.post(GENOME)
        server.post(broken)
    assert until(lambda: len(server.children()) == 2)
    descriptors, before = server.descriptors() + 2, usage(server)
    for _ in range(effort(60, 5_000)):
        assert server.post(GENOME).status_code == 200
        assert server.post(broken).status_code == 422
    assert settled(server, descriptors)
    assert usage(server) < before + GROWTH


def test_broken_off_uploads_leave_nothing_behind(server: Server) -> None:
    body = GENOME + b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 60_000
    chance = random.Random(1)
    server.post(body)
    assert until(lambda: len(server.children()) == 2)
    descriptors, before = server.descriptors() + 2, usage(server)
    for _ in range(effort(50, 1_000)):
        with server.connect() as connection:
            connection.sendall(head(len(body)) + body[: chance.randrange(len(body))])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert settled(server, descriptors)
    assert usage(server) < before + GROWTH
    assert server.post(GENOME).status_code == 200


def test_killed_parsers_cost_one_request_each(server: Server) -> None:
    """Four clients ask without a pause while a parser is killed every 0.2 seconds."""
    expected = answer_of(server.post(GENOME).json())
    outcomes: Counter[str] = Counter()
    stop = time.monotonic() + effort(4, 120)

    def ask() -> None:
        while time.monotonic() < stop:
            answer = server.post(GENOME)
            if answer.status_code == 200:
                outcomes["right" if answer_of(answer.json()) == expected else "wrong"] += 1
            else:
                outcomes[answer.json()["type"]] += 1

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    kills = 0
    while time.monotonic() < stop - 0.5:
        for pid in server.children()[:1]:
            os.kill(pid, signal.SIGKILL)
            kills += 1
        time.sleep(0.2)
    for client in clients:
        client.join(timeout=60)
    assert not any(client.is_alive() for client in clients)
    assert outcomes["wrong"] == 0
    assert set(outcomes) <= {"right", "/problems/parser_failed"}
    assert outcomes["/problems/parser_failed"] <= kills
    assert outcomes["right"] > 10
    assert until(lambda: len(server.children()) == 2)
    assert server.post(GENOME).status_code == 200


def answer_of(report: dict[str, object]) -> dict[str, object]:
    """Return a report without what differs from request to request."""
    return {key: value for key, value in report.items() if key not in {"report_id", "created_at"}}
