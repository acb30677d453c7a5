"""Fields of a context that were not stated, in words, and whether a trial failed."""

import pytest

from trdpgx.model.clinical_report import AdequacyReport, FailureReport, TreatmentHistory, TrialReport
from trdpgx.report.stated_fields import in_plain_words
from trdpgx.report.wording import failure_lines, trial_words

TRIALS = tuple(TrialReport(id=name, drug="sertraline", current_episode=True) for name in ("first", "second", "third"))


def test_a_trial_that_no_list_finds_adequate_is_no_plain_failure() -> None:
    failure = (FailureReport(threshold_percent=50, failed=True, source="S"),)
    for verdicts, plain in (((False, False), False), ((False, True), True), ((False, None), True), ((), True)):
        adequacy = tuple(AdequacyReport(list_name="L", version="1", adequate=one) for one in verdicts)
        trial = TrialReport(id="1", drug="sertraline", current_episode=True, adequacy=adequacy, failure=failure)
        assert trial_words(trial).endswith("; failed") == plain
        assert ("no failure of an adequate trial" in trial_words(trial)) != plain


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("trials[0].adherence: not stated; counts as adherent", "adherence of trial first: not stated; counts as adherent"),
        ("trials[0].episode, trials[2].episode: not stated", "episode of trials first and third: not stated"),
        ("trials[0].weeks, trials[1].weeks, trials[2].weeks: not stated", "length of every trial: not stated"),
        ("ect: not stated; counts as none", "electroconvulsive therapy: not stated; counts as none"),
        ("trials", "past trials"),
        ("trials[7].adherence", "adherence"),
        ("own.field: x", "own.field: x"),
    ],
)
def test_a_field_is_named_in_words(line: str, words: str) -> None:
    assert in_plain_words([line], TreatmentHistory(trials=TRIALS)) == (words,)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((False, True), "failed if failure is less than 50 % improvement, not failed if it is less than 25 %"),
        ((True, True), "failed"),
        ((False, False), "not failed"),
        ((None, True), "what was stated does not decide whether it failed"),
        ((), "what was stated does not decide whether it failed"),
    ],
)
def test_whether_a_trial_failed_is_stated_by_threshold(answers: tuple[bool | None, ...], words: str) -> None:
    failure = tuple(FailureReport(threshold_percent=25 * n, failed=one, source="S") for n, one in enumerate(answers, 1))
    assert trial_words(TRIALS[0].copy_with(failure=failure)).endswith(f"; {words}")


def test_a_failed_augmentation_is_none_of_its_own() -> None:
    failure = (FailureReport(threshold_percent=50, failed=True, source="S"),)
    added = TRIALS[0].copy_with(failure=failure, augmentation=True)
    assert trial_words(added).endswith("; as an augmentation: failed")
    assert failure_lines(added)[-1] == "a failure as an augmentation, and not a failed trial of its own"
    alone = added.copy_with(augmentation=False)
    assert "augmentation" not in f"{trial_words(alone)} {failure_lines(alone)}"
    assert "augmentation" not in " ".join(failure_lines(added.copy_with(failure=(failure[0].copy_with(failed=False),))))
