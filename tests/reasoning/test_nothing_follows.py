"""What nothing follows of is in every report with its reason: silence would read as a finding."""

from functools import reduce

import pytest

from tests.golden.cases import cases
from trdpgx import Options, Report, Service, annotate

CASES = {case.name: case for case in cases()}


def reasons(report: Report, kind: str) -> dict[str, str]:
    return {one.name: one.reason for one in report.looked_at if one.kind == kind}


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_drug_and_gene_has_a_consideration_or_a_reason(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    listed = {one.name for one in report.looked_at if one.kind in {"drug", "therapy"}}
    concerned = {drug for one in report.considerations for drug in one.drugs}
    assert listed.isdisjoint(concerned)
    assert listed | concerned >= {drug.name for drug in service.knowledge.rulebook.drugs.values()}
    genes = {one.name for one in report.looked_at if one.kind == "gene"} | {gene for one in report.considerations for gene in one.genes}
    assert genes >= {gene.gene for gene in report.genes} | {variant.gene for variant in report.variants}
    entries = {one.entry for one in report.looked_at if one.kind in {"gene", "variant"}}
    assert entries >= {entry.id for entry in service.knowledge.rulebook.entries if entry.genes or entry.variants}
    assert all(one.text.strip() for one in report.looked_at)
    calls = [f"{gene.gene} {gene.phenotype.term}" for gene in report.genes if gene.phenotype and not (gene.assumed or gene.is_disputed)]
    without_calls = [reduce(lambda text, call: text.replace(call, ""), calls, one.text) for one in report.looked_at]
    assert not any("normal" in text.lower() for text in without_calls)


def test_the_summary_has_the_drugs_with_the_same_reasons(service: Service) -> None:
    for name in ("poor", "nothing", "rare"):
        report = CASES[name].reports(service)[0]
        assert report.summary is not None
        texts = {one.name: one.text for one in report.looked_at if one.kind in {"drug", "therapy"}}
        covered = {one.name: one.text for one in report.summary.drugs.not_covered}
        assert {name: covered[name] for name in texts} == texts


def test_the_reason_is_the_one_that_holds_for_this_file(service: Service) -> None:
    poor, nothing = (CASES[name].reports(service)[0] for name in ("poor", "nothing"))
    assert reasons(poor, "drug")["trazodone"] == "no_guideline"
    assert reasons(poor, "drug")["carbamazepine"] == "not_tested"
    assert reasons(poor, "therapy")["VNS"] == "no_genetic_claim"
    assert reasons(poor, "variant")["rs10245483"] == "no_position"
    assert reasons(poor, "test")["HLA-B*15:02"] == "not_tested"
    assert reasons(poor, "test")["copy number of CYP2D6"] == "not_assessed"
    assert reasons(nothing, "drug")["citalopram"] == "not_seen"
    assert reasons(nothing, "gene")["CYP2D6"] == "not_seen"
    assert "copy number of CYP2D6" not in reasons(nothing, "test")


def test_an_allele_that_was_tested_is_not_listed_as_missing(service: Service) -> None:
    (report,) = annotate(CASES["poor"].source, outside_calls=b"HLA-B\t*15:02 negative\n", service=service)
    tests = reasons(report, "test")
    assert "HLA-B*15:02" not in tests
    assert tests["HLA-B*15:11"] == "not_tested"
    carbamazepine = next(one.text for one in report.looked_at if one.name == "carbamazepine")
    assert "15:02" not in carbamazepine
    assert "HLA-A*31:01" in carbamazepine


def test_a_filter_cuts_it_to_what_was_asked_for(service: Service) -> None:
    (report,) = annotate(CASES["poor"].source, options=Options(drug=("lithium",)), service=service)
    assert {one.name for one in report.looked_at if one.kind == "drug"} <= {"lithium"}
    assert all("lithium" in one.drugs for one in report.looked_at)


def test_a_drug_names_the_genes_of_its_rules_that_were_not_seen_and_waits_for_them(service: Service) -> None:
    report = CASES["met"].reports(service)[0]
    assert report.summary is not None
    headlines = {drug.name: drug for drug in report.drugs}
    for name, gene in (
        ("citalopram", "CYP2C19"),
        ("sertraline", "CYP2B6"),
        ("amitriptyline", "CYP2C19"),
        ("ketamine", "CYP2B6"),
        ("ECT", "GRIK4"),
    ):
        assert gene in headlines[name].not_seen
        assert gene in headlines[name].headline.partition("Not seen: ")[2]
    assert "CYP2C19, on which advice of guidelines or labels on this drug also rests" in headlines["citalopram"].headline
    assert "CYP2B6, which only research findings use here" in headlines["ketamine"].headline
    assert "CYP2C19 not seen, CYP2D6" in headlines["amitriptyline"].headline
    waiting = {one.gene: set(one.drugs) for one in report.summary.settle if one.gene or "diplotypes" in one.question}
    assert {"moclobemide", "diazepam", "amitriptyline", "citalopram"} <= waiting["CYP2C19"]
    assert waiting["CYP2C9"] == {"celecoxib"}
    assert "bupropion" in waiting["CYP2B6"]
    assert waiting[None] == set()
    assert {"amitriptyline", "aripiprazole"} <= waiting["CYP2D6"]
    # a rule that holds for any result waits for none
    assert waiting["CYP2D6"].isdisjoint({"citalopram", "escitalopram", "sertraline"})
    texts = {one.name: one.text for one in report.looked_at if one.kind == "drug"}
    assert "BDNF: read, and no source here has advice" in texts["lithium"]
    assert "Nothing was seen of GSK3B, GADL1 and NTRK2" in texts["lithium"]


def test_no_question_of_copies_where_they_would_change_nothing(service: Service) -> None:
    report = CASES["poor"].reports(service)[0]
    assert report.summary is not None
    questions = [one.gene for one in report.summary.settle if one.question.startswith("How many copies")]
    assert questions == ["CYP2B6"]
    words = {gene.gene: gene.text for gene in report.summary.genes}
    assert "which would change nothing here" in words["CYP2C19"]
    assert "which would change nothing here" in words["CYP2D6"]
    assert "which would change nothing here" not in words["CYP2B6"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_advice_waits_for_no_gene_that_only_findings_use(name: str, service: Service) -> None:
    report = CASES[name].reports(service)[0]
    advised = {
        (drug, gene)
        for rule in service.knowledge.rulebook.rules
        if rule.source.name != "research" and rule.verdict == "advice"
        for drug in rule.drugs
        for gene in rule.genes
    }
    for drug in report.drugs:
        _, _, after = drug.headline.partition("Not seen: ")
        resting = [gene for gene in drug.not_seen if (drug.name, gene) in advised]
        assert ("on this drug also rests" in after) == bool(resting), drug.name
        assert ("which only research findings use here" in after) == (len(resting) < len(drug.not_seen)), drug.name
    for one in report.looked_at:
        if one.kind in {"drug", "therapy"} and "about this drug" in one.text:
            assert one.kind == "drug", one.text
        if "Nothing was seen of" in one.text and not any(drug == one.name for drug, _ in advised):
            assert "carries no advice" in one.text, one.text
            assert "on which" not in one.text, one.text
