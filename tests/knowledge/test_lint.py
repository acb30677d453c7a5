"""`rules check`: one fault at a time in a copy of the rules is caught, with its file and its line."""

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from trdpgx.clinical.examples import example_findings
from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.location import reference_directory, rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.lint import check_rules
from trdpgx.knowledge.rules.rulebook import load_rulebook

REFERENCE = load_reference()
TABLE = Path(__file__).parents[1] / "cases" / "reject" / "rules.tsv"


@dataclass(frozen=True)
class Case:
    file: str
    old: str
    new: str
    position: str
    words: tuple[str, ...]


def cases() -> list[Case]:
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            file, old, new, position, words = line.split("\t")
            found.append(Case(file, old.replace("\\n", "\n"), new.replace("\\n", "\n"), position, tuple(words.split("|"))))
    return found


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(rules_directory(), tmp_path / "rules"))


def line_of(path: Path, text: str) -> int:
    """The line that holds the text; `#2` at its end asks for the second such line."""
    text, _, number = text.partition("#")
    lines = [index for index, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line]
    return lines[int(number or 1) - 1]


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}: {case.new.strip() or case.old.strip()}"[:90])
def test_a_fault_is_caught_with_file_and_line(case: Case, rules: Path) -> None:
    path = rules / case.file
    before = path.read_text("utf-8")
    assert case.old in before, "the case no longer fits the rules"
    start = before.index(case.old)
    path.write_text(before[:start] + case.new + before[start + len(case.old) :], "utf-8")
    if case.position:
        name, _, text = case.position.partition(": ")
        expected = (name, line_of(rules / name, text))
        span = {expected[1]}
    else:
        first = before[:start].count("\n") + 1
        span = set(range(first, first + case.new.strip("\n").count("\n") + 1))
        expected = (case.file, first)
    findings = check_rules(rules, REFERENCE)
    hits = [f for f in findings if f.file == expected[0] and f.line in span and any(words in f.message for words in case.words)]
    assert hits, "\n".join(map(str, findings))


def test_the_message_is_file_line_message() -> None:
    assert str(Finding("drugs.yaml", 7, "wrong")) == "drugs.yaml:7: wrong"


def test_a_contradiction_between_two_files_of_one_source(rules: Path) -> None:
    source = (rules / "guidelines" / "cpic-ssri-snri-2023.yaml").read_text("utf-8")
    (rules / "guidelines" / "more.yaml").write_text(
        source.replace("cpic-2023", "cpic-more").replace("grade: Strong", "grade: Moderate"), "utf-8"
    )
    messages = [finding.message for finding in check_rules(rules, REFERENCE) if finding.file == "guidelines/more.yaml"]
    assert any("cpic-more-citalopram-cyp2c19-um: repeats cpic-2023-citalopram-cyp2c19-um for citalopram" in message for message in messages)
    (rules / "guidelines" / "more.yaml").write_text(
        source.replace("cpic-2023", "cpic-more").replace("actions: standard_dosing", "actions: no_action"), "utf-8"
    )
    messages = [finding.message for finding in check_rules(rules, REFERENCE)]
    assert any("cpic-more-citalopram-cyp2c19-nm: contradicts cpic-2023-citalopram-cyp2c19-nm" in message for message in messages)


@pytest.mark.parametrize("name", ["citations.yaml", "vocabulary.yaml", "drugs.yaml", "release.yaml"])
def test_a_missing_file(rules: Path, name: str) -> None:
    (rules / name).unlink()
    assert [(f.file, f.message) for f in check_rules(rules, REFERENCE)] == [(name, "the file is missing")]


def test_an_empty_file_and_a_binary_one(rules: Path) -> None:
    (rules / "guidelines" / "empty.yaml").write_text("# nothing\n", "utf-8")
    (rules / "guidelines" / "binary.yaml").write_bytes(b"\xff\xfe\x00a")
    assert [str(finding) for finding in check_rules(rules, REFERENCE)] == [
        "guidelines/binary.yaml:1: not valid YAML in UTF-8",
        "guidelines/empty.yaml:1: the file is empty",
    ]


FREE_TEXT = {
    "text", "note", "population", "verified", "unverified", "label", "class", "category", "role", "clearance_major", "clearance_minor",
    "active_metabolite", "pgp_substrate", "cyp_effects", "url", "name", "sample", "monitoring", "atc", "rxnorm", "section", "says",
    "source", "title", "version", "synonyms", "brands", "snomed", "qualifiers", "dose", "onset", "how", "people", "local_routes", "analyte",
    "analytes", "pregnancy", "severity", "covers",
}  # fmt: skip
"""Fields in which any words are right; ids of drugs are checked against nothing yet."""


NAMED = (
    "citations", "drugs", "studies", "implications", "actions", "genotypes", "rows", "multipliers", "shifts", "autoinhibition",
    "active_sums", "substrates", "lists", "classes", "ladders", "bands", "given", "expect",
)  # fmt: skip
"""Fields whose keys are names: one entry stands for all."""
PARSED: dict[str, Callable[[], Any]] = {}
"""Each file of the rules, parsed once; a call gives a copy to change."""


def shapes() -> list[tuple[str, tuple[str | int, ...]]]:
    """One leaf of each shape: the same fields, whatever the file of rules, the index or the name of the entry, gene or variant."""
    found: dict[tuple[str, ...], tuple[str, tuple[str | int, ...]]] = {}

    def walk(file: str, value: Any, path: tuple[str | int, ...], shape: tuple[str, ...]) -> None:
        named = shape[-1:] in {(name,) for name in NAMED}
        if isinstance(value, dict):
            for key, child in value.items():
                walk(file, child, (*path, key), (*shape, "*" if named or not key.islower() or key.startswith("rs") else key))
        elif isinstance(value, list):
            for index, child in enumerate(value):
                walk(file, child, (*path, index), (*shape, "#"))
        elif not FREE_TEXT.intersection(map(str, shape)):
            found.setdefault(("rules" if "/" in file else file, *shape), (file, path))

    for path in sorted(rules_directory().rglob("*.yaml")):
        name = path.relative_to(rules_directory()).as_posix()
        if name not in {"release.yaml", "vocabulary.yaml"}:
            document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
            PARSED[name] = partial(deepcopy, document)
            walk(name, document, (), ())
    return list(found.values())


def test_what_a_source_covers_is_a_file_or_a_folder() -> None:
    sources = yaml.safe_load((rules_directory() / "freshness.yaml").read_text("utf-8"))["sources"]
    for name, source in sources.items():
        for covered in source["covers"]:
            root = reference_directory().parent if covered.startswith(("reference/", "docs/")) else rules_directory()
            assert list(root.glob(covered)), (name, covered)


@pytest.mark.slow
@pytest.mark.parametrize(("file", "position"), shapes(), ids=lambda value: str(value)[-60:])
def test_no_field_that_means_something_can_be_changed_unseen(file: str, position: tuple[str | int, ...], rules: Path) -> None:
    document = PARSED[file]()
    parent = document
    for step in position[:-1]:
        parent = parent[step]
    parent[position[-1]] = f"{parent[position[-1]]} ~9"
    (rules / file).write_text(json.dumps(document, ensure_ascii=False, indent=0), "utf-8")  # JSON is YAML, and written faster
    findings = check_rules(rules, REFERENCE) or list(example_findings(load_rulebook(rules, REFERENCE)))
    assert findings, position
    assert all(finding.line >= 1 and finding.message for finding in findings)
