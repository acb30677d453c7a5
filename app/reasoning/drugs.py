"""Considerations gathered by drug: one headline, and where the sources differ.

Sources are compared by the direction in which their actions point (``rules/vocabulary.yaml``), never by their wording.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from app.model.library import RuleLibrary
from app.model.report import Consideration, DrugReport
from app.model.rule import Direction, Term

_RESEARCH = "research"
_COMPARED = frozenset({Direction.STANDARD, Direction.LOWER, Direction.HIGHER, Direction.AVOID})
_PHRASES = {
    Direction.AVOID: "points to another drug",
    Direction.LOWER: "points to a lower dose",
    Direction.HIGHER: "points to a higher dose",
    Direction.STANDARD: "asks for no change",
    Direction.MONITOR: "asks to watch more closely",
    Direction.NONE: "gives no advice",
}


def summarise_drugs(rulebook: RuleLibrary, considerations: Sequence[Consideration]) -> tuple[DrugReport, ...]:
    """Return one entry for each drug that a consideration names, in the order of ``rules/drugs.yaml``."""
    by_drug: dict[str, list[Consideration]] = {}
    for consideration in considerations:
        for drug in consideration.drugs:
            by_drug.setdefault(drug, []).append(consideration)
    return tuple(
        DrugReport(
            name=drug.name,
            rxnorm=drug.rxnorm,
            atc=drug.atc,
            drug_class=drug.drug_class,
            role=drug.role,
            headline=_headline(by_drug[name], rulebook.actions),
            considerations=tuple(c.id for c in by_drug[name]),
            disagreement=_disagreement(by_drug[name], rulebook.actions),
        )
        for name, drug in rulebook.drugs.items()
        if name in by_drug
    )


def _headline(considerations: Sequence[Consideration], actions: Mapping[str, Term]) -> str:
    """Return who says what: guidance that changes something; failing that, that nothing is changed; failing that, research."""
    guidance = [(c, _directions(c, actions)) for c in considerations if c.source.name != _RESEARCH]
    telling = [(c, directions) for c, directions in guidance if directions - {Direction.NONE}]
    changing = [(c, directions) for c, directions in telling if directions - {Direction.STANDARD}]
    if changing:
        return " ".join(f"{_by(c)} {_words(directions)}." for c, directions in changing)
    if telling:
        return f"No change because of these genes: {', '.join(_sources(c for c, _ in telling))}."
    research = [c for c in considerations if c.source.name == _RESEARCH]
    if not research:
        return f"No recommendation for what was seen here: {', '.join(_sources(c for c, _ in guidance))}."
    strengths = sorted({c.evidence.strength for c in research})
    return f"Research findings only (evidence: {', '.join(strengths)}); no guideline gives advice for what was seen here."


def _by(consideration: Consideration) -> str:
    grade = f", {consideration.evidence.source_grade}" if consideration.evidence.source_grade else ""
    proviso = ", for some of the possible diplotypes" if consideration.basis.holds_for == "some" else ""
    return f"{_source(consideration)}{grade} ({', '.join(consideration.genes)}{proviso})"


def _source(consideration: Consideration) -> str:
    source = consideration.source
    return f"{source.name} {source.year}" if source.year else source.name


def _sources(considerations: Iterable[Consideration]) -> list[str]:
    return list(dict.fromkeys(f"{_source(c)} ({', '.join(c.genes)})" for c in considerations))


def _directions(consideration: Consideration, actions: Mapping[str, Term]) -> frozenset[Direction]:
    return frozenset(actions[code].direction or Direction.NONE for code in consideration.action.codes)


def _words(directions: Iterable[Direction]) -> str:
    said = [_PHRASES[direction] for direction in _PHRASES if direction in set(directions) and direction is not Direction.NONE]
    return " or ".join(said[:1] + [phrase.removeprefix("points ") for phrase in said[1:]]) if said else _PHRASES[Direction.NONE]


def _disagreement(considerations: Sequence[Consideration], actions: Mapping[str, Term]) -> str | None:
    """Compare the sources of guidance two by two, where each is certain for this genome.

    They differ where no direction is common to both; between another drug and another dose that is a difference of degree. What a source
    says of one gene outweighs its "no change" because of another.
    """
    said: dict[str, list[Consideration]] = {}
    for consideration in considerations:
        if consideration.source.name != _RESEARCH and consideration.basis.holds_for == "all":
            said.setdefault(consideration.source.name, []).append(consideration)
    stances: dict[str, frozenset[Direction]] = {}
    for name, ones in said.items():
        every = frozenset[Direction]().union(*(_directions(c, actions) for c in ones)) & _COMPARED
        if every:
            stances[name] = every - {Direction.STANDARD} or every
    apart = [(one, other) for one, other in combinations(stances, 2) if not stances[one] & stances[other]]
    if not apart:
        return None
    opposed = any(not _is_degree(stances[one], stances[other]) for one, other in apart)
    lead = "The sources differ" if opposed else "The sources differ in how far they go"
    named = [name for name in stances if any(name in pair for pair in apart)]
    sides = [f"{', '.join(_sources(_speaking(said[name], stances[name], actions)))} {_words(stances[name])}" for name in named]
    return f"{lead}: {'; '.join(sides)}.{_readings(said[name] for name in named)}"


def _is_degree(one: frozenset[Direction], other: frozenset[Direction]) -> bool:
    return Direction.AVOID in one | other and Direction.STANDARD not in one | other


def _speaking(ones: Sequence[Consideration], stance: frozenset[Direction], actions: Mapping[str, Term]) -> list[Consideration]:
    return [c for c in ones if _directions(c, actions) & stance]


def _readings(sides: Iterable[Sequence[Consideration]]) -> str:
    """Say where the schemes read one diplotype differently, as that may be the whole difference."""
    facts = dict.fromkeys(fact for ones in sides for c in ones for fact in c.basis.facts if " by CPIC" in fact and " by DPWG" in fact)
    return f" They read the diplotype differently: {'; '.join(facts)}." if facts else ""
