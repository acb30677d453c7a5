"""How the value of an instrument is decided: from certain and from possible failures, with alternatives on other terms."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.clinical.staging.failures import Failures, History, Terms
from trdpgx.knowledge.rules.schema.staging import StagingRow
from trdpgx.model.clinical_report import StageReport
from trdpgx.model.evidence import VerificationState
from trdpgx.texts import both, either, phrase

Value = str | float | bool | None
Span = tuple[Value, Value]
"""The values of certain failures, and of possible ones as well; they are equal where the value is decided."""
Reader = Callable[[Failures], Value]
"""Returns the stage of failures; it is never lower for more failures."""


class Alternative(Struct, frozen=True):
    """The value on other terms, or by another rule: ``when`` follows it in a sentence."""

    when: str
    span: Span


def bounds(reader: Reader, failures: Failures) -> Span:
    """Return the values of certain failures, and of possible ones as well."""
    return reader(failures.certain()), reader(failures)


def value_words(value: Value) -> str:
    """Return a value as a sentence has it."""
    if isinstance(value, bool):
        return phrase("reading.met") if value else phrase("reading.not_met")
    if value is None:
        return phrase("reading.no_stage")
    return value if isinstance(value, str) else f"{value:g}"


def span_words(span: Span) -> str:
    """Return a span as a sentence has it."""
    low, high = span
    if low == high:
        return value_words(low)
    if isinstance(low, bool):
        return either((value_words(low), value_words(high)))
    return phrase("lists.range", low=value_words(low), high=value_words(high))


def alternatives(history: History, terms: Terms, reader: Reader, *, thresholds: bool = True) -> Iterator[Alternative]:
    """Yield the values on other terms: other thresholds of failure, earlier episodes, combinations as separate trials."""
    for threshold in history.thresholds(terms) if thresholds else ():
        other = replace(terms, failure_below=threshold)
        yield Alternative(phrase("reading.if_threshold", threshold=threshold), bounds(reader, history.failures(other)))
    yield Alternative(phrase("reading.if_earlier_episodes"), bounds(reader, history.failures(replace(terms, lifetime=True))))
    combined = replace(terms, combinations=True)
    yield Alternative(phrase("reading.if_combination_counts"), bounds(reader, history.failures(combined)))


def stage_report(
    method: StagingRow,
    *,
    span: Span,
    basis: str,
    others: Sequence[Alternative] = (),
    missing: Sequence[str] = (),
    remarks: Sequence[str] = (),
    undecided: str = phrase("reading.by_what_is_not_stated"),
) -> StageReport:
    """Return the report of one instrument: its value where the bounds agree, its basis, and its alternatives."""
    low, high = span
    value = low if low == high else None
    sentences = [basis]
    if low != high:
        sentences.append(phrase("reading.not_decided", span=span_words(span), undecided=undecided))
    for other in dict.fromkeys(others):
        if other.span != span:
            sentences.append(f"{sentence(span_words(other.span))} {other.when}.")
    sentences += remarks
    if method.verification.state is VerificationState.UNVERIFIED:
        sentences.append(phrase("adequacy.unverified", where=method.verification.where))
    return StageReport(value=value, detail=" ".join(sentences), missing=_grouped([one for one in missing if low != high or ": " in one]))


def sentence(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def names(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return ", ".join(words) if words else phrase("lists.none")


def counted(failures: Failures) -> str:
    """Return the failures in words: the trials with their drugs, those that may count, and ECT."""
    sure = sorted(one.trial.drug for one in failures.trials if one.certain)
    open_ = sorted(one.trial.drug for one in failures.trials if not one.certain)
    parts = [phrase("reading.failed_trials", count=len(sure)) + (f" ({names(sure)})" if sure else "")]
    if open_:
        parts.append(phrase("reading.may_be_one", count=len(open_), drugs=names(open_)))
    if failures.ect:
        parts.append(phrase("reading.failed_course_ect") if failures.ect.certain else phrase("reading.course_ect_may_have"))
    return both(parts)


def _grouped(missing: Sequence[str]) -> tuple[str, ...]:
    """Return what is missing, with the paths of equal assumptions in one line."""
    paths: dict[str, list[str]] = {}
    for path, _, assumed in (one.partition(": ") for one in dict.fromkeys(missing)):
        paths.setdefault(assumed or path, []).append(path)
    return tuple(f"{', '.join(own)}: {assumed}" if assumed not in own else assumed for assumed, own in paths.items())
