"""Attacks by the head of a request: paths, hosts, addresses, queries, framing. docs/attacks.md has the table."""

import asyncio
import base64
import hashlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from tests.http.application import Client, open_client
from tests.http.servers import Server
from tests.http.test_keys import bearer, write_keys
from tests.http.test_problems import hold_shape
from tests.http.test_server import head, read_answer
from tests.yardstick import at_most
from trdpgx.http.middleware.cors import CrossOrigin
from trdpgx.http.public import Hosts, Proxies
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

from .conftest import lasting

WORK = 120
"""What an answer may take that does next to nothing, in times the fixed work: about 3 s on a machine of 2025."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    return path, write_keys(path)


@pytest.fixture(scope="module")
def keyed(keys: tuple[Path, dict[str, str]]) -> Iterator[Client]:
    path, _ = keys
    with open_client(access=AccessSettings(auth="keys", keys=path, path_prefix="/pgx", rate_address_requests=100_000)) as client:
        yield client


SPELLINGS = (
    "//livez",
    "/livez//",
    "/LIVEZ",
    "/livez%2F",
    "/livez%00",
    "/livez%0A",
    "/%6civez/../v1/genes",
    "/livez/../v1/genes",
    "/livez;/v1/genes",
    "/livez/%2e%2e/v1/genes",
    "/.%2fv1/genes",
    "//v1/genes",
    "/v1//genes",
    "/v1/genes/",
    "/v1%2fgenes",
    "/pgx//livez",
    "/pgx/pgx/livez",
    "/pgxlivez",
    "/pgx/v1/genes",
    "/pgx%2fv1/genes",
    "/page.css/../v1/genes",
    "/page.css%2f..%2fv1/genes",
    "/?/v1/genes/../x&/livez#",
    "/metrics%20",
    "/pgx",
)


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_spelling_of_a_path_is_open_that_is_not_the_address_itself(path: str, keyed: Client) -> None:
    answer = keyed.get("http://trdpgx.test" + path)
    assert answer.status_code == 401 or path.startswith("/?"), answer.text
    assert "CYP2C19" not in answer.text


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "QUERY", "get", "post", "X" * 200])
@pytest.mark.parametrize("path", ["/v1/genes", "/v1/reports", "/metrics", "/openapi.json"])
def test_no_method_goes_round_the_key(method: str, path: str, keyed: Client) -> None:
    answer = keyed.request(method, path, headers={"X-HTTP-Method-Override": "GET", "X-Original-URL": "/livez", "X-Rewrite-URL": "/livez"})
    assert answer.status_code == 401
    assert b"CYP2C19" not in answer.content


def test_a_key_for_reading_makes_no_report_by_any_method(keyed: Client, keys: tuple[Path, dict[str, str]]) -> None:
    for method in ("POST", "PUT", "PATCH", "GET", "HEAD", "OPTIONS", "post"):
        override = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
        answer = keyed.request(method, "/v1/reports", content=GENOME, headers=bearer(keys[1]["read"]) | override)
        assert answer.status_code in {403, 405}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_open_addresses_do_nothing_else(path: str, keyed: Client) -> None:
    for method in ("POST", "PUT", "OPTIONS", "DELETE"):
        answer = keyed.request(method, path, content=GENOME)
        assert answer.status_code == 405
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil@lab.example.org"],
        ["lab.example.org@evil"],
        ["lab.example.org/evil"],
        ["lab.example.org?evil"],
        ["lab.example.org#evil"],
        ["lab.ex\tample.org"],
        ["lab.example.org:evil"],
        ["lab.example.org:999999"],
        ["lab.example.org,evil"],
        ["lab.example.org."],
        ["lab.example.org", "evil.example"],
        ["evil.example", "lab.example.org"],
        ["lab.example.org", "lab.example.org"],
        ["[lab.example.org]"],
        ["[::1"],
        [],
    ],
)
def test_a_host_is_one_name_and_a_port(hosts: list[str]) -> None:
    assert not Hosts(AccessSettings(allowed_hosts=("lab.example.org",))).allow(hosts)
    assert Hosts(AccessSettings(allowed_hosts=("::1",))).allow(["[::1]:8000"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("fe80::1%eth0", [], "fe80::/64"),
        ("10.0.0.1", ["fe80::1%" + "x" * 60_000], "fe80::/64"),
        ("10.0.0.1", ["[2001:db8::1%25eth0]:80"], "2001:db8::/64"),
        ("10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1,"], "10.0.0.1"),
        ("10.0.0.1", ["010.1.1.1"], "10.0.0.1"),
        ("10.0.0.1", ["0x7f.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", ["3325256704"], "10.0.0.1"),
        ("10.0.0.1", ["\u0661.2.3.4"], "10.0.0.1"),
        ("10.0.0.1", ["unknown", "_hidden"], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6", "10.0.0.1" + ", 10.0.0.1" * 5_000], "6.6.6.6"),
    ],
)
def test_what_stands_in_x_forwarded_for_is_an_address_or_nothing(peer: str, forwarded: list[str], client: str) -> None:
    with at_most(WORK, time.monotonic):
        assert Proxies(AccessSettings(trusted_proxies="10.0.0.0/8")).client(peer, forwarded) == client  # type: ignore[arg-type]


def test_a_flood_of_query_parameters_costs_little_and_is_answered_shortly(server: Server) -> None:
    for names in (f"{number:x}" for number in (2, 9)):
        query = "&".join(f"{names}{number:x}" for number in range(8_000))
        for method, path in (("GET", "/v1/rules"), ("POST", "/v1/reports"), ("POST", "/v1/reannotations")):
            with at_most(WORK, time.monotonic):
                with server.connect() as connection:
                    connection.sendall(f"{method} {path}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
                    status, _, body = read_answer(connection)
                assert (status, json.loads(body)["type"]) == (422, "/problems/bad_query") or status == 400
                assert len(body) < 4_000


def test_a_flood_of_the_same_parameter_costs_little(server: Server) -> None:
    for query in ("drug=" + "&drug=" * 9_000, "sample=a" + "&sample=a" * 5_000, "format=json" + "&format=json" * 4_000, "&" * 60_000):
        with at_most(WORK, time.monotonic):
            with server.connect() as connection:
                connection.sendall(head(0, f"/v1/reports?{query}"))
                status, _, body = read_answer(connection)
            assert status in {400, 422}
            assert len(body) < 4_000


@pytest.mark.parametrize(
    "value",
    [
        ",".join(f"a/{number}" for number in range(2_500)),
        "," * 20_000,
        "text/html;q=nan, application/json;q=inf",
        "application/json;q=1e-400",
        "application/json;q=0x1",
        "*/*;q=-1",
        ";" * 20_000,
        'application/json;profile="' + "x" * 20_000,
    ],
)
def test_headers_that_are_lists_without_measure(value: str, server: Server) -> None:
    with at_most(2 * WORK, time.monotonic):
        answer = server.post(GENOME, **{"Accept": value, "Accept-Encoding": value, "Accept-Language": value[:1_000]})
        assert answer.status_code in {200, 406}
        with server.connect() as connection:
            connection.sendall(f"GET /v1/genes HTTP/1.1\r\nHost: x\r\nIf-None-Match: {value}\r\nConnection: close\r\n\r\n".encode())
            assert read_answer(connection)[0] == 200


def test_ranges_and_conditions_give_no_part_of_a_report(server: Server) -> None:
    whole = server.post(GENOME)
    headers = {"Range": "bytes=0-1,5-6", "If-Range": '"x"', "If-Match": "*", "If-None-Match": "*", "If-Modified-Since": "junk"}
    answer = server.post(GENOME, **headers)
    assert (answer.status_code, len(answer.content)) == (200, len(whole.content))
    assert not {"etag", "accept-ranges", "last-modified"} & set(answer.headers)
    assert answer.headers["cache-control"] == "no-store"


def test_no_origin_is_reflected(server: Server) -> None:
    for origin in ("null", "https://evil.example", "http://127.0.0.1"):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        for answer in (server.post(GENOME, **asked), server.post(b"", "/livez", **asked)):
            assert not [name for name in answer.headers if name.startswith("access-control")]
            assert "set-cookie" not in answer.headers


def test_a_thousand_digests_are_worked_out_once(server: Server, right: bytes) -> None:
    digest = base64.b64encode(hashlib.sha256(GENOME).digest()).decode()
    with at_most(3 * WORK, time.monotonic):
        answer = server.post(GENOME, **{"Content-Digest": "sha-256=::," * 5_000 + f"sha-256=:{digest}:"})
        assert answer.status_code == 200
        assert lasting(answer.content) == right
        assert server.post(GENOME, **{"Content-Digest": f"sha-256=:{digest}:," + "sha-256=::," * 5_000 + "sha-256=::"}).status_code == 400
        filler = GENOME + b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 7_000
        server.post(filler, **{"Content-Digest": "sha-256=::," * 5_000 + "sha-512=::"})


@pytest.mark.parametrize("origin", ["https://lab.example.org.evil", "https://lab.example.org:443", "HTTPS://LAB.EXAMPLE.ORG", "null", "*"])
def test_an_origin_is_named_or_gets_nothing(origin: str) -> None:
    with_origins = CrossOrigin(Response(b"x"), ("https://lab.example.org",))
    asked = {"Origin": origin, "Access-Control-Request-Method": "x\ty", "Access-Control-Request-Headers": "x, *"}

    async def ask(method: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(with_origins), base_url="http://trdpgx.test") as client:
            return await client.request(method, "/", headers=asked)

    for method in ("GET", "OPTIONS"):
        answer = asyncio.run(ask(method))
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert "Origin" in answer.headers["vary"]


def test_nothing_of_a_request_is_in_the_headers_of_its_answer(server: Server) -> None:
    marks = dict.fromkeys(("X-Request-Id", "Traceparent", "Tracestate", "Origin", "Referer", "Cookie", "Via", "X-Real-Ip"), "CANARY")
    for address in ("/v1/reports", "/v1/reports?sample=CANARY", "/CANARY", "/v1/reports?CANARY=%0d%0aSet-Cookie:%20CANARY"):
        assert "CANARY" not in str(server.post(GENOME, address, **marks).headers)


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", {400}),
        (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd", {400}),
        (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 0x4\r\n\r\nabcd", {400}),
        (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n", {400}),
        (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", {400}),
        (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", {400}),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nX\x00Y: 1\r\n\r\n", {400}),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\n Folded: 1\r\n\r\n", {400}),
        (b"GET /livez HTTP/1.1\r\nHost : x\r\n\r\n", {400}),
        (b"GET /livez HTTP/9.9\r\nHost: x\r\n\r\n", {400}),
        (b"GET http://evil.example/livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {200}),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {400, 404, 405}),
        (b"CONNECT evil.example:80 HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404, 405}),
        (b"GET /liv\xc3\xa9z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {400, 404}),
        (b"GET /livez?\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {200, 400}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),
    ],
)
def test_framing_that_two_readers_could_read_differently(request_: bytes, statuses: set[int], server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(request_)
        connection.settimeout(10)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert {int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)} <= statuses
    assert answer.count(b"HTTP/1.1 ") == 1


def test_chunk_extensions_and_trailers_are_passed_over(server: Server, right: bytes) -> None:
    piece = b'%x;name="value";x\r\n%s\r\n0;last\r\nAuthorization: Bearer x\r\nHost: evil\r\n\r\n' % (len(GENOME), GENOME)
    with server.connect() as connection:
        connection.sendall(head(None) + piece)
        status, _, body = read_answer(connection)
    assert status == 200
    assert lasting(body) == right


def test_an_extension_of_a_chunk_without_an_end_is_cut_off(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(head(None) + b"5;")
        try:
            for _ in range(64):
                connection.sendall(b"x" * 65_536)
        except OSError:
            return
    assert server.get("/livez").status_code == 200


def test_pipelined_requests_are_answered_in_turn_and_apart(server: Server) -> None:
    with server.connect() as connection:
        one = head(len(GENOME)) + GENOME
        connection.sendall(
            one + b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" + one + b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert re.findall(rb"HTTP/1\.1 (\d{3}) ", answer) == [b"200", b"200", b"200", b"404"]
    assert answer.count(b'"schema_version"') == 2


def test_who_expects_a_continue_gets_none_inside_an_answer(server: Server) -> None:
    for length, address in ((10**12, "/v1/reports"), (len(GENOME), "/v1/reports?nothing=1"), (len(GENOME), "/nowhere")):
        with server.connect() as connection:
            connection.sendall(head(length, address, "Expect: 100-continue", "Connection: close"))
            connection.settimeout(20)
            first = connection.recv(65536)
            connection.shutdown(1)
            answer = first + b"".join(iter(lambda: connection.recv(65536), b""))
        assert b"100 Continue" not in answer
        assert answer.count(b"HTTP/1.1 ") == 1


def test_a_request_after_a_refused_body_is_no_request(server: Server) -> None:
    """A body that is refused may itself look like a request; nothing of it is answered."""
    inner = b"GET /v1/genes HTTP/1.1\r\nHost: x\r\n\r\n"
    for address in ("/nowhere", "/v1/reports?nothing=1", "/livez"):
        with server.connect() as connection:
            connection.sendall(head(len(inner) + 1, address) + inner)
            connection.shutdown(1)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.count(b"HTTP/1.1 ") <= 1
        assert b"CYP2C19" not in answer


def test_an_answer_over_http_1_0_ends(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST /v1/reports HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(GENOME) + GENOME)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")


def test_guesses_are_counted_at_the_metrics_too(keys: tuple[Path, dict[str, str]]) -> None:
    path, known = keys
    with open_client(access=AccessSettings(auth="keys", keys=path, rate_address_requests=5)) as client:
        assert [client.get("/metrics", headers=bearer(f"trdpgx_{number}")).status_code for number in range(7)] == [401] * 5 + [429] * 2
        hold_shape(client.get("/metrics", headers=bearer(known["metrics"])), 429, "rate_limited")
    with open_client(access=AccessSettings(rate_address_requests=2)) as client:
        assert [client.get("/metrics").status_code for _ in range(5)] == [200] * 5
