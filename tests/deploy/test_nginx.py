"""The proxy of deploy/nginx before the service: uploads are streamed, problems come through, and no log has anything of a request."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.deploy.nginx import NGINX, Proxy, before
from tests.http.servers import Server, running

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
GENOME = EXAMPLE.read_bytes()
SECRET = "Jane-Doe-1970"  # noqa: S105
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx here (apt-get install nginx-light)")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    settings = {
        "TRDPGX_TRUSTED_PROXIES": "127.0.0.1",
        "TRDPGX_PUBLIC_URL": "https://pgx.example.org/pgx",
        "TRDPGX_RATE_ADDRESS_UPLOADS": "40",
        "TRDPGX_MAX_BYTES": "30000000",
        "TRDPGX_UPLOAD_RATE_SECONDS": "1",
        "TRDPGX_UPLOAD_FIRST_BYTES": "1000",
        "TRDPGX_WORKERS": "2",
    }
    with running(**settings) as started:
        yield started


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with before(server, tmp_path_factory.mktemp("nginx")) as started:
        yield started


def test_a_report_is_the_one_of_the_service_itself(server: Server, proxy: Proxy) -> None:
    with proxy.client() as client:
        answer = client.post("/v1/reports?format=text", content=GENOME)
    assert answer.status_code == 200
    assert answer.text == server.post(GENOME, "/v1/reports?format=text").text
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["content-security-policy"]
    assert "nginx/" not in answer.headers.get("server", "")


def test_the_service_reads_an_upload_while_it_is_sent(proxy: Proxy) -> None:
    """What is wrong in its first lines is answered while the rest is still to come, so that the proxy cannot have collected it first."""
    received = _answer(proxy, "Content-Length: 20000000", b"Dear colleague,\n" * 1000, wanted=b"unsupported_format")
    assert b" 415 " in received.partition(b"\r\n")[0]


def test_what_is_too_large_is_a_problem_before_it_was_sent(proxy: Proxy) -> None:
    received = _answer(proxy, "Content-Length: 90000000000\r\nExpect: 100-continue", b"", wanted=b"too_many_bytes")
    assert b" 413 " in received
    assert b"application/problem+json" in received


def test_a_sender_below_the_least_rate_is_answered_and_others_are_not_kept_waiting(proxy: Proxy) -> None:
    slow: list[int] = []

    def trickle() -> Iterator[bytes]:
        yield GENOME[:5000]
        for _ in range(100):
            time.sleep(0.2)
            yield b"##x=1\n"

    def send() -> None:
        with proxy.client() as client:
            try:
                slow.append(client.post("/v1/reports", content=trickle()).status_code)
            except httpx.TransportError:
                slow.append(408)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    with proxy.client() as client:
        for _ in range(5):
            assert client.post("/v1/reports", content=GENOME).status_code == 200
    for thread in threads:
        thread.join(60)
    assert slow == [408, 408, 408]


def test_requests_of_one_address_are_bounded(server: Server, proxy: Proxy) -> None:
    """130 uploads that stop in the middle: what is beyond 100 is refused at once, with when to try again."""
    statuses: Counter[bytes] = Counter()
    with ExitStack() as held:
        for _ in range(130):
            plain = held.enter_context(socket.create_connection(("127.0.0.1", proxy.port), timeout=30))
            secure = held.enter_context(proxy.context.wrap_socket(plain, server_hostname="localhost"))
            secure.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n#")
            secure.settimeout(0.05)
            try:
                answer = secure.recv(4096)
            except TimeoutError:
                continue
            statuses[answer.split(b" ")[1]] += 1
            if b"of one address at a time" in answer:
                statuses[b"by nginx"] += 1
                assert b"Retry-After: 5\r\n" in answer
                assert b"Strict-Transport-Security" in answer
    assert set(statuses) == {b"429", b"by nginx"}
    assert statuses[b"by nginx"] >= 1
    assert server.get("/readyz").status_code == 200


@pytest.mark.parametrize("locations", ["root.conf", "prefix.conf"])
def test_links_resolve_below_a_prefix(locations: str, server: Server, tmp_path: Path) -> None:
    prefix = "/pgx" if locations == "prefix.conf" else ""
    with before(server, tmp_path, locations=locations) as proxy, proxy.client() as client:
        assert client.post(f"{prefix}/v1/reports?format=text", content=GENOME).status_code == 200
        problem = client.post(f"{prefix}/v1/reports", content=b"Dear colleague,\n").json()
        assert problem["type"] == "https://pgx.example.org/pgx/problems/unsupported_format"
        assert client.get(f"{prefix}/problems/unsupported_format").json()["code"] == "unsupported_format"
        page = client.get(f"{prefix}/")
        assert "page.css" in page.text
        assert client.get(f"{prefix}/page.css").status_code == 200
        assert client.get(f"{prefix}/service-info").json()["documentationUrl"] == "https://pgx.example.org/pgx/docs"
        if prefix:
            assert client.get("/v1/limits").status_code == 404
            assert client.get("/pgx").headers["location"].endswith("/pgx/")


def test_nothing_of_a_request_is_in_a_log_or_a_file(server: Server, tmp_path: Path) -> None:
    genome = GENOME.replace(b"SYNTHETIC-1", SECRET.encode())
    with before(server, tmp_path) as proxy:
        headers = {"User-Agent": SECRET, "Referer": f"https://{SECRET}/", "X-Forwarded-For": SECRET, "Authorization": f"Bearer {SECRET}"}
        asked = [("POST", f"/v1/reports?sample={SECRET}", genome), ("POST", f"/v1/reports?sample={SECRET}", b"x" * 5_000_000)]
        statuses = []
        for method, address, content in (*asked, ("GET", f"/v1/genes/{SECRET}", b"")):
            with proxy.client() as client:  # a connection for each: one that answered early is closed
                statuses.append(client.request(method, address, content=content, headers=headers).status_code)
        assert statuses == [200, 415, 404]
        log = proxy.log.read_text()
        assert log.count("status=200") == 2  # the report, and the question whether the proxy is there
        assert "request=" in log
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"access.log", "error.log"}
    for path in files:
        assert SECRET.encode() not in path.read_bytes(), path.name


def test_a_service_that_is_gone_is_answered_without_a_line_about_the_request(tmp_path: Path) -> None:
    with running(TRDPGX_WORKERS="1") as server, before(server, tmp_path) as proxy:
        server.stop()
        with proxy.client() as client:
            assert client.post(f"/v1/reports?sample={SECRET}", content=GENOME).status_code == 502
    assert SECRET not in (tmp_path / "error.log").read_text()


def _answer(proxy: Proxy, headers: str, body: bytes, *, wanted: bytes) -> bytes:
    """Send the beginning of a request, and return what comes back until it holds a text."""
    received = b""
    plain = socket.create_connection(("127.0.0.1", proxy.port), timeout=30)
    with proxy.context.wrap_socket(plain, server_hostname="localhost") as secure:
        secure.sendall(f"POST /v1/reports HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n".encode() + body)
        while wanted not in received and (piece := secure.recv(65536)):
            received += piece
    return received
