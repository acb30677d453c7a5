"""Whether a rule's condition holds, for one diplotype combination.

A combination has one diplotype, and so one phenotype a scheme, for each gene; where a file allows several, reasoning asks about each
(docs/decisions/0004-diplotype-combinations.md). The examples of the rules are asked in the same way.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import (
    ActivityCondition,
    AlleleCondition,
    Condition,
    EffectAlleleCondition,
    GeneSeenCondition,
    PhenotypeCondition,
    RareVariantCondition,
)


class Facts(Struct, frozen=True):
    """The facts of one diplotype combination.

    A gene and scheme that ``phenotypes`` does not name counts as `No result`. ``effect_alleles`` holds the variants whose genotype was
    seen, with the number of effect alleles (0, 1 or 2). ``seen`` names the genes of which a diplotype or a genotype is known.
    ``alleles`` holds the genes with a diplotype and the named alleles on it. ``tested`` holds what is known of single alleles of a gene
    that was not typed in full (``HLA-B *15:02 negative``): whether each is carried.
    """

    phenotypes: Mapping[tuple[str, Scheme], Phenotype] = field(default_factory=dict)
    effect_alleles: Mapping[str, int] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    alleles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tested: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    counting: frozenset[str] = frozenset()
    """Criteria by which a rare variant that is carried counts."""
    activity: Mapping[str, ActivityRange] = field(default_factory=dict)
    """For each gene whose activity score is known, the scores that it can be: one, or a range where only bounds are known."""


def holds(condition: Condition, facts: Facts) -> bool:
    """Return whether the condition holds. What is not known holds for nothing but `No result`, "is not carried" included."""
    match condition:
        case PhenotypeCondition():
            return facts.phenotypes.get((condition.gene, condition.scheme), Phenotype.NO_RESULT) in condition.any_of
        case ActivityCondition():
            activity = facts.activity.get(condition.gene)
            return activity is not None and condition.scores.covers(activity)
        case EffectAlleleCondition():
            return facts.effect_alleles.get(condition.variant) in condition.any_of
        case GeneSeenCondition():
            return condition.gene in facts.seen
        case RareVariantCondition():
            return condition.criterion in facts.counting
        case AlleleCondition():
            return _carries(condition, facts)


def _carries(condition: AlleleCondition, facts: Facts) -> bool:
    carried = facts.alleles.get(condition.gene)
    if carried is not None:
        return (not carried.isdisjoint(condition.any_of)) is condition.present
    results = [facts.tested.get((condition.gene, allele)) for allele in condition.any_of]
    return any(result is True for result in results) if condition.present else all(result is False for result in results)
