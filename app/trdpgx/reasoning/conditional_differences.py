"""Where sources point to opposite changes of a dose that only the course of treatment would ask for."""

from collections.abc import Iterable, Mapping, Sequence

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.consideration import Consideration
from trdpgx.model.rule import Direction, VocabularyEntry
from trdpgx.reasoning.headline_words import DirectedConsideration, conditional_words
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.statements import stated
from trdpgx.texts import phrase

_OF_DOSE = frozenset({Direction.HIGHER, Direction.LOWER})


def apart_on_conditions(guidance: Iterable[Consideration], actions: Mapping[str, VocabularyEntry]) -> bool:
    """Return whether one source points to a higher dose alone and another to a lower one alone, each only on the course of treatment.

    What holds for part of what is possible is compared with what holds for the same part. ``actions`` are those of the rules, by code.
    """
    toward: dict[tuple[str, ...], dict[str, set[Direction | None]]] = {}
    for one in guidance:
        ways = {actions[code].toward for code in one.action.codes if actions[code].conditional}
        part = one.basis.facts if one.basis.holds_for == "some" else ()
        toward.setdefault(part, {}).setdefault(one.source.name, set()).update(ways & _OF_DOSE)
    return any({Direction.HIGHER} in of.values() and {Direction.LOWER} in of.values() for of in toward.values())


def differing_on_conditions(own: Sequence[DirectedConsideration], actions: Mapping[str, VocabularyEntry]) -> TextPart | None:
    """Return what sources of guidance by genotype state so of one drug; the statements of the part are the ids of the considerations."""
    guidance = [stance for stance in own if stance.consideration.source.name != RESEARCH]
    if not apart_on_conditions((stance.consideration for stance in guidance), actions):
        return None
    telling = [stance for stance in guidance if any(action.toward in _OF_DOSE for action in stance.plain_actions)]
    sides = "; ".join(stated(telling, conditional_words))
    ids = tuple(stance.consideration.id for stance in telling)
    return TextPart(PartKind.DIFFER_ON_CONDITIONS, phrase("drugs.sources_differ_on_conditions", sides=sides), ids)
