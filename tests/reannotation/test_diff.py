"""What is different between two reports: exactly what a release changed, with the reason as far as the reports tell."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.golden.cases import cases
from tests.reannotation.reports import all_golden, bundled, changed, golden, old
from trdpgx import Service
from trdpgx.knowledge.location import reference_directory
from trdpgx.model.report_diff import ReportDiff
from trdpgx.model.settings import Settings
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.diff.page import to_page
from trdpgx.reannotation.diff.text import to_text
from trdpgx.reannotation.document import as_old
from trdpgx.reannotation.reannotate import reannotate

RULE = "research-bdnf-rs6265-ketamine-met"


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


def reference(folder: Path, **edits: Callable[[str], str]) -> Service:
    """Return a service whose reference has other tables."""
    shutil.copytree(reference_directory(), folder)
    for table, change in edits.items():
        edit(folder / f"{table}.csv", change)
    return Service(Settings(reference=folder))


def diffs(service: Service) -> Iterator[ReportDiff]:
    """Yield what is different in the report that each golden report gives, which is the one that its file gives."""
    for case in cases():
        for content, direct in zip(golden(case.name), case.reports(service), strict=True):
            before = old(content)
            made = reannotate(service, before)
            assert not compare(as_old(direct), as_old(made)).changed
            yield compare(before, as_old(made))


def diplotypes(content: bytes, gene: str) -> list[str]:
    (one,) = (one for one in json.loads(content)["genes"] if one["gene"] == gene)
    return [allele for diplotype in one["diplotypes"] for allele in diplotype["alleles"]]


def test_one_rule_that_a_layer_changes_is_the_one_that_is_different(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        f"""domain: pharmacodynamic
source: {{name: research}}
studies:
  laje-2012: {{design: cohort, n: 62, note: The same study., verified: PMC3786174}}
rules:
  - id: {RULE}
    drugs: ketamine
    when: [{{variant: rs6265, copies: [1, 2]}}]
    implications: response_reported_lower
    actions: no_advice
    text: Stated otherwise by this layer (Laje 2012, N=62).
    evidence: {{supports: [laje-2012]}}
    examples: [{{rs6265: C/T}}]
