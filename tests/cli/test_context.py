"""`trdpgx annotate --context` and `trdpgx schema context`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from trdpgx.cli.main import main
from trdpgx.cli.schema import schema

EXAMPLE = Path(__file__).parents[2] / "examples/synthetic.vcf"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "context.json").write_text('{"current_drugs": [{"drug": "Paxil", "dose": 20}]}', "utf-8")
    (tmp_path / "calls.tsv").write_text("gene\tdiplotype\nCYP2D6\t*1/*1\n", "utf-8")
    (tmp_path / "wrong.json").write_text('{"current_drugs": [{"drug": "paroxetinn", "dose": 20}]}', "utf-8")
    return tmp_path


def run(*arguments: object, stdin: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["annotate", *map(str, arguments)], input=stdin)
    return result.exit_code, result.stdout, result.stderr


def test_a_context_beside_a_file(files: Path) -> None:
    code, out, _ = run(EXAMPLE, "--context", files / "context.json", "--format", "text")
    assert code == 0
    assert "paroxetine 20 mg a day" in out
    assert "Poor Metabolizer by conversion" in out


def test_a_context_and_outside_calls_without_a_file(files: Path) -> None:
    code, out, _ = run("--outside-calls", files / "calls.tsv", "--context", files / "context.json", "--format", "json")
    assert code == 0
    (report,) = json.loads(out)
    assert report["input"]["format"] == "none"
    assert report["treatment_history"]["understood"] == ["paroxetine 20 mg a day"]


def test_a_context_on_standard_input() -> None:
    code, out, _ = run("--context", "-", "--format", "text", stdin='{"trials": []}')
    assert code == 0
    assert "NO GENOME WAS SENT" in out


def test_the_own_terminal_shows_what_the_file_has(files: Path) -> None:
    code, out, err = run("--context", files / "wrong.json")
    assert (code, out) == (65, "")
    assert "`current_drugs[0].drug` is not a known drug. Nearest: `paroxetine`" in err
    assert 'The file has "paroxetinn".' in err


@pytest.mark.parametrize(("text", "words"), [("ZEBRA", "JSON"), ('{"age_years": "x"}', 'The file has "x".'), ("[]", "not a JSON object")])
def test_a_context_that_is_not_one(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "context.json"
    path.write_text(text, "utf-8")
    code, out, err = run("--context", path)
    assert (code, out) == (65, "")
    assert words in err


def test_a_context_that_is_not_there(tmp_path: Path) -> None:
    code, _, err = run("--context", tmp_path / "none.json")
    assert code == 65
    assert "cannot be opened" in err


def test_nothing_is_no_request_and_a_context_is_for_one_file(files: Path) -> None:
    assert run()[0] == 2
    assert run(EXAMPLE, EXAMPLE, "--context", files / "context.json")[0] == 2


def test_the_schema_is_printed() -> None:
    result = CliRunner().invoke(schema, ["context"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$id"] == "urn:trdpgx:context:1"
