"""Rules put into words: what a condition asks, and what an example is."""

from collections.abc import Iterable

from trdpgx.model.naming import listed
from trdpgx.model.rule import (
    ActivityCondition,
    AlleleCondition,
    Condition,
    EffectAlleleCondition,
    Example,
    GeneSeenCondition,
    PhenotypeCondition,
    RareVariantCondition,
)


def condition_text(condition: Condition) -> str:
    """Return what the condition asks, as in ``CYP2C19 is read by CPIC as PM or Likely PM``."""
    match condition:
        case PhenotypeCondition():
            return f"{condition.gene} is read by {condition.scheme} as {either(condition.any_of)}"
        case ActivityCondition():
            return f"{condition.gene} has an activity score of {condition.scores.words}"
        case EffectAlleleCondition():
            return f"{condition.variant} was seen with {either(str(count) for count in condition.any_of)} copies of the effect allele"
        case GeneSeenCondition():
            return f"something of {condition.gene} was seen"
        case RareVariantCondition():
            return f"a rare variant that counts by '{condition.criterion}' is carried"
        case AlleleCondition():
            return f"{condition.gene} {'carries' if condition.present else 'is known not to carry'} {either(condition.any_of)}"


def example_text(example: Example) -> str:
    """Return the genotypes of an example: ``CYP2C19 *1/*2, rs6265 C/T``."""
    return ", ".join(f"{name} {value}" for name, value in example.given.items())


def either(words: Iterable[str]) -> str:
    """Return ``a``, ``a or b``, ``a, b or c``."""
    return listed(list(words), "or")
