"""How far-reaching an action is: the one order by which headlines, groups and lists put what matters most first."""

from collections.abc import Iterable, Mapping

from trdpgx.model.rule import Against, Direction, VocabularyEntry

RESEARCH = "research"
"""Name of the source of findings that no guideline and no label carries."""
ADVISED_AGAINST = frozenset({Against.RULED_OUT, Against.ADVISED_AGAINST})
"""How a source speaks against a drug for certain."""
_DIRECTIONS = (Direction.AVOID, Direction.LOWER, Direction.HIGHER, Direction.MONITOR, Direction.STANDARD, Direction.NONE)
LEAST = len(Against) + len(_DIRECTIONS)
"""The rank of no action."""


def importance(codes: Iterable[str], actions: Mapping[str, VocabularyEntry]) -> int:
    """Return the rank of the most far-reaching of the actions, 0 first; ``LEAST`` for none."""
    return min((_rank(actions[code]) for code in codes), default=LEAST)


def _rank(action: VocabularyEntry) -> int:
    return action.against.rank if action.against else len(Against) + _DIRECTIONS.index(action.direction or Direction.NONE)
