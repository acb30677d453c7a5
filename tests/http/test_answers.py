"""How answers come: compressed by what a request accepts, with their digest, to pages of named origins; and what a request may ask."""

import base64
import gzip
import hashlib
import json
import zlib
from typing import Any

import httpx
import pytest
from backports.zstd import ZstdDecompressor, decompress, get_frame_info

from tests.http.application import Client, open_client
from tests.http.servers import Server, faulty
from tests.http.test_problems import hold_shape
from tests.http.test_server import head
from trdpgx.http.accept import choose_encoding
from trdpgx.model.access import AccessSettings
from trdpgx.service.encoding import compressed
from trdpgx.service.example import GENOME

TWO = b"".join(
    line + (b"" if line.startswith(b"##") else b"\ttwo" if line.startswith(b"#") else b"\t" + line.rpartition(b"\t")[2]) + b"\n"
    for line in GENOME.replace(b"SYNTHETIC", b"one").splitlines()
)
ADDRESSES = ("/v1/rules", "/v1/genes/CYP2D6", "/openapi.json", "/v1/schema/report", "/docs/swagger-ui-bundle.js", "/page.js", "/")


def raw(client: Client, method: str, address: str, **more: Any) -> tuple[httpx.Response, bytes]:
    """Return an answer and its bytes as they were sent."""

    async def ask() -> tuple[httpx.Response, bytes]:
        async with client._client.stream(method, address, **more) as answer:
            return answer, b"".join([piece async for piece in answer.aiter_raw()])

    return client.portal.call(ask)


def plain(content: bytes, encoding: str | None) -> bytes:
    return {"gzip": gzip.decompress, "zstd": decompress, None: bytes}[encoding](content)  # type: ignore[operator, no-any-return]


def digest(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("br", None),
        ("gzip;q=0", None),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=x", None),
    ],
)
def test_an_encoding_is_chosen_by_weight(header: str | None, encoding: str | None) -> None:
    assert choose_encoding(header) == encoding


@pytest.mark.parametrize(
    ("encoding", "address"), [*(("gzip", address) for address in ADDRESSES), *(("zstd", address) for address in ADDRESSES[:2])]
)
def test_what_is_read_comes_compressed_and_is_the_same(client: Client, address: str, encoding: str) -> None:
    _, identity = raw(client, "GET", address, headers={"Accept-Encoding": "identity"})
    answer, content = raw(client, "GET", address, headers={"Accept-Encoding": encoding})
    assert answer.headers["content-encoding"] == encoding
    assert plain(content, encoding) == identity
    assert len(content) < len(identity) / 2
    assert "Accept-Encoding" in answer.headers["vary"]
    assert int(answer.headers["content-length"]) == len(content)
    assert answer.headers["content-digest"] == digest(content)


@pytest.mark.parametrize("encoding", ["gzip", "zstd", None])
@pytest.mark.parametrize("form", ["json", "ndjson", "html", "text"])
def test_reports_come_compressed_and_are_the_same(client: Client, form: str, encoding: str | None) -> None:
    headers = {"Accept-Encoding": encoding or "identity"}
    answer, content = raw(client, "POST", f"/v1/reports?format={form}", content=GENOME, headers=headers)
    assert answer.headers.get("content-encoding") == encoding
    assert {part.strip() for part in answer.headers["vary"].split(",")} == {"Accept", "Accept-Encoding"}
    assert answer.headers["content-digest"] == digest(content)
    text = plain(content, encoding)
    assert b"CYP2C19" in text
    if encoding == "zstd":
        assert get_frame_info(content).decompressed_size == len(text), "some libraries decompress no frame without its size"
    if form == "json":
        assert json.loads(text)["input"]["sample"]


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_each_line_can_be_read_when_it_comes(client: Client, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding, "Accept": "application/x-ndjson"}

    async def ask() -> list[bytes]:
        reader: Any = zlib.decompressobj(31) if encoding == "gzip" else ZstdDecompressor()
        async with client._client.stream("POST", "/v1/reports", content=TWO, headers=headers) as answer:
            assert answer.headers["content-encoding"] == encoding
            assert "content-digest" not in answer.headers
            return [reader.decompress(piece) async for piece in answer.aiter_raw()]

    pieces = [piece for piece in client.portal.call(ask) if piece]
    text = b"".join(pieces)
    assert [json.loads(line)["input"]["sample"] for line in text.splitlines()] == ["one", "two"]


def test_a_line_is_sent_when_it_is_made() -> None:
    """The first line of a cohort can be decompressed before the second is made, by what has come until then."""
    for encoding, reader in (("gzip", zlib.decompressobj(31)), ("zstd", ZstdDecompressor())):
        lines = compressed(iter([b'{"a": 1}\n', b'{"a": 2}\n']), encoding)  # type: ignore[arg-type]
        assert reader.decompress(next(lines)) == b'{"a": 1}\n'
        assert reader.decompress(b"".join(lines)) == b'{"a": 2}\n'


def test_small_answers_and_problems_are_not_compressed(client: Client) -> None:
    for answer in (client.get("/livez"), client.get("/nowhere"), client.post("/v1/reports", content=b"x")):
        assert "content-encoding" not in answer.headers
        assert answer.headers["content-digest"] == digest(answer.content)


def test_a_version_has_a_name_for_each_encoding(client: Client) -> None:
    tags = {
        encoding: raw(client, "GET", "/v1/rules", headers={"Accept-Encoding": encoding})[0].headers["etag"]
        for encoding in ("gzip", "zstd", "identity")
    }
    assert len(set(tags.values())) == 3
    for tag in tags.values():
        assert client.get("/v1/rules", headers={"If-None-Match": tag}).status_code == 304


