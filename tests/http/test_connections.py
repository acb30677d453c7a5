"""Connections that are all taken: how the service is can be asked, a panel is answered at once, whoever makes others wait is given up."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest
import uvicorn
from starlette.responses import Response
from uvicorn.server import ServerState

from tests.http.servers import COMMAND, Server, running, until
from tests.http.test_server import FILLER, head, read_answer
from trdpgx.http import protocol
from trdpgx.http.connections import MOST_PROBING, Connections
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

MOST = 40
LINE = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"
DRIPS = {
    "nothing": b"",
    "half a head": b"POST /v1/reports HTTP/1.1\r\nX-A: ",
    "half a body": head(200_000) + b"#",
    "half a refused body": head(200_000, "/nowhere") + b"#",
    "answers that nobody reads": (LINE % b"/docs/swagger-ui-bundle.js") * 4,
    "kept": LINE % b"/livez",
}


@pytest.fixture(scope="module")
def tight() -> Iterator[Server]:
    with running(TRDPGX_CONNECTIONS=str(MOST), TRDPGX_UPLOAD_DRAIN_SECONDS="30") as server:
        yield server


def answered(server: Server, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send a request on a connection of its own, and return the answer; it must come soon."""
    with server.connect() as connection:
        connection.settimeout(5)
        connection.sendall(request)
        return read_answer(connection)


@pytest.mark.parametrize("drip", DRIPS)
def test_all_connections_taken_by_those_who_wait(drip: str, tight: Server) -> None:
    assert until(lambda: answered(tight, LINE % b"/readyz")[0] == 200)
    with ExitStack() as held:
        connections = [held.enter_context(tight.connect()) for _ in range(MOST)]
        for connection in connections:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(DRIPS[drip])
        panel = head(len(GENOME)) + GENOME
        for _ in range(3 * MOST_PROBING):
            for path in (b"/livez", b"/readyz", b"/metrics?x=1"):
                assert answered(tight, LINE % path)[0] == 200
            status, headers, body = answered(tight, panel)
            assert status in {200, 503}
            if status == 503:
                assert headers["retry-after"] == "5"
                assert json.loads(body)["type"] == "/problems/busy"
        assert until(lambda: answered(tight, panel)[0] == 200, seconds=8)
        assert until(lambda: [answered(tight, panel)[0] for _ in range(10)] == [200] * 10, seconds=20)
    metrics = answered(tight, LINE % b"/metrics")[2].decode()
    counts = dict(line.split() for line in metrics.splitlines() if line.startswith("trdpgx_connections"))
    assert float(counts["trdpgx_connections_given_up_total"]) > 0
    assert set(counts) == {
        "trdpgx_connections",
        "trdpgx_connections_given_up_total",
        'trdpgx_connections_refused_total{reason="all"}',
        'trdpgx_connections_refused_total{reason="address"}',
    }


def test_whoever_drips_beside_a_request_that_is_done_is_the_one_evicted(tight: Server) -> None:
    """One upload comes at the least rate, or waits for its answer, while others that drip are given up for new ones."""
    with ExitStack() as held, tight.connect() as steady:
        steady.sendall(head(10_000_000) + GENOME)
        for _ in range(MOST - 1):
            held.enter_context(tight.connect()).sendall(DRIPS["half a head"])
        end = time.monotonic() + 5
        while time.monotonic() < end:
            steady.sendall(FILLER * 900)
            answered(tight, LINE % b"/livez")
            held.enter_context(tight.connect()).sendall(DRIPS["half a head"])
            time.sleep(0.1)
        steady.setblocking(False)
        with pytest.raises(BlockingIOError):
            steady.recv(1)


def test_a_flood_of_connections_ends_with_nothing_left(tight: Server) -> None:
    before = tight.descriptors()
    with ExitStack() as held:
        for _ in range(300):
            with suppress(OSError):
                held.enter_context(tight.connect())
        assert answered(tight, LINE % b"/readyz")[0] == 200
        assert until(lambda: tight.descriptors() < before + MOST + MOST_PROBING + 8)
    assert until(lambda: tight.descriptors() <= before + 1)