""",
        "utf-8",
    )
    service = Service(Settings(rules=tmp_path))
    seen = 0
    for content, diff in zip(all_golden(), diffs(service), strict=True):
        before = {one["rule_id"] for one in json.loads(content)["considerations"]}
        assert {one.rule_id for one in diff.considerations} == {RULE} & before
        assert diff.calls == ()
        for one in diff.considerations:
            seen += 1
            assert (one.change, one.reasons, one.certain) == ("changed", ("rule",), True)
            assert "reworded" in one.aspects
            assert "Stated otherwise" in (one.new_text or "")
        assert {one.part for one in diff.releases} == {"rules", "rules_layers"}
    assert seen


def without_others(text: str | None) -> str | None:
    """Return the text of a consideration without what follows for other drugs that it names."""
    return text and text.partition(" This report has considerations of its own")[0]


def test_one_allele_s_function_changes_exactly_the_calls_with_it(tmp_path: Path) -> None:
    service = reference(
        tmp_path / "reference",
        alleles=lambda text: text.replace("CYP2D6,*4,false,true,1,No function,0", "CYP2D6,*4,false,true,1,Decreased function,0.5"),
    )
    carriers = 0
    for content, diff in zip(all_golden(), diffs(service), strict=True):
        assert {one.name for one in diff.calls} <= {"CYP2D6"}
        if "*4" in diplotypes(content, "CYP2D6"):
            carriers += 1
            (call,) = diff.calls
            assert "function" in call.reasons
            assert call.certain
            assert "*4: No function, now Decreased function" in call.why
        else:
            assert all(call.reasons == ("unseen_alleles",) for call in diff.calls), "it is hidden there, or of no account"
        for one in diff.considerations:
            if "CYP2D6" in one.genes:
                assert one.reasons == ("call",)
            else:
                assert without_others(one.old_text) == without_others(one.new_text), "what else the report has on a drug that it names"
        assert {one.part for one in diff.releases} == {"reference"}
    assert carriers


def test_one_definition_changes_exactly_the_calls_with_it(tmp_path: Path) -> None:
    service = reference(
        tmp_path / "reference",
        definitions=lambda text: text.replace(
            "CYP2C19,*17,CYP2C19:94761900,T\n", "CYP2C19,*17,CYP2C19:94761900,T\nCYP2C19,*17,CYP2C19:94762706,G\n"
        ),
    )
    carriers = 0
    for content, diff in zip(all_golden(), diffs(service), strict=True):
        assert {one.name for one in diff.calls} <= {"CYP2C19"}
        was = diplotypes(content, "CYP2C19")
        for call in diff.calls:
            assert call.certain
            carriers += "definition" in call.reasons
            assert "definition" not in call.reasons or "*17" in was or "*17" in (call.new or "")
    assert carriers


def test_a_phenotype_table_that_changes_is_distinguished_from_a_function(tmp_path: Path) -> None:
    service = reference(
        tmp_path / "reference",
        function_pairs=lambda text: text.replace("CYP2C19,CPIC,No function,No function,PM", "CYP2C19,CPIC,No function,No function,IM"),
    )
    before = old(golden("poor")[0])
    (call,) = compare(before, as_old(reannotate(service, before))).calls
    assert (call.name, call.reasons, call.certain) == ("CYP2C19", ("phenotype_table",), True)


def test_with_another_program_too_the_reason_is_unknown(tmp_path: Path) -> None:
    service = reference(
        tmp_path / "reference",
        function_pairs=lambda text: text.replace("CYP2C19,CPIC,No function,No function,PM", "CYP2C19,CPIC,No function,No function,IM"),
    )
    before = old(changed(golden("poor")[0], software={"name": "trdpgx", "version": "0.0.9"}))
    diff = compare(before, as_old(reannotate(service, before)))
    (call,) = diff.calls
    assert call.reasons == ("phenotype_table", "software")
    assert not call.certain
    assert "do not tell which" in call.why
    assert not diff.software.only


def test_another_program_alone_is_stated_as_such() -> None:
    before = old(changed(golden("poor")[0], software={"name": "trdpgx", "version": "0.0.9"}))
    diff = compare(before, as_old(reannotate(bundled(), before)))
    assert diff.software.changed
    assert diff.software.only
    assert not diff.changed


def test_considerations_that_came_went_and_changed_are_distinguished() -> None:
    content = golden("poor")[0]
    report = json.loads(content)
    first, second, third, *rest = report["considerations"]
    newer = {**second, "evidence": {**second["evidence"], "strength": "limited"}}
    later = {**third, "rule_id": "a-later-rule", "source": {**third["source"], "year": third["source"]["year"] + 5}}
    after = changed(content, considerations=[newer, later, *rest], knowledge={**report["knowledge"], "rules_digest": "0" * 64})
    diff = compare(old(content), old(after))
    shown = {(one.change, one.rule_id): one for one in diff.considerations}
    assert shown.keys() == {
        ("changed", second["rule_id"]),
        ("added", "a-later-rule"),
        ("removed", first["rule_id"]),
        ("removed", third["rule_id"]),
    }
    strength = shown["changed", second["rule_id"]]
    assert strength.aspects == ("strength",)
    assert (strength.old_strength, strength.new_strength) == (second["evidence"]["strength"], "limited")
    assert shown["removed", third["rule_id"]].superseded_by == "a-later-rule"
    assert [(one.old, one.new, one.rules) for one in diff.sources] == [
        (
            f"{third['source']['name']} {third['source']['year']}",
            f"{third['source']['name']} {third['source']['year'] + 5}",
            ("a-later-rule",),
        )
    ]


def test_reports_of_two_people_are_never_taken_for_one() -> None:
    one, other = golden("three-samples")[:2]
    diff = compare(old(one), old(other))
    assert not diff.same_input
    assert all("genotype" in call.reasons for call in diff.calls)
    assert "NOT OF THE SAME FILE AND SAMPLE" in to_text([diff])


def test_text_and_page_hold_what_the_answer_holds_and_escape_it() -> None:
    content = golden("poor")[0]
    report = json.loads(content)
    report["input"]["sample"] = "<script>alert(1)</script>"
    name = "=cmd()|<b>"
    report["considerations"][0]["rule_id"] = name
    diff = compare(old(content), old(json.dumps(report).encode()))
    page, text = to_page([diff]), to_text([diff])
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert "&lt;script&gt;" in page
    for one in diff.considerations:
        assert one.rule_id in text.replace("\n", " ")
    assert to_page([diff, diff]).count("What is different: &lt;script&gt;") == 2
