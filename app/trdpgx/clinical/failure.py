"""Whether a trial counts as failed, by each published threshold of improvement: sources differ, and all answers are shown."""

from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile, EarlyStopRow
from trdpgx.model.clinical_report import FailureReport
from trdpgx.model.patient import PatientTrial

_RANGES = {"none": (-1000.0, 24.9), "worse": (-1000.0, 0.0), "partial": (25.0, 49.9), "response": (50.0, 100.0), "remission": (50.0, 100.0)}
"""Improvement in per cent that each word stands for."""


def failed(trial: PatientTrial, below: int, trials: AdequateTrialFile) -> bool | None:
    """Return whether the improvement is below a threshold in per cent; ``None`` where what is stated does not decide it."""
    if trial.improvement_percent is not None:
        return trial.improvement_percent < below
    if trial.outcome is not None:
        lowest, highest = _RANGES[trial.outcome]
        return True if highest < below else False if lowest >= below else None
    match trial.stopped_for:
        case "remission":
            return False
        case "inefficacy":
            # no response is an improvement below 50 %, and may be above or below 25 %
            return True if below >= 50 else None
        case "intolerance" if early_stop(trial, trials):
            return False
        case _:
            return None


def early_stop(trial: PatientTrial, trials: AdequateTrialFile) -> EarlyStopRow | None:
    """Return the row by which the trial was stopped too early to count as failed."""
    if trial.weeks is None or trial.improvement_percent is not None or trial.outcome is not None:
        return None
    return next((row for row in trials.early_stops.values() if row.stopped_for == trial.stopped_for and trial.weeks < row.weeks), None)


def failure_reports(trial: PatientTrial, trials: AdequateTrialFile) -> tuple[FailureReport, ...]:
    """Return the answer by each threshold."""
    return tuple(
        FailureReport(
            threshold_percent=row.threshold_percent,
            failed=failed(trial, row.threshold_percent, trials),
            source=f"{row.source} {row.year}" if row.year else row.source,
        )
        for row in trials.failure.values()
    )
