"""How the value of an instrument is decided: from what is certain and from what is possible, and beside its alternatives."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from trdpgx.clinical.staging.failures import Failures, History, Terms
from trdpgx.knowledge.rules.schema.staging import StagingRow
from trdpgx.model.clinical_report import StageReport
from trdpgx.model.evidence import VerificationState

Value = str | float | bool | None
Reader = Callable[[Failures], Value]
"""Gives the stage of what counts; it never falls where more counts."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the value would be on other terms, or by another rule: ``when`` goes behind it in a sentence."""

    when: str
    value: Value


def bounds(reader: Reader, failures: Failures) -> tuple[Value, Value]:
    """Return the value of what is certain, and of what is possible too."""
    return reader(failures.certain()), reader(failures)


def value_words(value: Value) -> str:
    """Return a value as a sentence has it."""
    if isinstance(value, bool):
        return "met" if value else "not met"
    if value is None:
        return "no stage"
    return value if isinstance(value, str) else f"{value:g}"


def alternatives(history: History, terms: Terms, reader: Reader, *, thresholds: bool = True) -> Iterator[Alternative]:
    """Yield what comes out on other terms: other thresholds of failure, earlier episodes, combinations as trials of their own."""
    for threshold in history.thresholds(terms) if thresholds else ():
        other = replace(terms, failure_below=threshold)
        yield Alternative(f"if failure is less than {threshold} % improvement", reader(history.failures(other)))
    yield Alternative("if trials of earlier episodes counted too", reader(history.failures(replace(terms, lifetime=True))))
    combined = replace(terms, combinations=True)
    yield Alternative("if a combination counts as a trial of its own", reader(history.failures(combined)))


def stage_report(
    method: StagingRow,
    *,
    span: tuple[Value, Value],
    basis: str,
    others: Sequence[Alternative] = (),
    missing: Sequence[str] = (),
    remarks: Sequence[str] = (),
    undecided: str = "by what is not stated",
) -> StageReport:
    """Return the report of one instrument: its value where the bounds agree, what it rests on, and what else it could be."""
    low, high = span
    value = low if low == high else None
    sentences = [basis]
    if low != high:
        between = "or" if isinstance(low, bool) else "to"
        sentences.append(f"Not decided: {value_words(low)} {between} {value_words(high)}, {undecided}.")
    for other in dict.fromkeys(others):
        if other.value not in (low, high):
            sentences.append(f"{sentence(value_words(other.value))} {other.when}.")
    sentences += remarks
    if method.verification.state is VerificationState.UNVERIFIED:
        sentences.append(f"Unverified: {method.verification.where}.")
    return StageReport(value=value, detail=" ".join(sentences), missing=_grouped(missing))


def sentence(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def number_of(count: int, one: str, several: str) -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else several}"


def names(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return ", ".join(words) if words else "none"


def counted(failures: Failures) -> str:
    """Return what counts in words: the trials with their drugs, and ECT."""
    drugs = sorted(one.trial.drug for one in failures.trials)
    trials = number_of(len(drugs), "failed adequate trial", "failed adequate trials") + (f" ({names(drugs)})" if drugs else "")
    return f"{trials} and a failed course of ECT" if failures.ect else trials


def _grouped(missing: Sequence[str]) -> tuple[str, ...]:
    """Return what is missing, with the paths of which the same was assumed in one line."""
    paths: dict[str, list[str]] = {}
    for path, _, assumed in (one.partition(": ") for one in dict.fromkeys(missing)):
        paths.setdefault(assumed or path, []).append(path)
    return tuple(f"{', '.join(own)}: {assumed}" if assumed not in own else assumed for assumed, own in paths.items())
