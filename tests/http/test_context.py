"""A clinical context over HTTP: beside a genome, beside outside calls, alone as a form or as JSON; and a hundred hostile ones."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinical.test_context import refused
from tests.http.application import Client, open_client
from trdpgx.service.example_data import GENOME

CONTEXT = b'{"as_of": "2026-11-01", "current_drugs": [{"drug": "Paxil", "dose": 20}]}'
CALLS = b"gene\tdiplotype\nCYP2D6\t*1/*1\n"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with open_client() as opened:
        yield opened


def conversion(report: dict[str, object]) -> str | None:
    genes = report["genes"]
    assert isinstance(genes, list)
    gene = next(gene for gene in genes if gene["gene"] == "CYP2D6")
    return str(gene["phenoconverted"]["phenotype"]) if gene["phenoconverted"] else None


def test_a_context_beside_a_genome(client: Client) -> None:
    answer = client.post("/v1/reports", files={"vcf": GENOME, "context": CONTEXT})
    assert answer.status_code == 200
    report = answer.json()
    assert report["treatment_history"]["understood"] == ["paroxetine 20 mg a day"]
    assert report["input"]["format"] == "vcf"
    assert conversion(report) == "PM"


@pytest.mark.parametrize("parts", [{"outside_calls": CALLS, "context": CONTEXT}, {"context": CONTEXT}, {"outside_calls": CALLS}])
def test_a_form_without_a_genome(parts: dict[str, bytes], client: Client) -> None:
    answer = client.post("/v1/reports", files=parts)
    assert answer.status_code == 200
    report = answer.json()
    assert report["input"]["format"] == "none"
    assert report["limitations"][0]["code"] == "no_genome"
    assert (report["treatment_history"] is not None) == ("context" in parts)
    assert conversion(report) == ("PM" if "context" in parts else None)


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b" \n"])
def test_a_context_as_a_json_body(lead: bytes, client: Client) -> None:
    answer = client.post("/v1/reports", content=lead + CONTEXT, headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == 200
    assert answer.json()["input"]["format"] == "none"


def test_a_genome_that_calls_itself_json_is_read_as_a_genome(client: Client) -> None:
    answer = client.post("/v1/reports", content=GENOME, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["input"]["format"] == "vcf"


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "empty_input"), (b"[]", "unsupported_format"), (b'{"trials": 5}', "bad_context"), (b"{" + b" " * 300_000, "context_too_large")],
)
def test_a_json_body_that_is_no_context(body: bytes, code: str, client: Client) -> None:
    answer = client.post("/v1/reports", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["type"] == f"/problems/{code}"


def test_fields_that_were_not_filled_in_count_as_not_sent(client: Client) -> None:
    boundary = "x"
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("vcf", ""), ("context", CONTEXT.decode()))
    ]
    body = ("".join(parts) + "--x--\r\n").encode()
    answer = client.post("/v1/reports", content=body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert answer.status_code == 200
    assert answer.json()["input"]["format"] == "none"
    answer = client.post("/v1/reports", files={"vcf": b"", "context": CONTEXT})
    assert answer.json()["type"] == "/problems/empty_input"


def test_hostile_contexts_are_refused_without_being_repeated(client: Client) -> None:
    for text, words in refused():
        answer = client.post("/v1/reports", files={"context": text.encode()})
        assert answer.status_code == 422, text
        problem = answer.json()
        assert problem["type"] == "/problems/bad_context"
        assert words in problem["detail"]
        assert "zebra" not in answer.text.lower()


def test_the_schema_and_the_cap_are_published(client: Client) -> None:
    schema = client.get("/v1/schema/context")
    assert schema.headers["content-type"] == "application/schema+json"
    assert "stroke" in schema.json()["properties"]["comorbidities"]["anyOf"][0]["items"]["examples"]
    caps = {limit["name"]: limit["value"] for limit in client.get("/v1/limits").json()["limits"]}
    assert caps["max_context_bytes"] == 256 * 1024


def test_the_documented_context_is_a_context(client: Client) -> None:
    path = Path(__file__).parents[2] / "examples" / "context.json"
    answer = client.post("/v1/reports", files={"vcf": GENOME, "context": path.read_bytes()})
    assert answer.status_code == 200
    assert answer.json()["options"]["ancestry"] == json.loads(path.read_text("utf-8"))["ancestry"]
