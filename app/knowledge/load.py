"""``rules/`` and ``reference/`` read into one immutable Knowledge object."""

from pathlib import Path

from app.knowledge.evidence import POLICY
from app.knowledge.reference import load_reference
from app.knowledge.rulebook import load_rulebook
from app.model.library import Knowledge


def load_knowledge(reference: Path | None = None, rules: Path | None = None, policy: str = POLICY) -> Knowledge:
    """Read both libraries. ``reference`` stands in the place of the bundled folder; ``rules`` is layered over the bundled rules.

    Raises where either is not valid, with file and line.
    """
    library = load_reference(reference)
    return Knowledge(reference=library, rulebook=load_rulebook(None, library, layers=(rules,) if rules else (), policy=policy))
