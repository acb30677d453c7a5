"""Whether what a research rule reports fits what its studies found: findings of ``trdpgx rules check``.

"Studies contradict each other" needs a study on each side, "a better response was reported" one that supports it,
and "no effect on response" a study of response, not of drug levels.
"""

from collections.abc import Iterator

from trdpgx.knowledge.finding import Finding
from trdpgx.model.evidence import Design, Stance
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import EffectAlleleCondition, Rule

_REPORTED = frozenset(
    {"response_reported_lower", "response_reported_higher", "resistance_reported", "resistance_reported_less", "group_excess_reported"}
)
_NOTHING_FOUND = frozenset({"no_effect_found", "no_level_effect_found"})
_CONTRADICT = "reports_contradict"
_DIFFER = "reports_differ"
_OF_RESPONSE = "no_effect_found"


def stance_findings(library: RuleLibrary) -> Iterator[Finding]:
    """Return each rule of research whose implications state more, or something else, than its evidence shows."""
    for rule in library.rules:
        for fault in (*_genome_wide_nulls(rule), *(_implication_faults(rule) if rule.authority is None else ())):
            yield Finding(rule.file, rule.line, f"{rule.id}: {fault}")


def _genome_wide_nulls(rule: Rule) -> Iterator[str]:
    if any(isinstance(condition, EffectAlleleCondition) for condition in rule.when):
        for item in rule.evidence:
            if item.design is Design.GWAS and item.stance is Stance.NULL:
                fault = "a genome-wide study without a hit is no null finding for one variant: not_read, or its own result as a cohort"
                yield f"'{item.citation.id}' stands under no_effect; {fault}"


def _implication_faults(rule: Rule) -> Iterator[str]:
    codes, sides = set(rule.implications), {item.stance for item in rule.evidence}
    if _CONTRADICT in codes and not {Stance.SUPPORTS, Stance.CONTRADICTS} <= sides:
        yield f"'{_CONTRADICT}' needs studies under supports and under contradicts; where some found nothing, it is '{_DIFFER}'"
    if _DIFFER in codes and (Stance.CONTRADICTS in sides or not {Stance.SUPPORTS, Stance.NULL} <= sides):
        yield f"'{_DIFFER}' needs studies under supports and under no_effect, and none under contradicts"
    for code in sorted(codes & _REPORTED if Stance.SUPPORTS not in sides else ()):
        yield f"'{code}' needs a study under supports"
    for code in sorted(codes & _NOTHING_FOUND if Stance.NULL not in sides else ()):
        yield f"'{code}' needs a study under no_effect"
    if _OF_RESPONSE in codes and rule.domain == "pharmacokinetic":
        yield f"'{_OF_RESPONSE}' is about response; of drug levels it is 'no_level_effect_found'"
