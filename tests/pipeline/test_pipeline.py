"""The whole pipeline on the bundled example: a file goes in, a structured report comes out."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from trdpgx import InputError, Options, Report, Service, annotate
from trdpgx.model.options import DetailOption
from trdpgx.model.report_schema import report_schema
from trdpgx.report.formats.json import to_json
from trdpgx.report.grouping import looked_at_groups
from trdpgx.report.references import References
from trdpgx.report.text.report import to_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


@pytest.fixture(scope="module")
def report(service: Service) -> Report:
    (only,) = annotate(EXAMPLE, service=service)
    return only


def test_the_report_keeps_its_published_schema(report: Report) -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())
    jsonschema.validate(json.loads(to_json(report)), report_schema(), jsonschema.Draft202012Validator)


def test_every_enumeration_of_the_schema_is_described() -> None:
    definitions = report_schema()["$defs"]
    assert not [name for name, model in definitions.items() if "description" not in model]


def test_the_same_input_gives_the_same_bytes_twice(service: Service) -> None:
    fixed = {"report_id": "0", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    first, second = (to_json(annotate(EXAMPLE, service=service)[0].model_copy(update=fixed)) for _ in range(2))
    assert first == second


def test_a_path_a_name_and_a_file_object_are_one_input(service: Service, report: Report) -> None:
    with EXAMPLE.open("rb") as opened:
        for source in (str(EXAMPLE), opened, io.BytesIO(EXAMPLE.read_bytes())):
            (other,) = annotate(source, service=service)
            assert other.considerations == report.considerations
            assert other.input == report.input


def test_a_poor_metaboliser_sees_what_cpic_states_with_grade_and_year(report: Report) -> None:
    gene = next(gene for gene in report.genes if gene.gene == "CYP2C19")
    assert [diplotype.name for diplotype in gene.diplotypes] == ["*2/*2"]
    assert gene.phenotype is not None
    assert (gene.phenotype.code, gene.phenotype.term) == ("PM", "Poor Metabolizer")
    for drug in ("citalopram", "escitalopram"):
        found = [c for c in report.considerations if drug in c.drugs and c.source.name == "CPIC" and "CYP2C19" in c.genes]
        assert len(found) == 1
        assert found[0].action.code == "consider_alternative"
        assert (found[0].source.year, found[0].evidence.source_grade, found[0].evidence.strength) == (2023, "Strong", "weighed_by_source")
        assert found[0].action.dose_change is not None
        assert found[0].action.dose_change.maintenance == "50% of the usual dose"
        assert "maintenance dose 50% of the usual dose" in found[0].text
    assert {"citalopram", "escitalopram"} <= {drug.name for drug in report.drugs}


def test_a_bdnf_heterozygote_sees_both_sides_and_no_advice(report: Report) -> None:
    (variant,) = (variant for variant in report.variants if variant.id == "rs6265")
    assert (variant.genotype, variant.effect_allele_count) == ("C/T", 1)
    (found,) = (c for c in report.considerations if "ketamine" in c.drugs and "BDNF" in c.genes)
    assert found.evidence.strength == "conflicting"
    assert found.evidence.conflict is not None
    for name in ("Laje 2012", "Su 2017"):
        assert name in found.evidence.conflict
        assert name in found.text
    assert found.action.code == "no_advice"
    assert found.action.dose_change is None


def test_cyp2d6_states_that_copy_number_was_not_assessed(report: Report) -> None:
    (gene,) = (gene for gene in report.genes if gene.gene == "CYP2D6")
    assert gene.copy_number.status == "not_assessed"
    assert "copy_number_not_assessed" in {note.code for note in report.limitations}
    assert any("presumes two ordinary copies of CYP2D6" in c.basis.text for c in report.considerations if "CYP2D6" in c.genes)


def test_what_the_file_does_not_mention_is_never_called_anything_else(report: Report) -> None:
    for variant in report.variants:
        if variant.state == "absent":
            assert (variant.genotype, variant.effect_allele_count) == (None, None)
    seen = {gene.gene for gene in report.genes if gene.status != "no_call"} | {v.gene for v in report.variants if v.genotype}
    for consideration in report.considerations:
        assert set(consideration.genes) & seen


def test_the_text_names_every_drug_and_every_limitation(report: Report) -> None:
    text = " ".join(to_text(report, DetailOption.FULL).split())
    assert all(drug.name in text for drug in report.drugs)
    assert all(c.text in text for c in report.considerations if c.action.code != "no_recommendation")
    assert [note.code for note in report.limitations if note.text not in text] == []
    assert report.disclaimer in text


def test_a_sample_that_is_not_there_is_a_problem_without_its_name(service: Service) -> None:
    with pytest.raises(InputError) as error:
        annotate(EXAMPLE, options=Options(sample="somebody"), service=service)
    assert error.value.problem.type == "/problems/sample_unknown"
    assert "somebody" not in error.value.problem.model_dump_json()


def test_studies_of_entries_are_references(report: Report) -> None:
    named = {one.entry for one in report.looked_at if one.entry is not None}
    assert report.looked_at_studies
    assert report.looked_at_studies.keys() <= named
    references, text = References(report), to_text(report, DetailOption.FULL)
    for names, _, studies in looked_at_groups(report):
        assert all(references.number(one) for one in studies), names
    assert [one.id for cited in report.looked_at_studies.values() for one in cited if one.text.split(".")[0][:20] not in text] == []


def test_studies_that_a_limitation_names_are_references(report: Report) -> None:
    cited = {code: {citation.id for citation in studies} for code, studies in report.limitation_studies.items()}
    assert cited == {
        "rare_variants_are_group_findings": {"shah-2023"},
        "about_testing": {
            *("prime-care-2022", "brown-2022", "trd-testing-2023", "testing-review-2024"),
            *("zhang-2025", "guided-2019", "gapp-mdd-2022"),
        },
    }
    references = References(report)
    numbers = [references.number(one) for studies in report.limitation_studies.values() for one in studies]
    assert numbers == list(range(min(numbers), max(numbers) + 1)), "they are numbered after what is stated before"
