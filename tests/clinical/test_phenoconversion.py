"""Phenoconversion: what becomes of a phenotype under current drugs, by whose method and class, and until when."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.calls import TODAY, called, knowledge, taking
from trdpgx.clinical.conversion_methods import readings_of
from trdpgx.clinical.phenoconversion import conversion, convert
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import PhenotypeReport
from trdpgx.model.patient import Patient, PatientDrug, PatientSmoking

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/clinical/phenoconversion.yaml").read_text("utf-8"))
RULES = knowledge().rulebook
EFFECTS = RULES.clinical.of(EnzymeEffectFile)
INHIBITORS = sorted({row.drug for row in EFFECTS.rows.values() if row.enzyme == "CYP2D6"})
DRUGS = sorted({row.drug for row in EFFECTS.rows.values() if row.drug != "smoking"})
SCORED = ["*1/*1", "*1/*4", "*4/*4", "*4/*41", "*10/*10", "*1x2/*1", "*1/*1x≥3", "*1/*41"]
ORDER = [Phenotype.PM, Phenotype.IM, Phenotype.NM, Phenotype.UM]


def drug(entry: str | list[str]) -> str | PatientDrug:
    return entry if isinstance(entry, str) else PatientDrug(entry[0], stopped_on=date.fromisoformat(entry[1]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_what_becomes_of_a_phenotype(case: dict[str, Any]) -> None:
    made = convert(called(case["gene"], *case["diplotypes"]), taking(*map(drug, case["drugs"])), RULES)
    assert made is not None
    assert made.status == case["status"]
    assert made.phenotype == case.get("phenotype")
    assert ["/".join(result.phenotype_range) for result in made.results] == case["results"]
    if "causes" in case:
        assert [[cause.name, cause.strength, cause.list_name] for cause in made.cause] == case["causes"]
    if "until" in case:
        until = None if made.until is None else [made.until.earliest.isoformat(), made.until.latest.isoformat()]
        assert until == case["until"]


def test_a_conversion_is_called_a_convention_and_no_advice() -> None:
    made = convert(called("CYP2D6", "*1/*1"), taking(PatientDrug("paroxetine", 20)), RULES)
    assert made is not None
    assert made.method == "activity-score-multiplier"
    assert made.results[0].activity_score_range == (0, 0)
    assert "CYP2D6: Poor Metabolizer by conversion (activity score 0); Normal Metabolizer by genotype." in made.text
    assert "Paroxetine is a strong inhibitor of CYP2D6 (FDA, copy of 2026)." in made.text
    assert "a convention, not a measurement" in made.text
    assert "no guideline on antidepressants" in made.text


def test_nothing_is_stated_where_drugs_were_not() -> None:
    assert convert(called("CYP2D6", "*1/*1"), Patient(as_of=TODAY), RULES) is None
    assert convert(called("CYP2D6", "*1/*1"), Patient(as_of=TODAY, smoking=PatientSmoking(20)), RULES) is None
    assert convert(called("UGT1A1"), taking("paroxetine"), RULES) is None


def test_a_drug_by_a_local_route_does_not_count() -> None:
    made = convert(called("CYP2D6", "*1/*1"), taking(PatientDrug("terbinafine", route="Topical")), RULES)
    assert made is not None
    assert made.status == "not_converted"
    assert made.cause == ()


@pytest.mark.parametrize(
    ("smoking", "state"),
    [
        (PatientSmoking(20), "no_agreed_method"),
        (PatientSmoking(None, TODAY - timedelta(days=3)), "no_agreed_method"),
        (PatientSmoking(None, TODAY - timedelta(days=30)), None),
        (PatientSmoking(0), None),
        (PatientSmoking(), None),
    ],
)
def test_smoke_induces_an_enzyme_that_no_method_converts(smoking: PatientSmoking, state: str | None) -> None:
    made = convert(called("CYP1A2"), Patient(as_of=TODAY, smoking=smoking), RULES)
    assert (made.status if made else None) == state
    if made:
        assert [cause.name for cause in made.cause] == ["smoking"]
        assert made.phenotype is None


def test_a_drug_does_not_count_for_itself_or_the_combination_it_comes_in() -> None:
    person = taking("dextromethorphan-bupropion")
    gene = called("CYP2D6", "*1/*1")
    for without in ({"bupropion"}, {"dextromethorphan-bupropion", "dextromethorphan", "bupropion"}):
        made = conversion(gene, person, RULES, frozenset(without))
        assert made is not None
        assert made.causes == ()


def test_what_is_hidden_is_converted_too() -> None:
    from trdpgx.model.gene_report import HiddenReading  # noqa: PLC0415

    hidden = HiddenReading(phenotypes={Scheme.CPIC: Phenotype.IM}, activity_score=1, diplotypes=("*1/*4",))
    gene = called("CYP2D6", "*1/*1").copy_with(phenotype_open=True, hidden_readings=(hidden,), phenotype_range=(Phenotype.NM, Phenotype.IM))
    made = convert(gene, taking("duloxetine"), RULES)
    assert made is not None
    assert made.phenotype_range == (Phenotype.IM,)
    assert made.results[1].phenotype_range == (Phenotype.IM, Phenotype.PM)
    assert "Normal Metabolizer or Intermediate Metabolizer by genotype" in made.text


def test_a_phenotype_without_a_diplotype_is_converted_over_its_band() -> None:
    stated = PhenotypeReport(term=Phenotype.NM.term, code=Phenotype.NM, basis="outside")
    gene = called("CYP2D6").copy_with(status="called", phenotype=stated, phenotypes={Scheme.CPIC: stated})
    made = convert(gene, taking("duloxetine"), RULES)
    assert made is not None
    assert made.phenotype is Phenotype.IM
    assert made.results[0].activity_score_range == (0.625, 1.125)


@given(st.sampled_from(SCORED), st.lists(st.sampled_from(INHIBITORS), unique=True, max_size=4), st.sampled_from(INHIBITORS))
def test_another_inhibitor_never_raises_the_activity(diplotype: str, drugs: list[str], another: str) -> None:
    gene = called("CYP2D6", diplotype)
    before, after = conversion(gene, taking(*drugs), RULES), conversion(gene, taking(*drugs, another), RULES)
    assert before is not None
    assert after is not None
    plain = readings_of(gene, RULES.activity["CYP2D6"])
    for number, outcome in enumerate(after.outcomes):
        earlier = before.outcomes[number].readings if before.outcomes else plain
        highest = [max(ORDER.index(phenotype) for phenotype in reading.phenotypes) for reading in earlier]
        assert all(
            max(ORDER.index(phenotype) for phenotype in reading.phenotypes) <= most
            for reading, most in zip(outcome.readings, highest, strict=True)
        )


@given(st.sampled_from([("CYP2D6", "*4/*4"), ("CYP2C19", "*2/*2"), ("CYP2B6", "*6/*18")]), st.lists(st.sampled_from(DRUGS), max_size=5))
def test_who_has_no_activity_is_never_converted(call: tuple[str, str], drugs: list[str]) -> None:
    gene = called(*call)
    if gene.diplotypes[0].phenotype is Phenotype.PM:
        made = convert(gene, taking(*drugs), RULES)
        assert made is not None
        assert made.status != "converted"
        assert all(result.phenotype is Phenotype.PM for result in made.results)


@given(st.data(), st.lists(st.sampled_from(DRUGS), unique=True, min_size=2, max_size=5))
def test_the_order_of_drugs_does_not_matter(data: st.DataObject, drugs: list[str]) -> None:
    shuffled = data.draw(st.permutations(drugs))
    gene = called("CYP2C19", "*1/*17")
    assert convert(gene, taking(*drugs), RULES) == convert(gene, taking(*shuffled), RULES)


def test_every_effect_has_a_drug_that_a_request_can_name() -> None:
    assert [row.drug for row in EFFECTS.rows.values() if row.drug != "smoking" and RULES.patient_names.drugs.find(row.drug) is None] == []


def test_a_result_names_the_list_that_decides() -> None:
    made = convert(called("CYP2D6", "*1/*1"), taking("celecoxib", "darifenacin"), RULES)  # weak by FDA, moderate by a copy of UpToDate
    assert made is not None
    assert made.results[0].list_name == "UpToDate copy that cites FDA"
    weak = convert(called("CYP2D6", "*1/*1"), taking("celecoxib"), RULES)
    assert weak is not None
    assert [(result.method, result.list_name) for result in weak.results][-1] == ("all-of-us-cyp2d6", "FDA")


@pytest.mark.parametrize(
    ("gene", "diplotype", "drugs", "parts"),
    [
        (
            "CYP2D6",
            "*1/*4",
            ["paroxetine"],
            ["Intermediate Metabolizer by genotype of CYP2D6 holds again", "14 to 27 days", "fluoxetine (strong)"],
        ),
        ("CYP2D6", "*1/*1", ["terbinafine"], ["Without terbinafine", "paroxetine (strong)"]),
        ("CYP2D6", "*4/*4", ["paroxetine"], None),
        ("CYP2D6", "*1/*4", [["paroxetine", str(TODAY - timedelta(days=3))]], None),
        ("CYP2C19", "*1/*1", ["sertraline"], None),
    ],
)
def test_what_follows_when_an_inhibitor_is_stopped(gene: str, diplotype: str, drugs: list[Any], parts: list[str] | None) -> None:
    made = convert(called(gene, diplotype), taking(*map(drug, drugs)), RULES)
    if parts is None:
        assert made is None or made.when_stopped is None
        return
    assert made is not None
    assert made.when_stopped is not None
    assert [part for part in parts if part not in made.when_stopped] == []
    assert not any(f"{name} (" in made.when_stopped.split("Another inhibitor")[1] for name in drugs)


def test_every_inhibitor_states_how_long_recovery_takes_or_that_none_was_read() -> None:
    stopped = 0
    for name in INHIBITORS:
        made = convert(called("CYP2D6", "*1/*1"), taking(name), RULES)
        if made is not None and made.when_stopped is not None:
            stopped += 1
            row = next(row for row in EFFECTS.rows.values() if (row.drug, row.enzyme) == (name, "CYP2D6"))
            assert ("no source read here states it" in made.when_stopped) == (row.offset is None), name
    assert stopped > 1
