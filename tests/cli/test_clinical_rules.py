"""The curator's commands on clinical facts: new, check, test, show, explain."""

import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from trdpgx.cli.main import main
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.prescriptive import prescriptions
from trdpgx.knowledge.rules.scaffold_fact import fact, fact_kinds
from trdpgx.knowledge.yaml_document import Document


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["rules", *(str(argument) for argument in arguments)])


@pytest.mark.parametrize("kind", list(fact_kinds()))
def test_every_kind_can_be_begun_and_asks_to_be_written(kind: str, tmp_path: Path) -> None:
    path, section, row = fact_kinds()[kind]
    text = yaml.safe_load(f"{section}:\n{fact(kind, 'own-row')}")
    required = {field.alias or name for name, field in row.model_fields.items() if field.is_required()}
    assert required <= text[section]["own-row"].keys()
    assert run("new", "fact", kind, "own-row", "--into", tmp_path).exit_code == 0
    assert run("new", "fact", kind, "second-row", "--into", tmp_path).exit_code == 0
    assert yaml.safe_load((tmp_path / path).read_text("utf-8"))[section].keys() == {"own-row", "second-row"}
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert path in result.stdout


@pytest.mark.parametrize("name", ["cyp2d6-paroxetine", "paroxetine", "migraine", "CYP2D6"])
def test_rows_are_shown_by_id_drug_condition_and_gene(name: str) -> None:
    result = run("show", name)
    assert result.exit_code == 0
    assert "  known " in result.stdout
    assert "  example " in result.stdout


def test_an_example_that_does_not_come_out_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(rules_directory(), tmp_path / "rules"))
    path = folder / "clinical" / "conditions.yaml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("expect: {condition: migraine}", "expect: {condition: stroke}"), "utf-8")
    result = run("check", folder)
    assert result.exit_code == 1
    assert "expects condition stroke, and gets migraine" in result.stdout
    path.write_text(before.replace("expect: {condition: migraine}", "expect: {}"), "utf-8")
    assert "expects nothing" in run("check", folder).stdout
    path.write_text(before.replace("expect: {condition: migraine}", "expect: {place: migraine}"), "utf-8")
    assert "which this kind does not answer" in run("check", folder).stdout


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The drug must not be used", "must not"),
        ("Stop the drug", "Stop"),
        ("start at 10 mg", "start"),
        ("The phenotype is normal", "is normal"),
        ("Levels are normal", "are normal"),
    ],
)
def test_a_text_that_prescribes_is_refused(text: str, word: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(rules_directory(), tmp_path / "rules"))
    path = folder / "clinical" / "cautions.yaml"
    document = yaml.safe_load(path.read_text("utf-8"))
    document["rows"]["caution-copd"]["text"] = text
    path.write_text(yaml.safe_dump(document), "utf-8")
    result = run("check", folder)
    assert result.exit_code == 1
    assert f"'{word}' prescribes" in result.stdout


@pytest.mark.parametrize("text", ["after stopping the drug", "normal metabolizers", "startling", "mustard", "restarted"])
def test_a_text_that_reports_is_not(text: str) -> None:

    assert not list(prescriptions([Document("a.yaml", {"text": text}, {}, ())]))


def test_a_fact_is_explained_by_a_context(tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"current_drugs": [{"drug": "Paxil", "stopped_on": "2026-01-01"}], "trials": [{"drug": "paroxetine"}]}', "utf-8")
    result = run("explain", "cyp2d6-paroxetine", "--context", context)
    assert result.exit_code == 0
    assert "yes  paroxetine: current_drugs[0], stopped on 2026-01-01; trials[0]" in result.stdout
    assert run("explain", "cyp2d6-paroxetine").exit_code == 2
    assert run("explain", "no-such-row", "--context", context).exit_code == 1
