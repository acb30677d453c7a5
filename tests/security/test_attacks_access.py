"""Attacks on keys, tokens, quotas, Redis, metrics and the audit. docs/attacks.md has the table."""

import asyncio
import base64
import json
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jws import serialize_compact
from redis import Redis as RedisClient

from tests.http.application import Client, open_client
from tests.http.test_keys import bearer, write_keys
from tests.http.test_oidc import ADDRESS, ISSUER, Issuer, raw, settings, status
from tests.http.test_problems import hold_shape
from tests.http.test_rates import running_redis
from trdpgx.http.audit import Audit, AuditError
from trdpgx.http.auth import issuer_keys
from trdpgx.http.auth.choose import AccessError, choose_authenticator
from trdpgx.http.auth.issuer_keys import fetch, parse_keys
from trdpgx.http.auth.key_file import KeyListError, change_keys, new_key, read_keys
from trdpgx.http.public import PublicAddress
from trdpgx.http.rates.quota import Quota
from trdpgx.http.rates.store import Store
from trdpgx.http.record import EVERYBODY, RequestRecord
from trdpgx.model.access import AccessSettings

NOW = 2_000_000_000


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def tokens(issuer: Issuer) -> Iterator[Client]:
    with open_client(access=settings(issuer.url)) as opened:
        assert status(opened, issuer.token()) == 200
        yield opened


