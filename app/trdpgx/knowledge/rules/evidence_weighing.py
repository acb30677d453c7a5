"""The policy 3: what studies showed, weighed by size, replication, design, p value, correction and effect (docs/evidence.md).

A source's own grade is its authority and does not enter. A guideline or label without a study beside it is ``weighed_by_source``.
"""

from collections.abc import Sequence
from math import erfc, log, sqrt

from msgspec import Struct

from trdpgx.knowledge.rules.evidence_sides import AUTHORITY, FINDINGS, HUMAN, LADDER, conflict, independent, one_step_down
from trdpgx.model.evidence import (
    Correction,
    Design,
    EvidenceItem,
    Measure,
    Stance,
    Strength,
    StudyResult,
    Verification,
    VerificationState,
)

_SIZES = (100, 500, 2000)
"""From each of these numbers of people on a sample weighs one more."""
_SIZE_OF_POOLED = 500
"""A pooled analysis of unknown size weighs as one of so many people."""
_PANEL = 4
"""Weight of a guideline that found the opposite of a claim."""
_OUTWEIGHS = 3
_LARGE, _VERY_LARGE = 500, 1000
_CLEAR_P, _STRICT_P, _NOMINAL_P = 0.01, 0.001, 0.05
_BIG, _BIG_LEVEL, _SLIGHT = 2.0, 1.5, 1.25
_INTERVAL = 2 * 1.96


class WeighingPolicy(Struct, frozen=True):
    """The policy that weighs samples."""

    name: str

    def grade(
        self,
        items: Sequence[EvidenceItem],
        verification: Verification,
        source_grade: str | None,  # noqa: ARG002 - authority, which is no evidence
    ) -> tuple[Strength, str | None]:
        """Return the strength of what studies showed, and who found what where findings disagree (``None`` where none do).

        ``source_grade`` does not enter: it is authority.
        """
        authorities = [item for item in items if item.design in AUTHORITY and item.stance is Stance.SUPPORTS]
        studies = [item for item in items if item not in authorities]
        samples = _samples(studies)
        text = conflict((*authorities, *samples), [item for item in items if item.stance is Stance.INSUFFICIENT])
        if authorities and not any(item.stance is Stance.SUPPORTS for item in studies):
            return Strength.WEIGHED_BY_SOURCE, text
        return decide(studies, verification)[1], text


def decide(items: Sequence[EvidenceItem], verification: Verification) -> tuple[int, Strength]:
    """Return the row of the decision table that fits the studies, and its strength."""
    samples = _samples(items)
    support = [item for item in samples if item.stance is Stance.SUPPORTS]
    against = [item for item in samples if item.stance is not Stance.SUPPORTS]
    if not any(item.stance is Stance.SUPPORTS for item in items):
        return 1, Strength.NONE
    if not support and against:
        return 2, Strength.NONE
    pro, contra = sum(map(weight, support)), sum(map(weight, against))
    if against and contra > _OUTWEIGHS * pro:
        return 3, Strength.NONE
    if against and pro <= _OUTWEIGHS * contra:
        return 4, Strength.CONFLICTING
    row, strength = _supported(support)
    if against:
        strength = max(one_step_down(strength), Strength.PRELIMINARY, key=LADDER.index)
    if verification.state is VerificationState.UNVERIFIED:
        strength = min(strength, Strength.PRELIMINARY, key=LADDER.index)
    return row, strength


def weight(item: EvidenceItem) -> int:
    """Return how much a sample weighs against another: 1 to 4 for size, 1 more for its design, 1 more for a clear result.

    0 where nothing was left of the finding after a correction for several tests.
    """
    if item.design in AUTHORITY:
        return _PANEL
    if item.stance is not Stance.NULL and item.result is not None and item.result.correction is Correction.FAILED:
        return 0
    pooled = item.design is Design.META_ANALYSIS
    people = item.n if item.n is not None else (_SIZE_OF_POOLED if pooled else 0)
    size = 1 + sum(people >= least for least in _SIZES)
    return size + (item.design in {Design.META_ANALYSIS, Design.RCT}) + is_clear(item)