def test_an_answer_that_breaks_off_compressed_has_no_end() -> None:
    with faulty() as server, server.connect() as connection:
        connection.sendall(head(len(GENOME), "/v1/reports?sample=broken", "Accept-Encoding: gzip", "Connection: close") + GENOME)
        content = b""
        while piece := connection.recv(65536):
            content += piece
    assert b"200 OK" in content
    assert not content.endswith(b"0\r\n\r\n")


def sent(content: bytes, name: str = "sha256") -> str:
    return base64.b64encode(hashlib.new(name, content).digest()).decode()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"sha-256=:{sent(GENOME)}:", 200),
        (f"sha-512=:{sent(GENOME, 'sha512')}:", 200),
        (f"sha-256=:{sent(GENOME)}:, sha-512=:{sent(GENOME, 'sha512')}:", 200),
        (f"md5=:{sent(GENOME, 'md5')}:, sha-256=:{sent(GENOME)}:", 200),
        (f"sha-256=:{sent(GENOME[:-1])}:", 400),
        (f"sha-256=:{sent(GENOME)}:, sha-512=:{sent(GENOME[:-1], 'sha512')}:", 400),
        (f"md5=:{sent(GENOME, 'md5')}:", 400),
        ("sha-256=:!:", 400),
        ("sha-256=:AAA:", 400),
        (f"sha-256={sent(GENOME)}", 400),
        (f"sha-256=:{sent(GENOME, 'sha512')}:", 400),
        ("", 400),
    ],
)
def test_the_digest_of_a_request_is_checked(client: Client, server: Server, header: str, status: int) -> None:
    answer = client.post("/v1/reports", content=GENOME, headers={"Content-Digest": header})
    assert answer.status_code == status
    if status == 400:
        hold_shape(answer, 400, "content_digest")

    async def pieces() -> Any:
        for start in range(0, len(GENOME), 100):
            yield GENOME[start : start + 100]

    assert client.post("/v1/reports", content=pieces(), headers={"Content-Digest": header}).status_code == status


def test_the_digest_of_a_large_upload_is_checked_at_its_end(server: Server) -> None:
    large = GENOME + b"chr1\t1000\t.\tA\tC\t.\tPASS\t.\tGT\t0/1\n" * 30_000
    assert server.post(large, **{"Content-Digest": f"sha-256=:{sent(large)}:"}).status_code == 200
    hold_shape(server.post(large, **{"Content-Digest": f"sha-256=:{sent(GENOME)}:"}), 400, "content_digest")
    assert server.post(GENOME).status_code == 200


ORIGIN = "https://app.example.org"


def test_pages_of_named_origins_may_use_it_and_no_others() -> None:
    with open_client(access=AccessSettings(cors_origins=(ORIGIN,))) as client:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        answer = client.request("OPTIONS", "/v1/reports", headers={"Origin": ORIGIN, **asked})
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "Authorization" in answer.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in answer.headers
        for answer in (client.get("/v1/genes", headers={"Origin": ORIGIN}), client.get("/nowhere", headers={"Origin": ORIGIN})):
            assert answer.headers["access-control-allow-origin"] == ORIGIN
            assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
            assert "Origin" in answer.headers["vary"]
        for origin in ("https://evil.example", "null", ORIGIN + ".evil.example", ORIGIN.upper()):
            hold_shape(client.request("OPTIONS", "/v1/reports", headers={"Origin": origin, **asked}), 405, "method_not_allowed")
            assert "access-control-allow-origin" not in client.get("/v1/genes", headers={"Origin": origin}).headers


def test_no_origin_may_use_it_unless_named(client: Client) -> None:
    answer = client.get("/v1/genes", headers={"Origin": ORIGIN})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "address",
    ["/v1/genes?x=1", "/v1/genes/CYP2D6?Jane=1", "/v1/limits?x", "/service-info?x=1", "/problems?x=1", "/openapi.json?x=1", "/v1/drugs?x="],
)
def test_an_address_without_parameters_refuses_every_one(client: Client, address: str) -> None:
    answer = client.get(address)
    hold_shape(answer, 422, "bad_query")
    assert answer.json()["detail"] == "This endpoint takes no query parameters."


@pytest.mark.parametrize("address", ["/livez?x=1", "/readyz?x=1", "/metrics?x=1", "/?x=1"])
def test_probes_and_the_page_take_what_comes(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_filter_that_comes_twice_is_refused(client: Client) -> None:
    answer = client.get("/v1/rules?gene=CYP2D6&gene=CYP2C19")
    hold_shape(answer, 422, "bad_query")
    assert answer.json()["detail"] == "The second query parameter repeats an earlier one."


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/v1/genes/CYP2C18", "There is no such gene; see /v1/genes. Nearest: `CYP2C19`"),
        ("/v1/genes/Jane-Doe-1970", "There is no such gene; see /v1/genes."),
        ("/v1/drugs/sertralin", "There is no such drug; see /v1/drugs. Nearest: `sertraline`"),
        ("/v1/rules/Jane-Doe-1970", "There is no such rule; see /v1/rules."),
        ("/problems/truncate", "There is no such kind of problem; see /problems. Nearest: `truncated`"),
    ],
)
def test_a_name_that_is_not_there_is_answered_by_where_to_look(client: Client, address: str, detail: str) -> None:
    answer = client.get(address)
    hold_shape(answer, 404, "not_found")
    assert answer.json()["detail"].startswith(detail)
    assert "Jane" not in answer.text
