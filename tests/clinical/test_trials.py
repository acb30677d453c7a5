"""Past trials: adequacy by each list, failure by each threshold, and measured levels beside their ranges."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.clinical.people import cases, person, rulebook
from trdpgx.clinical.treatment_history import treatment_history
from trdpgx.model.clinical_report import TrialReport
from trdpgx.report.wording import failure_lines

CASES = cases("adequacy.yaml")
AT_TROUGH = {"trough": True, "steady_state": True}


def report(trial: Mapping[str, Any], **stated: Any) -> TrialReport:
    return treatment_history(person(trials=[trial], **stated), (), rulebook()).trials[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ", ".join(f"{name} {value}" for name, value in case["trial"].items()))
def test_adequacy_and_failure(case: Mapping[str, Any]) -> None:
    made = report(case["trial"])
    assert [one.list_name for one in made.adequacy] == ["MGH-ATRQ", "ATHF-SF"]
    assert [one.adequate for one in made.adequacy] == case["lists"]
    assert [(one.threshold_percent, one.failed) for one in made.failure] == list(zip((25, 50), case["failed"], strict=True))
    for one in made.adequacy:
        assert one.reasons
        assert one.adequate is not None or one.missing or "no row" in one.reasons[0]


def test_the_list_from_memory_is_marked_as_such() -> None:
    seen, memory = report({"drug": "escitalopram", "dose_max": 10, "weeks": 8}).adequacy
    assert not any("Unverified" in reason for reason in seen.reasons)
    assert any("Unverified" in reason for reason in memory.reasons)


def test_an_early_stop_for_intolerance_names_the_rule_by_which_it_is_no_failure() -> None:
    early = report({"drug": "escitalopram", "weeks": 3, "stopped_for": "intolerance"})
    assert [one.failed for one in early.failure] == [False, False]
    assert "It ended for intolerance before 4 weeks, so it is no failure (EU-PEARL consensus 2022)." in early.notes
    for stated in ({"weeks": 4}, {"weeks": 3, "outcome": "none"}):
        assert not any("before 4 weeks" in note for note in report({"drug": "escitalopram", "stopped_for": "intolerance", **stated}).notes)


@pytest.mark.parametrize(
    ("drug", "level", "words"),
    [
        (
            "escitalopram",
            {"value": 6, "unit": "ng/mL", **AT_TROUGH},
            "Below the reference range of 15 to 80 ng/mL of escitalopram (AGNP 2017)",
        ),
        ("escitalopram", {"value": 40, "unit": "ug/L", **AT_TROUGH}, "Within the reference range"),
        ("escitalopram", {"value": 90, "unit": "ng/mL", **AT_TROUGH}, "Above the reference range"),
        ("escitalopram", {"value": 18.5, "unit": "nmol/L", **AT_TROUGH}, "Below the reference range"),
        ("escitalopram", {"value": 6, "unit": "ng/mL"}, "no verdict, because trough is not stated and steady state is not stated"),
        ("escitalopram", {"value": 6, "unit": "ng/mL", "trough": False, "steady_state": True}, "no verdict, because it was not a trough"),
        ("escitalopram", {"value": 6, "unit": "mmol/L", **AT_TROUGH}, "mmol/L cannot be compared"),
        ("amitriptyline", {"value": 60, "unit": "ng/mL", **AT_TROUGH}, "if the sum was measured"),
        ("amitriptyline", {"value": 60, "unit": "nmol/L", **AT_TROUGH}, "nmol/L cannot be compared"),
        (
            "nortriptyline",
            {"value": 60, "unit": "ng/mL", **AT_TROUGH},
            "Within the reference range of 50 to 150 ng/mL of nortriptyline (ACNP 2000)",
        ),
        ("bupropion", {"value": 5, "unit": "ng/mL", **AT_TROUGH}, "which of them was measured is not stated"),
        ("agomelatine", {"value": 5, "unit": "ng/mL", **AT_TROUGH}, "the range is for a sample at the peak"),
        ("quetiapine", {"value": 40, "unit": "ng/mL", **AT_TROUGH}, "the range is for psychosis"),
        (
            "lithium",
            {"value": 0.3, "unit": "mmol/L", **AT_TROUGH},
            "Below the reference range of 0.5 to 1.2 mmol/L of lithium (AGNP 2017, unverified)",
        ),
        ("esketamine", {"value": 5, "unit": "ng/mL", **AT_TROUGH}, "no reference range"),
    ],
)
def test_a_level_stands_beside_its_range(drug: str, level: Mapping[str, Any], words: str) -> None:
    made = report({"drug": drug, "dose_max": 10, "weeks": 8, "outcome": "none", "plasma_level": level})
    assert made.level is not None
    assert words in made.level


@pytest.mark.parametrize(
    ("drug", "value", "reasons"),
    [
        ("escitalopram", 6, ["level_below_range"]),
        ("escitalopram", 40, []),
        ("nortriptyline", 38, ["level_below_range"]),
        ("nortriptyline", 60, []),
    ],
)
def test_a_level_below_every_range_is_possible_pseudo_resistance(drug: str, value: float, reasons: list[str]) -> None:
    level = {"value": value, "unit": "ng/mL", **AT_TROUGH}
    trials = [{"drug": drug, "dose_max": 100, "weeks": 8, "outcome": "none", "plasma_level": level}]
    made = treatment_history(person(trials=trials), (), rulebook())
    assert [one.reason for one in made.pseudo_resistance] == reasons
    assert any("Adequate by dose, possible pseudo-resistance" in note for note in made.trials[0].notes) is bool(reasons)


@pytest.mark.parametrize(
    ("value", "outcome", "stated"), [(210, "none", True), (210, "remission", False), (100, "none", False), (160, "none", False)]
)
def test_a_level_above_every_range_does_not_explain_a_failure(value: float, outcome: str, stated: bool) -> None:
    level = {"value": value, "unit": "ng/mL", **AT_TROUGH}
    made = report({"drug": "nortriptyline", "dose_max": 100, "weeks": 8, "outcome": outcome, "plasma_level": level})
    assert any("above its reference range" in note for note in made.notes) is stated


@pytest.mark.parametrize(
    ("trial", "lines"),
    [
        (
            {"weeks": 8, "dose_max": 75, "improvement_percent": 20},
            ["improvement of 20 %", "below 25 %", "below 50 %", "no failure of an adequate trial"],
        ),
        ({"weeks": 12, "dose_max": 225, "improvement_percent": 30}, ["improvement of 30 %", "not below 25 %", "below 50 %"]),
        ({"weeks": 12, "dose_max": 225}, ["cannot be decided", "cannot be decided"]),
    ],
)
def test_improvement_is_stated_beside_each_threshold(trial: Mapping[str, Any], lines: list[str]) -> None:
    made = failure_lines(report({"drug": "venlafaxine", **trial}))
    assert len(made) == len(lines)
    assert all(part in line for part, line in zip(lines, made, strict=True))


def test_a_trial_that_helped_is_no_pseudo_resistance() -> None:
    level = {"value": 6, "unit": "ng/mL", **AT_TROUGH}
    trials = [{"drug": "escitalopram", "dose_max": 10, "weeks": 8, "outcome": "remission", "plasma_level": level}]
    assert treatment_history(person(trials=trials), (), rulebook()).pseudo_resistance == ()


@pytest.mark.parametrize(("weeks", "age", "notes"), [(8, 40, 1), (8, 70, 2), (11, 70, 1), (11, None, 0), (12, 70, 0)])
def test_longer_trials_are_a_note(weeks: float, age: float | None, notes: int) -> None:
    made = report({"drug": "escitalopram", "dose_max": 10, "weeks": weeks, "outcome": "none"}, age_years=age)
    assert sum("it changes no stage" in note for note in made.notes) == notes


def test_what_was_not_stated_is_listed_with_the_default() -> None:
    missing = treatment_history(person(trials=[{"drug": "lithium", "weeks": 6}]), (), rulebook()).missing
    for path in ("adherence", "episode", "dose_optimised", "duration_optimised", "improvement_percent", "augmentation_of"):
        assert any(f"trials[0].{path}" in line for line in missing), path
    assert {"severity: not stated", "ect: not stated; counts as none"} <= set(missing)


@pytest.mark.parametrize(
    ("stated", "not_met"),
    [
        ({"dose_max": 10, "weeks": 3}, ("duration",)),
        ({"dose_max": 5, "weeks": 3}, ("dose", "duration")),
        ({"dose_max": 10, "weeks": 8, "adherence": 0.5}, ("adherence",)),
        ({"dose_max": 10, "weeks": 8}, ()),
        ({}, ()),
    ],
)
def test_what_a_list_misses_is_a_field(stated: Mapping[str, Any], not_met: tuple[str, ...]) -> None:
    assert {one.not_met for one in report({"drug": "escitalopram", **stated}).adequacy} == {not_met}


@pytest.mark.parametrize(
    ("adherence", "text"),
    [
        ("poor", "Not adequate by adherence: stated as not adherent, and 80 % of doses are asked for."),
        (False, "Not adequate by adherence: stated as not adherent, and 80 % of doses are asked for."),
        ("good", "Adequate by adherence: stated as adherent, and 80 % of doses are asked for."),
        (True, "Adequate by adherence: stated as adherent, and 80 % of doses are asked for."),
        (0.5, "Not adequate by adherence: 50 % of doses, and 80 % of doses are asked for."),
        (90, "Adequate by adherence: 90 % of doses, and 80 % of doses are asked for."),
    ],
)
def test_no_share_is_made_of_a_word_on_adherence(adherence: object, text: str) -> None:
    assert text in report({"drug": "escitalopram", "adherence": adherence}).adequacy[0].reasons


@pytest.mark.parametrize(
    ("drug", "added", "augmentation"), [("nortriptyline", {}, False), ("nortriptyline", {"augmentation_of": "1"}, True)]
)
def test_whether_a_drug_was_added_to_another_is_a_field(drug: str, added: Mapping[str, Any], augmentation: bool) -> None:
    trials = [{"id": "1", "drug": "paroxetine", "weeks": 8}, {"id": "2", "drug": drug, **added}]
    first, second = treatment_history(person(trials=trials), (), rulebook()).trials
    assert (first.augmentation, second.augmentation) == (False, augmentation)
