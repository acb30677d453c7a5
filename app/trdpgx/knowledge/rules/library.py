"""The files of rules made into one immutable ``RuleLibrary``, with the folders that an operator layers over the bundled one.

A folder that is layered over the bundled one may have any of its files: it adds to them, and what has an id that is taken below it
replaces what is there.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.caveats import read_caveats
from trdpgx.knowledge.rules.clinical import clinical_facts
from trdpgx.knowledge.rules.evidence_policy import POLICY
from trdpgx.knowledge.rules.expand import Expansion
from trdpgx.knowledge.rules.names import Names
from trdpgx.knowledge.rules.outside_genes import OUTSIDE_GENES
from trdpgx.knowledge.rules.patient_names import name_findings, patient_names
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.schema.fields import Checked
from trdpgx.knowledge.rules.sources import CAVEATS, CITATIONS, DRUGS, RuleSources
from trdpgx.knowledge.rules.verification import verification
from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Authority
from trdpgx.model.evidence import Citation, Verification
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.library import ReferenceLibrary, RuleLayer, RuleLibrary
from trdpgx.model.rare import GeneSet, QualifyingRule
from trdpgx.model.rule import AlleleCondition, Drug, Entry, Rule, VocabularyEntry


def build_library(
    layers: Sequence[RuleSources], reference: ReferenceLibrary, policy: str = POLICY
) -> tuple[RuleLibrary, tuple[Finding, ...]]:
    """Expand the files into rules; a rule with a fault is left out and its faults are findings."""
    findings: list[Finding] = []
    gene_sets = {key: made for sources in layers for key, made in _gene_sets(sources, findings)}
    criteria = {key: made for sources in layers for key, made in _criteria(sources, gene_sets, findings)}
    names = _names(layers, reference, {key: criterion.all_genes(gene_sets) for key, criterion in criteria.items()}, findings)
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
        grades=names.grades,
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


def _names(
    layers: Sequence[RuleSources], reference: ReferenceLibrary, criteria: Mapping[str, frozenset[str]], findings: list[Finding]
) -> Names:
    """Return what rules may name, of all layers."""
    variant_genes = {variant.id: variant.gene for variant in reference.variants}
    return Names(
        criteria=criteria,
        reference=reference,
        variant_genes=variant_genes,
        genes=frozenset(reference.genes) | frozenset(variant_genes.values()) | frozenset(OUTSIDE_GENES),
        drugs={drug.name: drug for sources in layers for drug in _drugs(sources, findings)},
        citations={citation.id: citation for sources in layers for citation in _citations(sources, findings)},
        implications={
            code: VocabularyEntry(code=code, text=text) for sources in layers for code, text in sources.vocabulary.implications.items()
        },
        actions={
            code: VocabularyEntry(code=code, **action.model_dump())
            for sources in layers
            for code, action in sources.vocabulary.actions.items()
        },
        grades=_grades(layers),
    )


def _grades(layers: Sequence[RuleSources]) -> dict[str, dict[str, Authority]]:
    """Return what the grades of each source mean; the uppermost layer that explains a word decides."""
    grades: dict[str, dict[str, Authority]] = {}
    for sources in layers:
        for name, words in sources.vocabulary.grades.items():
            made = {word.casefold(): Authority(grade=word, **entry.model_dump()) for word, entry in words.items()}
            grades.setdefault(name, {}).update(made)
    return grades


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
    """Yield every rule and entry of one folder under its id; an id that it has twice is a finding."""
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


def _digest_over(layers: Sequence[RuleLayer]) -> str:
    return hashlib.sha256("".join(f"{layer.digest}  {layer.name}\n" for layer in layers).encode()).hexdigest()


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


def _known(
    entry: Checked, key: str, file: str, sources: RuleSources, findings: list[Finding], *, field: str | None = None
) -> Verification | None:
    verified = verification(entry)
    if verified is None:
        document = sources.documents[file]
        line = document.line((field or file.removesuffix(".yaml"), key))
        findings.append(Finding(document.file, line, f"'{key}' has neither 'verified' nor 'unverified'"))
    return verified
