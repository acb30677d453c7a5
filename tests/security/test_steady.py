"""Thousands of requests of every kind, and uploads that break off: the service and its workers stay as they were."""

import gzip
import logging
import random
import socket
from collections.abc import Iterator
from itertools import cycle, islice

import httpx

from tests.http.servers import WORKERS, Server, until
from tests.http.test_server import head
from trdpgx.service.example import GENOME

from .conftest import FORM, FORM_TYPE, lasting, memory
from .effort import effort

LOG = logging.getLogger(__name__)
GROWTH = 24 * 2**20
"""Bytes by which a process may differ from before: allocators keep some memory."""
MARGIN_BYTES = 48 * 2**20
"""The same after many uploads at a time, which leave holes; all that were broken off are a gigabyte."""
REQUESTS = effort(140, 10_000)
BROKEN_OFF = effort(50, 1_000)

PACKED = gzip.compress(GENOME)
IN_A_FORM = {"Content-Type": FORM_TYPE}
KINDS: dict[str, tuple[str, bytes, dict[str, str], str]] = {
    "plain": ("", GENOME, {}, ""),
    "packed": ("", PACKED, {}, ""),
    "in a form": ("", FORM % GENOME, IN_A_FORM, ""),
    "packed in a form": ("", FORM % PACKED, IN_A_FORM, ""),
    "allele out of range": ("", GENOME.replace(b"\t0/1", b"\t0/9"), {}, "allele_out_of_range"),
    "columns missing": ("", GENOME.replace(b"\tGT\t0/0\n", b"\tGT\n"), {}, "wrong_column_count"),
    "damaged": ("", PACKED[:-6] + b"xx" + PACKED[-4:], {}, "corrupt"),
    "cut off": ("", PACKED[:-3], {}, "truncated"),
    "no genome": ("", b"hello, world " * 20, {}, "unsupported_format"),
    "no such sample": ("?sample=nobody", GENOME, {}, "sample_unknown"),
    "no such option": ("?absent=normal", GENOME, {}, "bad_query"),
    "no such answer": ("", GENOME, {"Accept": "image/png"}, "not_acceptable"),
    "a form without its end": ("", (FORM % GENOME)[:-5], IN_A_FORM, "bad_multipart"),
    "a form without a genome": ("", (FORM % GENOME).replace(b'"vcf"', b'"cat"'), IN_A_FORM, "unknown_part"),
}
"""By name: query, body, headers, and the problem that is answered, if any."""


def post_all(server: Server, kinds: Iterator[str], right: bytes) -> None:
    """Post one request after the other on one connection, as far as the service keeps it, and check each answer."""
    with httpx.Client(base_url=server.base, trust_env=False, timeout=60) as client:
        for kind in kinds:
            query, content, headers, problem = KINDS[kind]
            answer = client.post(f"/v1/reports{query}", content=content, headers=headers)
            found = "" if answer.status_code == 200 else answer.json()["type"].removeprefix("/problems/")
            assert (kind, found) == (kind, problem)
            if kind == "plain":
                assert lasting(answer.content) == right


class Usage:
    """Descriptors of the service, and memory of the service and of its largest worker, when it is at rest."""

    def __init__(self, server: Server) -> None:
        assert until(lambda: len(server.workers()) == WORKERS)
        self.descriptors = server.descriptors()
        self.service = memory(server.process.pid)
        self.worker = max(map(memory, server.workers()))

    def __str__(self) -> str:
        return f"{self.descriptors} descriptors, service {self.service / 2**20:.1f} MiB, worker {self.worker / 2**20:.1f} MiB"


def check_flat(server: Server, before: Usage, growth: int = GROWTH) -> None:
    """Check that nothing has grown. What a closed connection held is let go a moment later."""
    assert until(lambda: server.descriptors() <= before.descriptors)
    after = Usage(server)
    LOG.info("before: %s; after: %s", before, after)
    assert after.service < before.service + growth
    assert after.worker < before.worker + growth
    assert list(server.scratch.iterdir()) == []


def test_descriptors_and_memory_are_flat(server: Server, right: bytes) -> None:
    post_all(server, islice(cycle(KINDS), 5 * len(KINDS)), right)
    before = Usage(server)
    post_all(server, islice(cycle(KINDS), REQUESTS), right)
    check_flat(server, before)


def break_off(server: Server, uploads: int) -> None:
    """Begin uploads long enough for the second thread, plain, packed and in forms, and end them anywhere, with a reset or politely."""
    body = GENOME + b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 60_000
    bodies = [(body, []), (gzip.compress(body, 0), []), (FORM % body, [f"Content-Type: {FORM_TYPE}"])]
    chance = random.Random(1)
    for content, more in islice(cycle(bodies), uploads):
        with server.connect() as connection:
            connection.sendall(head(len(content), "/v1/reports", *more) + content[: chance.randrange(len(content))])
            if chance.random() < 0.5:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_broken_off_uploads_leave_nothing_behind(server: Server, right: bytes) -> None:
    calm = Usage(server)
    break_off(server, effort(50, 600))
    post_all(server, iter(["plain"]), right)
    assert until(lambda: server.descriptors() <= calm.descriptors)
    before = Usage(server)
    break_off(server, BROKEN_OFF)
    post_all(server, iter(["plain"]), right)
    check_flat(server, before, MARGIN_BYTES)
