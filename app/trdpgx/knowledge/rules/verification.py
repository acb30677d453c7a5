"""How a statement is known: where somebody of the project read it, or why it could not be read."""

from collections.abc import Sequence

from trdpgx.knowledge.rules.schema.fields import Checked, Reviewable
from trdpgx.model.evidence import EvidenceItem, Reviewer, Stance, Verification, VerificationState


def verification(*entries: Checked) -> Verification | None:
    """Return how a statement is known: by the first entry that states it (row, then table, then file)."""
    for entry in entries:
        if entry.verified is not None:
            return Verification(state=VerificationState.VERIFIED, where=entry.verified)
        if entry.unverified is not None:
            return Verification(state=VerificationState.UNVERIFIED, where=entry.unverified)
    return None


def verification_of_studies(items: Sequence[EvidenceItem]) -> Verification:
    """Return the verification of a rule that rests on studies: verified if each was read. What is listed as not read carries nothing."""
    resting = [item for item in items if item.stance is not Stance.NOT_READ]
    unread = [item.citation.label or item.citation.id for item in resting if item.verification.state is VerificationState.UNVERIFIED]
    if unread or not resting:
        return Verification(
            state=VerificationState.UNVERIFIED, where=f"not every study was read: {', '.join(unread)}" if unread else "no study was read"
        )
    return Verification(state=VerificationState.VERIFIED, where="each study was read where its own entry says")


def reviewer(*entries: Reviewable) -> Reviewer | None:
    """Return who reviewed a rule: by the first entry that states it (row, then table, then file)."""
    stated = next((entry.reviewed for entry in entries if entry.reviewed is not None), None)
    return Reviewer(by=stated.by, day=stated.day) if stated else None
