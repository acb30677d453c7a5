"""The rules as they were expanded when the package was built: the same as from the YAML, and passed over where anything has changed."""

import shutil
from pathlib import Path

import pytest

from trdpgx.knowledge.built_file import write_built
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules import expanded
from trdpgx.knowledge.rules.evidence_policy import POLICY
from trdpgx.knowledge.rules.expanded import read_expanded, write_expanded
from trdpgx.knowledge.rules.library import build_library
from trdpgx.knowledge.rules.sources import read_layers

REFERENCE = load_reference()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("expanded") / "expanded.json"
    assert write_expanded(rules_directory(), path)
    return path


def test_the_rules_are_those_of_the_yaml(written: Path) -> None:
    library, findings = build_library(read_layers(rules_directory(), ()), REFERENCE)
    assert not findings
    assert read_expanded(REFERENCE, POLICY, written) == library


def test_another_policy_grades_the_same_rules(written: Path) -> None:
    read = read_expanded(REFERENCE, "trdpgx-evidence-1", written)
    assert read is not None
    assert read.policy == "trdpgx-evidence-1"


def test_what_does_not_fit_is_passed_over(written: Path, tmp_path: Path) -> None:
    text = written.read_text("utf-8")
    assert read_expanded(REFERENCE, POLICY, tmp_path / "absent.json") is None
    other = tmp_path / "other.json"
    for damaged in ("", "{}", text[1:], text[:-1], "0" * 64 + text[64:]):
        other.write_text(damaged, "utf-8")
        assert read_expanded(REFERENCE, POLICY, other) is None
    for wrong in ("", "{}", text[75:].replace('"domain":', '"range":', 1), text[75:].replace('"evidence":[0', '"evidence":[9999', 1)):
        write_built(other, text[:64], wrong.encode())
        assert read_expanded(REFERENCE, POLICY, other) is None


def test_it_is_passed_over_where_the_code_that_expands_has_changed(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = tuple(
        Path(shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("*.json"))) for folder in expanded._CODE
    )
    monkeypatch.setattr(expanded, "_CODE", folders)
    assert read_expanded(REFERENCE, POLICY, written) is not None
    copied = tuple(Path(shutil.copytree(folder, tmp_path / "changed" / folder.name)) for folder in folders)
    module = tmp_path / "changed" / "rules" / "expand.py"
    module.write_text(module.read_text("utf-8") + "\n", "utf-8")
    monkeypatch.setattr(expanded, "_CODE", copied)
    assert read_expanded(REFERENCE, POLICY, written) is None


def test_rules_with_a_fault_are_not_written(tmp_path: Path) -> None:
    shutil.copytree(rules_directory(), tmp_path / "rules")
    (tmp_path / "rules" / "drugs.yaml").write_text("drugs: {}\n", "utf-8")
    assert not write_expanded(tmp_path / "rules", tmp_path / "expanded.json")
    assert not (tmp_path / "expanded.json").exists()
