"""Golden reports: each input gives the report that is committed, the same by Python, raw HTTP, form and command line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden.cases import FULL_TEXT, Case, cases, json_text, plain_text, steady
from tests.http.application import Client, open_client
from trdpgx import Service
from trdpgx.model.options import DetailOption
from trdpgx.report.formats.json import to_json

CASES = cases()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with open_client() as opened:
        yield opened


def expected(case: Case) -> list[dict[str, object]]:
    loaded: list[dict[str, object]] = json.loads((case.folder / "report.json").read_text("utf-8"))
    return loaded


def answered(content: bytes) -> list[dict[str, object]]:
    """Return the reports of an answer: an object, an array, or one object a line."""
    text = content.decode()
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError:
        loaded = [json.loads(line) for line in text.splitlines()]
    return [steady(report) for report in (loaded if isinstance(loaded, list) else [loaded])]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 16


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_python_gives_the_golden_report(case: Case, service: Service) -> None:
    reports = case.reports(service)
    made = {
        "report.json": json_text([json.loads(to_json(report)) for report in reports]),
        "report.txt": plain_text(reports),
        **({"full.txt": plain_text(reports, DetailOption.FULL)} if case.name in FULL_TEXT else {}),
    }
    for name, text in made.items():
        assert text == (case.folder / name).read_text("utf-8"), "see CONTRIBUTING.md on golden reports: make golden"


def test_a_case_that_does_not_exist_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.golden.cases", "poo"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "there is no case poo; the cases are:" in done.stderr
    assert "poor" in done.stderr


@pytest.mark.server
@pytest.mark.parametrize("case", [case for case in CASES if not case.form], ids=lambda case: case.name)
def test_raw_http_gives_the_golden_report(case: Case, client: Client) -> None:
    assert case.source is not None
    answer = client.post("/v1/reports", content=case.source.read_bytes(), params=case.options)
    assert answer.status_code == 200
    assert answered(answer.content) == expected(case)


@pytest.mark.server
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_form_gives_the_golden_report(case: Case, client: Client) -> None:
    parts = {"vcf": case.source, **case.form} if case.source else case.form
    files = {name: path.read_bytes() for name, path in parts.items()}
    answer = client.post("/v1/reports", files=files, params=case.options)
    assert answer.status_code == 200
    assert answered(answer.content) == expected(case)


@pytest.mark.server
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_line_gives_the_golden_report(case: Case) -> None:
    command = [str(Path(sys.executable).with_name("trdpgx")), "annotate", *([str(case.source)] if case.source else []), "--format", "json"]
    for name, path in case.form.items():
        command += [f"--{name.replace('_', '-')}", str(path)]
    for name, value in case.options.items():
        command += [f"--{name.replace('_', '-')}"] if value is True else [f"--{name.replace('_', '-')}", str(value)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert answered(done.stdout) == expected(case)
