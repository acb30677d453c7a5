"""A score of points for each failed trial, without a ceiling and without grades: the MGH staging method (Fava 2003)."""

from trdpgx.clinical.staging.failures import Failures, History
from trdpgx.clinical.staging.reading import Alternative, alternatives, bounds, counted, stage_report
from trdpgx.knowledge.rules.schema.staging import PointsRow
from trdpgx.model.clinical_report import StageReport
from trdpgx.texts import phrase


def points_report(method: PointsRow, history: History) -> StageReport:
    """Return the score. Every failed augmentation counts: no source that was read asks for a least dose or time of them."""
    terms = history.terms(method)
    failures = history.failures(terms)

    def score(one: Failures) -> float:
        return points(method, one)

    def without_duration(one: Failures) -> float:
        return score(one) - method.duration_optimised * sum(trial.trial.duration_optimised for trial in one.trials)

    added = phrase("points.failed_augmentations", count=len(failures.augmentations))
    return stage_report(
        method,
        span=bounds(score, failures),
        basis=f"{counted(failures)}; {added}.{phrase('points.augmentation_counts') if failures.augmentations else ''}",
        others=[
            Alternative(phrase("points.without_optimised_duration"), bounds(without_duration, failures)),
            *alternatives(history, terms, score),
        ],
        missing=(*history.missing(terms), *history.missing_ect()),
        remarks=(*history.remarks(method.of), *history.remarks_on_ect()),
    )


def points(method: PointsRow, failures: Failures) -> float:
    """Return the sum of the points of all failures; an augmentation counts with the failed trial that it was added to."""
    bases = {one.trial.id for one in (*failures.trials, *failures.augmentations)}
    added = [one for one in failures.augmentations if failures.trials and one.trial.augmentation_of in {None, *bases}]
    trials = sum(
        method.trial + method.dose_optimised * one.trial.dose_optimised + method.duration_optimised * one.trial.duration_optimised
        for one in failures.trials
    )
    return trials + method.augmentation * len(added) + (method.ect if failures.ect else 0)
