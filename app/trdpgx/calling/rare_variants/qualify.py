"""Whether a variant qualifies under a rule: a pure function of consequence, frequency, scores and the rule's numbers.

``None`` means that the information is not enough to decide: an unknown frequency never counts as rare, and an open consequence never as one
that qualifies.
"""

from collections.abc import Mapping

from msgspec import Struct

from trdpgx.model.consequence import Consequence, Impact
from trdpgx.model.frequency import Frequency, FrequencyState
from trdpgx.model.rare import Predictor, QualifyingRule, Rarity
from trdpgx.texts import either, phrase


class QualifyingVerdict(Struct, frozen=True):
    """Whether a variant qualifies under a rule. ``reasons`` are in plain words, one for each criterion."""

    rule: str
    qualifies: bool | None
    rarity: Rarity
    reasons: tuple[str, ...]


def rarity_of(frequency: Frequency, rule: QualifyingRule) -> Rarity:
    """Compare a frequency with the cut-offs of a rule."""
    if frequency.state is FrequencyState.ABSENT:
        return Rarity.RARE if rule.absent_is_rare else Rarity.UNKNOWN
    number = frequency.decisive
    if number is None:
        return Rarity.UNKNOWN
    if number <= rule.rare_below:
        return Rarity.RARE
    return Rarity.UNCOMMON if number <= rule.uncommon_below else Rarity.COMMON


def qualify(
    consequence: Consequence, frequency: Frequency, scores: Mapping[Predictor, float], rule: QualifyingRule, doubts: tuple[str, ...] = ()
) -> QualifyingVerdict:
    """Judge one variant by one rule. ``doubts`` are reasons why the genotype itself is not certain (a filter, a half call)."""
    rarity = rarity_of(frequency, rule)
    steps = [
        _by_consequence(consequence, rule),
        _by_frequency(frequency, rarity, rule),
        _by_scores(consequence, scores, rule),
        *((None, doubt) for doubt in doubts),
    ]
    answers = [answer for answer, _ in steps]
    qualifies = False if False in answers else None if None in answers else True
    return QualifyingVerdict(rule.id, qualifies, rarity, tuple(reason for _, reason in steps if reason))


def _by_consequence(consequence: Consequence, rule: QualifyingRule) -> tuple[bool | None, str]:
    """Return whether the impact class is one of the rule's."""
    impacts = consequence.impacts
    if not impacts:
        return None, phrase("qualify.not_concluded")
    named = either(impacts)
    counting = [impact in rule.impacts for impact in impacts]
    if all(counting):
        return True, phrase("qualify.impact_counts", impacts=named)
    if not any(counting):
        return False, phrase("qualify.impact_does_not_count", impacts=named)
    return None, phrase("qualify.impact_open", impacts=named)


def _by_frequency(frequency: Frequency, rarity: Rarity, rule: QualifyingRule) -> tuple[bool | None, str]:
    """Return whether the variant is rare enough."""
    if frequency.state is FrequencyState.UNKNOWN:
        return None, phrase("qualify.frequency_unknown")
    if frequency.state is FrequencyState.ABSENT:
        absent = phrase("qualify.absent", source=frequency.source)
        return (
            (True, phrase("qualify.absent_counts", absent=absent))
            if rule.absent_is_rare
            else (None, phrase("qualify.absent_does_not_count", absent=absent))
        )
    number = frequency.decisive
    limit = rule.uncommon_below if Rarity.UNCOMMON in rule.qualifying else rule.rare_below
    return rarity in rule.qualifying, phrase(
        "qualify.frequency", number=f"{number:.3g}", source=frequency.source, rarity=rarity, limit=f"{limit:g}"
    )


def _by_scores(consequence: Consequence, scores: Mapping[Predictor, float], rule: QualifyingRule) -> tuple[bool, str]:
    """Return whether a predictor argues against a variant of MODERATE impact."""
    if consequence.impacts != (Impact.MODERATE,) or not rule.predictors:
        return True, ""
    scored = [(threshold, scores[threshold.predictor]) for threshold in rule.predictors if threshold.predictor in scores]
    if not scored:
        return True, phrase("qualify.no_score")
    text = ", ".join(
        phrase("qualify.score", predictor=threshold.predictor, score=f"{score:g}", minimum=f"{threshold.minimum:g}")
        for threshold, score in scored
    )
    reached = any(score >= threshold.minimum for threshold, score in scored)
    return reached, f"{text}: {phrase('qualify.reached') if reached else phrase('qualify.not_reached')}"
