"""Exposure: observed figures for this very pair, a bound, or a word; never a product, a level or a dose."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.clinical.calls import TODAY, called, knowledge, taking
from trdpgx.clinical.exposure import exposures
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.exposure import ExposureFile
from trdpgx.model.composed import PartKind
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.patient import Patient, PatientDrug, PatientLevel, PatientSmoking, PatientTrial

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/clinical/exposure.yaml").read_text("utf-8"))
RULES = knowledge().rulebook
FILE = RULES.clinical.of(ExposureFile)
EVERY_DRUG = sorted({*RULES.drugs, *(row.drug for row in RULES.clinical.of(EnzymeEffectFile).rows.values())} - {"smoking"})
FIGURES = {row.ratio for row in FILE.rows.values()} | {bound for row in FILE.rows.values() for bound in row.interval or ()}


def person(case: dict[str, Any]) -> Patient:
    smoking = None
    if "smoking_stopped" in case:
        smoking = PatientSmoking(None, date.fromisoformat(case["smoking_stopped"]))
    elif "cigarettes" in case:
        smoking = PatientSmoking(case["cigarettes"])
    drugs = [PatientDrug(*one) if isinstance(one, list) else one for one in case["drugs"]]
    return replace(taking(*drugs, smoking=smoking), liver=case.get("liver"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_what_is_stated_of_exposure(case: dict[str, Any]) -> None:
    genes = [called(gene, *diplotypes) for gene, diplotypes in case["genes"].items()]
    reports = [report for report in exposures(person(case), genes, (), RULES) if report.drug == case["drug"]]
    stated = [
        [report.kind, report.word, report.ratio if report.kind == "observed" else list(report.ratio_range or ()) or None, report.n]
        for report in reports
    ]
    assert stated == [row[1:] for row in case["expect"]]
    assert all(report.cause.startswith(row[0]) for report, row in zip(reports, case["expect"], strict=True))


def test_the_parent_falls_and_the_metabolite_rises() -> None:
    first, second = [one for one in exposures(taking("bupropion", "carbamazepine"), [], (), RULES) if one.drug == "bupropion"]
    assert (first.analyte, second.analyte) == ("bupropion", "hydroxybupropion")
    assert "The parent falls and the metabolite rises" in first.text
    assert "no loss of effect" in first.text


def test_two_sources_on_clozapine_stand_beside_each_other_and_none_is_an_order() -> None:
    (report,) = exposures(taking("clozapine", smoking=PatientSmoking(None, TODAY)), [], (), RULES)
    assert "about half" in report.text
    assert "N = 196" in report.text
    assert "Wagner 2020 (7125 samples" in report.text
    assert report.ratio is None
    assert report.source is not None
    assert report.source.name == "Tsuda 2014"


def test_a_bound_is_called_one() -> None:
    (report,) = [
        one for one in exposures(taking("mianserin", "terbinafine"), [called("CYP2D6", "*1/*1")], (), RULES) if one.drug == "mianserin"
    ]
    assert report.text.startswith("Up to about the level of CYP2D6 poor metabolizers, who have 1.8 times")
    assert "a bound and no expectation" in report.text


def test_what_was_not_read_in_its_source_is_marked() -> None:
    report = next(one for one in exposures(taking("nortriptyline"), [called("CYP2D6", "*4/*4")], (), RULES))
    assert "Not read in the source" in report.text
    assert report.verification is not None
    assert report.verification.state == "unverified"


def causes_of(drug: str, patient: Patient, *genes: GeneReport) -> list[str]:
    return [one.cause for one in exposures(patient, list(genes), (), RULES) if one.drug == drug]


@pytest.mark.parametrize(
    ("drugs", "drug", "cause"),
    [
        (("bupropion",), "pimozide", "with bupropion, strong inhibitor of CYP2D6"),
        (("bupropion", "paroxetine"), "pimozide", "with bupropion and paroxetine, strong inhibitors of CYP2D6"),
        (("bupropion", "duloxetine"), "pimozide", "with bupropion (strong) and duloxetine (moderate), inhibitors of CYP2D6"),
        (
            ("bupropion", "citalopram", "duloxetine"),
            "pimozide",
            "with bupropion (strong) and citalopram (weak) and duloxetine (moderate), inhibitors of CYP2D6",
        ),
    ],
)
def test_each_cause_has_its_own_class(drugs: tuple[str, ...], drug: str, cause: str) -> None:
    assert cause in causes_of(drug, taking(drug, *drugs), called("CYP2D6", "*1/*1"))


def test_each_cause_of_two_sides_has_its_own_class() -> None:
    cause = (
        "with clarithromycin (strong inhibitor of CYP3A4) and fluvoxamine (weak inhibitor of CYP3A4)"
        " against carbamazepine (strong inducer of CYP3A4) and modafinil (weak inducer of CYP3A4)"
    )
    assert cause in causes_of("pimozide", taking("pimozide", "clarithromycin", "fluvoxamine", "carbamazepine", "modafinil"))


@pytest.mark.parametrize(
    ("gone", "ending"),
    [
        (("bupropion",), " Bupropion was stopped, and its effect is ending."),
        (("bupropion", "fluoxetine"), " Bupropion and fluoxetine were stopped, and their effect is ending."),
    ],
)
def test_what_was_stopped_is_named(gone: tuple[str, ...], ending: str) -> None:
    stopped = [PatientDrug(name, stopped_on=date(2026, 11, 25)) for name in gone]
    (report,) = [one for one in exposures(taking("pimozide", "paroxetine", *stopped), [], (), RULES) if one.drug == "pimozide"]
    assert report.text.endswith(ending)


@pytest.mark.parametrize(
    ("drugs", "text"),
    [
        (("quinidine",), "Quinidine acts on CYP2D6, of which the genotype leaves no activity: by this way it adds nothing"),
        (("quinidine", "fluoxetine"), "Fluoxetine and quinidine act on CYP2D6, of which the genotype leaves no activity: by this way they"),
    ],
)
def test_what_adds_nothing_is_counted(drugs: tuple[str, ...], text: str) -> None:
    reports = exposures(taking("pimozide", *drugs), [called("CYP2D6", "*4/*4")], (), RULES)
    assert any(one.drug == "pimozide" and one.text.startswith(text) for one in reports)


@pytest.mark.parametrize(
    ("diplotypes", "cause"),
    [
        (("*1/*4",), "CYP2D6 Intermediate Metabolizer by genotype (observed in Poor Metabolizers and Intermediate Metabolizers together)"),
        (("*4/*4",), "CYP2D6 Poor Metabolizer by genotype (observed in Poor Metabolizers and Intermediate Metabolizers together)"),
        (("*4/*4", "*1/*4"), "CYP2D6 Poor Metabolizer or Intermediate Metabolizer by genotype"),
        (
            ("*1/*1", "*1/*4"),
            "CYP2D6 Intermediate Metabolizer by genotype (one of the phenotypes that the file allows)"
            " (observed in Poor Metabolizers and Intermediate Metabolizers together)",
        ),
    ],
)
def test_the_genotype_is_that_of_the_person_and_not_of_the_people_observed(diplotypes: tuple[str, ...], cause: str) -> None:
    assert cause in causes_of("aripiprazole", taking("aripiprazole"), called("CYP2D6", *diplotypes))


@given(st.lists(st.sampled_from(EVERY_DRUG), unique=True, max_size=6), st.sampled_from(["*1/*1", "*2/*2", "*1/*17", "*1/*2"]))
def test_every_figure_is_one_that_a_study_observed(drugs: list[str], diplotype: str) -> None:
    genes = [called("CYP2C19", diplotype), called("CYP2D6", "*4/*41"), called("CYP2B6", "*6/*6")]
    for report in exposures(taking(*drugs, smoking=PatientSmoking(10)), genes, ("escitalopram", "clozapine"), RULES):
        assert {report.ratio, *(report.ratio_range or ())} - {None} <= FIGURES
        assert report.kind != "measured"
        assert not re.search(r"\b(must|stop|start|is normal)\b", report.text, re.IGNORECASE)
        assert not re.search(r"\d\s*(ng/mL|nmol)", report.text)


@given(st.permutations(["escitalopram", "omeprazole", "paroxetine", "clozapine"]))
def test_the_order_of_drugs_does_not_matter(drugs: list[str]) -> None:
    genes = [called("CYP2C19", "*1/*17"), called("CYP2D6", "*1/*1")]

    def stated(order: list[str]) -> set[str]:
        return {report.model_dump_json() for report in exposures(taking(*order), genes, (), RULES)}

    assert stated(drugs) == stated(sorted(drugs))


@pytest.mark.parametrize(("value", "word"), [(6, "lower"), (30, "similar"), (120, "higher")])
def test_a_measured_level_comes_first_with_its_range(value: float, word: str) -> None:
    level = PatientLevel(value, "ng/mL", trough=True, steady_state=True)
    trial = PatientTrial("1", "escitalopram", "SSRI", plasma_level=level)
    patient = replace(taking("escitalopram", "omeprazole"), trials=(trial,))
    first, second, *_ = [one for one in exposures(patient, [called("CYP2C19", "*1/*1")], (), RULES) if one.drug == "escitalopram"]
    assert (first.kind, first.word, first.cause) == ("measured", word, "measured in trial 1")
    assert "15 to 80 ng/mL" in first.text
    assert first.source is not None
    assert second.kind == "observed"


def test_a_level_without_trough_is_no_verdict() -> None:
    trial = PatientTrial("1", "escitalopram", "SSRI", plasma_level=PatientLevel(6, "ng/mL"))
    first, *_ = exposures(replace(taking("escitalopram"), trials=(trial,)), [], (), RULES)
    assert (first.kind, first.word) == ("measured", "not known")


@pytest.mark.parametrize(
    ("drug", "words"),
    [
        (PatientDrug("carbamazepine", since=date(2026, 11, 20)), "It was begun on 2026-11-20, so that its effect may not be complete"),
        (PatientDrug("carbamazepine", stopped_on=date(2026, 11, 20)), "expected to end between 2026-11-27 and 2026-12-04"),
    ],
)
def test_an_observation_of_a_drug_that_begins_or_ends_mentions_it(drug: PatientDrug, words: str) -> None:
    (report,) = [one for one in exposures(taking("quetiapine", drug), [], (), RULES) if one.drug == "quetiapine"]
    assert report.ratio == 0.13
    assert words in report.text


def test_a_drug_whose_effect_has_ended_has_no_observation() -> None:
    gone = PatientDrug("carbamazepine", stopped_on=date(2026, 10, 1))
    assert [one for one in exposures(taking("quetiapine", gone), [], (), RULES) if one.drug == "quetiapine"] == []


@pytest.mark.parametrize(
    ("trial", "since", "part"),
    [
        (
            {"augmentation_of": "base"},
            (None, None),
            "was also taken when the level was measured: paroxetine (the trial is stated as added to",
        ),
        ({}, (date(2026, 8, 1), date(2026, 9, 15)), "paroxetine (begun on 2026-08-01, no later than nortriptyline"),
        ({}, (date(2026, 9, 16), date(2026, 9, 15)), None),
        ({}, (None, date(2026, 9, 15)), None),
        ({"stopped_for": "inefficacy"}, (date(2026, 8, 1), date(2026, 9, 15)), None),
        ({"current_episode": False}, (date(2026, 8, 1), date(2026, 9, 15)), None),
    ],
)
def test_whether_an_inhibitor_acted_when_a_level_was_measured(
    trial: dict[str, Any], since: tuple[date | None, date | None], part: str | None
) -> None:
    current = tuple(PatientDrug(name, since=day) for name, day in zip(("paroxetine", "nortriptyline"), since, strict=True))
    level = PatientLevel(210, "ng/mL", trough=True, steady_state=True)
    base = PatientTrial("base", "paroxetine", "SSRI")
    patient = Patient(TODAY, current=current, trials=(base, PatientTrial("1", "nortriptyline", "TCA", plasma_level=level, **trial)))
    measured = next(one for one in exposures(patient, [called("CYP2D6", "*1/*4")], (), knowledge().rulebook) if one.kind == "measured")
    assert ("also taken when the level was measured" in measured.text) == bool(part)
    assert (part or "") in measured.text
    assert (measured.parts[-1].kind is PartKind.CAUSE) == bool(part)
