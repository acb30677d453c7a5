"""``rules/`` and ``reference/`` read into one immutable Knowledge object."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from trdpgx.knowledge.folder import check_reference
from trdpgx.knowledge.manifest import RELEASE_FILE
from trdpgx.knowledge.reference.parsed import parsed_reference
from trdpgx.knowledge.rules.evidence_policy import POLICY
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.library import Knowledge, ReferenceLibrary

if TYPE_CHECKING:
    from trdpgx.knowledge.frequencies.population_file import FrequencyFile


def load_knowledge(reference: Path | None = None, rules: Path | None = None, policy: str = POLICY) -> Knowledge:
    """Read both libraries. ``rules`` is layered over the bundled rules.

    ``reference`` is a whole folder that replaces the bundled one, or a folder of sequences that ``trdpgx reference build``
    made, which add to it. Raises where anything is not valid, with the file and what is wrong in it.
    """
    library = load_named_reference(reference)
    return Knowledge(reference=library, rulebook=load_rulebook(None, library, layers=(rules,) if rules else (), policy=policy))


def load_named_reference(reference: Path | None) -> ReferenceLibrary:
    """Read the bundled reference, with what the folder of an operator adds to it or replaces."""
    if reference is None and (parsed := parsed_reference()) is not None:
        return parsed
    # Only a folder of an operator, and a reference that has changed since the build, need what reads the tables and checks them.
    from trdpgx.knowledge.reference.library import load_reference  # noqa: PLC0415
    from trdpgx.knowledge.reference.transcripts import SEQUENCES  # noqa: PLC0415

    if reference is None:
        return load_reference()
    check_reference(reference, (RELEASE_FILE, SEQUENCES))
    sequences = reference if (reference / SEQUENCES).is_file() else None
    return load_reference(reference if (reference / RELEASE_FILE).is_file() else None, sequences=sequences)


def load_frequencies(paths: Mapping[Assembly, Path | None], panels: Mapping[Assembly, Panel]) -> "dict[Assembly, FrequencyFile]":
    """Read the operator's population frequencies of the coding intervals. Raises ``FrequencyFileError``."""
    configured = {assembly: path for assembly, path in paths.items() if path is not None}
    if not configured:
        return {}
    from trdpgx.knowledge.frequencies.population_file import load_frequency_file  # noqa: PLC0415 (it needs cyvcf2, and few operators have such a file)

    return {assembly: load_frequency_file(path, panels[assembly].coding) for assembly, path in configured.items()}