def soon(action: Callable[[], object], seconds: float = 5.0) -> None:
    """Do something in a thread of its own; it must end in time, however it ends."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive()


def test_a_pipe_instead_of_a_file_stops_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def refused() -> None:
        with pytest.raises(KeyListError, match="regular"):
            read_keys(pipe)
        with pytest.raises(AccessError, match="regular"):
            choose_authenticator(settings(str(pipe)))
        with pytest.raises(AuditError):
            Audit(str(pipe))

    soon(refused)
    for other in (Path("/dev/zero"), tmp_path):
        with pytest.raises(KeyListError):
            read_keys(other)
        with pytest.raises(AccessError):
            choose_authenticator(settings(str(other)))


def test_a_file_of_keys_that_becomes_something_else_lets_nobody_in(tmp_path: Path) -> None:
    path, others = tmp_path / "keys.json", tmp_path / "others.json"
    keys, stranger = write_keys(path), write_keys(others)
    others.chmod(0o666)
    with open_client(access=AccessSettings(auth="keys", keys=path)) as client:
        kept = path.read_bytes()
        for harm in (os.mkfifo, os.mkdir, lambda name: os.symlink(others, name), lambda name: os.symlink(name, name), lambda _: None):
            path.unlink()
            harm(path)
            soon(lambda: hold_shape(client.get(ADDRESS, headers=bearer(stranger["both"])), 503, "not_ready"))
            assert client.get("/livez").status_code == 200
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            path.write_bytes(kept)
            path.chmod(0o600)
            assert client.get(ADDRESS, headers=bearer(keys["both"])).status_code == 200


def test_a_file_of_keys_with_more_than_it_should_have(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_keys(path)
    entry = json.loads(path.read_text())["keys"][0]
    for wrong in (
        {"keys": [entry, entry]},
        {"keys": [entry | {"sha256": ""}]},
        {"keys": [entry | {"sha256": entry["sha256"].upper()}]},
        {"keys": [entry | {"scopes": ["admin"]}]},
        {"keys": [entry | {"more": 1}]},
        {"keys": [entry | {"expires": "never"}]},
        {"keys": [entry | {"id": "../../x"}]},
        {"keys": entry},
    ):
        path.write_text(json.dumps(wrong))
        with pytest.raises(KeyListError):
            read_keys(path)
    for content in (b"[" * 100_000, b'{"keys": [{"name": "\\ud800"}]}', b"\x00", b" " * (16 * 2**20 + 1)):
        path.write_bytes(content)
        with pytest.raises(KeyListError):
            read_keys(path)


def test_many_commands_at_once_lose_no_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = [new_key(f"key {number}", ("read",), None)[1] for number in range(16)]
    threads = [threading.Thread(target=change_keys, args=(path, lambda there, one=one: (*there, one))) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry.id for entry in read_keys(path)} == {entry.id for entry in made}
    assert [name for name in os.listdir(tmp_path) if name != "keys.json"] == []


def test_a_key_that_is_revoked_ends_on_a_connection_that_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = write_keys(path)
    with open_client(access=AccessSettings(auth="keys", keys=path)) as client:
        assert client.get(ADDRESS, headers=bearer(keys["both"])).status_code == 200
        change_keys(path, lambda there: tuple(one.copy_with(revoked=one.created) for one in there))
        assert client.get(ADDRESS, headers=bearer(keys["both"])).status_code == 401


def test_what_is_sent_as_a_key_is_a_key_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    good = write_keys(path)["both"]
    digest = json.loads(path.read_text())["keys"][3]["sha256"]
    with open_client(access=AccessSettings(auth="keys", keys=path)) as client:
        for value in (digest, good.upper(), good + "\x0b", f"{good} {good}", f"{good},", f'"{good}"', "\xff" * 8_000, good[:-1] + "\xe9"):
            assert client.get(ADDRESS, headers={"Authorization": f"Bearer {value}".encode("latin-1")}).status_code == 401
        for header in ("Cookie", "X-Api-Key", "Proxy-Authorization", "X-Authorization"):
            assert client.get(f"{ADDRESS}?key={good}&access_token={good}", headers={header: f"Bearer {good}"}).status_code == 401
        answer = client.request("GET", ADDRESS, headers=[("Authorization", f"Bearer {good}"), ("Authorization", "Bearer x")])
        assert answer.status_code == 401


def signed(issuer: Issuer, **claims: Any) -> str:
    return issuer.token(**claims)


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"typ": "logout+jwt"},
        {"kid": "../../../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"kid": "x" * 8_000},
        {"kid": {"a": 1}},
        {"alg": ["RS256"]},
        {"alg": "rs256"},
        {"alg": "RS256\x00"},
        {"alg": None},
        {"enc": "A256GCM", "alg": "RSA-OAEP"},
        {"zip": "DEF", "alg": "none"},
    ],
)
def test_what_a_header_of_a_token_states_lets_nobody_in(header: dict[str, Any], tokens: Client, issuer: Issuer) -> None:
    claims = {"iss": "https://login.example.org/lab", "aud": "trdpgx", "sub": "x", "exp": NOW, "scope": "report read metrics"}
    for secret in (None, b"", issuer.content):
        assert status(tokens, raw({"alg": "RS256", "kid": "rsa-1", "typ": "JWT", **header}, claims, secret)) == 401


def test_keys_that_a_token_brings_along_are_not_used(tokens: Client, issuer: Issuer) -> None:
    asked, own = issuer.asked, Issuer()
    brought = own.rsa.as_dict(private=False)
    for header in ({"jwk": brought}, {"jku": own.url}, {"x5u": own.url}, {"x5c": ["AAAA"]}, {"jwk": brought, "kid": None}):
        token = own.token(own.rsa, header)
        assert status(tokens, token) == 401
    assert own.asked == 0
    assert issuer.asked <= asked + 1
    own.server.shutdown()
    own.server.server_close()


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": "2000000000"},
        {"exp": float(-1)},
        {"exp": True},
        {"exp": [NOW]},
        {"nbf": NOW},
        {"aud": {"trdpgx": 1}},
        {"aud": ["trdpg", "x"]},
        {"aud": "TRDPGX"},
        {"iss": "https://login.example.org/lab/"},
        {"iss": ["https://login.example.org/lab"]},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
        {"sub": "a\nb"},
        {"sub": "a\x1b[2Jb"},
        {"sub": "a\u202eb"},
    ],
)
def test_claims_of_a_kind_that_nobody_expects(claims: dict[str, Any], tokens: Client, issuer: Issuer) -> None:
    assert status(tokens, signed(issuer, **claims)) == 401


def test_a_subject_that_is_no_text_has_a_line_in_the_audit_or_no_access(tokens: Client, issuer: Issuer) -> None:
    claims = b'{"iss": "%s", "aud": "trdpgx", "sub": "\\ud800", "exp": %d, "scope": "read"}' % (ISSUER.encode(), NOW)
    assert status(tokens, serialize_compact({"alg": "RS256", "kid": "rsa-1"}, claims, issuer.rsa, algorithms=["RS256"])) == 401


def test_scopes_of_a_kind_that_nobody_expects(tokens: Client, issuer: Issuer) -> None:
    for scope in ({"read": 1}, [["read"]], 7, True, "READ", "read,report", "xread", "read\u00a0x", ["read report"], [{"read": 1}]):
        assert status(tokens, signed(issuer, scope=scope)) == 403 or scope == "read\u00a0x"


def test_a_token_that_is_deep_or_long_or_not_canonical(tokens: Client, issuer: Issuer) -> None:
    good = issuer.token()
    first, second, third = good.split(".")
    deep = base64.urlsafe_b64encode(b"[" * 5_000).decode().rstrip("=")
    for token in (
        deep,
        f"{deep}.{deep}.{deep}",
        "." * 8_000,
        f"{good}.",
        f".{good}",
        f"{first}.{second}.{third[:-4]}",
        f"{first}..{third}",
    ):
        assert status(tokens, token) == 401
    for token in (f"{first}=.{second}.{third}", f"{first}!.{second}.{third}", f"{first}.{second}!.{third}"):
        assert status(tokens, token) == 401


def test_an_issuer_that_drips_delays_nobody_whose_key_is_there(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuer_keys, "_AGAIN_SECONDS", 0)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    for _ in range(60):
                        connection.sendall(b" ")
                        time.sleep(0.5)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        with open_client(access=settings(issuer.url, oidc_refresh_seconds=1)) as client:
            assert status(client, issuer.token()) == 200
            good, unknown = issuer.token(), issuer.token(header={"kid": "nobody-has-this"})
            drips = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            monkeypatch.setattr(issuer_keys, "fetch", lambda _: fetch(drips))
            guesses = threading.Thread(target=status, args=(client, unknown))
            guesses.start()
            time.sleep(0.3)
            began = time.monotonic()
            assert [status(client, good) for _ in range(5)] == [200] * 5
            assert time.monotonic() - began < issuer_keys._FETCH_SECONDS / 2
            guesses.join(20)
            assert not guesses.is_alive()


def test_a_set_of_keys_that_is_deep_large_or_odd() -> None:
    for content in (b"[" * 100_000, b"{" * 1_000, b'{"keys": {}}', b"\xff", b'{"keys": [' + b"{}," * 50_000 + b"{}]}", b""):
        with pytest.raises(ValueError):  # noqa: PT011 (whichever)
            parse_keys(content)
    odd = [{"kty": "RSA", "n": "!", "e": "AQAB"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": ["RSA"]}, {"kty": "OKP"}, 7]
    with pytest.raises(ValueError, match="public key"):
        parse_keys(json.dumps({"keys": odd}).encode())


def test_an_audit_survives_a_full_disk_a_pipe_and_a_clock(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def record(name: str) -> RequestRecord:
        return RequestRecord(name, "GET", PublicAddress(), EVERYBODY, "read", 200)

    path = tmp_path / "audit"
    audit = Audit(str(path))
    audit.write(record("first"), "/", None)
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 40, kept[1]))
    try:
        audit.write(record("cut"), "/", None)
        audit.write(record("lost"), "/", None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    audit.write(record("again"), "/", None)
    audit.close()
    lines = path.read_text().splitlines()
    assert [json.loads(lines[number])["request"] for number in (0, 2)] == ["first", "again"]
    assert len(lines) == 3
    assert [line.levelname for line in caplog.records if "audit" in line.getMessage()] == ["CRITICAL"]

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    audit = Audit(str(pipe))
    soon(lambda: [audit.write(record("x" * 1_000), "/", None) for _ in range(200)])
    os.close(reader)
    soon(lambda: audit.write(record("nobody reads"), "/", None))
    audit.close()


def test_metrics_do_not_grow_with_what_is_asked() -> None:
    with open_client() as client:

        def lines() -> int:
            return client.get("/metrics").text.count("\n")

        for number in range(3):
            client.get(f"/{number}")
            client.get(f"/v1/genes/{number}")
            client.request(f"METHOD{number}", f"/{number}")
        lines()
        before = lines()
        for number in range(3, 60):
            client.get(f"/{number}")
            client.get(f"/v1/genes/{number}")
            client.request(f"METHOD{number}", f"/{number}")
        assert lines() == before


def test_many_addresses_fill_no_memory_beyond_their_window(tmp_path: Path) -> None:
    settings = AccessSettings(rate_address_requests=2, rate_seconds=1, trusted_proxies=("127.0.0.1",))
    with open_client(access=settings) as client:

        def ask(number: int) -> int:
            return client.get("/v1/nowhere", headers={"X-Forwarded-For": f"2001:db8:{number:x}::1"}).status_code

        assert {ask(number) for number in range(300)} == {404}
        same = [client.get("/v1/nowhere", headers={"X-Forwarded-For": f"2001:db8:ffff::{number:x}"}).status_code for number in range(1, 6)]
        assert same.count(404) <= 4
        assert 429 in same


def test_no_key_can_use_up_what_another_has(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = write_keys(path)
    with open_client(access=AccessSettings(auth="keys", keys=path, rate_requests=3)) as client:
        ids = [entry.id for entry in read_keys(path)]
        for name in ids:
            assert client.get(ADDRESS, headers=bearer(name)).status_code == 401
        assert [client.get(ADDRESS, headers=bearer(keys["read"])).status_code for _ in range(5)] == [200] * 3 + [429] * 2
        assert [client.get(ADDRESS, headers=bearer(keys["report"])).status_code for _ in range(5)] == [403] * 5
        assert client.get(ADDRESS, headers=bearer(keys["both"])).status_code == 200


def test_a_length_that_is_never_sent_counts_against_its_sender_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = write_keys(path)
    with open_client(access=AccessSettings(auth="keys", keys=path, rate_bytes=1_000)) as client:
        for declared in ("1001", "9" * 19):
            answer = client.post("/v1/reports", content=b"", headers=bearer(keys["both"]) | {"Content-Length": declared})
            assert answer.status_code == 413
        for declared in ("-1", "1e3", "\u0661", "9" * 400):
            odd = [("Authorization", f"Bearer {keys['both']}"), ("Content-Length", declared.encode())]
            assert client.post("/v1/reports", content=b"", headers=odd).status_code in {400, 413}
        assert client.get(ADDRESS, headers=bearer(keys["both"])).status_code == 200


def test_counters_in_redis_of_another_type_are_no_end_of_counting(tmp_path: Path) -> None:
    failures: list[None] = []
    quota = Quota("requests", "address", 4, 60)

    async def ask(url: str) -> list[bool]:
        store = Store(url, lambda: failures.append(None))
        answers = [await store.take(quota, "198.51.100.1") for _ in range(8)]
        await store.left(quota, "198.51.100.1")
        await store.close()
        return answers

    with running_redis(tmp_path) as redis, RedisClient(port=redis.port) as other:
        assert asyncio.run(ask(redis.url)) == [True] * 4 + [False] * 4
        (name,) = other.keys("*requests*")
        harms: tuple[Callable[[], object], ...] = (
            lambda: other.set(name, "<script>\r\n"),
            lambda: other.rpush(name, "x"),
            lambda: other.hset(name, "a", "b"),
            lambda: other.config_set("maxmemory", "1"),
        )
        for number, harm in enumerate(harms, 1):
            other.delete(name)
            harm()
            assert asyncio.run(ask(redis.url)) == [True] * 4 + [False] * 4
            assert len(failures) == number


def test_a_clock_that_is_stepped_locks_nobody_out_for_longer_than_two_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    quota, real = Quota("requests", "address", 3, 60), time.time

    async def ask() -> None:
        store = Store(None, lambda: None)
        for step in (0, -86_400, 86_400, -7 * 86_400):
            monkeypatch.setattr(time, "time", lambda step=step: real() + step)
            answers = [await store.take(quota, "198.51.100.1") for _ in range(4)]
            assert (answers[0], answers[-1]) == (True, False)
            assert (await store.left(quota, "198.51.100.1"))[1] <= 2 * quota.seconds

    asyncio.run(ask())


def test_the_counters_are_let_go() -> None:
    """What is counted of an address goes after two windows, so that many addresses do not fill the memory."""

    async def many() -> int:
        store = Store(None, lambda: None)
        quota = Quota("requests", "address", 5, 1)
        for number in range(500):
            await store.take(quota, f"2001:db8:{number:x}::/64")
        await asyncio.sleep(2.5)
        await store.take(quota, "-")
        await asyncio.sleep(0.3)
        return len(store._own.storage.storage)

    assert asyncio.run(many()) < 50
