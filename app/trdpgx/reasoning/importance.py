"""How far-reaching an action is: the one order by which headlines, groups and lists put what matters most first."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from trdpgx.model.rule import Direction, VocabularyEntry

RESEARCH = "research"
"""Name of the source of findings that no guideline and no label carries."""
RULING_OUT: Mapping[str, int] = MappingProxyType({"contraindicated": 0, "avoid": 1, "may_be_contraindicated": 2})
"""Codes of actions by which a source rules a drug out, advises against it, or may do so, with their rank."""
ADVISED_AGAINST = frozenset({"contraindicated", "avoid"})
"""Those by which it does so for certain."""
_DIRECTIONS = (Direction.AVOID, Direction.LOWER, Direction.HIGHER, Direction.MONITOR, Direction.STANDARD, Direction.NONE)
LEAST = len(RULING_OUT) + len(_DIRECTIONS)
"""The rank of no action."""


def importance(codes: Iterable[str], actions: Mapping[str, VocabularyEntry]) -> int:
    """Return the rank of the most far-reaching of the actions, 0 first; ``LEAST`` for none."""
    return min((_rank(code, actions[code]) for code in codes), default=LEAST)


def _rank(code: str, action: VocabularyEntry) -> int:
    return RULING_OUT.get(code, len(RULING_OUT) + _DIRECTIONS.index(action.direction or Direction.NONE))
