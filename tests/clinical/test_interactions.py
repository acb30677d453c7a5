"""Interactions of two drugs, days between them, and what conditions, age and organs have to do with a drug."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.clinical.people import cases, person, rulebook
from trdpgx.clinical.enzyme_pairs import enzyme_pairs
from trdpgx.clinical.interactions import by_importance, interactions
from trdpgx.knowledge.rules.schema.cautions import CautionFile
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile

CASES = cases("interactions.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["context"]))
def test_what_is_reported(case: Mapping[str, Any]) -> None:
    patient, considered = person(**case["context"]), case.get("considered", ())
    reports = list(interactions(patient, considered, rulebook()))
    if not case.get("everything"):
        asked = {*considered, *(drug.drug for drug in patient.current or ())}
        reports = [report for report in reports if set(report.drugs) <= asked]
    assert [(report.kind, list(report.drugs)) for report in reports] == [(kind, drugs) for kind, drugs, _, _ in case["reports"]]
    for report, (_, _, severity, part) in zip(reports, case["reports"], strict=True):
        assert severity in report.severity
        assert part in report.text


def test_every_row_names_its_source_and_how_it_is_known() -> None:
    pairs, cautions = rulebook().clinical.of(DrugPairFile), rulebook().clinical.of(CautionFile)
    for row in (*pairs.rows.values(), *pairs.washouts.values(), *cautions.rows.values()):
        assert row.source
        assert row.verification.where
        assert "not checked" not in row.verification.where or row.verification.state == "unverified"


def test_no_row_rests_on_a_memory_of_which_a_reader_knows_nothing() -> None:
    files = sorted((Path(__file__).parents[2] / "rules").rglob("*.yaml"))
    assert files
    assert not [path.name for path in files if "from memory" in path.read_text("utf-8")]


def test_no_row_prescribes() -> None:
    pairs, cautions = rulebook().clinical.of(DrugPairFile), rulebook().clinical.of(CautionFile)
    for row in (*pairs.rows.values(), *pairs.washouts.values(), *cautions.rows.values()):
        assert not re.search(r"\b(must|stop|start|should|is normal)\b", row.text, re.IGNORECASE), row.text


def test_the_order_of_current_drugs_changes_no_pair() -> None:
    drugs = [{"drug": name} for name in ("lithium", "sertraline", "ibuprofen", "tramadol", "warfarin")]
    one, other = (interactions(person(current_drugs=order), (), rulebook()) for order in (drugs, drugs[::-1]))
    assert {(frozenset(report.drugs), report.text) for report in one} == {(frozenset(report.drugs), report.text) for report in other}
    assert len(one) == len(other)


def test_days_between_are_stated_of_a_drug_that_is_taken_before_all_others() -> None:
    stopped = {"drug": "tranylcypromine", "stopped_on": "2026-05-25"}
    reports = interactions(person(as_of="2026-06-01", current_drugs=[stopped, {"drug": "vortioxetine"}]), (), rulebook())
    (one,) = [report for report in reports if report.drugs[:2] == ("tranylcypromine", "vortioxetine")]
    assert (one.kind, one.severity) == ("washout", "contraindicated")
    assert " Tranylcypromine ended 7 days ago; the source has at least 14 days." in one.text


def test_a_single_day_is_one_day() -> None:
    stopped = {"drug": "mirtazapine", "stopped_on": "2026-05-31"}
    reports = interactions(person(as_of="2026-06-01", current_drugs=[stopped, {"drug": "phenelzine"}]), (), rulebook())
    (one,) = [report for report in reports if report.kind == "washout" and report.drugs[:2] == ("mirtazapine", "phenelzine")]
    assert ". Mirtazapine ended 1 day ago; the source has at least 14 days." in one.text


@pytest.mark.parametrize("taken", ["paroxetine", "nortriptyline", "mirtazapine"])
def test_what_a_source_rules_out_is_stated_of_every_drug_that_is_listed(taken: str) -> None:
    reports = interactions(person(current_drugs=[{"drug": taken}]), (), rulebook())
    ruled_out = {drug for report in reports if report.severity == "contraindicated" for drug in report.drugs}
    assert {"isocarboxazid", "selegiline (transdermal)", "phenelzine", "tranylcypromine"} <= ruled_out


@pytest.mark.parametrize("case", cases("interaction_order.yaml"), ids=lambda case: str(case["context"]))
def test_what_holds_of_drugs_that_are_taken_comes_first(case: Mapping[str, Any]) -> None:
    patient = person(**case["context"])
    stated = (*interactions(patient, case.get("considered", ()), rulebook()), *enzyme_pairs(patient, (), rulebook()))
    reports = by_importance(stated, patient)
    assert sorted(map(id, reports)) == sorted(map(id, stated))
    shown = [[one.severity, *one.drugs[:2]] for one in reports[: len(case["first"])]]
    assert shown == case["first"]
    rest = [one for one in reports if not one.holds_now({drug.drug for drug in patient.current or ()}) and one.kind != "washout"]
    assert [one.gravity for one in rest] == sorted(one.gravity for one in rest)


def test_a_drug_that_was_stopped_is_no_pair() -> None:
    patient = person(as_of="2026-06-01", current_drugs=[{"drug": "lithium"}, {"drug": "ibuprofen", "stopped_on": "2026-05-30"}])
    assert not any("ibuprofen" in report.drugs for report in interactions(patient, (), rulebook()))


@pytest.mark.parametrize(
    ("stated", "about", "words"),
    [
        ({"comorbidities": ["I10"]}, "SNRIs, bupropion", "Stated: hypertension."),
        ({"age_years": 67}, "FDA names at most 20 mg a day above 60", "Stated: age 67 years."),
        ({"qtc_ms": 455}, "The label asks for an ECG", "Stated: QTc 455 ms."),
        ({"kidney": {"egfr": 25}}, "Exposure about 2-fold", "Stated: eGFR 25 mL/min/1.73 m2."),
        ({"liver": "moderate"}, "Exposure about 5-fold", "Stated: moderate impairment of the liver."),
        ({"pregnancy": True}, "CYP2D6 and CYP3A4 work more", "Stated: pregnant."),
        ({"psychosis": True}, "Severe depression with psychotic features", "Stated: psychotic features."),
    ],
    ids=str,
)
def test_a_caution_names_what_was_stated_of_the_person(stated: Mapping[str, Any], about: str, words: str) -> None:
    reports = interactions(person(**stated), ("duloxetine", "citalopram", "gepirone"), rulebook())
    (text,) = [one.text for one in reports if one.text.startswith(about)]
    assert text.endswith(words)


def test_the_text_of_an_interaction_names_no_drug_as_taken_for_that_is_by_its_drugs() -> None:
    reports = interactions(person(current_drugs=[{"drug": "paroxetine"}]), ("sertraline", "lithium"), rulebook())
    assert reports
    assert not any("Taken:" in one.text for one in reports)