def is_clear(item: EvidenceItem) -> bool:
    """Return whether the result leaves little to chance.

    A finding: p of 0.01 or less, or one that survived a correction, or the single planned question of its study (p of 0.05 or less, or
    called significant there). A null: an interval within 0.67 and 1.5, which rules a large effect out.
    """
    result = item.result
    if result is None or result.correction is Correction.FAILED:
        return False
    if item.stance is Stance.NULL:
        return result.low is not None and result.high is not None and result.low >= 1 / _BIG_LEVEL and result.high <= _BIG_LEVEL
    p = p_value(result)
    if result.correction is Correction.SURVIVED:
        return True
    if result.correction is Correction.PLANNED:
        return p is None or p <= _NOMINAL_P
    return p is not None and p <= _CLEAR_P


def p_value(result: StudyResult) -> float | None:
    """Return the p value that the study gives, or the one that its ratio and its 95 % interval amount to."""
    if result.p is not None:
        return result.p
    if result.value is None or result.low is None or result.high is None or result.low >= result.high:
        return None
    error = log(result.high / result.low) / _INTERVAL
    return erfc(abs(log(result.value)) / error / sqrt(2))


def _samples(items: Sequence[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Return independent samples. What a pooled analysis holds does not count beside it."""
    findings = [item for item in items if item.stance in FINDINGS]
    pooled = {name for item in findings for name in item.pools}
    return independent(item for item in findings if item.sample not in pooled and item.citation.id not in pooled)


def _supported(samples: Sequence[EvidenceItem]) -> tuple[int, Strength]:
    """Return the row and the strength of samples that support a claim, against which nothing weighs."""
    counted = [item for item in samples if item.verification.state is VerificationState.VERIFIED and item.design in HUMAN]
    clear = [item for item in counted if is_clear(item)]
    people = sum(item.n or 0 for item in counted)
    weighty = [item for item in clear if item.design is Design.META_ANALYSIS and (item.n or 0) >= _VERY_LARGE and not _is_slight(item)]
    beside = [item for item in counted if item not in weighty[:1] and _confirms(item)]
    if weighty and beside:
        return 5, Strength.STRONG
    if weighty:
        return 6, Strength.MODERATE
    if len(clear) > 1 and people >= _VERY_LARGE and not any(map(_is_slight, clear)):
        return 7, Strength.MODERATE
    if len(counted) > 1 or any(item.design is Design.META_ANALYSIS for item in counted):
        return 8, Strength.LIMITED
    if any((item.n or 0) >= _LARGE and _is_strict(item) and _is_big(item) for item in counted):
        return 9, Strength.LIMITED
    return (10 if counted else 11), Strength.PRELIMINARY


def _confirms(item: EvidenceItem) -> bool:
    """Return whether a sample beside a large meta-analysis is a randomised trial, or a large one with a clear result."""
    return item.design is Design.RCT or ((item.n or 0) >= _LARGE and is_clear(item))


def _is_strict(item: EvidenceItem) -> bool:
    """Return whether a single sample is beyond chance: p of 0.001 or less, or the planned question of 2,000 people or more."""
    p = p_value(item.result) if item.result else None
    planned = item.result is not None and item.result.correction is Correction.PLANNED and (item.n or 0) >= _SIZES[-1]
    return is_clear(item) and (planned if p is None else p <= _STRICT_P)


def _ratio(item: EvidenceItem) -> float | None:
    value = item.result.value if item.result else None
    return None if value is None else max(value, 1 / value)


def _is_big(item: EvidenceItem) -> bool:
    ratio = _ratio(item)
    levels = item.result is not None and item.result.measure is Measure.LEVEL_RATIO
    return ratio is not None and ratio >= (_BIG_LEVEL if levels else _BIG)


def _is_slight(item: EvidenceItem) -> bool:
    ratio = _ratio(item)
    return ratio is not None and ratio < _SLIGHT
