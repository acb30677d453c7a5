"""What would settle what is open: each question is asked where it is open, of the test that answers it, with the drugs that wait."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from trdpgx import Options, Service, annotate
from trdpgx.model.options import AbsentOption
from trdpgx.model.report import Report
from trdpgx.model.summary import SettleReport

GOLDEN = Path(__file__).parents[1] / "cases" / "golden"
HEADER = "gene\tdiplotype\tphenotype\n"
ASSUMED = "Does {} have the reference base at the sites where that was assumed?"


def report_of(service: Service, case: str | None = None, outside: str = "", context: Mapping[str, object] | None = None) -> Report:
    source = GOLDEN / case / "input.vcf" if case else None
    calls = (HEADER + outside).encode() if outside else None
    (report,) = annotate(source, options=Options(), outside_calls=calls, context=context, service=service)
    return report


def questions(report: Report) -> dict[str, SettleReport]:
    assert report.summary is not None
    asked = {one.question: one for one in report.summary.settle}
    assert len(asked) == len(report.summary.settle)
    return asked


def test_an_assumed_gene_is_asked_about_with_the_drugs_that_wait_for_it(service: Service) -> None:
    (report,) = annotate(GOLDEN / "open" / "input.vcf", options=Options(absent=AbsentOption.REFERENCE), service=service)
    asked = questions(report)
    assert {gene.gene for gene in report.genes if gene.assumed} == {"CYP2D6", "CYP2B6", "CYP2C9"}
    assert asked[ASSUMED.format("CYP2C9")].drugs == ("celecoxib",)
    assert asked[ASSUMED.format("CYP2C9")].test == "A file with these sites, or a star-allele test, sent along (outside call)."
    assert {"venlafaxine", "atomoxetine"} <= set(asked[ASSUMED.format("CYP2D6")].drugs)
    assert {"sertraline", "bupropion"} <= set(asked[ASSUMED.format("CYP2B6")].drugs)
    assert "rs4680" in asked["Which genotypes do the variants that were studied with resistance have?"].test


def test_an_assumed_gene_without_advice_is_asked_about_without_drugs(service: Service) -> None:
    (report,) = annotate(GOLDEN / "absent-reference" / "input.vcf", options=Options(absent=AbsentOption.REFERENCE), service=service)
    assert "CYP3A5" in {gene.gene for gene in report.genes if gene.assumed}
    question = f"{ASSUMED.format('CYP3A5')} No advice on a drug here depends on it."
    assert questions(report)[question].drugs == ()
    assert not any("assumed?" in question for question in questions(report_of(service, "open")))


@pytest.mark.parametrize(
    ("results", "drugs"),
    [
        (("*15:02 positive", "*15:02 negative"), ("carbamazepine", "oxcarbazepine", "lamotrigine")),
        (("*15:11 positive", "*15:11 negative", "*15:02 negative"), ("carbamazepine",)),
        (("*15:02/*07:02", "*15:02 negative"), ("carbamazepine", "oxcarbazepine", "lamotrigine")),
        (("*15:02/*07:02", "*08:01/*07:02"), ("carbamazepine", "oxcarbazepine", "lamotrigine")),
        (("*15:02/*15:11", "*15:02/*07:02"), ("carbamazepine",)),
    ],
)
def test_a_disputed_hla_result_asks_for_a_typing_and_names_its_drugs(
    results: tuple[str, ...], drugs: tuple[str, ...], service: Service
) -> None:
    asked = questions(report_of(service, outside="".join(f"HLA-B\t{result}\t\n" for result in results)))
    one = asked["Which result of HLA-B is right?"]
    assert one.test == "An HLA typing, read beside the results that disagree."
    assert one.drugs == drugs


def test_results_of_hla_that_differ_where_no_rule_asks_have_no_drug(service: Service) -> None:
    asked = questions(report_of(service, outside="HLA-B\t*13:01/*07:02\t\nHLA-B\t*08:01/*07:02\t\n"))
    assert asked["Which result of HLA-B is right? No advice on a drug here depends on it."].drugs == ()
    agreed = questions(report_of(service, outside="HLA-B\t*15:02 positive\t\nHLA-B\t*15:11 negative\t\n"))
    assert not any("Which result of HLA-B" in question for question in agreed)


def test_a_disputed_star_allele_gene_asks_for_a_test_of_star_alleles(service: Service) -> None:
    one = questions(report_of(service, "met", "CYP2D6\t*1/*4\t\n"))["Which result of CYP2D6 is right?"]
    assert one.test.startswith("A validated test of star alleles, with copy number")
    assert "venlafaxine" in one.drugs


def test_a_stated_phenotype_that_its_alleles_do_not_make_is_asked_about(service: Service) -> None:
    one = questions(report_of(service, outside="CYP2D6\t*1/*4\tPoor Metabolizer\n"))["Which result of CYP2D6 is right?"]
    assert one.drugs[:2] == ("thioridazine", "venlafaxine")  # FDA rules thioridazine out for the phenotype that was stated
    agreed = questions(report_of(service, outside="CYP2D6\t*1/*4\tIntermediate Metabolizer\n"))
    assert not any("Which result" in question for question in agreed)


def test_results_of_a_gene_that_only_other_tools_have_are_asked_about_where_they_differ(service: Service) -> None:
    report = report_of(service, outside="SLC6A4\tL/S\t\nSLC6A4\tL/L\t\n")
    one = questions(report)["Which result of SLC6A4 is right?"]
    assert one.test == "A validated test of SLC6A4, read beside the results that disagree."
    assert one.drugs
    assert "Which result of SLC6A4 is right?" not in questions(report_of(service, outside="SLC6A4\tL/S\t\n"))


@pytest.mark.parametrize(
    ("case", "outside", "about"),
    [
        ("variants-only", "", "CYP2D6 *1/*4 (Intermediate Metabolizer)"),
        ("cnv", "", "CYP2D6 *1/*4x2 (Intermediate Metabolizer)"),
        ("met", "CYP2D6\t*1/*4\t\n", "CYP2D6 *1/*4 (Intermediate Metabolizer)"),
        ("outside-conflicts", "", None),
        (None, "CYP2D6\t\tIntermediate Metabolizer\n", None),
    ],
)
def test_a_reading_of_one_result_states_that_a_test_can_show_another(
    case: str | None, outside: str, about: str | None, service: Service
) -> None:
    one = questions(report_of(service, case, outside))["Does FDA rule out thioridazine by genotype?"]
    both = "No test of the genome: its words have two readings."
    more = f" They are about {about}; a test of CYP2D6 can still show another result, for which they need not matter."
    assert one.test == (f"{both}{more}" if about else both)


def level(value: float, **sampled: object) -> dict[str, object]:
    trial = {"drug": "nortriptyline", "dose_max": 75, "weeks": 8, "improvement_percent": 10, "plasma_level": {"value": value, **sampled}}
    return {"as_of": "2026-11-01", "current_drugs": [{"drug": "nortriptyline"}], "trials": [trial]}


@pytest.mark.parametrize(
    ("sampled", "why"),
    [
        ({"unit": "ng/mL", "trough": False, "steady_state": True}, "it was not a trough"),
        ({"unit": "ng/mL", "trough": True}, "steady state is not stated"),
        ({"unit": "mmol/L", "trough": True, "steady_state": True}, "mmol/L cannot be compared with ng/mL here"),
        ({"unit": "ng/mL", "trough": True, "steady_state": True}, None),
    ],
)
def test_a_level_that_could_not_be_judged_is_asked_for_again(sampled: dict[str, object], why: str | None, service: Service) -> None:
    # 160 is within one range and above the other: no word, and yet both judge it
    asked = questions(report_of(service, "poor", context=level(160, **sampled)))
    levels = {question: one.drugs for question, one in asked.items() if "blood level" in question}
    question = f"What is the blood level of nortriptyline? The one that was stated could not be judged: {why}."
    assert levels == ({question: ("nortriptyline",)} if why else {})


def test_a_level_that_was_not_stated_is_asked_for(service: Service) -> None:
    context = {"as_of": "2026-11-01", "current_drugs": [{"drug": "nortriptyline"}]}
    assert questions(report_of(service, "poor", context=context))["What is the blood level of nortriptyline?"].drugs == ("nortriptyline",)


def test_drugs_that_a_source_speaks_against_stand_first(service: Service) -> None:
    asked = questions(report_of(service, "cnv"))
    drugs = asked["Which diplotype of CYP2D6 is right?"].drugs
    against = service.knowledge.rulebook.advised_against_by_gene["CYP2D6"]
    # here venlafaxine is advised against and thioridazine may be ruled out for one of the diplotypes
    assert drugs[:2] == ("venlafaxine", "thioridazine")
    assert set(drugs[: len(against)]) == set(against)
    assert len(set(drugs)) == len(drugs) > 30
    assert asked["How many copies of CYP2C19 are there, and is one a hybrid?"].drugs[0] == "escitalopram"
    assert asked["Is HLA-B*15:02 carried?"].drugs == ("carbamazepine", "oxcarbazepine", "lamotrigine")
