"""The service as a process: uploads that stall, break off, are refused or go on at the same time, and what is left of them."""

import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.http.servers import Server, until
from trdpgx.service.example import GENOME

SECRET = b"Jane-Doe-1970"
FILLER = b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n"


def head(length: int | None = None, address: str = "/v1/reports", *more: str) -> bytes:
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return "\r\n".join((f"POST {address} HTTP/1.1", "Host: localhost", size, *more, "", "")).encode()


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one answer, and pass over interim ones."""
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        while status < 200:
            assert stream.readline() == b"\r\n"
            status = int(stream.readline().split()[1])
        lines = iter(lambda: stream.readline().decode().strip(), "")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        return status, headers, stream.read(int(headers["content-length"]))


def test_a_genome_is_taken_while_others_stall(server: Server) -> None:
    with server.connect() as stalled, server.connect() as broken:
        stalled.sendall(head(100_000) + GENOME)
        broken.sendall(head(100_000) + b"\x1f\x8b garbage")
        assert server.post(GENOME).status_code == 200
        status, headers, body = read_answer(stalled)
        assert (status, headers["connection"]) == (408, "close")
        assert json.loads(body)["type"] == "/problems/stalled_upload"
    assert server.post(GENOME).status_code == 200


def test_many_at_once_get_their_own_answers(server: Server) -> None:
    names = [f"person-{number}" for number in range(12)]
    answers: dict[str, str] = {}

    def ask(name: str) -> None:
        answers[name] = server.post(GENOME.replace(b"SYNTHETIC", name.encode())).json()["input"]["sample"]

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {name: name for name in names}


def test_an_upload_in_many_small_pieces(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(head(None, "/v1/reports", "Connection: close"))
        for start in range(0, len(GENOME), 50):
            piece = GENOME[start : start + 50]
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")
        status, _, body = read_answer(connection)
    assert status == 200
    assert b"SYNTHETIC" in body


def test_too_large_by_its_own_word_is_refused_before_the_body(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(head(60_000_000, "/v1/reports", "Expect: 100-continue"))
        status, headers, body = read_answer(connection)
    assert (status, headers["connection"]) == (413, "close")
    assert json.loads(body)["type"] == "/problems/too_many_bytes"


@pytest.mark.parametrize("address", ["/v1/reports?absent=normal", "/v1/reports", "/nowhere", "/livez"])
def test_whoever_is_refused_in_the_middle_can_read_why(server: Server, address: str) -> None:
    body = b"not a genome\n" * 2_000_000
    answer = server.post(body, address)
    assert answer.status_code in {404, 405, 415, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_sender_that_never_stops_is_cut_off(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(head(40_000_000, "/nowhere"))
        began = time.monotonic()
        assert read_answer(connection)[0] == 404
        assert connection.recv(1) == b""
        assert 1 < time.monotonic() - began < 6


def test_nothing_is_left_of_uploads_that_break_off(server: Server) -> None:
    server.post(GENOME)
    before = server.descriptors()
    form = b'--x\r\nContent-Disposition: form-data; name="vcf"; filename="Jane"\r\n\r\n'
    for number in range(20):
        with server.connect() as connection:
            content = GENOME + FILLER * 20_000
            if number % 2:
                connection.sendall(head(5_000_000, "/v1/reports", "Content-Type: multipart/form-data; boundary=x") + form + content)
            else:
                connection.sendall(head(5_000_000) + content)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert until(lambda: server.descriptors() <= before)
    assert list(server.scratch.iterdir()) == []
    assert server.post(GENOME).status_code == 200


def test_a_form_is_never_spooled(server: Server) -> None:
    with server.connect() as connection:
        form = b'--x\r\nContent-Disposition: form-data; name="vcf"; filename="Jane"\r\n\r\n'
        connection.sendall(
            head(9_000_000, "/v1/reports", "Content-Type: multipart/form-data; boundary=x") + form + GENOME + FILLER * 100_000
        )
        time.sleep(0.3)
        assert list(server.scratch.iterdir()) == []
        files = [os.readlink(entry) for entry in Path(f"/proc/{server.process.pid}/fd").iterdir() if entry.is_symlink()]
        assert not [name for name in files if name.startswith(("/tmp", str(server.scratch))) and name != str(server.log)]


def test_workers_that_are_killed_cost_nobody_the_service(server: Server) -> None:
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
    answers = [server.post(GENOME).status_code for _ in range(4)]
    assert set(answers) <= {200, 503}
    assert answers[-1] == 200


def test_the_log_states_when_and_what_but_never_who(server: Server) -> None:
    server.post(GENOME.replace(b"SYNTHETIC", SECRET))
    server.post(GENOME, f"/v1/reports?sample={SECRET.decode()}")
    server.post(GENOME.replace(b"\t0/0\n", b"\t0/7\n").replace(b"SYNTHETIC", SECRET))
    server.get(f"/{SECRET.decode()}?{SECRET.decode()}")
    server.post(
        SECRET, "/v1/reports", **{"Content-Type": f"multipart/form-data; boundary={SECRET.decode()}", "User-Agent": SECRET.decode()}
    )
    assert until(lambda: "status=400" in server.log.read_text())
    log = server.log.read_text()
    assert "method=POST route=/v1/reports status=200" in log
    assert "route=none status=404" in log
    assert SECRET.decode() not in log
    for word in ("rs6265", "27658369", "94781859", "0/1", "sample=", "127.0.0.1:", "Traceback"):
        assert word not in log.replace(f"127.0.0.1:{server.port}", "")
