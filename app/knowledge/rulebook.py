"""``rules/`` read into one immutable ``RuleLibrary``.

``citations.yaml``, ``vocabulary.yaml`` and ``drugs.yaml`` stand at the top, with the ``release.yaml`` that ``manifest`` writes; every
other ``.yaml``, in any folder, is a file of rules, so that the rulebook grows by adding files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.knowledge.document import Document, read_document
from app.knowledge.expand import Expansion, verification
from app.knowledge.finding import Finding, RulesError
from app.knowledge.location import rules_directory
from app.knowledge.manifest import RELEASE_FILE, Release, identify
from app.knowledge.names import Names
from app.knowledge.schema import Checked, CitationFile, DrugFile, RuleFile, VocabularyFile
from app.model.evidence import Citation, Verification
from app.model.library import ReferenceLibrary, RuleLibrary
from app.model.rule import Drug, Rule, Term

_Shape = TypeVar("_Shape", bound=BaseModel)

CITATIONS, VOCABULARY, DRUGS = "citations.yaml", "vocabulary.yaml", "drugs.yaml"
_TOP = (CITATIONS, VOCABULARY, DRUGS)


@dataclass(frozen=True, slots=True)
class RuleSources:
    """Every file of a rules directory, each of the right shape. ``documents`` and ``files`` are keyed by the path within it."""

    documents: Mapping[str, Document]
    release: Release
    citations: CitationFile
    vocabulary: VocabularyFile
    drugs: DrugFile
    files: Mapping[str, RuleFile]


def load_rulebook(directory: Path | None, reference: ReferenceLibrary) -> RuleLibrary:
    """Read a rules directory (``None``: the bundled one). Raises ``RulesError`` with every finding, its file and its line."""
    library, findings = build_library(read_sources(directory or rules_directory()), reference)
    if findings:
        raise RulesError(findings)
    return library


def read_sources(directory: Path) -> RuleSources:
    """Read every YAML file of the directory and hold it to its schema. Raises ``RulesError``."""
    findings = [Finding(name, 1, "the file is missing") for name in _TOP if not (directory / name).is_file()]
    if findings:
        raise RulesError(findings)
    try:
        release = identify(directory)
    except ValueError as error:
        raise RulesError([Finding(RELEASE_FILE, 1, str(error).removeprefix(f"{RELEASE_FILE}:1: "))]) from error
    paths = {path.relative_to(directory).as_posix(): path for path in sorted(directory.rglob("*.yaml"))}
    documents = {name: read_document(path, name) for name, path in paths.items() if name != RELEASE_FILE}
    citations = _shaped(documents[CITATIONS], CitationFile, findings)
    vocabulary = _shaped(documents[VOCABULARY], VocabularyFile, findings)
    drugs = _shaped(documents[DRUGS], DrugFile, findings)
    shaped = {name: _shaped(document, RuleFile, findings) for name, document in documents.items() if name not in _TOP}
    files = {name: file for name, file in shaped.items() if file is not None}
    if findings or citations is None or vocabulary is None or drugs is None:
        raise RulesError(findings)
    return RuleSources(documents, release, citations, vocabulary, drugs, files)


def build_library(sources: RuleSources, reference: ReferenceLibrary) -> tuple[RuleLibrary, tuple[Finding, ...]]:
    """Expand the files into rules; a rule with a fault is left out and its faults are findings."""
    findings: list[Finding] = []
    variant_genes = {variant.id: variant.gene for variant in reference.variants}
    names = Names(
        reference=reference,
        variant_genes=variant_genes,
        genes=frozenset(reference.genes) | frozenset(variant_genes.values()),
        drugs=_drugs(sources, findings),
        citations=_citations(sources, findings),
        implications={code: Term(code=code, text=text) for code, text in sources.vocabulary.implications.items()},
        actions={code: Term(code=code, text=text) for code, text in sources.vocabulary.actions.items()},
    )
    rules: dict[str, Rule] = {}
    for name, file in sources.files.items():
        expansion = Expansion(sources.documents[name], file, names)
        for rule in expansion.rules():
            first = rules.setdefault(rule.id, rule)
            if first is not rule:
                findings.append(Finding(rule.file, rule.line, f"the id '{rule.id}' is taken by {first.file}:{first.line}"))
        findings.extend(expansion.findings)
    library = RuleLibrary(
        release=sources.release.release,
        digest=sources.release.digest,
        rules=tuple(rules.values()),
        drugs=names.drugs,
        citations=names.citations,
        implications=names.implications,
        actions=names.actions,
    )
    return library, tuple(findings)


def _shaped(document: Document, shape: type[_Shape], findings: list[Finding]) -> _Shape | None:
    findings.extend(document.findings)
    if document.findings:
        return None
    try:
        return shape.model_validate(document.value)
    except ValidationError as error:
        findings.extend(_finding(document, detail) for detail in error.errors(include_url=False, include_input=False))
        return None


def _finding(document: Document, detail: ErrorDetails) -> Finding:
    """Say one schema error with its line: of the field itself, or of the nearest thing around it."""
    place = detail["loc"]
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        message = f"unknown field '{place[-1]}'"
    elif place and detail["type"] != "value_error":
        message = f"{'.'.join(str(part) for part in place)}: {message}"
    return Finding(document.file, document.line(place), message)


def _citations(sources: RuleSources, findings: list[Finding]) -> dict[str, Citation]:
    citations = {}
    for key, entry in sources.citations.citations.items():
        known = _known(entry, key, CITATIONS, sources, findings)
        if known is not None:
            fields = entry.model_dump(exclude={"verified", "unverified", "label"})
            label = entry.label or " ".join(part.capitalize() for part in key.split("-"))
            citations[key] = Citation(id=key, label=label, verification=known, **fields)
    return citations


def _drugs(sources: RuleSources, findings: list[Finding]) -> dict[str, Drug]:
    drugs = {}
    for name, entry in sources.drugs.drugs.items():
        known = _known(entry, name, DRUGS, sources, findings)
        if known is not None:
            drugs[name] = Drug(name=name, verification=known, **entry.model_dump(exclude={"verified", "unverified"}))
    return drugs


def _known(entry: Checked, key: str, file: str, sources: RuleSources, findings: list[Finding]) -> Verification | None:
    known = verification(entry)
    if known is None:
        line = sources.documents[file].line((file.removesuffix(".yaml"), key))
        findings.append(Finding(file, line, f"'{key}' says neither 'verified' nor 'unverified'"))
    return known
