"""Findings of the literature that the rules quote for a variant or a gene, shown beside a result on the cohort."""

from collections.abc import Iterable, Mapping

from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import EffectAlleleCondition, Rule
from trdpgx.statistics.predictors import TestedPredictor

_RESEARCH = "research"


def published_by_name(library: RuleLibrary) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules on research findings by each variant, and by each gene, that they ask for."""
    by_name: dict[str, dict[str, Rule]] = {}
    for rule in library.rules:
        if rule.source.name != _RESEARCH:
            continue
        variants = [one.variant for one in rule.when if isinstance(one, EffectAlleleCondition)]
        for name in variants or rule.genes:
            by_name.setdefault(name, {})[rule.id] = rule
    return {name: tuple(rules.values()) for name, rules in by_name.items()}


def published_for(predictor: TestedPredictor, by_name: Mapping[str, tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """Return the rules that a result on this predictor would replicate; for an interaction those that ask for both variants."""
    if predictor.kind == "interaction":
        first, second = predictor.name.split(" x ")
        ids = {rule.id for rule in by_name.get(second, ())}
        return tuple(rule for rule in by_name.get(first, ()) if rule.id in ids)
    names: Iterable[str] = (predictor.name,) if predictor.kind == "variant" else predictor.genes
    return tuple(rule for name in names for rule in by_name.get(name, ()))
