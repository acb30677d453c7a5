"""Outside calls from their file to the text report: a conflict, a tool's own doubt, results that are none, and HLA tests."""

import io

import pytest

from tests.calling.test_outside import FORMS
from tests.pipeline.genefile import Writer
from tests.pipeline.reports import gene_of
from trdpgx import Service, annotate
from trdpgx.model.drug_report import Certainty, DrugReport
from trdpgx.model.genome import Assembly
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.report.text.report import to_text


def report(service: Service, calls: str, assembly: Assembly = Assembly.GRCH38) -> Report:
    """Return the report of a person who is CYP2D6 *1/*1 by the file, with outside calls."""
    vcf = Writer(service, assembly, "CYP2D6").vcf({"sites": {}, "sample": "S"})
    (made,) = annotate(io.BytesIO(vcf), outside_calls=calls.encode(), service=service)
    return made


def drug(made: Report, name: str) -> DrugReport:
    return next(drug for drug in made.drugs if drug.name == name)


def plain(made: Report) -> str:
    """Return the text report on one line, so that where its lines end does not matter."""
    return " ".join(to_text(made).split())


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_conflict_and_the_tools_own_doubt_reach_every_format(service: Service, assembly: Assembly) -> None:
    made = report(service, "Sample\tGenotype\tFilter\nS\t*10/*36x4\tLowQ_high_CN\n", assembly)
    called = gene_of(made, "CYP2D6")
    assert [diplotype.name for diplotype in called.diplotypes] == ["*10/*36x4"]
    notes = {note.code: note.text for note in called.caveats}
    assert (
        notes["outside_call_conflict"] == "Cyrius calls *10/*36x4; the genotypes of this file give *1/*1. The call of Cyrius is reported."
    )
    assert "LowQ_high_CN" in notes["outside_quality_flag"]
    text = plain(made)
    assert f"! {notes['outside_call_conflict']}" in text
    assert "LowQ_high_CN" in text
    for name in ("citalopram", "paroxetine", "nortriptyline"):
        assert drug(made, name).certainty is Certainty.DISPUTED
        assert "contradict each other" in drug(made, name).headline
        assert not drug(made, name).headline.startswith("No change")


@pytest.mark.parametrize("result", ["NO_READS/NO_READS", "?/?", "Missing/Missing", "*1/None", "", "Foo/Bar", "*4"])
def test_what_is_no_call_does_not_displace_the_files_own(service: Service, result: str) -> None:
    alone = gene_of(report(service, "gene\tdiplotype\nHLA-A\t*31:01 negative\n"), "CYP2D6")
    called = gene_of(report(service, f"gene\tdiplotype\ttool\nCYP2D6\t{result}\tStarPhase\n"), "CYP2D6")
    assert called.model_copy(update={"caveats": ()}) == alone.model_copy(update={"caveats": ()})
    (note, *rest) = called.caveats
    assert note.code in {"outside_no_call", "outside_result_unreadable"}
    assert "StarPhase" in note.text
    assert tuple(one for one in rest if one.code != "other_result_not_worked_out") == alone.caveats


UNREADABLE = (
    "*3,*4; *1/*4;*1/*10; *4/; /*4; *4/*5/*6; CYP2D6*4/*5/*6; *4; *4 and *5; 4/5; *4-*5; *4/*4/; hom *4; *4+*5; *4//*5; *4/*5 ?; PM; 1/1; "
    "A/G; *4/rs3892097; CYP2C19*2/*2; *4/*foo; *4/*4*5; del/*4; *1/*1/*4; *4:*4; *4/None; ?/*4; *4/*5 or *1/*4; Poor; *1/*1 (low)"
)


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_be_read_weakens_every_headline_on_the_gene(service: Service, form: str) -> None:
    """The file states *1/*1; what another tool states may contradict it, and nobody knows."""
    for result in UNREADABLE.split("; "):
        calls = FORMS[form].format(result).replace("S1\t*1/*5", "T\t*1/*5").replace("S1", "S").replace("S2", "S")
        try:
            made = report(service, calls)
        except InputError:
            assert form == "stellarpgx_summary", "only this format is reported by its results"
            continue
        called = gene_of(made, "CYP2D6")
        assert {"outside_result_unreadable", "outside_calls_differ"} & {note.code for note in called.caveats}, result
        for name in ("paroxetine", "nortriptyline"):
            assert drug(made, name).certainty is Certainty.DISPUTED, (result, drug(made, name).headline)
            assert not drug(made, name).headline.startswith("No change"), result
        assert "could not be read" in plain(made) or called.source != "vcf", result


