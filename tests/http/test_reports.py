"""A genome in, a report for each sample out: bodies, forms, options and forms of the answer."""

import json

import httpx
import jsonschema
import pytest

from tests.http.application import Client
from trdpgx.model.problem import InputError
from trdpgx.service.example import GENOME
from trdpgx.service.form import MultipartForm

TWO = GENOME.replace(b"SYNTHETIC", b"A\tB").replace(b"0/1\n", b"0/1\t0/0\n").replace(b"GT\t0/0\n", b"GT\t0/0\t0/1\n")
CALLS = b"gene\tdiplotype\ttool\nCYP2D6\t*1/*2x2\tSome caller\n"


def post_form(client: Client, **parts: bytes) -> httpx.Response:
    return client.post("/v1/reports", files=parts)


def test_one_sample_gives_an_object_that_keeps_the_published_schema(client: Client) -> None:
    answer = client.post("/v1/reports", content=GENOME)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    schema = client.get("/v1/schema/report")
    assert schema.headers["content-type"] == "application/schema+json"
    jsonschema.validate(answer.json(), schema.json(), jsonschema.Draft202012Validator)
    assert answer.json()["input"]["sample"] == "SYNTHETIC"


def test_the_same_upload_gives_the_same_bytes_but_for_id_and_time(client: Client) -> None:
    first, second = (client.post("/v1/reports", content=GENOME).json() for _ in range(2))
    assert first.pop("report_id") != second.pop("report_id")
    first.pop("created_at")
    second.pop("created_at")
    assert json.dumps(first) == json.dumps(second)


def test_several_samples_give_a_report_a_line_where_that_is_asked_for(client: Client) -> None:
    answer = client.post("/v1/reports", content=TWO, headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["input"]["sample"] for line in answer.text.splitlines()] == ["A", "B"]


def test_one_of_several_samples_can_be_asked_for(client: Client) -> None:
    answer = client.post("/v1/reports", params={"sample": "B"}, content=TWO)
    assert answer.json()["input"]["sample"] == "B"