def test_an_upload_that_is_refused_in_the_middle_can_read_why() -> None:
    with running(TRDPGX_CONNECTIONS="1") as server, server.connect() as first:
        first.sendall(LINE % b"/livez")
        read_answer(first)
        first.sendall(b"GET")
        with server.connect() as second:
            second.sendall(head(5_000_000) + b"#" * 300_000)
            assert read_answer(second)[0] == 503
        first.sendall(b" /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(first)[0] == 200


def test_connections_of_one_address_are_bounded_where_a_limit_is_set() -> None:
    with running(TRDPGX_RATE_ADDRESS_CONNECTIONS="3") as server, ExitStack() as held:
        for _ in range(3):
            held.enter_context(server.connect()).sendall(DRIPS["half a body"])
        status, headers, body = answered(server, head(len(GENOME)) + GENOME)
        assert (status, headers["retry-after"]) == (429, "5")
        assert json.loads(body)["type"] == "/problems/rate_limited"
        assert "`address-connections`" in json.loads(body)["detail"]
        assert answered(server, LINE % b"/readyz")[0] == 200
        other = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(transport=other, base_url=server.base) as client:
            assert client.post("/v1/reports", content=GENOME).status_code == 200
        assert until(lambda: answered(server, head(len(GENOME)) + GENOME)[0] == 200, seconds=8)
    with running(TRDPGX_RATE_ADDRESS_CONNECTIONS="3", TRDPGX_TRUSTED_PROXIES="127.0.0.1") as server, ExitStack() as held:
        for _ in range(10):
            held.enter_context(server.connect()).sendall(DRIPS["half a body"])
        assert answered(server, head(len(GENOME)) + GENOME)[0] == 200


def test_descriptors_bound_the_connections() -> None:
    command = ("prlimit", "--nofile=100:100", COMMAND, "serve")
    with running(command) as server, ExitStack() as held:
        for _ in range(200):
            with suppress(OSError):
                held.enter_context(server.connect()).sendall(DRIPS["half a body"])
        assert [answered(server, LINE % b"/readyz")[0] for _ in range(20)] == [200] * 20
        assert server.descriptors() < 100
        assert until(lambda: answered(server, head(len(GENOME)) + GENOME)[0] == 200, seconds=8)


class Deaf(asyncio.Transport):
    """A transport whose client reads nothing: what has been written stays, and closing does not end."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = self.aborted = False

    def write(self, data: object) -> None:
        return

    def close(self) -> None:
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing

    def abort(self) -> None:
        self.aborted = True


@pytest.mark.parametrize("end", ["timeout_keep_alive_handler", "_close_late_head"])
def test_a_connection_that_closes_does_not_wait_for_its_reader_for_ever(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "UNREAD_SECONDS", 0.05)
    monkeypatch.setattr(protocol.Protocol, "bounds", Connections(AccessSettings()), raising=False)

    async def leave() -> Deaf:
        config = uvicorn.Config(Response(), lifespan="off", log_config=None, ws="none")
        config.load()
        connection, transport = protocol.Protocol(config=config, server_state=ServerState(), app_state={}), Deaf()
        connection.connection_made(transport)
        getattr(connection, end)()
        assert transport.closing
        assert not transport.aborted
        await asyncio.sleep(0.2)
        return transport

    assert asyncio.run(leave()).aborted


class Fake:
    """A connection that waits since a time, or not."""

    is_refused = False

    def __init__(self, since: float | None = None) -> None:
        self.since, self.ended = since, b""

    def waits_since(self, now: float) -> float | None:
        return self.since

    def evict(self) -> None:
        self.ended = b"evicted"

    def refuse(self, answer: bytes) -> None:
        self.ended, self.is_refused = answer, True

    drop = refuse


def test_those_that_wait_longest_are_evicted_first() -> None:
    bounds = Connections(AccessSettings(connections=4))
    held = [Fake(3.0), Fake(), Fake(1.0), Fake(2.0)]
    assert [bounds.add(one, "10.0.0.1") for one in held] == [True] * 4
    new = [Fake(), Fake(), Fake(), Fake()]
    assert [bounds.add(one, "10.0.0.2") for one in new] == [True, True, True, False]
    assert [one.ended for one in held] == [b"evicted", b"", b"evicted", b"evicted"]
    assert (bounds.count, bounds.evicted) == (4, 3)
    for one in (*held, *new):
        bounds.remove(one)
        bounds.remove(one)
    assert bounds.count == 0
    assert bounds.add(Fake(), "10.0.0.1")


def test_of_those_beyond_the_bound_the_oldest_is_closed() -> None:
    bounds = Connections(AccessSettings(connections=1, public_url="https://lab.example.org/pgx"))
    assert bounds.add(Fake(), "::1")
    beyond = [Fake() for _ in range(MOST_PROBING + 3)]
    assert not any(bounds.add(one, "::1") for one in beyond)
    assert [bool(one.ended) for one in beyond] == [True] * 3 + [False] * MOST_PROBING
    assert b'"type":"https://lab.example.org/pgx/problems/busy"' in beyond[0].ended
    assert bounds.refused == {"all": 3}


@pytest.mark.parametrize(
    ("method", "url", "headers", "right"),
    [
        (b"GET", b"/livez", [], True),
        (b"HEAD", b"/pgx/readyz?x", [], True),
        (b"GET", b"/metrics", [(b"host", b"x")], True),
        (b"POST", b"/livez", [], False),
        (b"GET", b"/livez", [(b"content-length", b"5")], False),
        (b"GET", b"/livez", [(b"transfer-encoding", b"chunked")], False),
        (b"GET", b"/livez/../v1/genes", [], False),
        (b"GET", b"/v1/genes", [], False),
        (b"GET", b"\xff", [], False),
    ],
)
def test_what_is_a_probe(method: bytes, url: bytes, headers: list[tuple[bytes, bytes]], right: bool) -> None:
    assert Connections(AccessSettings(path_prefix="/pgx")).is_probe(method, url, headers) == right


def test_one_address_evicts_its_own() -> None:
    bounds = Connections(AccessSettings(rate_address_connections=2, trusted_proxies=("10.9.0.0/16",)))
    other, mine = Fake(0.0), [Fake(), Fake(5.0)]
    assert bounds.add(other, "10.0.0.2")
    assert all(bounds.add(one, "2001:db8::1") for one in mine)
    assert bounds.add(Fake(), "2001:db8::2")
    assert (other.ended, mine[1].ended) == (b"", b"evicted")
    assert not bounds.add(Fake(), "2001:db8::3")
    assert all(bounds.add(Fake(), "10.9.0.1") for _ in range(5))
