"""The rules as they were parsed when the package was built: the same as the YAML, and passed over where the YAML has changed."""

import shutil
from pathlib import Path

import pytest

from trdpgx.knowledge.built_file import write_built
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, identify
from trdpgx.knowledge.rules import parsed
from trdpgx.knowledge.rules.parsed import parsed_documents, write_parsed
from trdpgx.knowledge.yaml_document import read_document


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parsed") / "parsed.json"
    assert write_parsed(rules_directory(), path)
    return path


def test_the_documents_are_those_of_the_yaml(written: Path) -> None:
    rules = rules_directory()
    documents = parsed_documents(rules, identify(rules).digest, written)
    names = {path.relative_to(rules).as_posix() for path in rules.rglob("*.yaml")} - {RELEASE_FILE}
    assert documents == {name: read_document(rules / name, name) for name in names}


def test_what_does_not_fit_is_passed_over(written: Path, tmp_path: Path) -> None:
    rules = rules_directory()
    digest = identify(rules).digest
    assert parsed_documents(rules, "0" * 64, written) is None
    assert parsed_documents(tmp_path, digest, written) is None
    assert parsed_documents(rules, digest, tmp_path / "absent.json") is None
    text = written.read_text("utf-8")
    other = tmp_path / "other.json"
    for damaged in ("", "[]", "{}", text.partition("\n")[0], f"0{text[1:]}", text[:-1]):
        other.write_text(damaged, "utf-8")
        assert parsed_documents(rules, digest, other) is None
    for wrong in (b"", b"[]", b"[1]", b'{"drugs.yaml": 1}'):
        write_built(other, f"{parsed._VERSION} {digest}", wrong)
        assert parsed_documents(rules, digest, other) is None


def test_a_file_with_a_fault_is_not_written(tmp_path: Path) -> None:
    shutil.copytree(rules_directory(), tmp_path / "rules")
    (tmp_path / "rules" / "drugs.yaml").write_text("drugs: &anchor {}\nqualifiers: *anchor\n", "utf-8")
    assert not write_parsed(tmp_path / "rules", tmp_path / "parsed.json")
    assert not (tmp_path / "parsed.json").exists()
