"""``rules/`` read into one immutable ``RuleLibrary``, with the folders that an operator layers over it.

``citations.yaml``, ``vocabulary.yaml``, ``drugs.yaml``, ``caveats.yaml`` and ``review.yaml`` stand at the top, with the ``release.yaml``
that ``manifest`` writes; every other ``.yaml``, in any folder, is a file of rules, so that the rulebook grows by adding files. A folder
that is layered over the bundled one may have any of these files: it adds to them, and what has an id that is taken below it replaces
what is there.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trdpgx.knowledge.finding import Finding, RulesError
from trdpgx.knowledge.folder import fault_of, rule_files, unread_files
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, Release, digest_over, file_digests, identify
from trdpgx.knowledge.rules.caveats import read_caveats
from trdpgx.knowledge.rules.clinical import clinical_facts, shape_of
from trdpgx.knowledge.rules.evidence_policy import POLICY, policy_named
from trdpgx.knowledge.rules.expand import Expansion
from trdpgx.knowledge.rules.names import Names
from trdpgx.knowledge.rules.outside_genes import OUTSIDE_GENES
from trdpgx.knowledge.rules.patient_names import name_findings, patient_names
from trdpgx.knowledge.rules.schema.caveats import CaveatFile
from trdpgx.knowledge.rules.schema.citations import CitationFile
from trdpgx.knowledge.rules.schema.clinical import ClinicalFile
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.schema.drugs import DrugFile
from trdpgx.knowledge.rules.schema.fields import Checked
from trdpgx.knowledge.rules.schema.review import ReviewFile
from trdpgx.knowledge.rules.schema.rule_file import RuleFile
from trdpgx.knowledge.rules.schema.vocabulary import VocabularyFile
from trdpgx.knowledge.rules.verification import verification
from trdpgx.knowledge.yaml_document import Document, read_document
from trdpgx.model.activity import ActivityRange
from trdpgx.model.evidence import Citation, Verification
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.library import ReferenceLibrary, RuleLayer, RuleLibrary
from trdpgx.model.rare import GeneSet, QualifyingRule
from trdpgx.model.rule import AlleleCondition, Drug, Entry, Rule, VocabularyEntry

_Shape = TypeVar("_Shape", bound=BaseModel)

CITATIONS, VOCABULARY, DRUGS = "citations.yaml", "vocabulary.yaml", "drugs.yaml"
REVIEW, CAVEATS = "review.yaml", "caveats.yaml"
_WHOLE = (CITATIONS, VOCABULARY, DRUGS)
_TOP = (*_WHOLE, REVIEW, CAVEATS)


@dataclass(frozen=True, slots=True)
class RuleSources:
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


def load_rulebook(directory: Path | None, reference: ReferenceLibrary, layers: Sequence[Path] = (), policy: str = POLICY) -> RuleLibrary:
    """Read a folder of rules (``None``: the bundled one) and the layers over it, the uppermost last.

    Raises ``RulesError`` with every finding, its file and its line, and ``ValueError`` where no evidence policy has the name.
    """
    policy_named(policy)
    library, findings = build_library(read_layers(directory or rules_directory(), layers), reference, policy)
    if findings:
        raise RulesError(findings)
    return library


def read_layers(directory: Path, layers: Sequence[Path]) -> tuple[RuleSources, ...]:
    """Read a whole folder and the layers over it. Raises ``RulesError``."""
    return (read_sources(directory), *(read_sources(layer, whole=False) for layer in layers))


def read_sources(directory: Path, *, whole: bool = True) -> RuleSources:
    """Read every YAML file of the folder and hold it to its schema. Raises ``RulesError``, and ``FolderError`` where there is none.

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
    documents = {name: read_document(path, lead + name) for name, path in paths.items() if name != RELEASE_FILE}
    citations = _shaped(documents.get(CITATIONS), CitationFile, CitationFile(citations={}), findings)
    vocabulary = _shaped(documents.get(VOCABULARY), VocabularyFile, VocabularyFile(), findings)
    drugs = _shaped(documents.get(DRUGS), DrugFile, DrugFile(), findings)
    review = _shaped(documents.get(REVIEW), ReviewFile, None, findings)
    caveats = _shaped(documents.get(CAVEATS), CaveatFile, CaveatFile(caveats={}), findings)
    clinical = {
        name: file
        for name, document in documents.items()
        if (shape := shape_of(name)) and (file := _shaped(document, shape, None, findings)) is not None
    }
    shaped = {
        name: _shaped(document, RuleFile, None, findings) for name, document in documents.items() if name not in _TOP and not shape_of(name)
    }
    files = {name: file for name, file in shaped.items() if file is not None}
    if findings or citations is None or vocabulary is None or drugs is None or caveats is None:
        raise RulesError(findings)
    return RuleSources(directory.resolve().name, documents, release, citations, vocabulary, drugs, review, caveats, files, clinical)


