"""What contradicts each other: figures of sources that differ."""

from pathlib import Path

import pytest

from tests.golden.cases import Case, cases
from tests.report.facts import flat
from trdpgx import Service, annotate
from trdpgx.model.composed import PartKind
from trdpgx.model.rule import Direction
from trdpgx.reasoning.directions import CHANGING
from trdpgx.report.grouping import alike, anything_seen, contradictions, drug_sections, noted
from trdpgx.report.html.page import render
from trdpgx.report.names_apart import no_change_names
from trdpgx.report.text.report import to_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


@pytest.mark.parametrize(
    ("drug", "parts"),
    [
        (
            "pimozide",
            [
                "the highest dose differ",
                "DPWG 2023: 10 mg a day",
                "FDA, Section 1: 4 mg a day",
                "; the lower of them is that of FDA",
            ],
        ),
        ("atomoxetine", ["the same starting dose and differ in the times until it is raised", "not before 2 weeks", "after 4 weeks"]),
        ("nortriptyline", ["the maintenance dose differ: CPIC 2016: 50% of the usual dose", "DPWG 2026: 40% of the usual dose"]),
        ("citalopram", ["the highest dose differ", "8 mg as drops from 65 years on", "FDA, Section 1: 20 mg a day"]),
        ("brexpiprazole", None),
    ],
)
def test_figures_that_differ_are_named_with_their_considerations(service: Service, drug: str, parts: list[str] | None) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    found = [
        (text, ids)
        for subject, text, ids in contradictions(report)
        if subject == drug and text.startswith(("The figures that sources state", "Sources state the same"))
    ]
    if parts is None:
        assert found == []
        return
    ((text, ids),) = found
    assert all(part in text for part in parts)
    sources = {one.source.name for one in report.considerations if one.id in ids}
    assert len(sources) == len(ids) > 1


def test_drugs_with_the_same_text_stand_together_and_studies_with_what_they_report(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "met").reports(service)
    assert report.summary is not None
    rows = alike(report.summary.drugs.not_covered)
    assert len({drug.text for _, drug in rows}) == len(rows)
    assert [name for names, _ in rows for name in names] != []
    assert sum(len(names) for names, _ in rows) == len(report.summary.drugs.not_covered)
    claims = [text for subject, text, _ in contradictions(report) if subject.startswith("Studies of BDNF") and "ketamine" in subject]
    assert claims
    assert all(text.startswith("Carriers of the BDNF Met allele") and "Laje 2012, N=62" in text for text in claims), claims


def test_a_sentence_that_may_rule_a_drug_out_is_among_the_contradictions(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "outside-agrees").reports(service)
    assert any(subject == "thioridazine" and "ClinPGx" in text for subject, text, _ in contradictions(report))


def test_nothing_stands_out_only_where_something_was_seen(service: Service) -> None:
    seen = {case.name: [anything_seen(report) for report in case.reports(service)] for case in cases() if case.name in {"met", "nothing"}}
    assert seen == {"met": [True], "nothing": [False]}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_heading_of_every_section_is_true_of_its_drugs(case: Case, service: Service) -> None:
    for report in case.reports(service):
        assert report.summary is not None
        by_id = {one.id: one for one in report.considerations}
        sections = {one.key: one.drugs for one in drug_sections(report, report.summary)}
        named = [drug.name for drugs in sections.values() for drug in drugs]
        assert sorted(named) == sorted(drug.name for _, drugs in report.summary.drugs for drug in drugs)
        for key, drugs in sections.items():
            for drug in drugs:
                behind = [by_id[identity] for identity in drug.considerations]
                against = [one.id for one in behind if one.conversion is None and one.action.against]
                under_current = [one for one in report.considerations if drug.name in one.drugs and one.conversion is not None]
                directions = {direction for one in (*behind, *under_current) for direction in one.action.directions}
                assert not against or key in {"ruled_out", "ruled_out_unsure", "against_by_conversion", "may_be_ruled_out"}, drug.name
                if key in {"ruled_out", "ruled_out_unsure"}:
                    ruling = {gene for one in behind if one.basis.holds_for == "all" for gene in one.genes}
                    unsure = {gene.gene for gene in report.genes if gene.assumed or gene.is_disputed}
                    assert not ruling.isdisjoint(unsure) if key == "ruled_out_unsure" else ruling - unsure, drug.name
                if key == "against_by_conversion":
                    assert any(one.action.against for one in under_current), drug.name
                if key in {"change_considered", "may_be_ruled_out"}:
                    assert directions & CHANGING, drug.name
                if key in {"only_later", "no_change_unsure"}:
                    assert not directions & CHANGING, drug.name
                    by_genotype = {direction for one in behind for direction in one.action.directions}
                    assert (Direction.NONE in by_genotype) is (key == "only_later"), drug.name


def test_a_drug_that_a_source_speaks_against_under_current_drugs_alone_stands_apart(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "clinical").reports(service)
    assert report.summary is not None
    sections = {one.key: [drug.name for drug in one.drugs] for one in drug_sections(report, report.summary)}
    assert sections["against_by_conversion"] == ["thioridazine", "nortriptyline", "desipramine"]
    assert "thioridazine" not in {*sections["ruled_out"], *sections["change_considered"]}


def test_a_drug_that_may_be_ruled_out_stands_apart_with_the_reason(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "outside-agrees").reports(service)
    assert report.summary is not None
    sections = {one.key: {drug.name: drug.text for drug in one.drugs} for one in drug_sections(report, report.summary)}
    assert "by one reading" in sections["may_be_ruled_out"]["thioridazine"]
    assert {"citalopram", "escitalopram", "atomoxetine"} <= sections["only_later"].keys()


