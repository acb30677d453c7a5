"""Staging: twelve histories worked by hand, and what holds of every history."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clinical.people import cases, person, rulebook, stages
from trdpgx.clinical.staging import History
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.model.clinical_report import Staging

HISTORIES = cases("histories.yaml")
KEYS = tuple(Staging.model_fields)
RANKS = {
    "thase_rush": {value: rank for rank, value in enumerate(("0", "I", "II", "III", "IV", "V"))},
    "european": {value: rank for rank, value in enumerate((None, "A", "TRD1", "TRD2", "TRD3", "TRD4", "TRD5"))},
}


@pytest.mark.parametrize("history", HISTORIES, ids=[one["name"] for one in HISTORIES])
def test_a_history_worked_by_hand(history: Mapping[str, Any]) -> None:
    result = stages(person(**history["context"]))
    assert {key: getattr(result, key).value for key in KEYS} == history["value"]
    for key, part in history.get("detail", {}).items():
        assert part in getattr(result, key).detail


def test_every_method_has_its_version_and_how_it_is_known() -> None:
    methods = rulebook().clinical.of(StagingFile)
    assert {key.replace("-", "_") for key in methods.rows} == set(KEYS)
    assert all(method.version and method.verification.where for method in methods.rows.values())


def test_without_stated_trials_nothing_is_decided_and_without_trials_nothing_failed() -> None:
    unknown, none = stages(person()), stages(person(trials=[]))
    assert {getattr(unknown, key).value for key in KEYS} == {None}
    assert all(getattr(unknown, key).missing == ("trials",) for key in KEYS)
    assert (none.thase_rush.value, none.mgh_s.value, none.fda.value, none.athf_sf.value) == ("0", 0, False, 0)
    assert none.european.value is None
    assert "No stage" in none.european.detail
    assert none.maudsley.value is None
    assert "Not applicable" in none.maudsley.detail


@pytest.mark.parametrize(
    ("left_out", "missing", "key"),
    [
        ("dose_max", "trials[1].dose_max", "thase_rush"),
        ("weeks", "trials[1].weeks", "european"),
        ("outcome", "trials[1].improvement_percent", "mgh_s"),
        ("outcome", "trials[1].improvement_percent", "athf_sf"),
        ("weeks", "trials[1].weeks", "canadian"),
    ],
)
def test_what_decides_a_stage_and_is_not_stated_leaves_it_open(left_out: str, missing: str, key: str) -> None:
    trials = [
        {"drug": "sertraline", "dose_max": 100, "weeks": 8, "outcome": "none"},
        {"drug": "venlafaxine", "dose_max": 225, "weeks": 8, "outcome": "none"},
    ]
    del trials[1][left_out]
    report = getattr(stages(person(trials=trials)), key)
    assert report.value is None
    assert any(missing in line for line in report.missing)


def test_severity_is_never_guessed() -> None:
    trials = [{"drug": "sertraline", "dose_max": 100, "weeks": 8, "outcome": "none"}]
    report = stages(person(trials=trials, episode_months=5)).maudsley
    assert report.value is None
    assert "3 to 7" in report.detail
    assert "severity" in report.missing
    psychotic = stages(person(trials=trials, episode_months=5, severity="moderate", psychosis=True)).maudsley
    assert psychotic.value is None


@pytest.mark.parametrize(("months", "points"), [(12, 1), (12.5, 2), (24, 2), (25, 3)])
def test_the_boundaries_of_duration(months: float, points: int) -> None:
    trials = [{"drug": "sertraline", "dose_max": 100, "weeks": 8, "outcome": "none"}]
    assert stages(person(trials=trials, episode_months=months, severity="mild")).maudsley.value == points + 2 + 1


@pytest.mark.parametrize(
    ("ect", "stage", "score"),
    [
        ({"type": "bilateral", "sessions": 8, "outcome": "none"}, "V", 7),
        ({"type": "unilateral", "sessions": 8, "outcome": "none"}, "IV", 7),
        ({"sessions": 8, "outcome": "none"}, None, 7),
        ({"type": "bilateral", "sessions": 3, "outcome": "none"}, "IV", 4),
        ({"type": "bilateral", "sessions": 8, "outcome": "remission"}, "IV", 4),
        ({"type": "bilateral", "sessions": 8}, None, None),
        ({"type": "bilateral", "sessions": 8, "outcome": "none", "episode": "previous"}, "IV", 4),
    ],
)
def test_ect(ect: Mapping[str, Any], stage: str | None, score: float | None) -> None:
    doses = {"sertraline": 200, "venlafaxine": 225, "nortriptyline": 100, "tranylcypromine": 40}
    trials = [{"drug": drug, "dose_max": dose, "weeks": 8, "outcome": "none"} for drug, dose in doses.items()]
    result = stages(person(trials=trials, ect=ect))
    assert (result.thase_rush.value, result.mgh_s.value) == (stage, score)


def test_a_course_of_ect_that_is_too_short_is_named_with_its_unverified_rule() -> None:
    trials = [{"drug": "sertraline", "dose_max": 100, "weeks": 8, "outcome": "none"}]
    reports = stages(person(trials=trials, ect={"type": "bilateral", "sessions": 5, "outcome": "none"}))
    for report in (reports.thase_rush, reports.european, reports.mgh_s):
        assert "ECT is not counted: fewer than 6 sessions" in report.detail
        assert "unverified" in report.detail
    assert reports.maudsley.value == stages(person(trials=trials, ect={"type": "bilateral", "sessions": 8})).maudsley.value
    whole = stages(person(trials=trials, ect={"type": "bilateral", "sessions": 6, "outcome": "none"}))
    assert "not counted" not in whole.thase_rush.detail


def test_bipolar_depression_is_outside_the_definitions_that_exclude_it() -> None:
    trials = [{"drug": drug, "dose_max": dose, "weeks": 8, "outcome": "none"} for drug, dose in (("sertraline", 200), ("duloxetine", 60))]
    result = stages(person(trials=trials, bipolar=True))
    assert (result.eu_pearl.value, result.fda.value, result.canadian.value) == (False, False, True)


def test_a_drug_that_no_list_has_is_named_and_not_counted() -> None:
    report = stages(person(trials=[{"drug": "esketamine", "dose_max": 84, "weeks": 8, "outcome": "none"}])).thase_rush
    assert report.value == "0"
    assert "has no row for them: esketamine" in report.detail


DOSES = {
    "sertraline": 100,
    "escitalopram": 10,
    "venlafaxine": 225,
    "mirtazapine": 30,
    "nortriptyline": 100,
    "amitriptyline": 150,
    "tranylcypromine": 40,
    "moclobemide": 600,
    "bupropion": 300,
    "lithium": 900,
    "aripiprazole": 5,
}
trial = st.builds(
    lambda drug, share, weeks, percent, optimised, adherence: {
        "drug": drug,
        "dose_max": DOSES[drug] * share if share else None,
        "weeks": weeks,
        "improvement_percent": percent,
        "dose_optimised": optimised,
        "adherence": adherence,
    },
    st.sampled_from(sorted(DOSES)),
    st.sampled_from([0.5, 1, 1, 1, None]),
    st.sampled_from([2, 5, 6, 8, 12, None]),
    st.sampled_from([-5, 0, 20, 30, 49, 60, None]),
    st.booleans(),
    st.sampled_from([None, 0.5, 1]),
)
rest = st.fixed_dictionaries(
    {"episode_months": st.sampled_from([3, 12, 18, 30]), "severity": st.sampled_from(["mild", "severe"]), "psychosis": st.booleans()},
    optional={"ect": st.builds(lambda kind: {"type": kind, "outcome": "none"}, st.sampled_from(["bilateral", "unilateral"]))},
)


def rank(key: str, value: object) -> float:
    ranks = RANKS.get(key)
    return float(ranks[value] if ranks else value or 0)  # type: ignore[index, arg-type]


@settings(max_examples=30, deadline=None)
@given(st.lists(trial, max_size=6), trial, rest)
def test_another_failed_adequate_trial_never_lowers_a_stage(
    trials: list[dict[str, Any]], another: dict[str, Any], stated: dict[str, Any]
) -> None:
    worse = {**another, "dose_max": DOSES[another["drug"]], "weeks": 8, "improvement_percent": 0, "adherence": 1}
    before, after = stages(person(trials=trials, **stated)), stages(person(trials=[*trials, worse], **stated))
    for key in KEYS:
        earlier, later = getattr(before, key), getattr(after, key)
        if "is not decided" not in earlier.detail + later.detail:
            assert rank(key, later.value) >= rank(key, earlier.value), key


@settings(max_examples=30, deadline=None)
@given(st.lists(trial, max_size=6).flatmap(lambda trials: st.tuples(st.just(trials), st.permutations(trials))), rest)
def test_the_order_of_trials_does_not_matter(orders: tuple[list[dict[str, Any]], list[dict[str, Any]]], stated: dict[str, Any]) -> None:
    one, other = (stages(person(trials=trials, **stated)) for trials in orders)
    for key in KEYS:
        assert getattr(one, key).value == getattr(other, key).value
        assert getattr(one, key).detail == getattr(other, key).detail


def test_a_layer_can_ask_for_other_weeks() -> None:
    methods = rulebook().clinical.of(StagingFile)
    stricter = methods.rows["canadian"].model_copy(update={"weeks": 10.0})
    history = History(
        person(trials=[{"drug": drug, "dose_max": 150, "weeks": 8, "outcome": "none"} for drug in ("sertraline", "venlafaxine")]),
        rulebook().clinical.of(AdequateTrialFile),
        methods.classes,
    )
    assert len(history.failures(history.terms(methods.rows["canadian"])).trials) == 2
    assert history.failures(history.terms(stricter)).trials == ()


def test_an_alternative_is_open_where_what_decides_it_is_not_stated() -> None:
    trials = [
        {"drug": "sertraline", "dose_max": 100, "weeks": 8, "stopped_for": "inefficacy"},
        {"drug": "venlafaxine", "dose_max": 225, "weeks": 8, "outcome": "none"},
    ]
    report = stages(person(trials=trials)).thase_rush
    assert report.value == "II"
    assert "I to II if failure is less than 25 % improvement" in report.detail
    assert report.missing == (
        "trials[0].adherence, trials[1].adherence: not stated; counts as adherent",
        "ect: not stated; counts as none",
    )


def test_a_trial_that_may_have_failed_is_named_apart() -> None:
    trials = [
        {"drug": "sertraline", "dose_max": 100, "weeks": 8},
        {"drug": "venlafaxine", "dose_max": 225, "weeks": 8, "outcome": "none"},
    ]
    report = stages(person(trials=trials)).mgh_s
    assert report.value is None
    assert "1 failed adequate trial (venlafaxine) and 1 that may be one (sertraline)" in report.detail
    assert "It could be 1 to 2" in report.detail
    assert "trials[0].improvement_percent" in report.missing
