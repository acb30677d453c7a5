"""What the evidence policies share: independent samples, the two sides of a claim, and the text of a conflict."""

from collections.abc import Iterable, Sequence

from trdpgx.model.evidence import Design, EvidenceItem, Stance, Strength
from trdpgx.model.naming import listed

AUTHORITY = frozenset({Design.GUIDELINE, Design.REGULATORY})
HUMAN = frozenset({Design.META_ANALYSIS, Design.RCT, Design.COHORT, Design.CASE_CONTROL, Design.GWAS, Design.EXOME})
FINDINGS = frozenset({Stance.SUPPORTS, Stance.NULL, Stance.CONTRADICTS})
"""Stances that are a finding; what was judged too thin, or was not read, is listed and counts on no side."""
LADDER = (Strength.NONE, Strength.PRELIMINARY, Strength.LIMITED, Strength.MODERATE, Strength.STRONG)
_VERBS = {
    Stance.SUPPORTS: ("supports", "support"),
    Stance.NULL: ("found no effect", "found no effect"),
    Stance.CONTRADICTS: ("contradicts", "contradict"),
    Stance.INSUFFICIENT: ("finds the evidence too thin", "find the evidence too thin"),
}
_VERBS_ON = {
    Stance.SUPPORTS: ("supports an effect on {}", "support an effect on {}"),
    Stance.NULL: ("found no effect on {}", "found no effect on {}"),
    Stance.CONTRADICTS: ("found the opposite for {}", "found the opposite for {}"),
    Stance.INSUFFICIENT: ("finds the evidence on {} too thin", "find the evidence on {} too thin"),
}
_NEXT_ON = {Stance.SUPPORTS: "on {}", Stance.NULL: "on {}", Stance.CONTRADICTS: "for {}"}
"""What follows the names of more studies on the same side with another outcome: ``A found no effect on response, B on remission``."""


def independent(items: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Return one item for each sample of people: its earliest publication counts, later re-analyses do not."""
    first: dict[str, EvidenceItem] = {}
    for item in items:
        if item.design in HUMAN or (item.design in AUTHORITY and item.stance is not Stance.SUPPORTS):
            key = item.sample or f"citation:{item.citation.id}"
            earlier = first.get(key)
            if earlier is None or _year(item) < _year(earlier):
                first[key] = item
    return tuple(first.values())


def _year(item: EvidenceItem) -> int:
    return item.citation.year or 9999


def conflict(samples: Sequence[EvidenceItem], undecided: Sequence[EvidenceItem]) -> str | None:
    """Return who found what, where findings disagree; who judged the evidence insufficient is named too, and takes no side."""
    sides = {stance: [item for item in (*samples, *undecided) if item.stance is stance] for stance in _VERBS}
    if not sides[Stance.SUPPORTS] or len(sides[Stance.SUPPORTS]) == len(samples):
        return None
    return "; ".join(_side(stance, side) for stance, side in sides.items() if side)


def _side(stance: Stance, side: Sequence[EvidenceItem]) -> str:
    """Return the studies of one side by what they measured, those whose outcome was not read last."""
    by_outcome: dict[str, list[str]] = {}
    for item in side:
        by_outcome.setdefault(item.outcome or "", []).append(_name(item))
    without = by_outcome.pop("", [])
    clauses: list[str] = []
    for outcome, names in by_outcome.items():
        verb = _NEXT_ON[stance] if clauses and stance in _NEXT_ON else _form(_VERBS_ON[stance], names)
        clauses.append(f"{listed(names)} {verb.format(outcome)}")
    stated = [", ".join(clauses)] if clauses else []
    return "; ".join([*stated, *([f"{listed(without)} {_form(_VERBS[stance], without)}"] if without else [])])


def _form(verb: tuple[str, str], names: Sequence[str]) -> str:
    return verb[0] if len(names) == 1 else verb[1]


def _name(item: EvidenceItem) -> str:
    label = item.citation.label or item.citation.id
    return f"{label} (N={item.n})" if item.n is not None else label


def one_step_down(strength: Strength) -> Strength:
    """Return the next weaker word of the ladder."""
    return LADDER[max(LADDER.index(strength) - 1, 0)]