def build_library(
    layers: Sequence[RuleSources], reference: ReferenceLibrary, policy: str = POLICY
) -> tuple[RuleLibrary, tuple[Finding, ...]]:
    """Expand the files into rules; a rule with a fault is left out and its faults are findings."""
    findings: list[Finding] = []
    variant_genes = {variant.id: variant.gene for variant in reference.variants}
    gene_sets = {key: made for sources in layers for key, made in _gene_sets(sources, findings)}
    criteria = {key: made for sources in layers for key, made in _criteria(sources, gene_sets, findings)}
    names = Names(
        criteria={key: genes_of(criterion, gene_sets) for key, criterion in criteria.items()},
        reference=reference,
        variant_genes=variant_genes,
        genes=frozenset(reference.genes) | frozenset(variant_genes.values()) | frozenset(OUTSIDE_GENES),
        drugs={drug.name: drug for sources in layers for drug in _drugs(sources, findings)},
        citations={citation.id: citation for sources in layers for citation in _citations(sources, findings)},
        implications={
            code: VocabularyEntry(code=code, text=text) for sources in layers for code, text in sources.vocabulary.implications.items()
        },
        actions={
            code: VocabularyEntry(code=code, text=action.text, direction=action.direction, headline=action.headline)
            for sources in layers
            for code, action in sources.vocabulary.actions.items()
        },
    )
    rules: dict[str, Rule] = {}
    entries: dict[str, Entry] = {}
    made: list[RuleLayer] = []
    for sources in layers:
        own = dict(_expanded(sources, names, findings))
        replaced = sum(name in rules or name in entries for name in own)
        rules.update({name: rule for name, rule in own.items() if isinstance(rule, Rule)})
        entries.update({name: entry for name, entry in own.items() if isinstance(entry, Entry)})
        release = sources.release
        made.append(RuleLayer(sources.name, release.release, release.digest, added=len(own) - replaced, replaced=replaced))
    comedication = {
        name: entry
        for sources in layers
        for name, entry in sources.drugs.comedication.items()
        if _known(entry, name, DRUGS, sources, findings, field="comedication") is not None
    }
    for sources in layers:
        findings += name_findings(sources.documents.get(DRUGS), names.drugs, comedication)
    facts = clinical_facts(
        [(sources.documents, sources.clinical) for sources in layers], {*names.drugs, *comedication}, names.citations, findings
    )
    qualifiers = {word for sources in layers for word in sources.drugs.qualifiers}
    library = RuleLibrary(
        release=" + ".join(layer.release for layer in made),
        digest=made[0].digest if len(made) == 1 else _digest_over(made),
        rules=tuple(rules.values()),
        drugs=names.drugs,
        citations=names.citations,
        implications=names.implications,
        actions=names.actions,
        entries=tuple(entries.values()),
        layers=tuple(made),
        policy=policy,
        criteria=criteria,
        gene_sets=gene_sets,
        outside_alleles=_outside_alleles(rules.values()),
        activity=_activity(reference),
        clinical=facts,
        patient_names=patient_names(names.drugs, comedication, qualifiers, facts.of(ConditionFile)),
        caveats=read_caveats([(sources.documents.get(CAVEATS), sources.caveats) for sources in layers], reference, findings),
    )
    return library, tuple(findings)


