"""How much one key and one address may ask: quotas, their headers, what is refused, and what a Redis is for."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis as RedisClient

from tests.http.application import Client, open_client
from tests.http.servers import START_SECONDS, Server, free_port, running, until
from tests.http.test_keys import bearer, write_keys
from tests.http.test_problems import hold_shape
from tests.http.test_server import head, read_answer
from trdpgx.http.public import Proxies
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

REDIS = shutil.which("redis-server")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    return path, write_keys(path)


def items(header: str) -> dict[str, dict[str, str]]:
    """Return the items of a structured list of strings with parameters (RFC 9651), by name."""
    found = {}
    for item in header.split(", "):
        name, *parameters = item.split(";")
        assert re.fullmatch(r'"[a-z-]+"', name)
        found[name.strip('"')] = dict(parameter.split("=") for parameter in parameters)
    return found


def refused(answer: object, quota: str) -> None:
    hold_shape(answer, 429, "rate_limited")
    assert f"`{quota}`" in answer.json()["detail"]  # type: ignore[attr-defined]
    assert int(answer.headers["retry-after"]) >= 1  # type: ignore[attr-defined]


def test_requests_of_a_key_are_counted_apart_from_another(keys: tuple[Path, dict[str, str]]) -> None:
    path, known = keys
    with open_client(access=AccessSettings(auth="keys", keys=path, rate_requests=3)) as client:
        for left in (2, 1, 0):
            answer = client.get("/v1/schema/context", headers=bearer(known["read"]))
            assert answer.status_code == 200
            assert items(answer.headers["ratelimit-policy"]) == {"requests": {"q": "3", "w": "60", "qu": '"requests"'}}
            rest = items(answer.headers["ratelimit"])["requests"]
            assert int(rest["r"]) == left
            assert 0 <= int(rest["t"]) <= 60
        answer = client.get("/v1/schema/context", headers=bearer(known["read"]))
        refused(answer, "requests")
        assert items(answer.headers["ratelimit"])["requests"]["r"] == "0"
        assert client.get("/v1/schema/context", headers=bearer(known["both"])).status_code == 200
        for path_of_probe in ("/livez", "/readyz"):
            answer = client.get(path_of_probe, headers=bearer(known["read"]))
            assert answer.status_code == 200
            assert "ratelimit" not in answer.headers
        quotas = {limit["name"]: limit["value"] for limit in client.get("/v1/limits", headers=bearer(known["both"])).json()["limits"]}
        assert (quotas["rate_requests"], quotas["rate_bytes"], quotas["rate_seconds"]) == (3, 0, 60)


def test_it_is_let_in_again_after_the_seconds_that_are_stated() -> None:
    with open_client(access=AccessSettings(rate_address_requests=2, rate_seconds=1)) as client:
        answers = [client.get("/v1/schema/context") for _ in range(4)]
        answer = next(one for one in answers if one.status_code == 429)
        refused(answer, "address-requests")
        time.sleep(int(answer.headers["retry-after"]))
        assert client.get("/v1/schema/context").status_code == 200


def test_guessing_keys_is_held_to_the_quota_of_the_address(keys: tuple[Path, dict[str, str]]) -> None:
    path, known = keys
    with open_client(access=AccessSettings(auth="keys", keys=path, rate_address_requests=5)) as client:
        statuses = [client.get("/v1/genes", headers=bearer(f"trdpgx_{number}")).status_code for number in range(8)]
        assert statuses == [401] * 5 + [429] * 3
        refused(client.get("/v1/schema/context", headers=bearer(known["read"])), "address-requests")


def test_bytes_are_counted_whether_their_number_is_declared_or_not() -> None:
    size = len(GENOME)
    with open_client(access=AccessSettings(rate_address_bytes=size * 2 + 100)) as client:
        assert client.post("/v1/reports", content=GENOME).status_code == 200

        async def pieces() -> object:
            for start in range(0, size, 1000):
                yield GENOME[start : start + 1000]

        assert client.post("/v1/reports", content=pieces()).status_code == 200
        refused(client.post("/v1/reports", content=GENOME), "address-bytes")
        refused(client.post("/v1/reports", content=pieces()), "address-bytes")
        assert client.get("/v1/schema/context").status_code == 200
        hold_shape(client.post("/v1/reports", content=GENOME * 3), 413, "too_many_bytes")


def test_an_upload_of_unknown_length_is_cut_at_the_quota() -> None:
    filler = b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 30_000
    with running(TRDPGX_RATE_ADDRESS_BYTES="3000000", TRDPGX_WORKERS="1", TRDPGX_UPLOAD_DRAIN_SECONDS="1") as server:
        with server.connect() as connection:
            connection.sendall(head(None) + b"%x\r\n%s\r\n" % (len(GENOME), GENOME))
            try:
                for _ in range(8):
                    connection.sendall(b"%x\r\n%s\r\n" % (len(filler), filler))
            except OSError:
                pass
            status, headers, _ = read_answer(connection)
        assert (status, headers["connection"]) == (429, "close")
        assert until(lambda: server.get("/readyz").status_code == 200)
        assert re.search(r"status=429 problem=rate_limited", server.log.read_text())


def test_uploads_at_the_same_time_are_counted_and_given_back() -> None:
    with running(TRDPGX_RATE_ADDRESS_UPLOADS="2", TRDPGX_WORKERS="2") as server:
        for _ in range(2):
            waiting = [server.connect() for _ in range(2)]
            for connection in waiting:
                connection.sendall(head(100_000) + GENOME)
            assert until(lambda: server.post(GENOME).status_code == 429)
            answer = server.post(GENOME)
            refused(answer, "address-uploads")
            assert items(answer.headers["ratelimit"])["address-uploads"]["r"] == "0"
            assert server.get("/v1/limits").status_code == 200
            for connection in waiting:
                connection.close()
            assert until(lambda: server.post(GENOME).status_code == 200)
            time.sleep(0.5)  # an upload is given back after its answer; one more counted would refuse one of those that wait next


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.0.0.7"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.8, 10.0.0.7"], "10.0.0.8"),
        ("10.0.0.1", ["198.51.100.1, <script>"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::1:2:3:4]:4711"], "2001:db8::/64"),
        ("2001:db8::1", ["198.51.100.1"], "2001:db8::/64"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("", ["198.51.100.1"], "-"),
    ],
)
def test_an_address_comes_from_named_proxies_alone(peer: str, forwarded: list[str], client: str) -> None:
    assert Proxies(AccessSettings(trusted_proxies="10.0.0.0/8, fd00::/8")).client(peer, forwarded) == client  # type: ignore[arg-type]


def test_clients_behind_a_named_proxy_are_counted_apart() -> None:
    with running(TRDPGX_RATE_ADDRESS_REQUESTS="2", TRDPGX_TRUSTED_PROXIES="127.0.0.1", TRDPGX_WORKERS="1") as server:
        statuses = [server.post(b"", **{"X-Forwarded-For": f"198.51.100.{number}"}).status_code for number in (1, 1, 1, 2)]
    assert statuses == [400, 400, 429, 400]
    with running(TRDPGX_RATE_ADDRESS_REQUESTS="2", TRDPGX_WORKERS="1") as server:
        statuses = [server.post(b"", **{"X-Forwarded-For": f"198.51.100.{number}"}).status_code for number in (1, 2, 3)]
    assert statuses == [400, 400, 429]


class Redis:
    """A Redis of our own on loopback, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self.start()

    def start(self) -> None:
        assert REDIS is not None
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self._folder))
        self._process = subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL)
        assert until(self._listens, START_SECONDS)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def content(self) -> bytes:
        """Return every key and value that it holds."""
        client = RedisClient(port=self.port)
        held = [name + b" " + client.dump(name) for name in client.keys("*")]
        client.close()
        return b"\n".join(held)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_redis(folder: Path) -> Iterator[Redis]:
    if REDIS is None:
        pytest.skip("there is no redis-server here: apt-get install redis-server")
    redis = Redis(folder)
    try:
        yield redis
    finally:
        redis.stop()


