"""The rules that a program uses: the bundled folder as it was expanded when the package was built, or folders as they are now."""

from collections.abc import Sequence
from pathlib import Path

from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.evidence_policy import POLICY, policy_named
from trdpgx.knowledge.rules.expanded import read_expanded
from trdpgx.model.library import ReferenceLibrary, RuleLibrary


def load_rulebook(directory: Path | None, reference: ReferenceLibrary, layers: Sequence[Path] = (), policy: str = POLICY) -> RuleLibrary:
    """Read a folder of rules (``None``: the bundled one) and the layers over it, the uppermost last.

    Raises ``RulesError`` with every finding, its file and its line, and ``ValueError`` where no evidence policy has the name.
    """
    policy_named(policy)
    if directory is None and not layers and (expanded := read_expanded(reference, policy)) is not None:
        return expanded
    # Only a folder of an operator, and rules that have changed since the build, need what reads YAML and checks it.
    from trdpgx.knowledge.finding import RulesError  # noqa: PLC0415
    from trdpgx.knowledge.rules.library import build_library  # noqa: PLC0415
    from trdpgx.knowledge.rules.sources import read_layers  # noqa: PLC0415

    library, findings = build_library(read_layers(directory or rules_directory(), layers), reference, policy)
    if findings:
        raise RulesError(findings)
    return library
