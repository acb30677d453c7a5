"""What one source points to on one drug: the marks of the figure of drugs by source, and all of it in words."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import VerificationState
from trdpgx.model.rule import Direction, VocabularyEntry
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.disagreement import document_of, documents
from trdpgx.reasoning.importance import ADVISED_AGAINST, RESEARCH
from trdpgx.report.action_words import SourceActions
from trdpgx.report.html.glyphs import Glyph
from trdpgx.texts import phrase

_HOLDS_FOR_ANYBODY = "limit_for_anybody"
"""The implication of a statement that the source makes of anybody, whatever the genotype."""
_AT_ONCE: Mapping[Direction, Glyph] = MappingProxyType(
    {
        Direction.AVOID: Glyph.OTHER_DRUG,
        Direction.LOWER: Glyph.LOWER,
        Direction.HIGHER: Glyph.HIGHER,
        Direction.MONITOR: Glyph.MONITOR,
        Direction.STANDARD: Glyph.STANDARD,
        Direction.NONE: Glyph.NONE,
    }
)
_LATER: Mapping[Direction | None, Glyph] = MappingProxyType(
    {
        Direction.AVOID: Glyph.LATER_OTHER_DRUG,
        Direction.LOWER: Glyph.LATER_LOWER,
        Direction.HIGHER: Glyph.LATER_HIGHER,
        Direction.MONITOR: Glyph.LATER_MONITOR,
    }
)
RANKS = {glyph: rank for rank, glyph in enumerate(Glyph)}
"""How far each mark reaches, the most far-reaching first."""


class Pointing(NamedTuple):
    """What one source points to: the marks of the figure, and all of it in words."""

    glyphs: tuple[Glyph, ...]
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words in one line."""
        return "; ".join(self.words)

    @property
    def is_silent(self) -> bool:
        """Whether the source looked and gives no advice."""
        return self.glyphs == (Glyph.NONE,)


def pointing_of(mine: Sequence[Consideration], actions: Mapping[str, VocabularyEntry], unsure: AbstractSet[str]) -> Pointing:
    """Return what one source points to; what two of its documents on one gene point to stands side by side.

    ``unsure`` has the genes of which the result is disputed or assumed.
    """
    if len({document_of(one) for one in mine}) == 1:
        return _pointing(mine, actions, unsure)
    by_document: dict[str, list[Consideration]] = {}
    keys = documents(mine)
    for one in mine:
        by_document.setdefault(keys.get(id(one), ""), []).append(one)
    first, *others = (_pointing(ones, actions, unsure) for ones in by_document.values())
    if not others:
        return first
    glyphs = {glyph for pointing in (first, *others) for glyph in pointing.glyphs}
    words = dict.fromkeys(word for pointing in (first, *others) for word in pointing.words)
    return Pointing(tuple(sorted(glyphs, key=RANKS.__getitem__)), tuple(words))


def marks(stated: SourceActions) -> set[Glyph]:
    """Return the marks of the actions of one source: of those at once, and of those in the course of treatment."""
    at_once = {_mark(direction, stated.actions) for direction in stated.directions}
    later = {_LATER.get(action.toward, Glyph.LATER) for action in stated.actions if action.conditional}
    # "no advice" gives way before what hangs on the course of treatment
    return at_once - {Glyph.NONE} | later if later else at_once


def _mark(direction: Direction, actions: Sequence[VocabularyEntry]) -> Glyph:
    """Return the mark of a direction of one source, by the actions that point there."""
    keeping = [action.keeps_start for action in actions if action.direction is direction and not action.conditional]
    kept = any(keeping) if direction is Direction.NONE else bool(keeping) and all(keeping)
    return Glyph.KEPT_START if kept else _AT_ONCE[direction]


def _pointing(mine: Sequence[Consideration], actions: Mapping[str, VocabularyEntry], unsure: AbstractSet[str]) -> Pointing:
    """Return what one source points to by its considerations on one drug."""
    stated = SourceActions.of(mine, actions)
    telling = [one for one in mine if stated.directions.intersection(one.action.directions)]
    of_anybody = stated.directions <= CHANGING and all(one.implication.code == _HOLDS_FOR_ANYBODY for one in telling)
    guidance = mine[0].source.name != RESEARCH
    unverified = guidance and all(one.evidence.verification.state is VerificationState.UNVERIFIED for one in telling)
    glyphs, words = marks(stated), stated.words
    if of_anybody and Glyph.LOWER in glyphs:
        glyphs = glyphs - {Glyph.LOWER} | {Glyph.ANYBODY}
    if Glyph.OTHER_DRUG in glyphs and stated.against:
        # without what holds for all that is possible, by a result that nothing contradicts, nothing is ruled out for certain
        certain = [one for one in mine if one.basis.holds_for == "all" and unsure.isdisjoint(one.genes)]
        sure = SourceActions.of(certain, actions)
        against = Glyph.RULED_OUT if sure.against in ADVISED_AGAINST else Glyph.MAY_BE_RULED_OUT
        glyphs = glyphs - {Glyph.OTHER_DRUG} | {against}
    if glyphs == {Glyph.NONE} and not guidance:
        glyphs, words = {Glyph.FINDING}, (phrase("matrix_figure.finding"),)
    if unverified and glyphs != {Glyph.NONE}:
        glyphs = glyphs | {Glyph.UNVERIFIED}
    notes = []
    if of_anybody:
        notes.append(phrase("matrix_figure.anybody"))
    if all(one.basis.holds_for == "some" for one in telling):
        notes.append(phrase("matrix_figure.of_part"))
    if telling and not any(unsure.isdisjoint(one.genes) for one in telling):
        notes.append(phrase("matrix_figure.of_unsure_result"))
    if telling and all(one.conversion is not None and one.conversion.guideline for one in telling):
        notes.append(phrase("matrix_figure.asked_for"))
    if unverified:
        notes.append(phrase("matrix_figure.unverified"))
    return Pointing(tuple(sorted(glyphs, key=RANKS.__getitem__)), (*words, *notes))
