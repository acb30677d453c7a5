"""Evidence policies: each grades the strength of what studies found in one word (docs/evidence.md), and is named with its version."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from trdpgx.knowledge.rules.evidence_counting import CPIC, DPWG, FDA, CountingPolicy
from trdpgx.knowledge.rules.evidence_weighing import WeighingPolicy
from trdpgx.model.evidence import EvidenceItem, Strength, Verification

POLICY = "trdpgx-evidence-3"
"""The policy that is used where no other is chosen."""


class Policy(Protocol):
    """A way to grade evidence."""

    @property
    def name(self) -> str:
        """The name with its version, as each report gives it."""
        ...

    def grade(self, items: Sequence[EvidenceItem], verification: Verification, source_grade: str | None) -> tuple[Strength, str | None]:
        """Return the strength of the whole, and what contradicts what in plain words (``None`` where nothing does).

        ``verification`` is the rule's own; ``source_grade`` the grade that its source gives, in the source's word.
        """
        ...


POLICIES: Mapping[str, Policy] = {
    "trdpgx-evidence-1": CountingPolicy("trdpgx-evidence-1", CPIC),
    "trdpgx-evidence-2": CountingPolicy("trdpgx-evidence-2", {**CPIC, **DPWG, **FDA}),
    "trdpgx-evidence-3": WeighingPolicy("trdpgx-evidence-3"),
}
"""Every policy that can be chosen, by its name (setting ``TRDPGX_EVIDENCE_POLICY``)."""


def policy_named(name: str) -> Policy:
    """Return a policy. Raises ``ValueError`` where none has the name."""
    if name not in POLICIES:
        raise ValueError(f"no evidence policy is called '{name}'; there are {', '.join(POLICIES)}")
    return POLICIES[name]
