"""A patient beside a genome, from the bytes of a file to every format of the report."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.report.pages import page_of
from trdpgx import Options, Report, Service
from trdpgx.clinical.resolve import resolve
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.options import DetailOption
from trdpgx.report.text.report import to_text

EXAMPLE = Path(__file__).parents[2] / "examples/synthetic.vcf"
CONTEXT = ClinicalContext.model_validate(
    {
        "as_of": "2026-11-26",
        "current_drugs": [{"drug": "Paxil", "dose": 20}, {"drug": "nortriptyline", "dose": 75}, {"drug": "omeprazole", "dose": 20}],
        "smoking": {"cigarettes_per_day": 20},
        "trials": [{"drug": "escitalopram", "dose_max": 10, "weeks": 8, "improvement_percent": 10}],
    }
)


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    with Service() as service:
        patient = resolve(CONTEXT, service.knowledge.rulebook.patient_names, date(2026, 11, 26))
        (made,) = service.reports(service.read(EXAMPLE, Options()), Options(), patient=patient)
        yield made


def test_conversion_stands_beside_the_phenotype_by_genotype(report: Report) -> None:
    gene = next(gene for gene in report.genes if gene.gene == "CYP2D6")
    assert gene.phenotype is not None
    assert gene.phenotype.code == "IM"
    assert gene.phenoconverted is not None
    assert gene.phenoconverted.phenotype == "PM"
    assert [cause.name for cause in gene.phenoconverted.cause] == ["paroxetine"]


def test_every_part_of_the_patients_side_is_filled(report: Report) -> None:
    assert report.treatment_history is not None
    assert [trial.drug for trial in report.treatment_history.trials] == ["escitalopram"]
    assert report.exposure
    converted = [one for one in report.considerations if one.conversion is not None]
    assert converted
    assert not any("paroxetine" in one.drugs for one in converted)
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_conversion_is_called_no_advice_in_every_format(report: Report) -> None:
    text = to_text(report, DetailOption.FULL)
    assert "UNDER CURRENT DRUGS: BY A CONVENTION AND NOT GUIDELINE ADVICE, UNLESS THE SOURCE ITSELF ASKS FOR A CHANGE" in text
    assert "under current drugs: CYP2D6: Poor Metabolizer by conversion" in text
    assert "EXPOSURE TO CURRENT AND CONSIDERED DRUGS, AS OBSERVED" in text
    html = page_of([report])
    assert "Under current drugs: by a convention and not guideline advice" in html
