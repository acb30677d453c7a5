"""The authority of the source of a rule, and the kind of statement that it makes; neither is evidence.

A grade is the source's own word; ``grades`` of ``vocabulary.yaml`` has what each means.
"""

from collections.abc import Mapping, Sequence

from trdpgx.knowledge.rules.schema.rule_file import SourceEntry
from trdpgx.model.authority import Authority, Verdict
from trdpgx.model.evidence import Design
from trdpgx.model.rule import Direction, VocabularyEntry

_NO_CHANGE = frozenset({"no action"})
_NO_INTERACTION = frozenset({"no interaction"})
_NO_EFFECT = frozenset({"no_effect_found", "no_level_effect_found"})


def authority_of(source: SourceEntry, grade: str | None, grades: Mapping[str, Mapping[str, Authority]]) -> Authority | None:
    """Return what a grade of the source means; ``None`` for research and without a grade.

    A source that ``grades`` does not list, such as a clinic of one's own, keeps its word, with a key that states as much.
    """
    if source.design is None or grade is None:
        return None
    meaning = grades.get(source.name, {}).get(grade.casefold())
    if meaning is not None:
        return meaning.copy_with(grade=grade)
    kind = "recommendation" if source.design is Design.GUIDELINE else "label_section"
    return Authority(kind=kind, grade=grade, key=f"a word of {source.name}'s own, of which no meaning is on record", rank="low")


def verdict_of(
    source: SourceEntry, grade: str | None, actions: Sequence[str], implications: Sequence[str], terms: Mapping[str, VocabularyEntry]
) -> Verdict:
    """Return what kind of statement a rule makes, by its grade and by which way its actions point."""
    if source.design is None:
        return Verdict.NO_EFFECT if _NO_EFFECT & set(implications) else Verdict.FINDING
    word = (grade or "").casefold()
    if word in _NO_INTERACTION:
        return Verdict.NO_INTERACTION
    if word in _NO_CHANGE:
        return Verdict.NO_CHANGE
    defined = [terms[code] for code in actions if code in terms]
    directions = {action.direction or Direction.NONE for action in defined}
    if directions <= {Direction.NONE} and not any(action.headline for action in defined):
        return Verdict.NO_RECOMMENDATION
    return Verdict.NO_CHANGE if directions <= {Direction.STANDARD, Direction.NONE} else Verdict.ADVICE
