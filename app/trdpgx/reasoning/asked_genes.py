"""Of which genes the rules on a drug need a result, and of which of these nothing was seen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from trdpgx.model.authority import Verdict
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import GeneSeenCondition, RareVariantCondition, Rule
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.importance import RESEARCH

_UNCHANGED = frozenset({Verdict.NO_CHANGE, Verdict.NO_INTERACTION})


class UnseenGenes(NamedTuple):
    """Genes of the rules on one drug of which nothing was seen, each kind in the order of the rules."""

    of_advice: tuple[str, ...] = ()
    """Advice of a guideline or label rests on these."""
    of_findings: tuple[str, ...] = ()
    """What sources state with these carries no advice."""


def genes_by_drug(rulebook: RuleLibrary) -> Mapping[str, tuple[str, ...]]:
    """Return for each drug the genes whose result decides what is stated of it, those of guidelines and labels first.

    A rule that holds for any result waits for none, and so does a gene of which every rule on the drug asks for no change. Genes that only
    another tool's call can show (HLA) are asked for allele by allele (``untested_alleles``), and genes of rare variants variant by variant:
    neither is here.
    """
    elsewhere = {gene for alleles in rulebook.outside_alleles.values() for gene, _ in alleles}
    asked: dict[str, dict[str, bool]] = {}
    for rule in sorted(rulebook.rules, key=lambda rule: rule.source.name == RESEARCH):
        for drug in rule.drugs if _rests_on_result(rule) else ():
            genes = asked.setdefault(drug, {})
            for gene in rule.genes:
                genes[gene] = genes.get(gene, False) or (gene not in elsewhere and rule.verdict not in _UNCHANGED)
    return {drug: tuple(gene for gene, decides in genes.items() if decides) for drug, genes in asked.items()}


def unchanged_by_drug(rulebook: RuleLibrary) -> Mapping[str, frozenset[str]]:
    """Return for each drug the genes of which every rule on it asks for no change: it does not matter that nothing was seen of them."""
    verdicts: dict[str, dict[str, set[Verdict]]] = {}
    for rule in rulebook.rules:
        for drug in rule.drugs:
            for gene in rule.genes:
                verdicts.setdefault(drug, {}).setdefault(gene, set()).add(rule.verdict)
    return {drug: frozenset(gene for gene, stated in genes.items() if stated <= _UNCHANGED) for drug, genes in verdicts.items()}


def advised_by_drug(rulebook: RuleLibrary) -> Mapping[str, frozenset[str]]:
    """Return for each drug the genes on which advice of a guideline or label rests; what is stated with any other carries none."""
    advised: dict[str, set[str]] = {}
    for rule in rulebook.rules:
        if rule.source.name != RESEARCH and rule.verdict is Verdict.ADVICE:
            for drug in rule.drugs:
                advised.setdefault(drug, set()).update(rule.genes)
    return {drug: frozenset(genes) for drug, genes in advised.items()}


def _rests_on_result(rule: Rule) -> bool:
    if any(isinstance(condition, RareVariantCondition) for condition in rule.when):
        return False
    return not all(isinstance(condition, GeneSeenCondition) for condition in rule.when)


def seen_genes(genes: Sequence[GeneReport], variants: Sequence[VariantReport]) -> frozenset[str]:
    """Return the genes that were called, and those of which the genotype of a variant was seen."""
    called = {gene.gene for gene in genes if gene.status != "no_call"}
    return frozenset(called | {variant.gene for variant in variants if variant.genotype is not None})


def split_by_advice(genes: Iterable[str], advised: Collection[str]) -> UnseenGenes:
    """Return genes of which nothing was seen, split by whether advice on the drug rests on them (``advised_by_drug``)."""
    genes = tuple(genes)
    return UnseenGenes(tuple(gene for gene in genes if gene in advised), tuple(gene for gene in genes if gene not in advised))


def waiting_drugs(asked: Mapping[str, Collection[str]], genes: Iterable[str], drugs: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``drugs`` of which a rule needs the result of one of the genes, in their order."""
    wanted = frozenset(genes)
    return tuple(drug for drug in drugs if not wanted.isdisjoint(asked.get(drug, ())))
