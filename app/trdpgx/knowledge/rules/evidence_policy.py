"""Evidence policies: from who found what to one word for how strong it is (docs/evidence.md). Each has a name with its version.

Two paths. Where a guideline or a regulator makes the statement, its own grade decides. Where research makes it, independent samples
of people are counted; support beside a null or an opposite finding is ``conflicting``, never an average.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trdpgx.model.evidence import Design, EvidenceItem, Stance, Strength, Verification, VerificationState
from trdpgx.model.naming import listed

POLICY = "trdpgx-evidence-2"
"""The policy that is used where no other is chosen."""

_AUTHORITY = frozenset({Design.GUIDELINE, Design.REGULATORY})
_HUMAN = frozenset({Design.META_ANALYSIS, Design.RCT, Design.COHORT, Design.CASE_CONTROL, Design.GWAS, Design.EXOME})
_LADDER = (Strength.NONE, Strength.PRELIMINARY, Strength.LIMITED, Strength.MODERATE, Strength.STRONG)
_CPIC = {
    "strong": Strength.STRONG,
    "moderate": Strength.MODERATE,
    "optional": Strength.LIMITED,
    "no recommendation": Strength.NONE,
}
_DPWG = {
    "essential": Strength.STRONG,
    "beneficial": Strength.MODERATE,
    "potentially beneficial": Strength.MODERATE,
    "action": Strength.MODERATE,
    "no action": Strength.MODERATE,
    "no interaction": Strength.MODERATE,
}
_FDA = {
    "section 1": Strength.STRONG,
    "section 2": Strength.MODERATE,
    "section 3": Strength.LIMITED,
    "label": Strength.MODERATE,
}
_LARGE = 500
_VERY_LARGE = 1000
_VERBS = {
    Stance.SUPPORTS: ("supports", "support"),
    Stance.NULL: ("found no effect", "found no effect"),
    Stance.CONTRADICTS: ("contradicts", "contradict"),
    Stance.INSUFFICIENT: ("finds the evidence too thin", "find the evidence too thin"),
}
_FINDINGS = frozenset({Stance.SUPPORTS, Stance.NULL, Stance.CONTRADICTS})
"""Stances that are a finding; what was judged too thin, or was not read, is listed and counts on no side."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to grade evidence. ``grades`` maps a source's own grade, in lower case, to ours."""

    name: str
    grades: Mapping[str, Strength]

    def grade(self, items: Sequence[EvidenceItem], verification: Verification, source_grade: str | None) -> tuple[Strength, str | None]:
        """Return the strength of the whole, and what contradicts what in plain words (``None`` where nothing does).

        ``verification`` is the rule's own; ``source_grade`` the grade that its source gives, in the source's word.
        """
        samples = _independent(item for item in items if item.stance in _FINDINGS)
        unverified = verification.state is VerificationState.UNVERIFIED
        authorities = [item for item in items if item.design in _AUTHORITY and item.stance is Stance.SUPPORTS]
        conflict = _conflict((*authorities, *samples), [item for item in items if item.stance is Stance.INSUFFICIENT])
        if authorities:
            strength = self.grades.get((source_grade or "").casefold(), Strength.LIMITED)
            return (_one_step_down(strength) if unverified else strength), conflict
        if conflict is not None:
            return Strength.CONFLICTING, conflict
        strength = _research(items, samples)
        return (min(strength, Strength.PRELIMINARY, key=_LADDER.index) if unverified else strength), None


POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("trdpgx-evidence-1", _CPIC),
        Policy("trdpgx-evidence-2", {**_CPIC, **_DPWG, **_FDA}),
    )
}
"""Every policy that can be chosen, by its name (setting ``TRDPGX_EVIDENCE_POLICY``)."""


def policy_named(name: str) -> Policy:
    """Return a policy. Raises ``ValueError`` where none has the name."""
    if name not in POLICIES:
        raise ValueError(f"no evidence policy is called '{name}'; there are {', '.join(POLICIES)}")
    return POLICIES[name]


def grade(items: Sequence[EvidenceItem], verification: Verification, source_grade: str | None) -> tuple[Strength, str | None]:
    """Return the grade by the usual policy (``Policy.grade``)."""
    return POLICIES[POLICY].grade(items, verification, source_grade)


def _independent(items: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Return one item for each sample of people: the earliest publication speaks for it, later re-analyses do not count."""
    first: dict[str, EvidenceItem] = {}
    for item in items:
        if item.design in _HUMAN or (item.design in _AUTHORITY and item.stance is not Stance.SUPPORTS):
            key = item.sample or f"citation:{item.citation.id}"
            earlier = first.get(key)
            if earlier is None or _year(item) < _year(earlier):
                first[key] = item
    return tuple(first.values())


def _year(item: EvidenceItem) -> int:
    return item.citation.year or 9999


def _conflict(samples: Sequence[EvidenceItem], undecided: Sequence[EvidenceItem]) -> str | None:
    """Return who found what, where findings disagree; who judged the evidence insufficient is named too, and takes no side."""
    sides = {stance: [item for item in (*samples, *undecided) if item.stance is stance] for stance in _VERBS}
    if not sides[Stance.SUPPORTS] or len(sides[Stance.SUPPORTS]) == len(samples):
        return None
    return "; ".join(_side(stance, side) for stance, side in sides.items() if side)


def _side(stance: Stance, side: Sequence[EvidenceItem]) -> str:
    names = [_name(item) for item in side]
    one, many = _VERBS[stance]
    return f"{listed(names)} {one if len(names) == 1 else many}"


def _name(item: EvidenceItem) -> str:
    label = item.citation.label or item.citation.id
    return f"{label} (N={item.n})" if item.n is not None else label


def _research(items: Sequence[EvidenceItem], samples: Sequence[EvidenceItem]) -> Strength:
    if not any(item.stance is Stance.SUPPORTS for item in items):
        return Strength.NONE
    if any(item.stance is not Stance.SUPPORTS for item in samples):
        return Strength.NONE
    counted = [item for item in samples if item.verification.state is VerificationState.VERIFIED]
    meta = [item for item in counted if item.design is Design.META_ANALYSIS]
    trials = [item for item in counted if item.design is Design.RCT]
    people = sum(item.n or 0 for item in counted)
    if any((item.n or 0) >= _VERY_LARGE for item in meta):
        return Strength.STRONG if trials else Strength.MODERATE
    if trials and len(counted) > 1 and people >= _VERY_LARGE:
        return Strength.MODERATE
    if meta or len(counted) > 1 or people >= _LARGE:
        return Strength.LIMITED
    return Strength.PRELIMINARY


def _one_step_down(strength: Strength) -> Strength:
    return _LADDER[max(_LADDER.index(strength) - 1, 0)]
