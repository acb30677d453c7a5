"""Considerations gathered by drug: one headline, and where the sources differ.

Sources are compared by the direction in which their actions point (``rules/vocabulary.yaml``), never by their wording.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from app.model.library import RuleLibrary
from app.model.report import Consideration, DrugReport
from app.model.rule import Direction, Term

_RESEARCH = "research"
_COMPARED = frozenset({Direction.STANDARD, Direction.LOWER, Direction.HIGHER, Direction.AVOID})
_SILENT = frozenset({Direction.NONE})
_USUAL = frozenset({Direction.STANDARD})
_PHRASES = {
    Direction.AVOID: "points to another drug",
    Direction.LOWER: "points to a lower dose",
    Direction.HIGHER: "points to a higher dose",
    Direction.STANDARD: "asks for no change",
    Direction.MONITOR: "asks to watch more closely",
    Direction.NONE: "gives no advice",
}


class Said(NamedTuple):
    """A consideration, and which way its actions point."""

    consideration: Consideration
    directions: frozenset[Direction]


def summarise_drugs(rulebook: RuleLibrary, considerations: Sequence[Consideration]) -> tuple[DrugReport, ...]:
    """Return one entry for each drug that a consideration names, in the order of ``rules/drugs.yaml``."""
    by_drug: dict[str, list[Said]] = {}
    for consideration in considerations:
        said = Said(consideration, _directions(consideration, rulebook.actions))
        for drug in consideration.drugs:
            by_drug.setdefault(drug, []).append(said)
    return tuple(
        DrugReport(
            name=drug.name,
            rxnorm=drug.rxnorm,
            atc=drug.atc,
            drug_class=drug.drug_class,
            role=drug.role,
            headline=_headline(by_drug[name]),
            considerations=tuple(said.consideration.id for said in by_drug[name]),
            disagreement=_disagreement(by_drug[name]),
        )
        for name, drug in rulebook.drugs.items()
        if name in by_drug
    )


def _headline(saids: Sequence[Said]) -> str:
    """Return who says what: guidance that changes something; failing that, that nothing is changed; failing that, research."""
    guidance = [said for said in saids if said.consideration.source.name != _RESEARCH]
    telling = [said for said in guidance if said.directions - _SILENT]
    changing = [said for said in telling if said.directions - _USUAL]
    if changing:
        return " ".join(f"{_by(said.consideration)} {_words(said.directions)}." for said in changing)
    if telling:
        return f"No change because of these genes: {', '.join(_sources(telling))}."
    research = [said.consideration for said in saids if said.consideration.source.name == _RESEARCH]
    if not research:
        return f"No recommendation for what was seen here: {', '.join(_sources(guidance))}."
    strengths = sorted({c.evidence.strength for c in research})
    return f"Research findings only (evidence: {', '.join(strengths)}); no guideline gives advice for what was seen here."


def _by(consideration: Consideration) -> str:
    grade = f", {consideration.evidence.source_grade}" if consideration.evidence.source_grade else ""
    proviso = ", for some of the possible diplotypes" if consideration.basis.holds_for == "some" else ""
    return f"{_source(consideration)}{grade} ({', '.join(consideration.genes)}{proviso})"


def _source(consideration: Consideration) -> str:
    source = consideration.source
    return f"{source.name} {source.year}" if source.year else source.name


def _sources(saids: Iterable[Said]) -> list[str]:
    return list(dict.fromkeys(f"{_source(said.consideration)} ({', '.join(said.consideration.genes)})" for said in saids))


def _directions(consideration: Consideration, actions: Mapping[str, Term]) -> frozenset[Direction]:
    return frozenset(actions[code].direction or Direction.NONE for code in consideration.action.codes)


def _words(directions: Collection[Direction]) -> str:
    said = [phrase for direction, phrase in _PHRASES.items() if direction in directions and direction is not Direction.NONE]
    return " or ".join(said[:1] + [phrase.removeprefix("points ") for phrase in said[1:]]) if said else _PHRASES[Direction.NONE]


def _disagreement(saids: Sequence[Said]) -> str | None:
    """Compare the sources of guidance two by two, where each is certain for this genome.

    They differ where no direction is common to both; between another drug and another dose that is a difference of degree. What a source
    says of one gene outweighs its "no change" because of another.
    """
    by_source: dict[str, list[Said]] = {}
    for said in saids:
        if said.consideration.source.name != _RESEARCH and said.consideration.basis.holds_for == "all":
            by_source.setdefault(said.consideration.source.name, []).append(said)
    if len(by_source) < 2:
        return None
    stances: dict[str, frozenset[Direction]] = {}
    for name, ones in by_source.items():
        every = _COMPARED.intersection(direction for said in ones for direction in said.directions)
        if every:
            stances[name] = every - _USUAL or every
    apart = [(one, other) for one, other in combinations(stances, 2) if not stances[one] & stances[other]]
    if not apart:
        return None
    opposed = any(not _is_degree(stances[one], stances[other]) for one, other in apart)
    lead = "The sources differ" if opposed else "The sources differ in how far they go"
    named = [name for name in stances if any(name in pair for pair in apart)]
    sides = [
        f"{', '.join(_sources(said for said in by_source[name] if said.directions & stances[name]))} {_words(stances[name])}"
        for name in named
    ]
    return f"{lead}: {'; '.join(sides)}.{_readings(said for name in named for said in by_source[name])}"


def _is_degree(one: frozenset[Direction], other: frozenset[Direction]) -> bool:
    return Direction.AVOID in one | other and Direction.STANDARD not in one | other


def _readings(saids: Iterable[Said]) -> str:
    """Say where the schemes read one diplotype differently, as that may be the whole difference."""
    every = (fact for said in saids for fact in said.consideration.basis.facts)
    facts = dict.fromkeys(fact for fact in every if " by CPIC" in fact and " by DPWG" in fact)
    return f" They read the diplotype differently: {'; '.join(facts)}." if facts else ""
