"""HTTP/1.1 from clients that offer another protocol, shut their sending side early, or never end a head."""

import json
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.http.servers import Server, until
from tests.http.test_server import head, read_answer
from tests.security.test_soak import proportional
from tests.yardstick import at_most
from trdpgx.http.protocol import MOST_PIPELINED
from trdpgx.service.example import GENOME

OFFERS = {
    "curl": ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"),
    "java": ("HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"),
    "web socket": ("Connection: keep-alive, upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"),
    "anything": ("Connection: upgrade", "Upgrade: other/1, h2c"),
}


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("cut", [None, 30, 120, 200, 400])
def test_a_request_that_offers_another_protocol_is_read_with_its_body(offer: str, cut: int | None, server: Server) -> None:
    request = head(len(GENOME), "/v1/reports", *OFFERS[offer]) + GENOME
    with server.connect() as connection:
        for piece in (request,) if cut is None else (request[:cut], request[cut:]):
            connection.sendall(piece)
            time.sleep(0.02)
        status, headers, body = read_answer(connection)
        assert status == 200
        assert "upgrade" not in headers
        assert json.loads(body)["input"]["bytes"] == len(GENOME)
        connection.sendall(head(len(GENOME)) + GENOME)
        assert read_answer(connection)[0] == 200


def test_the_same_in_chunks_and_without_a_body(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(head(None, "/v1/reports", *OFFERS["curl"]) + b"%x\r\n%s\r\n0\r\n\r\n" % (len(GENOME), GENOME))
        assert read_answer(connection)[0] == 200
        connection.sendall(b"\r\n".join([b"GET /livez HTTP/1.1", b"Host: x", *(line.encode() for line in OFFERS["java"]), b"", b""]))
        assert read_answer(connection)[0] == 200
        connection.sendall(b"\r\n".join([b"GET /livez HTTP/1.1", b"Host: x", *(line.encode() for line in OFFERS["java"]), b"", b""]) * 3)
        with connection.makefile("rb") as stream:
            for _ in range(3):
                assert stream.readline().split()[1] == b"200"
                lines = list(iter(stream.readline, b"\r\n"))
                stream.read(next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")))


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_curl_that_asks_for_http2(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "genome.vcf"
    for content in (GENOME, GENOME + b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 100_000):
        file.write_bytes(content)
        command = ["curl", "-sS", "--noproxy", "*", "--http2", "--data-binary", f"@{file}", f"{server.base}/v1/reports"]
        done = subprocess.run(command, capture_output=True, check=True)
        assert json.loads(done.stdout)["input"]["bytes"] == len(content)


@pytest.mark.parametrize("address", ["/v1/reports", "/v1/reports?absent=normal"])
def test_whoever_shuts_the_sending_side_after_a_whole_request_is_answered(address: str, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(head(len(GENOME), address) + GENOME)
        connection.shutdown(socket.SHUT_WR)
        status, headers, body = read_answer(connection)
        assert status == (200 if "?" not in address else 422)
        assert headers["connection"] == "close"
        assert len(body) == int(headers["content-length"])
        assert connection.recv(1) == b""
    with server.connect() as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        connection.shutdown(socket.SHUT_WR)
        stated = b"".join(iter(lambda: connection.recv(65536), b""))
        assert stated.count(b"200 OK") == 2


def test_whoever_shuts_it_before_the_end_has_gone(server: Server) -> None:
    before = server.descriptors()
    with server.connect() as connection:
        connection.sendall(head(len(GENOME)) + GENOME[:-5])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert until(lambda: server.descriptors() <= before)


@pytest.mark.parametrize(
    "flood",
    [
        b"GET /livez HTTP/1.1\r\nX: " + b"a" * 300_000,
        b"GET /livez HTTP/1.1\r\n" + b"X: a\r\n" * 101 + b"\r\n",
        b"GET /" + b"a" * 300_000,
        b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nX: " + b"a" * 900_000,
        head(4) + b"abcd" + b"GET / HTTP/1.1\r\n" + b"Y: b\r\n" * 200_000,
    ],
    ids=["one header", "many headers", "address", "second request", "after a body"],
)
def test_a_head_without_measure_is_refused(flood: bytes, server: Server) -> None:
    with server.connect() as connection:
        try:
            connection.sendall(flood)
        except ConnectionError:
            return
        try:
            stated = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionError:
            return
    assert stated.count(b" 431 ") == 1
    assert b"aaa" not in stated
    assert server.get("/livez").status_code == 200


def test_heads_within_measure_pass(server: Server) -> None:
    fields = "\r\n".join(f"X-{number}: {'a' * 500}" for number in range(90))
    request = f"GET /livez HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\n".encode()
    with server.connect() as connection:
        for size in (len(request), 1000, 7):
            for start in range(0, len(request), size):
                connection.sendall(request[start : start + size])
            assert read_answer(connection)[0] == 200


def test_many_small_requests_on_one_connection(server: Server) -> None:
    padded = GENOME + b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 1_900
    assert 60_000 < len(padded) < 65_000
    with server.connect() as connection:
        for _ in range(4):
            connection.sendall(head(len(padded)) + padded)
            assert read_answer(connection)[0] == 200


def test_thousands_of_requests_in_one_segment_cost_no_memory(server: Server) -> None:
    """The first are answered, then the connection ends; others do not wait."""
    line = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    before = proportional(server.process.pid)
    connections = [server.connect() for _ in range(20)]
    for connection in connections:
        connection.setblocking(False)
        connection.send(line * 20_000)
    with at_most(200, time.monotonic):
        assert server.get("/readyz").status_code == 200
    assert proportional(server.process.pid) - before < 32 * 2**20
    for connection in connections:
        connection.settimeout(20)
        answers = b""
        with suppress(ConnectionError):
            answers = b"".join(iter(lambda: connection.recv(65536), b""))  # noqa: B023
        assert answers.count(b"HTTP/1.1 200") <= MOST_PIPELINED + 2
        assert b" 400 " not in answers
        connection.close()


def test_some_requests_in_one_segment_are_all_answered(server: Server) -> None:
    line = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    with server.connect() as connection:
        connection.sendall(line * MOST_PIPELINED)
        connection.shutdown(socket.SHUT_WR)
        assert b"".join(iter(lambda: connection.recv(65536), b"")).count(b"HTTP/1.1 200") == MOST_PIPELINED
