"""The folder of rules that a command reads and checks; the command ends with the reason where it cannot be read."""

from pathlib import Path

from trdpgx.cli.console import stop
from trdpgx.cli.settings import load_settings
from trdpgx.clinical.examples import example_findings
from trdpgx.knowledge.finding import Finding, RulesError
from trdpgx.knowledge.folder import FolderError
from trdpgx.knowledge.load import load_named_reference
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.lint import check_rules
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.sources import CITATIONS, DRUGS, VOCABULARY
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.settings import Settings


def chosen_folder(directory: Path | None) -> Path:
    """Return the folder of rules that a command was given, or else the one that reports use."""
    return directory or load_settings().rules or rules_directory()


def findings_of(chosen: Path) -> list[Finding]:
    """Check a folder of rules, whole or a layer over the bundled ones."""
    settings = load_settings()
    whole = chosen == rules_directory() or (chosen != settings.rules and _is_whole(chosen))
    reference = reference_of(settings)
    try:
        findings = check_rules(chosen, reference, None if whole else rules_directory())
        if findings:
            return findings
        layers = () if whole else (chosen,)
        return sorted(example_findings(load_rulebook(chosen if whole else None, reference, layers)))
    except (OSError, FolderError) as error:
        stop(f"the rules cannot be read:\n{error}")


def reference_of(settings: Settings) -> ReferenceLibrary:
    """Read the reference; where it cannot be read, print why and exit."""
    try:
        return load_named_reference(settings.reference)
    except (OSError, ValueError) as error:
        stop(f"the reference cannot be read:\n{error}")


def load_rules(settings: Settings) -> tuple[ReferenceLibrary, RuleLibrary]:
    """Read the reference and the rules that reports use; where they cannot be read, print why and exit."""
    reference = reference_of(settings)
    return reference, _load(None, reference, settings.rules, settings.evidence_policy)


def load_folder(directory: Path | None, reference: ReferenceLibrary, policy: str) -> RuleLibrary:
    """Read a folder of rules, whole or as a layer over the bundled ones (``None``: these alone); if unreadable, print why and exit."""
    whole = directory is not None and _is_whole(directory)
    return _load(directory if whole else None, reference, None if whole else directory, policy)


def _load(folder: Path | None, reference: ReferenceLibrary, layer: Path | None, policy: str) -> RuleLibrary:
    try:
        return load_rulebook(folder, reference, (layer,) if layer else (), policy)
    except (OSError, RulesError, FolderError) as error:
        stop(f"the rules cannot be read:\n{error}")


def _is_whole(directory: Path) -> bool:
    return all((directory / name).is_file() for name in (CITATIONS, DRUGS, VOCABULARY))
