"""A context, outside calls, or both, without a genome: legal, and the report states that nothing was seen."""

from pathlib import Path

import pytest

from trdpgx import AbsentOption, InputError, Options, Report, Service, annotate
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.genome import SiteState
from trdpgx.report.format_registry import report_formats
from trdpgx.report.text.report import to_text

CALLS = b"gene\tdiplotype\nCYP2D6\t*1/*1\nCYP2C19\t*17/*17\n"
CONTEXT = {"as_of": "2026-11-01", "current_drugs": [{"drug": "Paxil", "dose": 20}]}
EXAMPLES = Path(__file__).parents[2] / "examples"


def only(reports: list[Report]) -> Report:
    (report,) = reports
    return report


def test_a_context_alone_sees_no_gene(service: Service) -> None:
    report = only(annotate(context=CONTEXT, service=service))
    assert {gene.status for gene in report.genes} == {"no_call"}
    assert {variant.state for variant in report.variants} <= {SiteState.ABSENT, "not_assayable"}
    assert all(gene.sites.absent == gene.sites.total for gene in report.genes)
    assert report.input.format == "none"
    assert report.input.records == 0
    assert [warning.code for warning in report.input.warnings] == ["no_genome"]
    assert report.limitations[0].code == "no_genome"
    assert report.treatment_history is not None
    assert report.treatment_history.understood == ("paroxetine 20 mg a day",)
    codes = {note.code for note in report.limitations}
    assert {"no_dosing_tool", "lists_incomplete", "context_as_stated", "genes_not_called"} <= codes
    assert "rare_variants_cover_unknown" not in codes


@pytest.mark.parametrize("absent", list(AbsentOption))
def test_nothing_is_assumed_where_nothing_was_looked_at(absent: AbsentOption, service: Service) -> None:
    report = only(annotate(outside_calls=CALLS, options=Options(absent=absent), service=service))
    assert not any(gene.assumed or gene.sites.assumed_reference for gene in report.genes)
    assert not any(variant.genotype for variant in report.variants)
    called = {gene.gene for gene in report.genes if gene.status != "no_call"}
    assert called == {"CYP2D6", "CYP2C19"}


def test_outside_calls_and_a_context_meet(service: Service) -> None:
    report = only(annotate(outside_calls=CALLS, context=CONTEXT, service=service))
    gene = next(gene for gene in report.genes if gene.gene == "CYP2D6")
    assert gene.phenotype is not None
    assert gene.phenotype.code == "NM"
    assert gene.phenoconverted is not None
    assert gene.phenoconverted.phenotype == "PM"
    assert [cause.name for cause in gene.phenoconverted.cause] == ["paroxetine"]
    text = " ".join(to_text(report).split())
    assert "NO GENOME WAS SENT" in text
    assert "WHAT WAS STATED, AS OF 2026-11-01" in text
    assert "Normal Metabolizer by genotype" in text


def test_every_format_writes_it(service: Service) -> None:
    report = only(annotate(outside_calls=CALLS, context=CONTEXT, service=service))
    for form in report_formats().values():
        assert b"".join(form.with_knowledge(service.knowledge).write([report])), form.name


def test_each_sample_of_outside_calls_has_a_report_and_a_context_needs_one(service: Service) -> None:
    calls = b"sample\tgene\tdiplotype\nA\tCYP2D6\t*1/*1\nB\tCYP2D6\t*4/*4\n"
    assert [report.input.sample for report in annotate(outside_calls=calls, service=service)] == ["A", "B"]
    with pytest.raises(InputError) as caught:
        annotate(outside_calls=calls, context=CONTEXT, service=service)
    assert caught.value.problem.type == "/problems/context_needs_one_sample"
    chosen = only(annotate(outside_calls=calls, context=CONTEXT, options=Options(sample="B"), service=service))
    assert chosen.input.sample == "B"
    assert [gene.diplotypes[0].name for gene in chosen.genes if gene.gene == "CYP2D6"] == ["*4/*4"]


def test_a_context_of_ancestry_alone_is_no_person(service: Service) -> None:
    report = only(annotate(outside_calls=CALLS, context={"ancestry": "european"}, service=service))
    assert report.options.ancestry == "european"
    assert report.treatment_history is None


@pytest.mark.parametrize("context", [CONTEXT, ClinicalContext.model_validate(CONTEXT), b'{"current_drugs": [{"drug": "N06AB05"}]}'])
def test_python_takes_a_context_in_three_forms(context: dict[str, object] | ClinicalContext | bytes, service: Service) -> None:
    report = only(annotate(EXAMPLES / "synthetic.vcf", context=context, service=service))
    assert report.treatment_history is not None
    assert report.input.records > 0
    assert report.limitations[0].code != "no_genome"


def test_nothing_at_all_is_no_request(service: Service) -> None:
    with pytest.raises(ValueError, match="nothing to report on"):
        annotate(service=service)


def test_several_samples_with_a_context_are_refused(service: Service) -> None:
    path = EXAMPLES.parent / "tests/cases/golden/three-samples"
    source = next(path.glob("*.vcf*"))
    with pytest.raises(InputError) as caught:
        annotate(source, context=CONTEXT, service=service)
    assert caught.value.problem.type == "/problems/context_needs_one_sample"
