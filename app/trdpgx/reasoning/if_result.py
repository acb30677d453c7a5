"""What holds if a gene had another result than the one that is reported: one way to ask it, for copies and for results that disagree."""

from trdpgx.knowledge.rules.conditions import holds
from trdpgx.reasoning.diplotype_combinations import DiplotypeCombinations
from trdpgx.reasoning.prepared import Case


def holds_if(case: Case, combinations: DiplotypeCombinations) -> bool:
    """Return whether a case of the rules holds for a combination without hidden alleles."""
    seen = (one for one in combinations.of(case.question) if not one.hidden)
    return any(all(holds(condition, one.facts) for condition in case.when) for one in seen)
