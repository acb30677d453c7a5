"""The description of the service: valid, with true examples for every model and error, and a page that fetches nothing from elsewhere."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.http.application import Client, open_client
from trdpgx.http.problems.kinds import HTTP
from trdpgx.http.problems.statuses import status_of
from trdpgx.http.routes import docs
from trdpgx.service.catalogue import WORKER_PROBLEMS

NOT_YET = {
    *("AlleleCondition", "RareVariantReport", "CombinedReport", "QualificationReport", "ToolAnnotation"),
    *("Summary", "AttentionReport", "SummaryDrug", "DrugGroups", "SummaryGene", "SettleReport", "NotSeenReport"),
    *("TreatmentHistory", "TrialReport", "AdequacyReport", "FailureReport", "Staging", "StageReport", "PseudoResistance"),
    *("Phenoconversion", "ConversionCause", "ConversionBasis", "ConversionResult", "DateRange", "ExposureReport", "InteractionReport"),
    *("Reviewer", "LookedAt"),
}
"""Models that no rule and no report of this release uses: there is nothing real to show."""


@pytest.fixture(scope="module")
def description(client: Client) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return answer.json()  # type: ignore[no-any-return]


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, operation) for path, item in description["paths"].items() for method, operation in item.items()]


def hold(description: dict[str, Any], name: str, value: object) -> None:
    registry: Registry[Any] = Registry().with_resource("urn:description", Resource(contents=description, specification=DRAFT202012))
    schema = {"$ref": f"urn:description#/components/schemas/{name}"}
    jsonschema.Draft202012Validator(schema, registry=registry).validate(value)


def test_every_model_has_a_true_example(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    without = {name for name, schema in schemas.items() if "enum" not in schema and "const" not in schema and "examples" not in schema}
    assert without <= NOT_YET
    for name, schema in schemas.items():
        for example in schema.get("examples", ()):
            hold(description, name, example)


def test_every_address_is_described_with_its_answer(description: dict[str, Any]) -> None:
    for method, path, operation in operations(description):
        assert operation["summary"], path
        assert operation["description"], path
        content = operation["responses"]["200"]["content"]
        for kind, answer in content.items():
            if not path.startswith("/v1/schema/"):
                assert "example" in answer or kind in {"text/html", "text/x-vcf"}, (method, path, kind)  # these are long


def test_every_error_is_described_as_a_problem(description: dict[str, Any]) -> None:
    reported = set()
    for _, path, operation in operations(description):
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert "500" in errors, path
        for status, answer in errors.items():
            (kind,) = answer["content"]
            assert kind == "application/problem+json"
            for code, example in answer["content"][kind]["examples"].items():
                reported.add(code)
                assert example["value"]["status"] == int(status) == status_of(code)
                hold(description, "Problem", example["value"])
    assert {*WORKER_PROBLEMS, *HTTP} - reported == {"method_not_allowed"}


def test_the_example_upload_gives_the_example_report(client: Client, description: dict[str, Any]) -> None:
    operation = description["paths"]["/v1/reports"]["post"]
    upload = operation["requestBody"]["content"]["application/octet-stream"]["example"]
    shown = operation["responses"]["200"]["content"]["application/json"]["example"]
    report = client.post("/v1/reports", content=upload.encode()).json()
    assert shown["input"] == report["input"] | {key: report["input"][key][:2] for key in ("assembly_evidence", "warnings")}
    assert shown["genes"][0]["gene"] == report["genes"][0]["gene"]


def test_the_page_names_nothing_outside_this_service(client: Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "http" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    names = ("favicon-32x32.png", "swagger-ui.css", "own.css", "swagger-ui-bundle.js", "start.js")
    assert links == [f"docs/{name}" for name in names]
    for link in links:
        asset = client.get(f"/{link}")
        assert asset.status_code == 200
        assert len(asset.content) > 100
    assert "url(" not in client.get("/docs/own.css").text
    assert "@import" not in client.get("/docs/own.css").text
    assert 'url: "openapi.json"' in client.get("/docs/start.js").text
    assert "validatorUrl: null" in client.get("/docs/start.js").text


def test_the_page_is_of_a_swagger_ui_that_reads_openapi_31(client: Client, description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    assert re.search(rb'PACKAGE_VERSION:"5\.', client.get("/docs/swagger-ui-bundle.js").content)


def parts(value: Any) -> list[dict[str, Any]]:
    """Return every object in a document."""
    if isinstance(value, list):
        return [one for member in value for one in parts(member)]
    return [value, *(one for member in value.values() for one in parts(member))] if isinstance(value, dict) else []


def test_generators_can_read_it(client: Client, description: dict[str, Any]) -> None:
    """Each of these has made a generator of clients fail, or make a client that fails."""
    for document in (description, client.get("/v1/schema/report").json()):
        schemas = [one for one in parts(document) if one.get("type") == "array" or "prefixItems" in one]
        assert schemas
        assert all("items" in schema for schema in schemas)
        properties = [one for schema in parts(document) for one in parts(schema.get("properties"))]
        assert not [one for one in properties if one.get("type") == "null" and "description" in one]
    form = description["paths"]["/v1/reports"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert {name for name, part in form["properties"].items() if part.get("format") == "binary"} == {"vcf", "outside_calls", "targets"}
    assert [server["url"] for server in description["servers"]] == ["."]
    assert description["security"] == []


def test_each_answer_has_the_media_type_that_is_described(client: Client, description: dict[str, Any]) -> None:
    for method, path, operation in operations(description):
        if method == "get" and "{" not in path:
            (kind,) = operation["responses"]["200"]["content"]
            assert client.get(path).headers["content-type"] == kind


def test_the_description_is_made_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a second of Python: others are answered meanwhile, and a crowd right after the start waits for one."""
    made: list[int] = []
    make = docs.openapi_document

    def counted(*arguments: Any) -> bytes:
        made.append(1)
        return make(*arguments)

    monkeypatch.setattr(docs, "openapi_document", counted)
    with open_client() as fresh, ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: fresh.get("/openapi.json").status_code, range(8)))
    assert answers == [200] * 8
    assert made == [1]
