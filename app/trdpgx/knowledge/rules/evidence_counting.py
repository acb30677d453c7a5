"""The policies 1 and 2: a source's own grade, or independent samples counted (docs/evidence-2.md)."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from trdpgx.knowledge.rules.evidence_sides import AUTHORITY, FINDINGS, LADDER, conflict, independent, one_step_down
from trdpgx.model.evidence import Design, EvidenceItem, Stance, Strength, Verification, VerificationState

CPIC = {
    "strong": Strength.STRONG,
    "moderate": Strength.MODERATE,
    "optional": Strength.LIMITED,
    "no recommendation": Strength.NONE,
}
DPWG = {
    "essential": Strength.STRONG,
    "beneficial": Strength.MODERATE,
    "potentially beneficial": Strength.MODERATE,
    "action": Strength.MODERATE,
    "no action": Strength.MODERATE,
    "no interaction": Strength.MODERATE,
}
FDA = {
    "section 1": Strength.STRONG,
    "section 2": Strength.MODERATE,
    "section 3": Strength.LIMITED,
    "label": Strength.MODERATE,
}
_LARGE = 500
_VERY_LARGE = 1000


class CountingPolicy(Struct, frozen=True):
    """A policy that counts people. ``grades`` maps a source's own grade, in lower case, to ours."""

    name: str
    grades: Mapping[str, Strength]

    def grade(self, items: Sequence[EvidenceItem], verification: Verification, source_grade: str | None) -> tuple[Strength, str | None]:
        """Return the strength of the whole, and what contradicts what in plain words (``None`` where nothing does)."""
        samples = independent(item for item in items if item.stance in FINDINGS)
        unverified = verification.state is VerificationState.UNVERIFIED
        authorities = [item for item in items if item.design in AUTHORITY and item.stance is Stance.SUPPORTS]
        text = conflict((*authorities, *samples), [item for item in items if item.stance is Stance.INSUFFICIENT])
        if authorities:
            strength = self.grades.get((source_grade or "").casefold(), Strength.LIMITED)
            return (one_step_down(strength) if unverified else strength), text
        if text is not None:
            return Strength.CONFLICTING, text
        strength = _research(items, samples)
        return (min(strength, Strength.PRELIMINARY, key=LADDER.index) if unverified else strength), None


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
