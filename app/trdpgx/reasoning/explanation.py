"""Why a rule fired or did not: each condition with what was found, in each combination that the calls allow."""

from collections.abc import Sequence

from msgspec import Struct

from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.phrases import condition_text
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.rule import (
    ActivityCondition,
    AlleleCondition,
    Condition,
    EffectAlleleCondition,
    GeneSeenCondition,
    PhenotypeCondition,
    RareVariantCondition,
    Rule,
)
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.reasoning.diplotype_combinations import NO_BANDS, ActivityBands, DiplotypeCombination, DiplotypeCombinations, question_of


class ConditionAnswer(Struct, frozen=True):
    """What one condition asks, what was found, and whether it holds."""

    asks: str
    found: str
    holds: bool


class CombinationAnswer(Struct, frozen=True):
    """The answers in one combination. ``label`` names its diplotypes; it is empty where the rule asks about none."""

    label: str
    conditions: tuple[ConditionAnswer, ...]

    @property
    def fires(self) -> bool:
        """Whether every condition holds."""
        return all(condition.holds for condition in self.conditions)


class Explanation(Struct, frozen=True):
    """Why a rule fires for all, some or none of the combinations that one person's calls allow."""

    rule: Rule
    combinations: tuple[CombinationAnswer, ...]

    @property
    def verdict(self) -> str:
        """``fires``, ``fires for some of the possible diplotypes`` or ``does not fire``."""
        firing = sum(combination.fires for combination in self.combinations)
        if not firing:
            return "does not fire"
        return (
            "fires"
            if firing == len(self.combinations)
            else f"fires for {firing} of {len(self.combinations)} possible combinations of diplotypes"
        )


def explain(
    rule: Rule,
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variants: Sequence[RareVariantReport] = (),
    *,
    activity: ActivityBands = NO_BANDS,
) -> Explanation:
    """Return why the rule fires or does not for these calls. ``activity`` gives the scores of each phenotype (``RuleLibrary``)."""
    combinations = DiplotypeCombinations(genes, variants, rare_variants, activity).of(question_of(rule.when))
    reports = {variant.id: variant for variant in variants}
    return Explanation(rule, tuple(_answer(rule, combination, reports) for combination in combinations))


def _answer(rule: Rule, combination: DiplotypeCombination, variants: dict[str, VariantReport]) -> CombinationAnswer:
    label = ", ".join(choice.label for choice in combination.choices)
    answers = (
        ConditionAnswer(condition_text(condition), _found(condition, combination.facts, variants), holds(condition, combination.facts))
        for condition in rule.when
    )
    return CombinationAnswer(label, tuple(answers))


def _found(condition: Condition, facts: Facts, variants: dict[str, VariantReport]) -> str:
    match condition:
        case PhenotypeCondition():
            return f"{facts.phenotypes.get((condition.gene, condition.scheme), Phenotype.NO_RESULT)}"
        case ActivityCondition():
            activity = facts.activity.get(condition.gene)
            return "not known" if activity is None else activity.words
        case EffectAlleleCondition():
            return _genotype(condition.variant, facts, variants)
        case GeneSeenCondition():
            return "seen" if condition.gene in facts.seen else "nothing seen"
        case RareVariantCondition():
            return "one is" if condition.criterion in facts.counting else "none is"
        case AlleleCondition():
            return _alleles(condition.gene, facts)


def _genotype(variant: str, facts: Facts, variants: dict[str, VariantReport]) -> str:
    report = variants.get(variant)
    if report is None or report.genotype is None:
        state = f" ({str(report.state).replace('_', ' ')})" if report is not None else ""
        return f"not seen{state}"
    count = facts.effect_alleles.get(variant)
    return report.genotype if count is None else f"{report.genotype}, {count} of the effect allele {report.effect_allele}"


def _alleles(gene: str, facts: Facts) -> str:
    carried = facts.alleles.get(gene)
    if carried is not None:
        return ", ".join(sorted(carried))
    tested = [f"{allele} {'positive' if result else 'negative'}" for (name, allele), result in facts.tested.items() if name == gene]
    return ", ".join(tested) or "not known"
