"""The canary with everything switched on: keys, quotas in a Redis, metrics, audit, JSON logs, nginx in front. No trace of a person is in
any of it: neither in what the service writes, nor in what it sends to Redis, nor in what Redis and the proxy keep or log.
"""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.deploy.nginx import NGINX, before
from tests.http.servers import Server, free_port, running, until
from tests.http.test_keys import bearer, write_keys
from tests.http.test_rates import Redis, running_redis
from tests.security.test_canary import ALLELE, DEPTH, FAILURES, FILE, LOCUS, MARKS, WHOLE

DRUG, HISTORY = b"nefazodone", b"1987-03-21"
EVERY = (*MARKS, DRUG, HISTORY, b"inefficacy", b"CYP2C19", b"Poor")
"""Marks of the genome, its file and its name; a drug, a date of the history, and words that only a report has."""
TRACE = "0af7651916cd43dd8448eb211c80319c"


def ask(client: httpx.Client, key: str) -> list[int]:
    """Send what succeeds and what fails in each way; return the statuses."""
    context = json.dumps(
        {
            "as_of": "2026-01-31",
            "current_drugs": [{"drug": "nefazodone", "dose": 200, "since": "1987-03-21"}],
            "trials": [{"drug": "nefazodone", "weeks": 8, "stopped_for": "inefficacy"}],
        }
    )
    headers = bearer(key) | {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "X-Request-Id": "CANARY", "User-Agent": "CANARY"}
    headers |= {"X-Forwarded-For": "CANARY", "Referer": "http://CANARY/", "Origin": "http://CANARY"}
    headers |= {"tracestate": "CANARY=1", "baggage": "sample=CANARY", "b3": "CANARY", "Cookie": "CANARY=1", "X-Real-IP": "CANARY"}
    statuses = []
    with client:
        client.headers.update(headers)
        parts = {"vcf": (FILE, WHOLE), "context": (FILE, context.encode())}
        statuses.append(client.post("/v1/reports", files=parts).status_code)
        statuses.append(client.post("/v1/reports?drug=nefazodone", files=parts).status_code)
        for content in FAILURES.values():
            statuses.append(client.post("/v1/reports", files={"vcf": (FILE, content)}).status_code)
        for query in ("sample=CANARY", "CANARY=1", "drug=CANARY", "assembly=CANARY"):
            statuses.append(client.post(f"/v1/reports?{query}", content=WHOLE).status_code)
        for path in ("/CANARY", "/v1/genes/CANARY", "/v1/drugs/nefazodone", "/problems/CANARY"):
            statuses.append(client.get(path).status_code)
        statuses.append(client.get("/v1/genes", headers={"Authorization": "Bearer CANARY"}).status_code)
        statuses.append(client.get("/v1/genes", headers={"Authorization": "CANARY CANARY"}).status_code)
    return statuses


@contextmanager
def listening(redis: Redis) -> Iterator[list[bytes]]:
    """Give what a Redis is asked until the end of the block (its command MONITOR)."""
    heard: list[bytes] = []
    with socket.create_connection(("127.0.0.1", redis.port), timeout=30) as monitor:
        monitor.sendall(b"MONITOR\r\n")
        assert monitor.recv(16).startswith(b"+OK")

        def hear() -> None:
            while piece := monitor.recv(65536):
                heard.append(piece)

        thread = threading.Thread(target=hear)
        thread.start()
        try:
            yield heard
        finally:
            monitor.shutdown(socket.SHUT_RDWR)
            thread.join()


_WHEN_AND_WHO = re.compile(rb"^\+[0-9.]+ \[[^\]]*\]", re.MULTILINE)
"""What MONITOR writes before a command: a time and a port, whose digits may be anything."""


def marks_in(content: bytes) -> list[bytes]:
    return [mark for mark in EVERY if mark in content]


def test_nothing_of_a_person_is_in_metrics_audit_logs_or_redis(tmp_path: Path) -> None:
    keys, audit, port = write_keys(tmp_path / "keys.json"), tmp_path / "audit", free_port()
    with running_redis(tmp_path) as redis, listening(redis) as heard:
        variables = {
            "TRDPGX_AUTH": "keys",
            "TRDPGX_KEYS": str(tmp_path / "keys.json"),
            "TRDPGX_AUDIT": str(audit),
            "TRDPGX_LOG_FORMAT": "json",
            "TRDPGX_LOG_LEVEL": "debug",
            "TRDPGX_METRICS_PORT": str(port),
            "TRDPGX_REDIS_URL": redis.url,
            "TRDPGX_RATE_REQUESTS": "30",
            "TRDPGX_RATE_BYTES": "100000000",
            "TRDPGX_RATE_ADDRESS_REQUESTS": "1000",
            "TRDPGX_RATE_ADDRESS_UPLOADS": "20",
            "TRDPGX_RATE_ADDRESS_CONNECTIONS": "50",
            "TRDPGX_TRUSTED_PROXIES": "127.0.0.1",
        }
        with running(**variables) as server:
            statuses = [status for _ in range(2) for status in ask(plain_client(server), keys["both"])]
            assert {200, 400, 401, 404, 422, 429} <= set(statuses)
            metrics = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).content
            assert until(lambda: server.log.read_bytes().count(b'"route"') >= len(statuses))
            held = redis.content()
            written = {"log": server.log.read_bytes(), "audit": audit.read_bytes(), "metrics": metrics, "redis": held}
            for name, content in {**written, "commands to redis": _WHEN_AND_WHO.sub(b"", b"".join(heard))}.items():
                assert content.count(b"\n") > 1, name
                assert marks_in(content) == [], name
                assert not [key for key in keys.values() if key.encode() in content], name
            names = re.findall(rb"trdpgx[^\x00 ]*", held)
            assert names
            assert all(re.match(rb"trdpgx:\{?trdpgx/(address-)?(requests|bytes)/[0-9a-f.:]+/", name) for name in names), names
            environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in (server.supervisor(), *server.workers())]
            assert not [content for content in environments if b"TRDPGX_REDIS_URL" in content or b"TRDPGX_KEYS" in content]


def plain_client(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.base, timeout=60, trust_env=False)


@pytest.mark.skipif(NGINX is None, reason="there is no nginx here (apt-get install nginx-light)")
def test_nothing_of_a_person_is_in_what_a_proxy_keeps(tmp_path: Path) -> None:
    folder, keys = tmp_path / "nginx", write_keys(tmp_path / "keys.json")
    folder.mkdir()
    variables = {"TRDPGX_AUTH": "keys", "TRDPGX_KEYS": str(tmp_path / "keys.json"), "TRDPGX_TRUSTED_PROXIES": "127.0.0.1"}
    with running(**variables) as server:
        with before(server, folder) as proxy:
            statuses = ask(proxy.client(), keys["both"])
            assert {200, 400, 401, 404, 422} <= set(statuses)
            server.stop()
            assert set(ask(proxy.client(), keys["both"])) == {502}
        assert (folder / "access.log").read_bytes().count(b"\n") > 2 * len(statuses)
        for path in (server.log, *(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".conf")):
            content = path.read_bytes()
            assert marks_in(content) == [], path.name
            assert not [key for key in keys.values() if key.encode() in content], path.name


def test_a_mark_would_be_seen() -> None:
    assert marks_in(b"... " + ALLELE) == [ALLELE]
    assert marks_in(DEPTH + LOCUS) == [DEPTH, LOCUS]
