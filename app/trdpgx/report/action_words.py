"""What the actions of a source come to in a few words: ``short`` of ``rules/vocabulary.yaml``."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple, Self

from trdpgx.model.consideration import Consideration
from trdpgx.model.rule import Against, Direction, VocabularyEntry
from trdpgx.reasoning.directions import CHANGING, decisive
from trdpgx.report.wording import DIRECTION_WORDS
from trdpgx.texts import section


class Reach(IntEnum):
    """How far an action reaches, the most far-reaching first: the order of the words."""

    RULING_OUT = 0
    """The source rules the drug out or advises against it."""
    OTHER_DRUG = 1
    """Another drug; left out beside ``RULING_OUT``, as it is the weaker word for the same."""
    OTHER_COURSE = 2
    """What else departs from the usual course."""
    LATER = 3
    """What the response or side effects have to ask for first."""
    BESIDE = 4
    """What goes with other advice and points nowhere."""


def reach_of(action: VocabularyEntry) -> Reach:
    """Return how far an action reaches, by its direction, and whether it speaks against the drug."""
    if action.direction is Direction.AVOID:
        return Reach.RULING_OUT if action.against else Reach.OTHER_DRUG
    if action.direction in CHANGING:
        return Reach.OTHER_COURSE
    return Reach.LATER if action.conditional else Reach.BESIDE


class SourceActions(NamedTuple):
    """The actions that one source states of a drug, and the directions of it that count."""

    actions: Sequence[VocabularyEntry]
    directions: frozenset[Direction]

    @classmethod
    def of(cls, considerations: Iterable[Consideration], actions: Mapping[str, VocabularyEntry]) -> Self:
        """Return the actions of the considerations of one source, each once; ``actions`` are those of the rules, by code."""
        stated = [one.action for one in considerations]
        codes = dict.fromkeys([code for action in stated for code in action.codes])
        return cls([actions[code] for code in codes], decisive({direction for action in stated for direction in action.directions}))

    @property
    def hangs_on_course(self) -> bool:
        """Whether the source states something for the case that the response or side effects ask for it."""
        return any(action.conditional for action in self.actions)

    @property
    def against(self) -> Against | None:
        """How the source speaks against the drug, by the gravest of the actions; ``None``: it does not."""
        stated = [action.against for action in self.actions if action.against]
        return min(stated, key=lambda one: one.rank) if stated else None

    @property
    def words(self) -> tuple[str, ...]:
        """What the source comes to, the most far-reaching first: every change that it considers, else "no change" or "no advice"."""
        telling = [(reach_of(action), words_of(action)) for action in self.actions if action.short or action.direction in CHANGING]
        ordered = sorted(telling, key=itemgetter(0))
        ruled_out = bool(ordered) and ordered[0][0] is Reach.RULING_OUT
        words = tuple(dict.fromkeys([word for reach, word in ordered if not (ruled_out and reach is Reach.OTHER_DRUG)]))
        if Direction.STANDARD in self.directions:
            return (DIRECTION_WORDS[Direction.STANDARD], *words)
        return words or (DIRECTION_WORDS[Direction.NONE],)


def words_of(action: VocabularyEntry) -> str:
    """Return what an action is called in a table: its own words, else those of how it speaks against the drug or of its direction."""
    if action.short:
        return action.short
    if action.against:
        return section("against")[action.against]
    return DIRECTION_WORDS[action.direction or Direction.NONE]