@pytest.mark.parametrize(
    ("case", "parts"),
    [
        ("met", {"": ["nortriptyline", "paroxetine"], "By CYP2D6 alone, CYP2C19 not seen: ": ["amitriptyline", "trimipramine"]}),
        (
            "clinical",
            {"": ["mirtazapine"], "By CYP2D6 alone, CYP3A4 not seen: ": ["quetiapine"], "All the same": ["duloxetine", "moclobemide"]},
        ),
    ],
)
def test_a_drug_without_a_change_stands_apart_where_something_else_limits_it(
    service: Service, case: str, parts: dict[str, list[str]]
) -> None:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    assert report.summary is not None
    drugs = report.summary.drugs.no_change
    sentences = no_change_names(report, {drug.name: drug.name for drug in drugs}).split(". ")
    assert len(sentences) == len(parts)
    for sentence, (lead, names) in zip(sentences, parts.items(), strict=True):
        assert sentence.startswith(lead)
        listed = sentence.rpartition(": ")[2].split("; ")
        assert set(names) <= set(listed)
    assert sum(len(sentence.split("; ")) for sentence in sentences) == len(drugs)


@pytest.mark.parametrize(
    ("drug", "note"),
    [
        ("aripiprazole", "studies: 1.48 times the usual levels, Poor Metabolizers included"),
        ("risperidone", "studies: 1.36 times the usual levels, Poor Metabolizers included"),
        ("mirtazapine", "in part not verified; studies: 1.14 times the usual levels, preliminary"),
        ("vortioxetine", "higher levels expected"),
        ("duloxetine", "not verified"),
        ("olanzapine", None),
    ],
)
def test_levels_stand_at_the_name_of_a_drug_without_a_change(service: Service, drug: str, note: str | None) -> None:
    (plain,) = annotate(EXAMPLE, service=service)
    assert plain.summary is not None
    written = noted(plain.summary.drugs.no_change, plain.considerations)[drug]
    assert written == (f"{drug}* ({note})" if note else f"{drug}*")
    line = flat(to_text(plain)).partition("No change asked for (")[2].partition("No advice follows")[0]
    html = render([plain], service.knowledge.rulebook.actions)
    closed = html.partition("No change asked for (")[2].partition("</summary>")[0]
    assert written in closed
    levels = (note or "").removeprefix("in part not verified; ")
    # a short text has the limits of a headline instead, "DPWG grades it as no action, not verified"
    assert f"{drug}* (" in line if note else f"{drug}*;" in line
    assert levels in line
    for text in (line, closed):
        assert text.startswith("13), which is no all-clear: ")


def test_what_is_stated_under_current_drugs_goes_first_where_it_is_graver(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "clinical").reports(service)
    assert report.summary is not None
    rows = {drug.name: drug.parts for _, drugs in report.summary.drugs for drug in drugs}
    # what is stated beside what is taken goes before everything else
    assert [name for name, parts in rows.items() if PartKind.BESIDE in [part.kind for part in parts if part.text][1:]] == []
    stated = {name: [part.kind for part in parts if part.kind is not PartKind.BESIDE] for name, parts in rows.items() if parts}
    first = {name: kinds[0] for name, kinds in stated.items() if kinds}
    assert {name for name, kind in first.items() if kind is PartKind.CONVERTED} >= {"thioridazine", "nortriptyline", "desipramine"}
    assert first["amitriptyline"] is not PartKind.CONVERTED  # as grave by genotype
    standing = " ".join(one.text for one in report.summary.attention)
    assert "Ruled out under current drugs, by a convention and no guideline advice: thioridazine (FDA, QT interval)." in standing
    assert "Advised against under current drugs, by a convention and no guideline advice: nortriptyline (CPIC, Strong);" in standing
    assert "Nortriptyline, taken now: Under current drugs" in standing
    assert "over 250 ng/mL is toxic" in standing
    assert "Trial first (escitalopram) may not show resistance: stopped for intolerance." in standing


def test_a_weak_finding_states_how_weak_it_is_and_a_call_without_advice_what_it_is(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "met").reports(service)
    text = " ".join(to_text(report).split())
    assert "ketamine (BDNF, a weaker response reported, but studies disagree)" in text
    assert "rTMS (BDNF, a weaker response reported, preliminary)" in text
    assert "together with HTR1A G/G" in text
    texts = {one.name: one.text for one in report.looked_at}
    assert "For CYP2D6 Normal Metabolizer no source has advice on this drug" in texts["pimozide"]


def test_every_difference_of_sources_names_considerations_of_each_that_differs(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    by_id = {one.id: one for one in report.considerations}
    differing = [(subject, ids) for subject, text, ids in contradictions(report) if text.startswith("The sources differ")]
    assert differing
    for subject, ids in differing:
        assert len({by_id[identity].source.name for identity in ids}) > 1, subject


def test_a_drug_that_a_missing_test_decides_on_is_a_section_of_its_own(service: Service) -> None:
    for case in cases():
        for report in case.reports(service)[:1]:
            assert report.summary is not None
            sections = {one.key: [drug.name for drug in one.drugs] for one in drug_sections(report, report.summary)}
            decided = {one.name for one in report.looked_at if one.reason in {"not_tested", "by_diagnosis"}}
            assert decided & {drug.name for drug in report.summary.drugs.not_covered} == set(sections.get("not_tested", ()))
            keys = list(sections)
            assert "not_tested" not in keys or keys.index("not_tested") <= 3
    assert "valproic acid" in sections["not_tested"]