def ask_for_limits(client: Client, times: int) -> list[int]:
    return [client.get("/v1/schema/context").status_code for _ in range(times)]


def test_two_services_count_together_in_redis_and_alone_without(tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        shared = AccessSettings(rate_address_requests=6, rate_address_bytes=200_000, redis_url=redis.url)
        with open_client(access=shared) as one, open_client(access=shared) as other:
            assert ask_for_limits(one, 4) + ask_for_limits(other, 4) == [200] * 6 + [429] * 2
            refused(one.get("/v1/genes"), "address-requests")
            assert b"trdpgx/address-requests" in redis.content()
            redis.stop()
            assert ask_for_limits(one, 8) == [200] * 6 + [429] * 2
            assert b"trdpgx_quota_store_failures_total 0.0" not in one.get("/metrics").content
            redis.start()
            time.sleep(5)
            assert ask_for_limits(one, 8) == [200] * 6 + [429] * 2
            assert ask_for_limits(other, 2) == [429] * 2


def test_a_redis_that_hangs_costs_half_a_second_and_no_answer(tmp_path: Path) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        settings = AccessSettings(rate_address_requests=100, redis_url=f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        with open_client(access=settings) as client:
            began = time.monotonic()
            assert ask_for_limits(client, 5) == [200] * 5
            assert time.monotonic() - began < 5


def test_without_quotas_there_are_no_headers(client: Client, server: Server) -> None:
    for answer in (client.get("/v1/limits"), server.get("/v1/limits")):
        assert not [name for name in answer.headers if name.startswith("ratelimit")]
