"""Attacks by earlier reports that come back, and by their signatures. docs/attacks.md has the table."""

import base64
import html
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from tests.http.application import Client, open_client
from tests.reannotation.reports import golden
from trdpgx.model.problem import InputError
from trdpgx.reannotation.signature import check, sign

ADDRESS = "/v1/reannotations"
SCRIPT = "<script>alert(1)</script>"
Report = dict[str, Any]


@pytest.fixture(scope="module")
def service() -> Iterator[Client]:
    with open_client() as opened:
        yield opened


@pytest.fixture(scope="module")
def earlier() -> Report:
    report: Report = json.loads(golden("clinical")[0])
    return report


def with_value(report: Report, path: str, value: Any) -> bytes:
    changed = deepcopy(report)
    *steps, last = path.split(".")
    part: Any = changed
    for step in steps:
        part = part[int(step)] if step.isdigit() else part[step]
    part[int(last) if last.isdigit() else last] = value
    return json.dumps(changed).encode()


RAW: dict[str, bytes] = {
    "deep arrays": b'{"schema_version":"1.1","report_id":"x","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"schema_version":"1.1","report_id":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    "deep, but decoded": b'{"schema_version":"1.1","report_id":"x","a":' + b"[" * 150 + b"]" * 150 + b"}",
    "no end": b"[" * 500_000,
    "NaN": b'{"schema_version":"1.1","report_id":"x","a":NaN}',
    "infinite": b'{"schema_version":"1.1","report_id":"x","a":-Infinity}',
    "a number of 100,000 digits": b'{"schema_version":"1.1","report_id":"x","a":' + b"9" * 100_000 + b"}",
    "an exponent": b'{"schema_version":"1.1","report_id":"x","a":1e999999999}',
    "a lone surrogate": b'{"schema_version":"1.1","report_id":"\\ud800"}',
    "no UTF-8": b'{"schema_version":"1.1","report_id":"\xff\xfe"}',
    "UTF-16": '{"schema_version":"1.1","report_id":"x"}'.encode("utf-16"),
    "NUL": b'{"schema_version":"1.1","report_id":"\\u0000"}',
    "the same name twice": b'{"schema_version":"9.9","schema_version":"1.1","report_id":"x"}',
    "many names": b"{" + b",".join(b'"a%d":1' % number for number in range(100_000)) + b',"schema_version":"1.1","report_id":"x"}',
    "many empty lines": b"\n" * 1_000_000,
    "an array of nothing": b"[" + b"null," * 200_000 + b"null]",
    "text": SCRIPT.encode(),
    "gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 1_000,
}


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_report_is_a_problem_in_time(name: str, service: Client) -> None:
    answer = service.post(ADDRESS, content=RAW[name])
    assert answer.status_code in {400, 413, 415, 422}, answer.text
    assert answer.json()["type"].startswith("/problems/")
    assert "script" not in answer.text
    assert answer.elapsed.total_seconds() < 20


def test_fields_of_a_wrong_kind_are_named_and_never_repeated(earlier: Report, service: Client) -> None:
    hostile: tuple[Any, ...] = (SCRIPT, -1, 1.5, None, [], {}, [[SCRIPT]], {SCRIPT: SCRIPT}, True)
    for path in (
        "report_id",
        "created_at",
        "software.version",
        "knowledge.rules_release",
        "input.sample",
        "options",
        "genotypes",
        "variants",
    ):
        for value in hostile:
            answer = service.post(ADDRESS, content=with_value(earlier, path, value))
            assert answer.status_code in {200, 400, 422}, (path, value)
            assert answer.status_code == 200 or SCRIPT not in answer.text


@pytest.mark.parametrize(
    "text", [SCRIPT, '"><img src=x onerror=alert(1)>', "=cmd|'/c calc'!A1", "{{7*7}}", "javascript:alert(1)", "&#60;script&#62;"]
)
def test_texts_of_an_earlier_report_are_text_on_a_page(text: str, earlier: Report, service: Client) -> None:
    changed = deepcopy(earlier)
    changed["input"]["sample"] = text
    changed["knowledge"]["rules_release"] = text[:60]
    for one in changed["considerations"]:
        one["title"] = one["finding"] = text
    answer = service.post(f"{ADDRESS}?format=html", content=json.dumps(changed).encode())
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        assert text not in answer.text or text == html.escape(text)
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("mark", ["\x1b[2J", "\x9b31m", "\u202e", "\u2028", "\x00", "\r\nX: y", "\ud800"])
def test_characters_that_act_on_a_terminal_are_refused(mark: str, earlier: Report, service: Client) -> None:
    for path in ("input.sample", "report_id", "considerations.0.title", "knowledge.rules_release"):
        answer = service.post(f"{ADDRESS}?format=text", content=with_value(earlier, path, f"a{mark}b"))
        assert answer.status_code in {400, 415, 422}
        assert mark not in answer.text


def test_a_forged_report_states_what_its_genotypes_give_and_not_what_it_states(earlier: Report, service: Client) -> None:
    right = service.post(ADDRESS, content=json.dumps(earlier).encode()).json()["report"]
    forged = deepcopy(earlier)
    forged["considerations"] = forged["considerations"] * 2
    for one in forged["considerations"]:
        one["title"] = one["finding"] = "Start a drug at ten times its dose."
    for gene in forged["genes"]:
        gene["phenotype"] = "Normal Metabolizer"
    forged["knowledge"] |= {"rules_digest": "0" * 64, "reference_digest": "f" * 64}
    answer = service.post(ADDRESS, content=json.dumps(forged).encode())
    assert answer.status_code == 200, answer.text
    made = answer.json()["report"]
    for part in ("considerations", "genes", "knowledge"):
        assert made[part] == right[part]


def test_a_hundred_thousand_considerations_cost_one_request(earlier: Report, service: Client) -> None:
    forged = deepcopy(earlier)
    (one, *_) = forged["considerations"]
    forged["considerations"] = [one | {"title": f"title {number}"} for number in range(10_000)]
    answer = service.post(ADDRESS, content=json.dumps(forged).encode())
    assert answer.status_code in {200, 413, 422, 503}
    assert service.get("/readyz").status_code == 200


def test_a_report_that_was_made_again_and_again_does_not_grow(earlier: Report, service: Client) -> None:
    content, sizes = json.dumps(earlier).encode(), []
    for _ in range(4):
        content = json.dumps(service.post(ADDRESS, content=content).json()["report"]).encode()
        sizes.append(len(content))
    assert max(sizes[1:]) - min(sizes[1:]) < 100


def header(**fields: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


def test_signatures_of_another_kind_are_none() -> None:
    key, other = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")
    content = b'{"report_id": "x"}'
    good = sign(content, key)
    check(content, good, trusted=[other, key])
    first, _, last = good.split(".")
    body = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    public = other.as_dict(private=False)
    forgeries: tuple[Callable[[], str | None], ...] = (
        lambda: None,
        lambda: "",
        lambda: "..",
        lambda: f"{first}..",
        lambda: f"..{last}",
        lambda: f"{first}.{body}.{last}",
        lambda: sign(content, other),
        lambda: sign(content + b" ", key),
        lambda: f"{header(alg='none')}..",
        lambda: f"{header(alg='HS256', kid=key.thumbprint())}..{last}",
        lambda: f"{header(alg='Ed25519', jwk=public)}..{sign(content, other).split('.')[2]}",
        lambda: f"{header(alg='Ed25519', crit=['b64'], b64=False)}..{last}",
        lambda: f"{first}..{last}.{last}",
        lambda: f"{first}..{last[:-4]}",
        lambda: f"{first}..{last}" + "A" * 5_000,
        lambda: good + "\u0130",
        lambda: f"{first}..{last}\n{first}..{last}",
        lambda: "[" * 4_000 + "..",
        lambda: f"{base64.urlsafe_b64encode(b'[' * 2_900).decode().rstrip('=')}..{last}",
    )
    for forged in forgeries:
        with pytest.raises(InputError):
            check(content, forged(), trusted=[key])
