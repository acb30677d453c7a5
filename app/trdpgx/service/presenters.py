"""The answers about the knowledge: rules, genes and drugs, as models of the interface."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trdpgx.calling.coverage import allele_sites, assembly_alleles
from trdpgx.knowledge.rules.evidence_policy import Policy, policy_named
from trdpgx.model.base import Model
from trdpgx.model.coverage import AlleleSites
from trdpgx.model.gene import NamedAllele, PhenotypeTable, VariantDefinition
from trdpgx.model.library import Knowledge, RuleLibrary
from trdpgx.model.naming import known_names, nearest_names
from trdpgx.model.problem import InputError
from trdpgx.model.rule import Drug, Rule, VocabularyEntry
from trdpgx.service.problems import BAD_QUERY
from trdpgx.service.schemas import (
    AlleleAnswer,
    BandAnswer,
    DrugAnswer,
    DrugList,
    GeneAnswer,
    GeneList,
    GeneSummary,
    PairAnswer,
    PhenotypeTableAnswer,
    RuleAnswer,
    RuleFilter,
    RuleList,
    RuleSummary,
    SiteAnswer,
    VariantAnswer,
)


def rules(knowledge: Knowledge, filters: RuleFilter) -> RuleList:
    """Return the rules that match, in short. Raises ``InputError`` for a name that is not known."""
    book = knowledge.rulebook
    policy = policy_named(book.policy)
    _check_names(knowledge, filters)
    selected = tuple(_rule_summary(known, policy) for known in book.rules if _matches(known, filters))
    return RuleList(release=book.release, digest=book.digest, count=len(selected), rules=selected)


def _check_names(knowledge: Knowledge, filters: RuleFilter) -> None:
    """Raise ``InputError`` where a filter names a gene, a drug or a source that no rule and no report has."""
    book = knowledge.rulebook
    names = {
        "gene": {*_gene_names(knowledge), *(gene for known in book.rules for gene in known.genes)},
        "drug": set(book.drugs),
        "source": {known.source.name for known in book.rules},
    }
    for name, own in names.items():
        text = getattr(filters, name)
        if text is not None and text.casefold() not in {one.casefold() for one in own}:
            raise InputError(BAD_QUERY, f"`{name}` has a value that this service does not know. {known_names(text, own)}")


def no_such(knowledge: Knowledge, kind: str, name: str) -> str:
    """Return the message about a gene, drug or rule that does not exist: where they are listed, and the nearest of our names."""
    names: Mapping[str, Iterable[str]] = {
        "gene": _gene_names(knowledge),
        "drug": knowledge.rulebook.drugs,
        "rule": (known.id for known in knowledge.rulebook.rules),
    }
    return f"There is no such {kind}; see /v1/{kind}s.{nearest_names(name, names[kind])}"


def rule(knowledge: Knowledge, rule_id: str) -> RuleAnswer | None:
    """Return one rule in full, or ``None`` where there is none of this id."""
    book = knowledge.rulebook
    known = next((known for known in book.rules if known.id == rule_id), None)
    if known is None:
        return None
    policy = policy_named(book.policy)
    strength, conflict = policy.grade(known.evidence, known.verification, known.grade)
    return RuleAnswer(
        rule=known,
        strength=strength,
        policy=policy.name,
        conflict=conflict,
        implication=_words(known.implications, book.implications),
        action=_words(known.actions, book.actions),
    )


def genes(knowledge: Knowledge) -> GeneList:
    """Return every gene of the reference, in short."""
    summaries = tuple(_gene_summary(knowledge, name) for name in _gene_names(knowledge))
    return GeneList(release=knowledge.reference.release, digest=knowledge.reference.digest, count=len(summaries), genes=summaries)


def gene(knowledge: Knowledge, name: str) -> GeneAnswer | None:
    """Return one gene in full, or ``None`` where neither reports nor entries cover it."""
    explained = (named for entry in knowledge.rulebook.entries for named in entry.genes)
    symbol = next((known for known in (*_gene_names(knowledge), *explained) if known.casefold() == name.casefold()), None)
    if symbol is None:
        return None
    reference = knowledge.reference
    definition = reference.genes.get(symbol)
    return GeneAnswer(
        gene=symbol,
        kind="named_alleles" if definition else "variants" if symbol in _gene_names(knowledge) else "entries",
        copy_number_matters=definition.copy_number_matters if definition else False,
        has_cpic_function=definition.has_cpic_function if definition else False,
        assembly_alleles=assembly_alleles(reference, symbol) if definition else {},
        alleles=tuple(map(_allele, definition.alleles, allele_sites(reference, symbol))) if definition else (),
        phenotypes=tuple(_table(table) for table in definition.phenotypes.values()) if definition else (),
        sites=tuple(
            SiteAnswer(assembly=assembly, **_shared_fields(SiteAnswer, site))
            for assembly, panel in reference.panels.items()
            for site in panel.sites
            if site.gene == symbol
        ),
        variants=tuple(_variant(variant) for variant in reference.variants if variant.gene == symbol),
        rules=tuple(known.id for known in knowledge.rulebook.rules if symbol in known.genes),
        entries=tuple(entry for entry in knowledge.rulebook.entries if symbol in entry.genes),
    )


def drugs(knowledge: Knowledge) -> DrugList:
    """Return every drug that the rules know."""
    book = knowledge.rulebook
    answers = tuple(_drug(book, known) for known in book.drugs.values())
    return DrugList(release=book.release, digest=book.digest, count=len(answers), drugs=answers)


def drug(knowledge: Knowledge, name: str) -> DrugAnswer | None:
    """Return one drug, or ``None`` where the rules do not know it."""
    book = knowledge.rulebook
    known = next((known for known in book.drugs.values() if known.name.casefold() == name.casefold()), None)
    return _drug(book, known) if known else None


def _rule_summary(known: Rule, policy: Policy) -> RuleSummary:
    own = {
        "source": known.source.name,
        "year": known.source.year,
        "strength": policy.grade(known.evidence, known.verification, known.grade)[0],
        "verification": known.verification.state,
    }
    return RuleSummary(**{**_shared_fields(RuleSummary, known), **own})


def _matches(known: Rule, filters: RuleFilter) -> bool:
    pairs = (
        (filters.gene, known.genes),
        (filters.drug, known.drugs),
        (filters.domain, (known.domain,)),
        (filters.source, (known.source.name,)),
    )
    return all(value is None or value.casefold() in {name.casefold() for name in names} for value, names in pairs)


def _shared_fields(answer: type[Model], source: object) -> dict[str, Any]:
    """Return what the source has of the answer's fields, by name."""
    return {name: getattr(source, name) for name in answer.model_fields if hasattr(source, name)}


