"""Definitions of treatment resistance by regulators and consensus papers, and counts of failed trials: met, not met, or not decided."""

from collections.abc import Iterator

from msgspec.structs import replace

from trdpgx.clinical.staging.failures import Failures, History, Terms
from trdpgx.clinical.staging.reading import Alternative, Value, alternatives, bounds, counted, stage_report, value_words
from trdpgx.knowledge.rules.schema.staging import DefinitionRow
from trdpgx.model.clinical_report import StageReport
from trdpgx.texts import phrase


def definition_report(method: DefinitionRow, history: History) -> StageReport:
    """Return whether a definition is met. Where its source names no threshold of failure, the published ones have to agree."""
    terms = [Terms(method.of, method.weeks, threshold) for threshold in method.failure_below]

    def value(one: Failures) -> Value:
        return definition_value(method, one)

    spans = [bounds(value, history.failures(one)) for one in terms]
    low, high = min(_number(span[0]) for span in spans), max(_number(span[1]) for span in spans)
    broad = max(terms, key=lambda one: one.failure_below)
    widest = history.failures(broad)
    remarks = [*_disagreement(spans, terms), *history.remarks(method.of), *(history.remarks_on_ect() if method.ect != "no" else ())]
    if method.value == "failures":
        remarks.append(phrase("definition.at_least", failures=method.failures, verdict=_yes(low, high, method.failures)))
    missing = [*(path for one in terms for path in history.missing(one)), *(history.missing_ect() if method.ect != "no" else ())]
    if method.excludes_bipolar and history.patient.bipolar:
        low = high = 0
        remarks.append(phrase("definition.bipolar_outside"))
    elif method.excludes_bipolar and history.patient.bipolar is None:
        missing.append(f"bipolar: {phrase('defaults.no')}")
    others = [*_alternatives(method, history, broad, widest), *alternatives(history, broad, value, thresholds=len(terms) == 1)]
    return stage_report(
        method,
        span=(_value(method, low), _value(method, high)),
        basis=f"{counted(_without_ect(method, widest))}.",
        others=() if method.excludes_bipolar and history.patient.bipolar else others,
        missing=missing,
        remarks=remarks,
        undecided=phrase("definition.no_threshold") if len(set(spans)) > 1 else phrase("reading.by_what_is_not_stated"),
    )


def definition_value(method: DefinitionRow, failures: Failures) -> Value:
    """Return whether enough different drugs failed, or how many trials did."""
    ect = method.ect == "counts" and failures.ect is not None
    if method.value == "failures":
        return float(len(failures.trials) + ect)
    return len(failures.drugs()) + ect >= method.failures


def _number(value: Value) -> float:
    return float(value) if isinstance(value, bool | float | int) else 0.0


def _value(method: DefinitionRow, number: float) -> Value:
    return number if method.value == "failures" else bool(number)


def _yes(low: float, high: float, least: int) -> str:
    return phrase("definition.yes") if low >= least else phrase("definition.no") if high < least else phrase("count.not_decided")


def _without_ect(method: DefinitionRow, failures: Failures) -> Failures:
    return failures if method.ect == "counts" else replace(failures, ect=None)


def _disagreement(spans: list[tuple[Value, Value]], terms: list[Terms]) -> Iterator[str]:
    if len(set(spans)) > 1:
        for (low, high), one in zip(spans, terms, strict=True):
            words = value_words(low) if low == high else phrase("lists.range", low=value_words(low), high=value_words(high))
            yield phrase("definition.by_threshold", threshold=one.failure_below, value=words)


def _alternatives(method: DefinitionRow, history: History, terms: Terms, failures: Failures) -> Iterator[Alternative]:
    if method.weeks_or is not None:
        other = history.failures(replace(terms, weeks=method.weeks_or))
        yield Alternative(
            phrase("definition.if_weeks_enough", weeks=f"{method.weeks_or:g}"), bounds(lambda one: definition_value(method, one), other)
        )
    if method.ect == "disputed" and failures.ect:
        counting = method.copy_with(ect="counts")
        with_ect = bounds(lambda one: definition_value(counting, one), failures)
        yield Alternative(phrase("definition.if_ect_counts"), with_ect)