def _outside_alleles(rules: Iterable[Rule]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return, for each drug, the alleles of genes that no definition of ours calls and that a rule on it asks about."""
    asked: dict[str, set[tuple[str, str]]] = {}
    for rule in rules:
        conditions = [condition for condition in rule.when if isinstance(condition, AlleleCondition) and condition.gene in OUTSIDE_GENES]
        alleles = {(condition.gene, allele) for condition in conditions for allele in condition.any_of}
        for drug in rule.drugs if alleles else ():
            asked.setdefault(drug, set()).update(alleles)
    return {drug: tuple(sorted(alleles)) for drug, alleles in sorted(asked.items())}


def _activity(reference: ReferenceLibrary) -> dict[str, dict[Phenotype, ActivityRange]]:
    """Return, for each gene that CPIC reads by activity scores, the scores of each phenotype."""
    tables = {gene: definition.phenotypes.get(Scheme.CPIC) for gene, definition in reference.genes.items()}
    return {gene: {band.phenotype: band.scores for band in table.bands} for gene, table in tables.items() if table and table.bands}


def _expanded(sources: RuleSources, names: Names, findings: list[Finding]) -> Iterator[tuple[str, Rule | Entry]]:
    """Yield every rule and entry of one folder under its id; an id that stands in it twice is a finding."""
    first: dict[str, Rule | Entry] = {}
    for name, file in sources.files.items():
        expansion = Expansion(sources.documents[name], file, names)
        everything: list[Rule | Entry] = [*expansion.rules(), *expansion.entries()]
        for made in everything:
            earlier = first.setdefault(made.id, made)
            if earlier is not made:
                findings.append(Finding(made.file, made.line, f"the id '{made.id}' is taken by {earlier.file}:{earlier.line}"))
        findings.extend(expansion.findings)
    yield from first.items()


def _release(directory: Path, *, whole: bool) -> Release:
    if not whole and not (directory / RELEASE_FILE).is_file():
        return Release(f"{directory.resolve().name} (not released)", digest_over(file_digests(directory)))
    try:
        return identify(directory)
    except ValueError as error:
        raise RulesError([Finding(RELEASE_FILE, 1, str(error).removeprefix(f"{RELEASE_FILE}:1: "))]) from error


def _digest_over(layers: Sequence[RuleLayer]) -> str:
    return hashlib.sha256("".join(f"{layer.digest}  {layer.name}\n" for layer in layers).encode()).hexdigest()


def _shaped(document: Document | None, shape: type[_Shape], absent: _Shape | None, findings: list[Finding]) -> _Shape | None:
    if document is None:
        return absent
    findings.extend(document.findings)
    if document.findings:
        return None
    try:
        return shape.model_validate(document.value)
    except ValidationError as error:
        findings.extend(_finding(document, detail) for detail in error.errors(include_url=False, include_input=False))
        return None


def _finding(document: Document, detail: ErrorDetails) -> Finding:
    """Return one schema error with its line: of the field itself, or of the nearest one around it."""
    key_path = detail["loc"]
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        message = f"unknown field '{key_path[-1]}'"
    elif key_path and detail["type"] != "value_error":
        message = f"{'.'.join(str(part) for part in key_path)}: {message}"
    return Finding(document.file, document.line(key_path), message)


def _citations(sources: RuleSources, findings: list[Finding]) -> Iterator[Citation]:
    for key, entry in sources.citations.citations.items():
        verified = _known(entry, key, CITATIONS, sources, findings)
        if verified is not None:
            fields = entry.model_dump(exclude={"verified", "unverified", "label"})
            label = entry.label or " ".join(part.capitalize() for part in key.split("-"))
            yield Citation(id=key, label=label, verification=verified, **fields)


def _drugs(sources: RuleSources, findings: list[Finding]) -> Iterator[Drug]:
    for name, entry in sources.drugs.drugs.items():
        verified = _known(entry, name, DRUGS, sources, findings)
        if verified is not None:
            yield Drug(name=name, verification=verified, **entry.model_dump(exclude={"verified", "unverified"}))


def _gene_sets(sources: RuleSources, findings: list[Finding]) -> Iterator[tuple[str, GeneSet]]:
    for file, rules in sources.files.items():
        for key, entry in rules.gene_sets.items():
            verified = _known(entry, key, file, sources, findings, field="gene_sets")
            if verified is not None:
                yield key, GeneSet(id=key, verification=verified, **entry.model_dump(exclude={"verified", "unverified"}))


def _criteria(sources: RuleSources, gene_sets: Mapping[str, GeneSet], findings: list[Finding]) -> Iterator[tuple[str, QualifyingRule]]:
    for file, rules in sources.files.items():
        for key, entry in rules.criteria.items():
            verified = _known(entry, key, file, sources, findings, field="criteria")
            document = sources.documents[file]
            unknown = [name for name in entry.gene_sets if name not in gene_sets]
            for name in unknown:
                findings.append(Finding(document.file, document.line(("criteria", key, "gene_sets")), f"unknown gene set '{name}'"))
            if verified is not None and not unknown:
                yield key, QualifyingRule(id=key, verification=verified, **entry.model_dump(exclude={"verified", "unverified"}))


def genes_of(criterion: QualifyingRule, gene_sets: Mapping[str, GeneSet]) -> frozenset[str]:
    """Return the genes that a criterion of rare variants is about."""
    return frozenset(criterion.genes).union(*(gene_sets[name].genes for name in criterion.gene_sets))


def _known(
    entry: Checked, key: str, file: str, sources: RuleSources, findings: list[Finding], *, field: str | None = None
) -> Verification | None:
    verified = verification(entry)
    if verified is None:
        document = sources.documents[file]
        line = document.line((field or file.removesuffix(".yaml"), key))
        findings.append(Finding(document.file, line, f"'{key}' has neither 'verified' nor 'unverified'"))
    return verified