def _words(codes: Sequence[str], terms: Mapping[str, VocabularyEntry]) -> str:
    return " ".join(terms[code].text for code in codes)


def _gene_names(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the genes with named alleles and then those with variants only, each in the order of the reference."""
    return tuple(dict.fromkeys((*knowledge.reference.genes, *(variant.gene for variant in knowledge.reference.variants))))


def _gene_summary(knowledge: Knowledge, name: str) -> GeneSummary:
    definition = knowledge.reference.genes.get(name)
    sites = {site.id for panel in knowledge.reference.panels.values() for site in panel.sites if site.gene == name}
    return GeneSummary(
        gene=name,
        kind="named_alleles" if definition else "variants",
        alleles=len(definition.alleles) if definition else 0,
        sites=len(sites),
        variants=tuple(variant.id for variant in knowledge.reference.variants if variant.gene == name),
        rules=sum(name in known.genes for known in knowledge.rulebook.rules),
    )


def _allele(allele: NamedAllele, sites: AlleleSites) -> AlleleAnswer:
    own = {"bases": dict(allele.bases), "defined_by": sites.defined_by, "same_bases": sites.same_bases}
    return AlleleAnswer(**{**_shared_fields(AlleleAnswer, allele), **own})


def _variant(variant: VariantDefinition) -> VariantAnswer:
    return VariantAnswer(assayable=variant.site is not None, **_shared_fields(VariantAnswer, variant))


def _table(table: PhenotypeTable) -> PhenotypeTableAnswer:
    return PhenotypeTableAnswer(
        scheme=table.scheme,
        bands=tuple(BandAnswer(phenotype=band.phenotype, **band.scores.model_dump()) for band in table.bands),
        pairs=tuple(PairAnswer(functions=pair, phenotype=phenotype) for pair, phenotype in table.pairs.items()),
        source=table.source,
    )


def _drug(book: RuleLibrary, known: Drug) -> DrugAnswer:
    return DrugAnswer(
        drug=known,
        rules=tuple(one.id for one in book.rules if known.name in one.drugs),
        entries=tuple(entry for entry in book.entries if known.name in entry.drugs),
    )
