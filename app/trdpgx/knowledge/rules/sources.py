"""One folder of rules as its files, each of the right shape.

``citations.yaml``, ``vocabulary.yaml``, ``drugs.yaml``, ``caveats.yaml``, ``review.yaml`` and ``freshness.yaml`` are at the top, with
the ``release.yaml`` that ``manifest`` writes; ``clinical/`` holds files of clinical facts; every other ``.yaml``, in any folder, is a file
of rules, so that the rulebook grows by adding files. A layer may lack any of them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field
from pydantic import BaseModel, ValidationError

from trdpgx.knowledge.finding import Finding, RulesError
from trdpgx.knowledge.folder import fault_of, rule_files, unread_files
from trdpgx.knowledge.manifest import RELEASE_FILE, Release, digest_over, file_digests, identify
from trdpgx.knowledge.rules.parsed import parsed_documents
from trdpgx.knowledge.rules.schema.clinical import ClinicalFile
from trdpgx.knowledge.rules.schema.clinical_kinds import CLINICAL_KINDS
from trdpgx.knowledge.rules.schema.rule_file import RuleFile
from trdpgx.knowledge.rules.schema.top_files import CaveatFile, CitationFile, DrugFile, FreshnessFile, ReviewFile, VocabularyFile
from trdpgx.knowledge.rules.shape_findings import shape_findings
from trdpgx.knowledge.yaml_document import Document, read_document

_Shape = TypeVar("_Shape", bound=BaseModel)

CITATIONS, VOCABULARY, DRUGS = "citations.yaml", "vocabulary.yaml", "drugs.yaml"
REVIEW, CAVEATS, FRESHNESS = "review.yaml", "caveats.yaml", "freshness.yaml"
_WHOLE = (CITATIONS, VOCABULARY, DRUGS)
_TOP = (*_WHOLE, REVIEW, CAVEATS, FRESHNESS)


class RuleSources(Struct, frozen=True):
    """Every file of one folder of rules, each of the right shape. ``documents`` and ``files`` are keyed by the path within it.

    A file that a layer does not have is empty here, and has no document.
    """

    name: str
    documents: Mapping[str, Document]
    release: Release
    citations: CitationFile
    vocabulary: VocabularyFile
    drugs: DrugFile
    review: ReviewFile | None
    caveats: CaveatFile
    files: Mapping[str, RuleFile]
    clinical: Mapping[str, ClinicalFile] = field(default_factory=dict)
    """Files of clinical facts."""
    freshness: FreshnessFile = field(default_factory=FreshnessFile)


def read_layers(directory: Path, layers: Sequence[Path]) -> tuple[RuleSources, ...]:
    """Read a whole folder and the layers over it. Raises ``RulesError``."""
    return (read_sources(directory), *(read_sources(layer, whole=False) for layer in layers))


def read_sources(directory: Path, *, whole: bool = True) -> RuleSources:
    """Read every YAML file of the folder and validate it by its schema. Raises ``RulesError``, and ``FolderError`` where there is none.

    A layer (``whole=False``) may lack every file, and its findings carry the name of its folder.
    """
    findings = [Finding(name, 1, "the file is missing") for name in _WHOLE if whole and not (directory / name).is_file()]
    if findings:
        raise RulesError(findings)
    paths = rule_files(directory)
    findings = [Finding(name, 1, "the file is not read: its name must end in .yaml") for name in unread_files(directory)]
    findings += [Finding(name, 1, fault) for name, path in paths.items() if (fault := fault_of(path))]
    if findings:
        raise RulesError(findings)
    release = _release(directory, whole=whole)
    lead = "" if whole else f"{directory.resolve().name}/"
    documents = parsed_documents(directory, release.digest) if whole else None
    if documents is None:
        documents = {name: read_document(path, lead + name) for name, path in paths.items() if name != RELEASE_FILE}
    sources = RuleSources(
        name=directory.resolve().name,
        documents=documents,
        release=release,
        citations=_shaped(documents.get(CITATIONS), CitationFile, findings) or CitationFile(citations={}),
        vocabulary=_shaped(documents.get(VOCABULARY), VocabularyFile, findings) or VocabularyFile(),
        drugs=_shaped(documents.get(DRUGS), DrugFile, findings) or DrugFile(),
        review=_shaped(documents.get(REVIEW), ReviewFile, findings),
        caveats=_shaped(documents.get(CAVEATS), CaveatFile, findings) or CaveatFile(caveats={}),
        freshness=_shaped(documents.get(FRESHNESS), FreshnessFile, findings) or FreshnessFile(),
        clinical={
            name: file for name, shape in CLINICAL_KINDS.items() if (file := _shaped(documents.get(name), shape, findings)) is not None
        },
        files={
            name: rules
            for name, document in documents.items()
            if name not in _TOP and name not in CLINICAL_KINDS and (rules := _shaped(document, RuleFile, findings)) is not None
        },
    )
    if findings:
        raise RulesError(findings)
    return sources


def _release(directory: Path, *, whole: bool) -> Release:
    if not whole and not (directory / RELEASE_FILE).is_file():
        return Release(f"{directory.resolve().name} (not released)", digest_over(file_digests(directory)))
    try:
        return identify(directory)
    except ValueError as error:
        raise RulesError([Finding(RELEASE_FILE, 1, str(error).removeprefix(f"{RELEASE_FILE}:1: "))]) from error


def _shaped(document: Document | None, shape: type[_Shape], findings: list[Finding]) -> _Shape | None:
    """Return the content of a file, ``None`` where there is no file or it has a fault."""
    if document is None:
        return None
    findings.extend(document.findings)
    if document.findings:
        return None
    try:
        return shape.model_validate(document.value)
    except ValidationError as error:
        findings.extend(shape_findings(document, error, shape))
        return None
