"""Today's report from an earlier one: the same under the same release, and never more than the earlier one holds."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from tests.golden.cases import cases
from tests.reannotation.reports import CAP, NAMED, OLD_SCHEMA, all_golden, bundled, changed, golden, old
from tests.report.pages import page_of
from trdpgx import Report, annotate
from trdpgx.model.problem import InputError
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.document import as_old, read_reports
from trdpgx.reannotation.genotypes import SITES_NOT_ASKED
from trdpgx.reannotation.reannotate import reannotate
from trdpgx.reannotation.without_genotypes import GENOTYPES_NOT_KEPT
from trdpgx.report.formats.json import to_json
from trdpgx.report.text.report import to_text
from trdpgx.report.wording import made_again


@pytest.mark.parametrize("name", [case.name for case in cases()])
def test_the_same_release_makes_the_same_report(name: str) -> None:
    for content in golden(name):
        before = old(content)
        report = reannotate(bundled(), before)
        made = json.loads(as_text(report))
        was = json.loads(content)
        assert made["considerations"] == was["considerations"]
        assert made["input"].pop("reannotated_from")["report_id"] == was["report_id"]
        was["input"].pop("reannotated_from")
        assert {key: value for key, value in made.items() if key not in NAMED} == {
            key: value for key, value in was.items() if key not in NAMED
        }
        diff = compare(before, as_old(report))
        assert not diff.changed
        assert [diff.calls, diff.considerations, diff.sources, diff.releases, diff.others] == [()] * 5
        assert not diff.software.changed


def as_text(report: Report) -> str:
    return to_json(report).decode()


def test_a_report_made_from_a_report_can_be_made_from_again() -> None:
    first = reannotate(bundled(), old(golden("clinical")[0]))
    second = reannotate(bundled(), as_old(first))
    assert not compare(as_old(first), as_old(second)).changed
    assert second.input.reannotated_from is not None
    assert second.input.reannotated_from.report_id == first.report_id
    assert second.input.sha256 == old(golden("clinical")[0]).facts.input.sha256


def test_the_context_and_its_day_are_kept() -> None:
    content = json.loads(golden("clinical")[0])
    assert content["basis"]["context"]["current_drugs"]
    stated = content["basis"]["context"]
    stated["as_of"] = None
    content["basis"]["as_of"] = "2026-10-01"
    content["software"]["version"] = "0.0.9"
    report = reannotate(bundled(), old(json.dumps(content).encode()))
    assert report.treatment_history is not None
    assert str(report.treatment_history.as_of) == "2026-10-01"
    assert report.basis is not None
    assert str(report.basis.as_of) == "2026-10-01"
    assert report.basis.context is not None
    assert report.basis.context.as_of is None


def test_a_site_that_was_not_asked_for_then_is_never_assumed_to_be_the_reference() -> None:
    content = json.loads(golden("absent-reference")[0])
    site = next(one for one in content["basis"]["looked_at"] if one.startswith("CYP2C19:"))
    content["genotypes"] = [row for row in content["genotypes"] if row["site"] != site]
    content["basis"]["looked_at"].remove(site)
    content["knowledge"]["reference_digest"] = "0" * 64
    report = reannotate(bundled(), old(json.dumps(content).encode()))
    (gene,) = (one for one in report.genes if one.gene == "CYP2C19")
    assert site in {one.site for one in gene.unseen_sites}
    (warning,) = (one for one in report.input.warnings if one.code == SITES_NOT_ASKED)
    assert warning.text.startswith("1 sites")
    assert warning.text in compare(old(golden("absent-reference")[0]), as_old(report)).not_redone
    again = reannotate(bundled(), as_old(report))
    assert [one.code for one in again.input.warnings].count(SITES_NOT_ASKED) == 1
    assert site in {one.site for gene in again.genes for one in gene.unseen_sites}


def test_a_report_of_schema_1_0_is_read_and_states_what_is_not_made_anew() -> None:
    before = old(OLD_SCHEMA.read_bytes())
    report = reannotate(bundled(), before)
    (warning,) = (one for one in report.input.warnings if one.code == GENOTYPES_NOT_KEPT)
    calls = {gene.gene: gene for gene in report.genes}
    was = {gene["gene"]: gene for gene in before.document["genes"]}
    for gene in ("CYP2C19", "CYP2B6", "CYP3A5"):
        assert [one.name for one in calls[gene].diplotypes] == [one["name"] for one in was[gene]["diplotypes"]]
        assert calls[gene].source.startswith("outside:trdpgx")
    assert was["CYP2D6"]["status"] == "called"
    assert calls["CYP2D6"].status == "no_call", "how many copies there are is more than the name of a diplotype tells"
    assert "Not called: CYP2D6" in warning.text
    genotypes = {one["id"]: one["genotype"] for one in before.document["variants"]}
    assert {one.id: one.genotype for one in report.variants if one.id in genotypes} == genotypes
    diff = compare(before, as_old(report))
    assert warning.text in diff.not_redone
    assert {one.name: one.reasons for one in diff.calls if one.kind == "gene"} == {"CYP2D6": ("not_kept",)}


def test_reports_are_read_as_each_format_writes_them() -> None:
    reports = golden("three-samples")
    pretty = json.dumps([json.loads(one) for one in reports], indent=2).encode()
    lines = b"\n".join(reports) + b"\n"
    for content in (pretty, lines, b"\n" + lines, b"\xef\xbb\xbf" + pretty, b"[" + b",".join(reports) + b"]"):
        names = [one.facts.input.sample for one in read_reports(BytesIO(content), CAP)]
        assert names == ["GOLDEN-1", "GOLDEN-2", "GOLDEN-3"]
    assert old(json.dumps(json.loads(reports[0]), indent=1).encode()).facts.input.sample == "GOLDEN-1"


def with_row(content: bytes, site: str, **fields: Any) -> bytes:
    report = json.loads(content)
    report["genotypes"] = [row | fields if row["site"] == site else row for row in report["genotypes"]]
    return json.dumps(report).encode()


def variant(content: bytes) -> str:
    """Return a variant that was called, of which A and C is no genotype here."""
    return next(one["id"] for one in json.loads(content)["variants"] if one["state"] == "called" and one["genotype"] not in {"A/C", "C/A"})


def twice(content: bytes) -> bytes:
    report = json.loads(content)
    return changed(content, genotypes=[*report["genotypes"], report["genotypes"][0]])


def with_consideration(content: bytes) -> bytes:
    report = json.loads(content)
    return changed(content, considerations=report["considerations"][1:])


def with_software(content: bytes, name: str) -> bytes:
    return changed(content, software={"name": name, "version": "1"})


REFUSED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "nothing": ("not_a_report", lambda _: b""),
    "white space": ("not_a_report", lambda _: b" \n"),
    "no JSON": ("not_a_report", lambda _: b"##fileformat=VCFv4.2\n"),
    "cut": ("not_a_report", lambda content: content[:-100]),
    "another object": ("not_a_report", lambda _: b'{"resourceType": "Bundle"}'),
    "an empty array": ("not_a_report", lambda _: b"[]"),
    "an array of numbers": ("not_a_report", lambda _: b"[1, 2]"),
    "nested lists": ("not_a_report", lambda _: b"[" * 100_000),
    "the problem that ends a stream": ("not_a_report", lambda content: content + b'\n{"type": "/problems/truncated"}\n'),
    "other software": ("not_a_report", lambda content: with_software(content, "PharmCAT")),
    "a later schema": ("unknown_report_schema", lambda content: changed(content, schema_version="2.0")),
    "an unknown field in the genotypes": ("bad_report", lambda content: with_row(content, "CYP2C19:94781859", secret_field=1)),
    "a phase set out of range": ("bad_report", lambda content: with_row(content, "CYP2C19:94781859", phase_set=2**40)),
    "three alleles": ("bad_report", lambda content: with_row(content, "CYP2C19:94781859", alleles=["G", "A", "A"])),
    "a number beyond JSON's": ("bad_report", lambda content: with_row(content, "CYP2C19:94781859", phase_set=10**4_000)),
    "an infinite quality": ("bad_report", lambda content: content.replace(b'"quality":99.0', b'"quality":1e999', 1)),
    "a control character": ("bad_report", lambda content: with_row(content, "CYP2C19:94781859", alleles=["\x1b[31m", "G"])),
    "a site twice": ("contradictory_report", twice),
    "a called site without alleles": ("contradictory_report", lambda content: with_row(content, "CYP2C19:94781859", alleles=[])),
    "another base": ("contradictory_report", lambda content: with_row(content, "CYP2C19:94781859", alleles=["G", "G"])),
    "another base at a variant": ("contradictory_report", lambda content: with_row(content, variant(content), alleles=["A", "C"])),
    "one consideration less": ("contradictory_report", with_consideration),
    "other limitations": ("contradictory_report", lambda content: changed(content, limitations=[])),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_report_of_ours_or_contradicts_itself_is_refused(case: str) -> None:
    code, make = REFUSED[case]
    content = golden("clinical")[0]
    with pytest.raises(InputError) as refused:
        [reannotate(bundled(), one) for one in read_reports(BytesIO(make(content)), CAP)]
    assert refused.value.problem.type == f"/problems/{code}"
    assert "secret" not in refused.value.problem.detail


def test_under_another_release_rows_that_disagree_are_refused_too() -> None:
    content = golden("clinical")[0]
    content = changed(with_row(content, variant(content), alleles=["A", "C"]), software={"name": "trdpgx", "version": "0.0.9"})
    with pytest.raises(InputError, match="contradictory_report"):
        reannotate(bundled(), old(content))


def test_a_report_is_bounded() -> None:
    with pytest.raises(InputError, match="earlier_reports_too_large"):
        list(read_reports(BytesIO(golden("poor")[0]), 1_000))
    with pytest.raises(InputError, match="earlier_reports_too_large"):
        list(read_reports(BytesIO(json.dumps(json.loads(golden("poor")[0]), indent=1).encode()), 1_000))


def test_reports_hold_the_genotype_at_every_site_of_the_panel() -> None:
    reference = bundled().knowledge.reference
    for content in all_golden():
        report = json.loads(content)
        sites = list(reference.sites[report["input"]["assembly"]])
        assert [row["site"] for row in report["genotypes"]] == sites


def test_the_new_report_states_that_it_was_made_again() -> None:
    report = reannotate(bundled(), old(changed_name(golden("poor")[0])))
    sentence = made_again(report.input.reannotated_from) if report.input.reannotated_from else ""
    assert sentence
    assert sentence in " ".join(to_text(report).split())
    assert sentence.replace("'", "&#39;") in page_of([report])
    assert report.input.name == "genome.vcf"


def changed_name(content: bytes) -> bytes:
    report = json.loads(content)
    return changed(content, input={**report["input"], "name": "genome.vcf"})


@pytest.mark.parametrize(
    "options",
    [
        {"all_candidates": True, "combinations": True},
        {"sample": ["GOLDEN-2", "GOLDEN-3"]},
        {"gene": ["CYP2C19"], "domain": ["pharmacokinetic"]},
        {"drug": ["sertraline", "Prozac"]},
        {"ancestry": "east_asian", "absent": "reference"},
        {"detail": "full", "assembly": "GRCh38"},
    ],
    ids=str,
)
def test_options_are_kept_and_make_the_same_report(options: dict[str, Any]) -> None:
    (case,) = (case for case in cases() if case.name == "three-samples")
    chosen = replace(case, options={**case.options, **options})
    for report in chosen.reports(bundled()):
        before = old(to_json(report))
        assert not compare(before, as_old(reannotate(bundled(), before))).changed


def test_calls_of_another_tool_for_several_samples_stay_with_theirs() -> None:
    (case,) = (case for case in cases() if case.name == "three-samples")
    calls = b"sample\tgene\tdiplotype\nGOLDEN-1\tCYP2D6\t*1/*4\nGOLDEN-2\tCYP2D6\t*4/*4x2\nGOLDEN-3\tHLA-B\t*15:02/*07:02\n"
    for report in annotate(case.source, outside_calls=calls, service=bundled()):
        assert report.basis is not None
        assert len(report.basis.outside_calls) == 1
        before = old(to_json(report))
        assert not compare(before, as_old(reannotate(bundled(), before))).changed


@pytest.mark.parametrize("genes", [{}, 1, "x", [None], [{"gene": []}], [{"unseen_sites": [{"site": [], "state": {}}]}]], ids=str)
def test_lists_of_odd_shapes_are_refused_or_let_be(genes: object) -> None:
    for content in (golden("poor")[0], OLD_SCHEMA.read_bytes()):
        before = old(changed(content, genes=genes, software={"name": "trdpgx", "version": "0.0.9"}))
        with suppress(InputError):
            compare(before, as_old(reannotate(bundled(), before)))
