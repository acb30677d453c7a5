"""Where results of a gene contradict each other, what the one that is not reported would mean is worked out."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.golden.cases import cases
from tests.golden.summaries import drug_texts
from tests.report.pages import page_of
from trdpgx import Report, Service, annotate
from trdpgx.model.gene_report import GeneReport, OtherResult
from trdpgx.reasoning.other_results import ByOtherResult, Extent, by_other_results
from trdpgx.report.text.report import to_text

GOLDEN = Path(__file__).parents[1] / "cases" / "golden"
HEADER = "gene\tdiplotype\tphenotype\ttool\n"
TRICYCLICS = {"amitriptyline", "nortriptyline", "imipramine", "desipramine", "clomipramine", "doxepin", "trimipramine"}
POOR = {"ruled_out": {"thioridazine"}, "advised_against": {"venlafaxine", *TRICYCLICS}}
"""What sources speak against for CYP2D6 *4/*4 and not for *1/*1."""
BESIDE_CYP2C19 = {"ruled_out": {"thioridazine"}, "advised_against": {"venlafaxine", "nortriptyline", "desipramine"}}
"""The same beside CYP2C19 *2/*2, for which CPIC advises against the other tricyclics already."""
CARRIED = {"advised_against": {"carbamazepine", "oxcarbazepine"}, "change": {"lamotrigine"}}
RAPID = {"advised_against": TRICYCLICS, "change": {"paroxetine", "vortioxetine"}}


def report_of(service: Service, case: str | None, *calls: str) -> Report:
    source = GOLDEN / case / "input.vcf" if case else None
    text = HEADER + "".join(f"{call}\n" for call in calls)
    (report,) = annotate(source, outside_calls=text.encode(), service=service)
    return report


def worked_out(service: Service, report: Report) -> list[ByOtherResult]:
    return list(by_other_results(service.rules, report.genes, report.variants, report.considerations))


def graver(one: ByOtherResult) -> dict[str, set[str]]:
    """Return the drugs with which sources would go further for the other result, by how far."""
    return _by_gravity((found.other, found.drug) for found in one.differences or () if found.other < found.reported)


def less_grave(one: ByOtherResult) -> dict[str, set[str]]:
    return _by_gravity((found.reported, found.drug) for found in one.differences or () if found.other > found.reported)


def _by_gravity(drugs: object) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for extent, drug in drugs:  # type: ignore[attr-defined]
        found.setdefault(Extent(extent).name.lower(), set()).add(drug)
    return found


@pytest.mark.parametrize(
    ("case", "calls", "words", "differing"),
    [
        ("met", ["CYP2D6\t*4/*4\t\tT"], "*1/*1 (Normal Metabolizer)", ({}, POOR)),
        ("poor", ["CYP2D6\t*1/*1\t\tT"], "*4/*4 (Poor Metabolizer)", (BESIDE_CYP2C19, {})),
        ("poor", ["CYP2C19\t*1/*1\t\tT"], "*2/*2 (Poor Metabolizer)", ({"change": {"citalopram", "escitalopram"}}, {})),
        ("poor", ["CYP2D6\t\tNormal Metabolizer\tT"], "*4/*4 (Poor Metabolizer)", (BESIDE_CYP2C19, {})),
        ("met", ["CYP2D6\t*1/*1\t\tT", "CYP2D6\t\tPoor Metabolizer\tU"], "Poor Metabolizer", (POOR, {})),
        ("met", ["CYP2D6\t*1/*1\tPoor Metabolizer\tT"], "Poor Metabolizer", (POOR, {})),
        ("met", ["CYP2D6\t*1/*1\t\tT", "CYP2D6\t*4/*4\t\tU"], "*4/*4 (Poor Metabolizer)", (POOR, {})),
        (None, ["HLA-B\t*15:02 positive\t\tT", "HLA-B\t*15:02 negative\t\tU"], "*15:02 negative", ({}, CARRIED)),
        (None, ["HLA-B\t*15:02 positive\t\tT", "HLA-B\t*07:02/*08:01\t\tU"], "*07:02/*08:01", ({}, CARRIED)),
        (None, ["HLA-B\t*15:02 negative\t\tT", "HLA-B\t*15:02/*08:01\t\tU"], "*08:01 positive, *15:02 negative", ({}, CARRIED)),
    ],
)
def test_the_drugs_of_the_other_result(
    case: str | None, calls: list[str], words: str, differing: tuple[dict[str, set[str]], dict[str, set[str]]], service: Service
) -> None:
    (one,) = worked_out(service, report_of(service, case, *calls))
    assert one.other.words == words
    for drugs, wanted in zip((graver(one), less_grave(one)), differing, strict=True):
        against = {key: names for key, names in drugs.items() if key != "change"}
        assert against == {key: names for key, names in wanted.items() if key != "change"}
        assert drugs.get("change", set()) >= wanted.get("change", set())


def test_each_of_three_results_is_worked_out(service: Service) -> None:
    report = report_of(service, "met", "CYP2D6\t\tPoor Metabolizer\tT", "CYP2D6\t\tUltrarapid Metabolizer\tU")
    poor, rapid = worked_out(service, report)
    assert {key: names for key, names in graver(poor).items() if key != "change"} == POOR
    assert graver(rapid) == RAPID
    assert report.summary is not None
    text = report.summary.attention[0].text
    assert "Results contradict each other for CYP2D6" in text
    assert (
        "CYP2D6: If Poor Metabolizer, as T states it, is right, by genotype alone: a source would rule out thioridazine (FDA, QT interval)"
        in text
    )
    assert (
        "CYP2D6: If Ultrarapid Metabolizer, as U states it, is right, by genotype alone: a source would advise against amitriptyline"
        in text
    )


DIPLOTYPES = {
    "CYP2D6": ("*1/*1", "*1/*4", "*4/*4", "*1/*2x2", "*10/*41"),
    "CYP2C19": ("*1/*1", "*1/*17", "*17/*17", "*1/*2", "*2/*2"),
    "CYP2B6": ("*1/*1", "*6/*6", "*1/*4"),
}


def gene_of(report: Report, name: str) -> GeneReport:
    (gene,) = [gene for gene in report.genes if gene.gene == name]
    return gene


def against(report: Report) -> set[str]:
    return {drug for one in report.considerations if one.action.against and one.source.name != "research" for drug in one.drugs}


@pytest.mark.parametrize("gene", sorted(DIPLOTYPES))
def test_the_swapped_pair_gives_the_mirrored_lists_and_both_are_those_of_the_reports(gene: str, service: Service) -> None:
    reports = {name: report_of(service, "outside-agrees", f"{gene}\t{name}\t\tT") for name in DIPLOTYPES[gene]}
    found: dict[tuple[str, str], ByOtherResult] = {}
    for here, there in permutations(reports, 2):
        other = OtherResult("stated", "U", there, gene_of(reports[there], gene))
        genes = [one.copy_with().with_others((other,) if one.gene == gene else ()) for one in reports[here].genes]
        (found[here, there],) = by_other_results(service.rules, genes, reports[here].variants, reports[here].considerations)
    for (here, there), one in found.items():
        mirrored = {(change.other, change.reported, change.drug) for change in found[there, here].differences or ()}
        assert {(change.reported, change.other, change.drug) for change in one.differences or ()} == mirrored
        added = {change.drug for change in one.differences or () if change.other < Extent.CHANGE <= change.reported}
        assert added == against(reports[there]) - against(reports[here]), (here, there)
    assert any(one.differences for one in found.values())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("CYP2D6\tblah\t\tT", "blah"),
        ("CYP2D6\t\tLikely Poor Metabolizer\tT", "Likely Poor Metabolizer"),
        ("CYP2B6\t\tPoor Function\tT", "Poor Function"),
    ],
)
def test_what_cannot_be_interpreted_is_not_worked_out_and_the_report_states_it(call: str, words: str, service: Service) -> None:
    report = report_of(service, "poor", call)
    (one,) = worked_out(service, report)
    assert one.differences is None
    (gene,) = [gene for gene in report.genes if gene.gene == call.split("\t", maxsplit=1)[0]]
    (note,) = [note for note in gene.caveats if note.code == "other_result_not_worked_out"]
    assert note.text == f"What {words}, as T gives it, would mean for drugs was not worked out: this release cannot interpret it."
    assert " ".join(note.text.split()[:5]) in " ".join(to_text(report).split())


def test_an_unknown_allele_is_reported_and_the_result_of_the_file_is_worked_out(service: Service) -> None:
    (one,) = worked_out(service, report_of(service, "poor", "CYP2D6\t*1/*999\t\tT"))
    assert one.other.words == "*4/*4 (Poor Metabolizer)"
    assert graver(one)["ruled_out"] == {"thioridazine"}


def test_it_stands_out_and_at_the_gene_with_every_name(service: Service) -> None:
    report = report_of(service, "met", "CYP2D6\t*4/*4\t\tT")
    assert report.summary is not None
    text = report.summary.attention[0].text
    lead = (
        "If *1/*1 (Normal Metabolizer), as the genotypes of this file give it, is right, by genotype alone: "
        "no source would any longer rule out thioridazine; "
    )
    assert f"CYP2D6: {lead}" in text
    assert text.endswith("9 more. That clears no drug.")
    (gene,) = [one for one in report.genes if one.gene == "CYP2D6"]
    (note,) = [one for one in gene.caveats if one.code == "if_other_result"]
    assert note.text.startswith(lead)
    assert "dextromethorphan-quinidine" in note.text
    assert "dextromethorphan-quinidine" not in text
    (question,) = [one for one in report.summary.settle if one.question == "Which result of CYP2D6 is right?"]
    assert question.drugs[:2] == ("thioridazine", "venlafaxine")
    swapped = report_of(service, "poor", "CYP2D6\t*1/*1\t\tT")
    assert swapped.summary is not None
    (question,) = [one for one in swapped.summary.settle if one.question == "Which result of CYP2D6 is right?"]
    assert question.drugs[0] == "thioridazine"


def test_an_open_phenotype_is_named_so(service: Service) -> None:
    report = report_of(service, "variants-only", "CYP2D6\t*1/*1\t\tT")
    (gene,) = [one for one in report.genes if one.gene == "CYP2D6"]
    (note,) = [one for one in gene.caveats if one.code == "if_other_result"]
    assert "its phenotype is open" in note.text


@pytest.mark.parametrize("case", ["poor", "outside-agrees", "cnv", "open"])
def test_nothing_is_worked_out_where_nothing_is_disputed(case: str, service: Service) -> None:
    (report,) = annotate(GOLDEN / case / "input.vcf", service=service)
    assert worked_out(service, report) == []


def test_each_drug_states_what_the_other_result_would_mean_and_by_whom(service: Service) -> None:
    (report,) = next(case for case in cases() if case.name == "outside-conflicts").reports(service)
    assert report.summary is not None
    texts = drug_texts(report)
    lead = "If *1/*4 (Intermediate Metabolizer), as the genotypes of this file give it, is right, by genotype alone: "
    assert f"{lead}the drug would be advised against by DPWG." in texts["venlafaxine"]
    assert f"{lead}the drug would be ruled out by one reading of FDA, QT interval." in texts["thioridazine"]
    assert f"{lead}another dose, another drug or closer watching would be considered by " in texts["pimozide"]
    (standing,) = [one.text for one in report.summary.attention if "a source would advise against" in one.text]
    assert "a source would advise against venlafaxine (DPWG); a source would, by one reading, rule out thioridazine (FDA, QT" in standing
    page = " ".join(page_of([report]).split())
    assert "Of these a source would go further if a result is right that contradicts the reported one: thioridazine" in page
    assert '<span class="tag">disputed: see below</span>' in page
