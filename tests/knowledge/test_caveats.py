"""Caveats as data: what a curator may write, what is wrong with it, and that the program raises what the rules word."""

import ast
import re
from pathlib import Path

import pytest

from tests.calling.tables import call, caveats, library
from tests.calling.test_conventions import sample
from trdpgx.calling.caveats import holding
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.lint import check_rules

APP = Path(__file__).parents[2] / "app/trdpgx"
SHOWN = {"aldy.py", "cyrius.py", "stellarpgx.py", "examples.py", "example.py"}
"""Adapters of tools that call one gene, and examples of problems and of requests."""

_NAMED = re.compile(r"CYP\d|(?<![\w)*])(?<!such as ')\*\d")


def raised() -> dict[str, list[set[str]]]:
    """Return each key that the program raises, with the names of the values that each position gives."""
    found: dict[str, list[set[str]]] = {}
    for path in (APP / "calling").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "caveat":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    names = {keyword.arg for keyword in node.keywords if keyword.arg}
                    found.setdefault(str(first.value), []).append(names if len(names) == len(node.keywords) else set())
    return found


def test_each_caveat_is_raised_or_has_a_condition() -> None:
    by_name = {"research_without_site", "research_without_phase", "research_without_record"}
    without = {key for key, caveat in caveats().items() if caveat.when is None}
    assert without == raised().keys() | by_name
    for key, positions in raised().items():
        for names in positions:
            assert not names or caveats()[key].values <= names, key


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("{sites_unseen: {text: 'Not seen: {unseen}.', values: [unseen]}}", None),
        ("{own: {text: Mind *17., when: {gene: CYP2C19, carries: '*17'}}}", None),
        ("{own: {text: Mind it.}}", "the program raises no such caveat"),
        ("{sites_unseen: {text: '{seen}', values: [seen]}}", "the program gives only the values: total, unseen"),
        ("{sites_unseen: {text: '{total.real}', values: [total]}}", "'{total.real}' in 'text' is not one of 'values'"),
        ("{sites_unseen: {text: '{total!r}', values: [total]}}", "is not one of 'values'"),
        ("{sites_unseen: {text: 'a } alone'}}", "a brace in 'text' has no partner"),
        ("{own: {text: x, when: {gene: CYP9Z9}}}", "unknown gene with named alleles 'CYP9Z9'"),
        ("{own: {text: x, when: {gene: CYP2C19, carries: '*999'}}}", "unknown CYP2C19 allele '*999'"),
        ("{own: {text: x, when: {gene: CYP2C19, unseen: rs1}}}", "no site that defines an allele of CYP2C19 is 'rs1'"),
        ("{own: {text: '{a}', values: a, when: {gene: CYP2C19}}}", "the program gives no such values"),
        ("{own: {text: x, when: {gene: CYP2C19, sample: A}}}", "unknown field 'sample'"),
    ],
)
def test_what_is_wrong_is_stated_with_its_line(body: str, fault: str | None, tmp_path: Path) -> None:
    (tmp_path / "caveats.yaml").write_text(f"caveats: {body}\n", "utf-8")
    findings = check_rules(tmp_path, library(), rules_directory())
    assert (fault is None) is not findings
    assert fault is None or fault in str(findings[0])
    assert all(finding.line == 1 and finding.file.endswith("caveats.yaml") for finding in findings)


def test_a_condition_is_all_that_it_asks() -> None:
    def keys(gene: str, names: set[str], **more: object) -> list[str]:
        return [key for key, _ in holding(caveats(), gene, names, **more)]  # type: ignore[arg-type]

    assert keys("CYP2B6", {"*1", "*9"}, unseen={"rs2279343"}) == ["cyp2b6_rs2279343_unseen"]
    assert keys("CYP2B6", {"*1", "*9"}) == keys("CYP2B6", {"*1"}, unseen={"rs2279343"}) == []
    assert keys("CYP2D6", {"*4", "*10"}) == ["cyp2d6_68_possible", "cyp2d6_36_possible"]
    assert keys("CYP2D6", {"*10x2"}, copies="counted") == ["copy_may_be_hybrid_36"]
    assert keys("CYP2D6", {"*10"}, copies="not_counted") == ["unseen_hybrid_36"]
    assert keys("CYP2C19", {"*4", "*10"}) == []


def test_the_caveats_of_the_rules_stand_at_the_call() -> None:
    report = call("CYP2D6", sample("CYP2D6", ""))
    assert {note.code for note in report.copy_number.structural_possibilities} == {"unseen_deletion", "unseen_duplication"}


def named_in(path: Path) -> list[str]:
    """Return the strings of a module that name a star allele or a CYP gene, but for docstrings, examples and help."""
    tree = ast.parse(path.read_text("utf-8"))
    shown = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"examples", "help"}:
            shown |= {id(inner) for inner in ast.walk(node.value)}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in shown]
    return [f"{path.name}:{node.lineno} {node.value}" for node in strings if _NAMED.search(str(node.value))]


@pytest.mark.slow
def test_no_string_of_the_program_names_a_star_allele_or_a_cyp_gene() -> None:
    assert [named for path in sorted(APP.rglob("*.py")) if path.name not in SHOWN for named in named_in(path)] == []