def test_a_phenotype_that_the_alleles_do_not_make_weakens_the_headline(service: Service) -> None:
    for fields in ("*1/*1\tPoor Metabolizer", "*1/*1\t\t0.0"):
        assert drug(report(service, f"CYP2D6\t{fields}\n"), "paroxetine").certainty is Certainty.DISPUTED
    assert drug(report(service, "CYP2D6\t*1/*1\tNormal Metabolizer\t2.0\n"), "paroxetine").certainty is not Certainty.DISPUTED


CARBAMAZEPINE = {"cpic-2017-carbamazepine-hla-b-15-02", "cpic-2017-oxcarbazepine-hla-b-15-02"}
USUAL = "cpic-2017-carbamazepine-neither"


@pytest.mark.parametrize(
    "calls",
    [
        "HLA-B*15:02\tpositive\n",
        "HLA-B\t*15:02 positive\n",
        "HLA-B\t\tHLA-B*15:02 present\n",
        "hla-b\tB*1502: +\n",
        "HLA-B\tHLA-B*15:02:01/HLA-B*40:01:02\n",
        "HLA-B\t*15:02/NO_READS\n",
        "HLA-B*15:02\tpositive\nHLA-B*15:11\tnegative\nHLA-A*31:01\tnegative\n",
        "HLA-B*15:02\tnegative\nHLA-B*15:02\tpositive\nHLA-A*31:01\tnegative\n",
        "HLA-B\t*07:02/*40:01\nHLA-B*15:02\tpositive\nHLA-A*31:01\tnegative\n",
        '{"pbstarphase_version": "2", "gene_details": {"HLA-B": {"diplotypes": [{"hap1": "15:02:01", "hap2": "40:01:02"}]}}}',
    ],
)
def test_a_carrier_of_hla_b_15_02_is_warned_however_it_is_written(service: Service, calls: str) -> None:
    made = report(service, calls)
    raised = {consideration.rule_id for consideration in made.considerations}
    assert raised >= CARBAMAZEPINE
    assert USUAL not in raised
    assert "CPIC 2017, Strong (HLA-B) advises against the drug." in drug(made, "carbamazepine").headline
    assert "*15:02" in plain(made)


@pytest.mark.parametrize(
    "calls",
    [
        "HLA-B*15:02\tnegative\nHLA-A*31:01\tabsent\n",
        "HLA-B\t*15:02 negative; *15:11 negative\nHLA-A\t*31:01 not detected\n",
        "HLA-B\tHLA-B*07:02/HLA-B*40:01\nHLA-A\t*01:01/*03:01\n",
    ],
)
def test_negative_tests_together_are_the_usual_risk(service: Service, calls: str) -> None:
    made = report(service, calls)
    raised = {consideration.rule_id for consideration in made.considerations}
    assert USUAL in raised
    assert not raised & CARBAMAZEPINE
    assert {note.code for name in ("HLA-A", "HLA-B") for note in gene_of(made, name).caveats} == set()
    assert gene_of(made, "HLA-B").status == "called"


@pytest.mark.parametrize(
    "calls",
    [
        "HLA-B\t*15/*40\nHLA-A*31:01\tnegative\n",
        "HLA-B\t*07:02\nHLA-A*31:01\tnegative\n",
        "HLA-B\tNO_READS/NO_READS\nHLA-A*31:01\tnegative\n",
        "HLA-B\t*15:02\t-\nHLA-A*31:01\tnegative\n",
        "HLA-B*15:11\tnegative\nHLA-A*31:01\tnegative\n",
        "HLA-B\tB75/B62\nHLA-A*31:01\tnegative\n",
    ],
)
def test_what_does_not_exclude_an_hla_allele_clears_no_drug(service: Service, calls: str) -> None:
    made = report(service, calls)
    assert USUAL not in {consideration.rule_id for consideration in made.considerations}


@pytest.mark.parametrize("stated", ["Likely Poor Metabolizer", "Rapid Metabolizer", "Possible Intermediate Metabolizer"])
def test_a_phenotype_that_the_gene_does_not_have_clears_no_drug(service: Service, stated: str) -> None:
    context = {"as_of": "2026-11-01", "current_drugs": [{"drug": "quinidine"}]}
    calls = f"gene\tdiplotype\tphenotype\nCYP2D6\t\t{stated}\n".encode()
    (unread,) = annotate(outside_calls=calls, context=context, service=service)
    (without,) = annotate(context=context, service=service)
    assert gene_of(unread, "CYP2D6").status == "no_call"
    assert f"gives {stated} (no phenotype that CPIC has for CYP2D6)" in plain(unread)
    assert {one.name: one.headline for one in unread.drugs} == {one.name: one.headline for one in without.drugs}
    assert "rules the drug out" in drug(unread, "thioridazine").headline
    beside = report(service, f"gene\tdiplotype\tphenotype\nCYP2D6\t\t{stated}\n")
    assert drug(beside, "nortriptyline").certainty is Certainty.DISPUTED
