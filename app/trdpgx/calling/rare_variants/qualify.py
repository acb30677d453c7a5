"""Whether a variant qualifies under a rule: a pure function of consequence, frequency, scores and the rule's numbers.

``None`` means that what is known does not settle it: an unknown frequency is never counted as rare, and a consequence that is left
open never as one that counts.
"""

from collections.abc import Mapping

from trdpgx.model.consequence import Consequence, Impact
from trdpgx.model.frequency import Frequency, FrequencyState
from trdpgx.model.lazy_dataclass import dataclass
from trdpgx.model.rare import Predictor, QualifyingRule, Rarity


@dataclass(frozen=True, slots=True)
class QualifyingVerdict:
    """The answer of a rule about a variant. ``reasons`` are in plain words, one for each criterion."""

    rule: str
    qualifies: bool | None
    rarity: Rarity
    reasons: tuple[str, ...]


def rarity_of(frequency: Frequency, rule: QualifyingRule) -> Rarity:
    """Hold a frequency against the cut-offs of a rule."""
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
        return None, "what the variant does was not concluded"
    named = " or ".join(impacts)
    counting = [impact in rule.impacts for impact in impacts]
    if all(counting):
        return True, f"impact {named} counts"
    if not any(counting):
        return False, f"impact {named} does not count"
    return None, f"impact {named}: the sequence that is known does not settle which, and only one of them counts"


def _by_frequency(frequency: Frequency, rarity: Rarity, rule: QualifyingRule) -> tuple[bool | None, str]:
    """Return whether the variant is rare enough."""
    if frequency.state is FrequencyState.UNKNOWN:
        return None, "population frequency unknown: not counted as rare"
    if frequency.state is FrequencyState.ABSENT:
        absent = f"not in the population database ({frequency.source})"
        return (True, f"{absent}: counted as rare") if rule.absent_is_rare else (None, f"{absent}: not counted as rare by this rule")
    number = frequency.decisive
    limit = rule.uncommon_below if Rarity.UNCOMMON in rule.qualifying else rule.rare_below
    return rarity in rule.qualifying, f"population frequency {number:.3g} ({frequency.source}) is {rarity}; up to {limit:g} counts"


def _by_scores(consequence: Consequence, scores: Mapping[Predictor, float], rule: QualifyingRule) -> tuple[bool, str]:
    """Return whether a predictor argues against a variant of MODERATE impact."""
    if consequence.impacts != (Impact.MODERATE,) or not rule.predictors:
        return True, ""
    scored = [(threshold, scores[threshold.predictor]) for threshold in rule.predictors if threshold.predictor in scores]
    if not scored:
        return True, "no predictor score was annotated: none is held against it"
    text = ", ".join(f"{threshold.predictor} {score:g} (from {threshold.minimum:g})" for threshold, score in scored)
    reached = any(score >= threshold.minimum for threshold, score in scored)
    return reached, f"{text}: {'reached' if reached else 'not reached'}"
