"""A sum over dimensions: the Maudsley staging method (Fekadu 2009, standardised in 2018). Severity is never guessed."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from trdpgx.clinical.staging.failures import Failures, History
from trdpgx.clinical.staging.reading import Alternative, alternatives, stage_report
from trdpgx.knowledge.rules.schema.staging import DimensionsRow, UpTo
from trdpgx.model.clinical_report import StageReport
from trdpgx.texts import phrase


class Dimension(Struct, frozen=True):
    """Points of one dimension: the least and the most that the statements allow."""

    name: str
    least: int
    most: int
    missing: tuple[str, ...] = ()


def dimensions_report(method: DimensionsRow, history: History) -> StageReport:
    """Return the sum, or its bounds where a dimension is not stated. Without a failed drug the scale does not apply."""
    terms = history.terms(method)
    failures = history.failures(terms)
    fixed = tuple(_fixed(method, history))

    def total(one: Failures, *, most: bool = True) -> float | None:
        if not one.trials:
            return None
        drugs = points_of(method.failed_drugs, len(one.drugs()))
        return float(drugs + sum(dimension.most if most else dimension.least for dimension in fixed))

    low, high = total(failures.certain(), most=False), total(failures)
    missing = [path for dimension in fixed for path in dimension.missing]
    if low is None and high is None:
        basis = phrase("dimensions.not_applicable")
    else:
        parts = [*fixed, _drugs(method, failures)]
        basis = phrase("dimensions.points", parts=", ".join(map(_words, parts)), band=_band(method, low, high))
    settled = low == high
    psychotic = _with_psychosis(method, history, high) if settled else ()
    return stage_report(
        method,
        span=(low, high),
        basis=basis,
        others=[*psychotic, *(alternatives(history, terms, total) if settled else ())],
        missing=(*history.missing(terms), *missing),
        remarks=history.remarks(method.of),
    )


def points_of(steps: Sequence[UpTo], number: float) -> int:
    """Return the points of a number: those of the first step that reaches it."""
    return next(step.points for step in steps if step.most is None or number <= step.most)


def _fixed(method: DimensionsRow, history: History) -> Iterator[Dimension]:
    """Yield the dimensions that do not depend on which trials failed."""
    patient = history.patient
    months = patient.episode_months
    duration = [step.points for step in method.duration_months]
    if months is None:
        yield Dimension("duration", min(duration), max(duration), ("episode_months",))
    else:
        points = points_of(method.duration_months, months)
        yield Dimension("duration", points, points)
    yield _severity(method, history)
    augmentation = method.augmentation if history.augmented() else 0
    yield Dimension("augmentation", augmentation, augmentation, () if patient.trials is not None else ("trials",))
    ect = patient.ect
    used = ect is not None and ect.current_episode and ect.sessions != 0
    yield Dimension("ECT", method.ect * used, method.ect * used, () if ect else (f"ect: {phrase('defaults.none')}",))


def _severity(method: DimensionsRow, history: History) -> Dimension:
    severity, psychosis = history.patient.severity, history.patient.psychosis
    by_word = None if severity is None else method.severity[severity]
    if psychosis:
        # the scale has one step for psychotic features, and none for a milder episode with them
        if severity in {None, "severe"}:
            default = (f"severity: {phrase('defaults.psychotic_step')}",) if severity is None else ()
            return Dimension("severity", method.psychosis, method.psychosis, default)
        return Dimension("severity", by_word or 0, method.psychosis, (f"severity: {phrase('dimensions.no_psychotic_step')}",))
    if by_word is None:
        least, most = min(method.severity.values()), max(method.severity.values())
        return Dimension("severity", least, most if psychosis is False else method.psychosis, ("severity",))
    unstated = (f"psychosis: {phrase('defaults.no')}",) if psychosis is None and severity == "severe" else ()
    return Dimension("severity", by_word, by_word, unstated)


def _with_psychosis(method: DimensionsRow, history: History, total: float | None) -> Iterator[Alternative]:
    if history.patient.psychosis is None and history.patient.severity == "severe" and total is not None:
        psychotic = total - method.severity["severe"] + method.psychosis
        yield Alternative(phrase("dimensions.with_psychotic_features"), (psychotic, psychotic))


def _drugs(method: DimensionsRow, failures: Failures) -> Dimension:
    sure, possible = len(failures.certain().drugs()), len(failures.drugs())
    name = phrase("dimensions.failed_drugs", number=sure if sure == possible else phrase("lists.range", low=sure, high=possible))
    return Dimension(name, points_of(method.failed_drugs, sure), points_of(method.failed_drugs, possible))


def _words(dimension: Dimension) -> str:
    points = f"{dimension.least}" if dimension.least == dimension.most else phrase("lists.range", low=dimension.least, high=dimension.most)
    return f"{dimension.name} {points}"


def _band(method: DimensionsRow, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    labels = dict.fromkeys(next(band.label for band in method.bands if total <= band.most) for total in (low, high))
    return phrase("dimensions.band", labels=phrase("lists.to").join(labels))