@pytest.mark.parametrize(
    ("accept", "one", "several"),
    [
        ("*/*", "application/json", "application/json"),
        ("application/x-ndjson;q=0.5, */*;q=0.1", "application/x-ndjson", "application/x-ndjson"),
        ("application/json", "application/json", "application/json"),
        ("application/x-ndjson", "application/x-ndjson", "application/x-ndjson"),
        ("application/json, text/plain, */*", "application/json", "application/json"),
        ("text/plain", "text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("text/*;q=0.5, application/json;q=0.1", "text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("application/*;q=0.2, text/plain;q=0", "application/json", "application/json"),
        ("text/plain;q=nonsense, application/json", "application/json", "application/json"),
    ],
)
def test_accept_chooses_the_form(client: Client, accept: str, one: str, several: str) -> None:
    for genome, kind in ((GENOME, one), (TWO, several)):
        answer = client.post("/v1/reports", content=genome, headers={"Accept": accept})
        assert answer.headers["content-type"] == kind
        assert answer.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    ("form", "kind", "start"), [("tsv", "text/tab-separated-values", "sample\tkind\t"), ("vcf", "text/x-vcf", "##fileformat=VCF")]
)
def test_tables_and_vcf_hold_several_samples(client: Client, form: str, kind: str, start: str) -> None:
    answer = client.post("/v1/reports", params={"format": form}, content=TWO)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
    assert answer.text.startswith(start)
    assert {"A", "B"} <= set(answer.text.replace("\n", "\t").split("\t"))


def test_parquet_is_of_the_command_line(client: Client) -> None:
    answer = client.post("/v1/reports", params={"format": "parquet"}, content=GENOME)
    assert answer.status_code == 422
    assert "`trdpgx annotate --format parquet`" in answer.json()["detail"]
    assert client.post("/v1/reports", content=GENOME, headers={"Accept": "application/vnd.apache.parquet"}).status_code == 406


def test_json_of_several_samples_is_an_array(client: Client) -> None:
    for headers in ({"Accept": "application/json"}, {}):
        answer = client.post("/v1/reports", content=TWO, headers=headers)
        assert answer.headers["content-type"] == "application/json"
        assert [report["input"]["sample"] for report in answer.json()] == ["A", "B"]


def test_text_is_for_people(client: Client) -> None:
    answer = client.post("/v1/reports", content=GENOME, headers={"Accept": "text/plain"})
    assert "CYP2C19" in answer.text
    assert "limits" in " ".join(answer.text.split())


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/json", "application/gzip", ""])
def test_the_content_type_of_a_raw_body_does_not_matter(client: Client, kind: str) -> None:
    assert client.post("/v1/reports", content=GENOME, headers={"Content-Type": kind}).status_code == 200


def test_a_form_gives_the_same_report_as_a_body(client: Client) -> None:
    raw, form = client.post("/v1/reports", content=GENOME).json(), post_form(client, vcf=GENOME).json()
    assert raw["input"] == form["input"]
    assert raw["considerations"] == form["considerations"]


@pytest.mark.parametrize("order", [("vcf", "outside_calls"), ("outside_calls", "vcf")])
def test_outside_calls_come_along_in_any_order(client: Client, order: tuple[str, str]) -> None:
    parts = {"vcf": GENOME, "outside_calls": CALLS}
    report = post_form(client, **{name: parts[name] for name in order}).json()
    (gene,) = (gene for gene in report["genes"] if gene["gene"] == "CYP2D6")
    assert gene["source"] == "outside:Some caller"
    assert gene["diplotypes"][0]["name"] == "*1/*2x2"


def test_a_field_that_a_browser_left_empty_counts_as_not_sent(client: Client) -> None:
    assert client.post("/v1/reports", files={"vcf": GENOME}, data={"outside_calls": ""}).status_code == 200


def test_options_stand_in_the_report(client: Client) -> None:
    query = {"absent": "reference", "assembly": "GRCh38", "all_candidates": "true", "combinations": "true", "ancestry": "east_asian"}
    report = client.post("/v1/reports", params=query, content=GENOME).json()
    expected = {"assembly": "GRCh38", "absent": "reference", "all_candidates": True, "combinations": True, "ancestry": "east_asian"}
    unused = {"sample": None, "detail": "summary", "recommendations": True, "domain": [], "drug": [], "gene": []}
    assert report["options"] == {**unused, **expected}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_a_form_is_taken_apart_wherever_its_chunks_end(size: int) -> None:
    content = b"\r\n--x\r\n-- \r\n" * 3 + bytes(range(256))
    body = (
        b'--x\r\nContent-Disposition: form-data; name="outside_calls"; filename="a"\r\n\r\n\r\n'
        b'--x\r\nContent-Disposition: form-data; name="vcf"; filename="b"\r\nContent-Type: text/plain\r\n\r\n'
        + content.replace(b"\r\n--x\r\n", b"\r\n--y\r\n")
        + b"\r\n--x--\r\n"
    )
    taken: dict[str, bytes] = {"vcf": b"", "outside_calls": b"not called"}
    form = MultipartForm(
        b"x",
        {"vcf": lambda piece: taken.update(vcf=taken["vcf"] + piece), "outside_calls": lambda piece: taken.update(outside_calls=piece)},
        {"vcf"},
    )
    for start in range(0, len(body), size):
        form.feed(body[start : start + size])
    form.finish()
    assert taken == {"vcf": content.replace(b"\r\n--x\r\n", b"\r\n--y\r\n"), "outside_calls": b""}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--y\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: attachment; name="vcf"\r\n\r\nabc\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="vcf"\r\nContent-Transfer-Encoding: base64\r\n\r\nabc\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="vcf"\r\n\r\nabc',
        b'--x\r\nContent-Disposition: form-data; name="vcf"\r\n\r\nabc\r\n--x',
        b"--x\r\n" + b"A: b\r\n" * 50,
        b"--x\r\nA: " + b"b" * 10_000,
        b'\r\nsomething\r\n--x\r\nContent-Disposition: form-data; name="vcf"\r\n\r\nabc\r\n--x--\r\n',
    ],
)
def test_a_malformed_form_is_refused(body: bytes) -> None:
    form = MultipartForm(b"x", {"vcf": lambda _: None}, {"vcf"})

    def take() -> None:
        form.feed(body)
        form.finish()

    with pytest.raises(InputError, match="bad_multipart"):
        take()


@pytest.mark.parametrize("boundary", [b"", b"x" * 300])
def test_an_unusable_boundary_is_refused(boundary: bytes) -> None:
    with pytest.raises(InputError, match="bad_multipart"):
        MultipartForm(boundary, {}, {"vcf"})


def test_the_context_names_an_ancestry_as_the_parameter_does(client: Client) -> None:
    asked = client.post("/v1/reports", files={"vcf": GENOME, "context": b'{"ancestry": "east_asian"}'}).json()
    assert asked["options"]["ancestry"] == "east_asian"
    plain = client.post("/v1/reports", content=GENOME).json()
    assert plain["options"]["ancestry"] is None
    assert [gene["diplotypes"] for gene in asked["genes"]] == [gene["diplotypes"] for gene in plain["genes"]]


def test_several_samples_by_name(client: Client) -> None:
    answer = client.post("/v1/reports?sample=B&sample=A&assembly=hg38", content=TWO, headers={"Accept": "application/json"})
    assert [(report["input"]["sample"], report["options"]["sample"]) for report in answer.json()] == [("A", "A"), ("B", "B")]
    assert client.post("/v1/reports?sample=B&sample=C", content=TWO).json()["type"] == "/problems/sample_unknown"


NAMES = ("batch 7", "=cmd()", "<script>alert(1)</script>", 'a\\"b;,|%0A{}', "Änderung 🧬", "x" * 255)


@pytest.mark.parametrize("name", NAMES)
def test_the_caller_names_the_input_in_the_form_or_in_the_query(client: Client, name: str) -> None:
    form = client.post("/v1/reports", files={"vcf": GENOME, "input_name": (None, f" {name} ")})
    query = client.post("/v1/reports", content=GENOME, params={"input_name": name})
    assert form.json()["input"]["name"] == query.json()["input"]["name"] == name
    assert "input_name" not in form.json()["options"]


def test_an_empty_name_is_none(client: Client) -> None:
    assert client.post("/v1/reports", files={"vcf": GENOME, "input_name": (None, "")}).json()["input"]["name"] is None
    assert client.post("/v1/reports?input_name=%20", content=GENOME).json()["input"]["name"] is None
    assert client.post("/v1/reports", files={"vcf": GENOME}).json()["input"]["name"] is None


@pytest.mark.parametrize("name", ["x" * 256, "x" * 5_000, "a\nb", "a\x1b[31mb", "a\u202eb", "a\u2028b"])
def test_a_name_that_cannot_stand_in_a_report_is_refused_and_not_repeated(client: Client, name: str) -> None:
    form = client.post("/v1/reports", files={"vcf": GENOME, "input_name": (None, name)})
    query = client.post("/v1/reports", content=GENOME, params={"input_name": name})
    for answer, kind in ((form, "bad_input_name"), (query, "bad_query")):
        assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{kind}")
        assert "255 characters" in answer.text
        assert name not in answer.json()["detail"]
    assert client.post("/v1/reports", files={"vcf": GENOME, "input_name": b"\xff"}).json()["type"] == "/problems/bad_input_name"


def test_a_name_comes_once(client: Client) -> None:
    answer = client.post("/v1/reports?input_name=one", files={"vcf": GENOME, "input_name": (None, "two")})
    assert answer.json()["type"] == "/problems/duplicate_part"


def test_a_name_goes_with_a_context_and_no_genome(client: Client) -> None:
    answer = client.post("/v1/reports", files={"context": b'{"current_drugs": []}', "input_name": (None, "clinic")})
    assert answer.json()["input"]["name"] == "clinic"
