"""Stages by the number of failed trials, with weeks as a check: the European method (Souery 1999).

The bands of weeks are multiples of one trial of 6 to 8 weeks, with overlaps and gaps, so trials are counted and weeks are a remark.
"""

from msgspec.structs import replace

from trdpgx.clinical.staging.failures import Failures, History
from trdpgx.clinical.staging.reading import Alternative, alternatives, bounds, counted, names, stage_report
from trdpgx.knowledge.rules.schema.staging import CountRow
from trdpgx.model.clinical_report import StageReport
from trdpgx.texts import phrase

_WEEKS_A_YEAR = 52


def count_report(method: CountRow, history: History) -> StageReport:
    """Return the stage by the rule that asks for different classes, the stage without that rule, and by weeks alone."""
    terms = history.terms(method)
    failures = history.failures(terms)

    def stage(one: Failures) -> str | None:
        return count_stage(method, one, classes=method.classes)

    def any_class(one: Failures) -> str | None:
        return count_stage(method, one, classes=1)

    others = [
        Alternative(phrase("count.without_different_classes"), bounds(any_class, failures)),
        *alternatives(history, terms, stage),
    ]
    if failures.ect:
        others.append(Alternative(phrase("count.by_drugs_alone"), bounds(stage, replace(failures, ect=None))))
    low, high = bounds(stage, failures)
    remarks = [*_weeks(method, failures), *_chronic(method, history, failures), *history.remarks(method.of), *history.remarks_on_ect()]
    if low is None and high is None:
        remarks.append(phrase("count.no_stage"))
    if low == high == method.stages[0]:
        remarks.insert(0, phrase("count.first_stage", stage=low))
    return stage_report(
        method,
        span=(low, high),
        basis=f"{counted(failures)}.",
        others=others,
        missing=(*history.missing(terms), *history.missing_ect()),
        remarks=remarks,
    )


def count_stage(method: CountRow, failures: Failures, *, classes: int) -> str | None:
    """Return the stage of a number of failures; the first one only where they are of fewer classes than the others ask for."""
    number = len(failures.trials) + (failures.ect is not None)
    distinct = len(failures.classes()) + (failures.ect is not None)
    if number == 0:
        return None
    if number == 1 or distinct < classes:
        return method.stages[0]
    return method.stages[min(number, len(method.stages)) - 1]


def _weeks(method: CountRow, failures: Failures) -> list[str]:
    if len(failures.trials) < 2:
        return []
    total = sum(one.trial.weeks_at_adequate_dose or 0 for one in failures.trials)
    stages = [band.stage for band in method.bands if band.least <= total <= band.most]
    where = phrase("count.lie_band", stages=phrase("count.and_of").join(stages)) if stages else phrase("count.lie_no_band")
    return [phrase("count.weeks_of_drugs", count=round(total), where=where)]


def _chronic(method: CountRow, history: History, failures: Failures) -> list[str]:
    """Return whether the depression is chronic, which asks for several failed trials with an augmentation, by the episode and by weeks."""
    if len(failures.trials) < 2 or not history.augmented():
        return []
    drugs = [*failures.trials, *failures.augmentations]
    weeks = sum(one.trial.weeks_at_adequate_dose or one.trial.weeks or 0 for one in drugs)
    months = history.patient.episode_months
    by_length = None if months is None else months >= method.chronic_months
    by_weeks = weeks >= method.chronic_months / 12 * _WEEKS_A_YEAR
    words = {True: phrase("count.chronic"), False: phrase("count.not_chronic"), None: phrase("count.not_decided")}
    parts = (
        phrase("count.by_episode", verdict=words[by_length]),
        phrase("count.by_weeks", verdict=words[by_weeks], weeks=f"{weeks:g}"),
    )
    return [phrase("count.with_augmentation", parts=names(parts))]
