"""``POST /v1/reannotations``: today's report of an earlier one and what is different, in one format or the other."""

import json
import re

import pytest

from tests.http.application import Client
from tests.http.refusals import report
from tests.reannotation.reports import golden

ADDRESS = "/v1/reannotations"


def test_one_report_gives_an_object(client: Client) -> None:
    content = golden("clinical")[0]
    answer = client.post(ADDRESS, content=content)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body.keys() == {"report", "diff"}
    assert body["report"]["considerations"] == json.loads(content)["considerations"]
    assert body["report"]["input"]["reannotated_from"]["report_id"] == json.loads(content)["report_id"]
    assert not body["diff"]["changed"]


def test_several_give_an_array_or_lines(client: Client) -> None:
    content = b"\n".join(golden("three-samples"))
    array = client.post(ADDRESS, content=content).json()
    lines = client.post(ADDRESS, content=b"[" + content.replace(b"\n", b",") + b"]", headers={"Accept": "application/x-ndjson"})
    names = ["GOLDEN-1", "GOLDEN-2", "GOLDEN-3"]
    assert [one["diff"]["sample"] for one in array] == names
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["report"]["input"]["sample"] for line in lines.text.splitlines()] == names


@pytest.mark.parametrize(("form", "media_type"), [("text", "text/plain; charset=utf-8"), ("html", "text/html; charset=utf-8")])
def test_people_read_what_is_different(client: Client, form: str, media_type: str) -> None:
    answer = client.post(f"{ADDRESS}?format={form}", content=golden("poor")[0])
    assert answer.headers["content-type"] == media_type
    assert "Nothing that the report states is different" in answer.text


def test_what_the_service_answered_is_what_it_takes(client: Client) -> None:
    genome = b"##fileformat=VCFv4.2\n##contig=<ID=chr10,length=133797422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
    first = client.post("/v1/reports", content=genome + b"chr10\t94781859\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n")
    again = client.post(ADDRESS, content=first.content).json()
    assert not again["diff"]["changed"]
    third = client.post(ADDRESS, content=json.dumps(again["report"]).encode()).json()
    assert not third["diff"]["changed"]


def test_a_report_with_the_least_in_it_is_read(client: Client) -> None:
    body = client.post(ADDRESS, content=report()).json()
    (gene,) = (one for one in body["report"]["genes"] if one["gene"] == "CYP2C19")
    assert gene["sites"]["called"] == 1


def test_more_reports_than_the_cap_are_refused(tight_client: Client, client: Client) -> None:
    assert client.post(ADDRESS, content=b"\n".join([report()] * 51)).json()["type"] == "/problems/too_many_reports"
    assert tight_client.post(ADDRESS, content=b"x" * 300).json()["type"] == "/problems/earlier_reports_too_large"


@pytest.mark.parametrize(
    ("query", "headers"), [("format=tsv", {}), ("format=text&format=html", {}), ("sample=x", {}), ("", {"Accept": "image/png"})]
)
def test_what_cannot_be_answered_is_refused(client: Client, query: str, headers: dict[str, str]) -> None:
    assert client.post(f"{ADDRESS}?{query}", content=golden("poor")[0], headers=headers).status_code in {406, 422}


def test_a_fault_later_on_ends_lines_with_a_problem(client: Client) -> None:
    lines = golden("poor")[0] + b"\n" + report(basis={"as_of": "2026-01-01", "context": {"current_drugs": [{"drug": "no such drug"}]}})
    with pytest.raises(AssertionError):  # of httpx: the answer has no end
        client.post(ADDRESS, content=lines, headers={"Accept": "application/x-ndjson"})
    assert client.post(ADDRESS, content=lines.splitlines()[1]).json()["type"] == "/problems/bad_context"


def test_a_form_has_the_report_as_a_part(client: Client) -> None:
    content = golden("clinical")[0]
    body = client.post(ADDRESS, files={"report": ("old.json", content)}).json()
    assert not body["diff"]["changed"]
    assert client.post(ADDRESS, content=json.dumps(body).encode()).json()["diff"]["changed"] is False
    for parts, kind in (
        ({"vcf": content}, "unknown_part"),
        ({"signature": b"x"}, "missing_part"),
        ({"report": b""}, "not_a_report"),
        ({"report": content, "signature": b"x" * 5_000}, "bad_signature"),
    ):
        assert client.post(ADDRESS, files=parts).json()["type"] == f"/problems/{kind}"


@pytest.mark.parametrize("name", ["poor", "three-samples"])
@pytest.mark.parametrize("form", ["html", "text"])
def test_people_read_what_is_different_before_the_report_of_today(client: Client, form: str, name: str) -> None:
    reports = golden(name)
    answer = client.post(f"{ADDRESS}?format={form}&with_report=true", files={"report": ("old.json", b"\n".join(reports))})
    assert answer.status_code == 200
    sections = ["Nothing that the report states is different", "What stands out" if form == "html" else "WHAT STANDS OUT"]
    parts = [answer.text.count(f">{one}<") if form == "html" and one == sections[1] else answer.text.count(one) for one in sections]
    assert parts[0] == len(reports)
    assert parts[1] >= len(reports)
    assert answer.text.index(sections[0]) < answer.text.index(f"{sections[1]}</h2>" if form == "html" else sections[1])
    if form == "html":
        ids = re.findall(r'\bid="([^"]*)"', answer.text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= set(ids)
        assert answer.text.count("Today&#39;s report: GOLDEN-1</a>") == 1
