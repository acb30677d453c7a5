"""A condition as a curator writes it, made into the one that reasoning asks."""

from trdpgx.knowledge.rules.schema.rule_file import ConditionEntry
from trdpgx.model.gene import Scheme
from trdpgx.model.rule import (
    ActivityCondition,
    AlleleCondition,
    Condition,
    EffectAlleleCondition,
    GeneSeenCondition,
    PhenotypeCondition,
)


def condition_of(entry: ConditionEntry) -> Condition:
    """Return the condition of an entry that asks one thing of a gene or a variant; a criterion of rare variants is none of them."""
    gene = entry.gene or ""
    if entry.phenotype is not None:
        return PhenotypeCondition(gene=gene, scheme=entry.scheme or Scheme.CPIC, any_of=entry.phenotype)
    if entry.activity is not None:
        return ActivityCondition(gene=gene, scores=entry.activity)
    if entry.copies is not None:
        return EffectAlleleCondition(variant=entry.variant or "", any_of=entry.copies)
    if entry.seen is not None:
        return GeneSeenCondition(gene=gene)
    return AlleleCondition(gene=gene, any_of=entry.carries or entry.lacks or (), present=entry.carries is not None)
