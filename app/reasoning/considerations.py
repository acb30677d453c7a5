"""Rules and calls become considerations. Sources are never merged: each rule that holds is a consideration of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.knowledge.conditions import holds
from app.knowledge.evidence import policy_named
from app.model.evidence import Ancestry
from app.model.library import RuleLibrary
from app.model.report import (
    Action,
    Basis,
    Consideration,
    DoseChange,
    EvidenceReport,
    GeneReport,
    Implication,
    RareVariantReport,
    VariantReport,
)
from app.model.rule import Dose, EffectAlleleCondition, RareVariantCondition, Rule
from app.reasoning.populations import population_note
from app.reasoning.worlds import Question, World, Worlds, question_of


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """A rule with everything that does not depend on a person worked out once."""

    rule: Rule
    question: Question
    implication: Implication
    action: Action
    text: str
    evidence: EvidenceReport


def prepare(rulebook: RuleLibrary) -> tuple[PreparedRule, ...]:
    """Work out texts and evidence grades of every rule; done once, when the knowledge is loaded."""
    return tuple(_prepared(rule, rulebook) for rule in rulebook.rules)


def consider(
    rules: Sequence[PreparedRule],
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variants: Sequence[RareVariantReport] = (),
    *,
    ancestry: Ancestry | None = None,
) -> tuple[Consideration, ...]:
    """Return every consideration that the calls raise, in the order of the rules.

    A rule that holds in only some of the worlds that the calls allow is reported with the diplotypes for which it does. With an
    ``ancestry`` that the request names, each consideration says which of its studies were in people of it; nothing else changes.
    """
    worlds = Worlds(genes, variants, rare_variants)
    genotypes = {variant.id: variant for variant in variants}
    presumed = frozenset(gene.gene for gene in genes if gene.copy_number.status in {"not_assessed", "suspected"} and gene.diplotypes)
    found: list[Consideration] = []
    for prepared in rules:
        rule = prepared.rule
        possible = worlds.of(prepared.question)
        holding = tuple(world for world in possible if all(holds(condition, world.facts) for condition in rule.when))
        if holding:
            counting = _counting(rule, rare_variants) if rare_variants else []
            facts = [*_labels(rule, holding, genotypes), *(_named(rare) for rare in counting)]
            basis = _basis(rule, holding, facts, everywhere=len(holding) == len(possible), presumed=presumed)
            carrying = tuple(dict.fromkeys(rare.gene for rare in counting))
            made = _consideration(f"C{len(found) + 1:03d}", prepared, basis, carrying or rule.genes)
            found.append(_marked(made, ancestry) if ancestry else made)
    return tuple(found)


def _prepared(rule: Rule, rulebook: RuleLibrary) -> PreparedRule:
    implication = " ".join(rulebook.implications[code].text for code in rule.implications)
    action = " ".join(rulebook.actions[code].text for code in rule.actions)
    policy = policy_named(rulebook.policy)
    strength, conflict = policy.grade(rule.evidence, rule.verification, rule.grade)
    return PreparedRule(
        rule=rule,
        question=question_of(rule),
        implication=Implication(code=rule.implications[0], codes=rule.implications, text=implication),
        action=Action(
            code=rule.actions[0],
            codes=rule.actions,
            text=" ".join(part for part in (action, _dose_text(rule.dose)) if part),
            dose_change=DoseChange(**rule.dose.model_dump()) if rule.dose else None,
        ),
        text=" ".join(part for part in (rule.text or implication, action, _dose_text(rule.dose), rule.note) if part),
        evidence=EvidenceReport(
            strength=strength,
            policy=policy.name,
            source_grade=rule.grade,
            items=rule.evidence,
            conflict=conflict,
            verification=rule.verification,
        ),
    )


def _dose_text(dose: Dose | None) -> str:
    if dose is None:
        return ""
    named = {"starting dose": dose.start, "maintenance dose": dose.maintenance, "highest dose": dose.maximum, "monitoring": dose.monitoring}
    given = [f"{name} {value.replace('_', ' ')}" for name, value in named.items() if value]
    return f"As the source puts it: {'; '.join(given)}." if given else ""


def _consideration(identity: str, prepared: PreparedRule, basis: Basis, genes: tuple[str, ...]) -> Consideration:
    rule = prepared.rule
    return Consideration.model_construct(
        id=identity,
        rule_id=rule.id,
        domain=rule.domain,
        drugs=rule.drugs,
        genes=genes,
        trigger="; ".join(basis.facts),
        implication=prepared.implication,
        action=prepared.action,
        text=prepared.text,
        source=rule.source,
        evidence=prepared.evidence,
        population=rule.population,
        basis=basis,
    )


def _marked(consideration: Consideration, ancestry: Ancestry) -> Consideration:
    note = population_note(consideration.evidence.items, ancestry)
    return consideration.model_copy(update={"evidence": consideration.evidence.model_copy(update={"population_note": note})})


def _labels(rule: Rule, holding: Sequence[World], genotypes: Mapping[str, VariantReport]) -> list[str]:
    """Say which diplotypes and genotypes made the rule fire."""
    labels = list(dict.fromkeys(choice.label for world in holding for choice in world.choices))
    for condition in rule.when:
        if isinstance(condition, EffectAlleleCondition):
            variant = genotypes[condition.variant]
            labels.append(f"{variant.gene} {variant.id} {variant.genotype} ({_copies(variant)})")
    return labels


def _counting(rule: Rule, rare_variants: Sequence[RareVariantReport]) -> list[RareVariantReport]:
    """Return the rare variants that count by a criterion of the rule."""
    criteria = {condition.criterion for condition in rule.when if isinstance(condition, RareVariantCondition)}
    return [rare for rare in rare_variants if any(judged.qualifies and judged.rule_id in criteria for judged in rare.qualifications)]


def _named(rare: RareVariantReport) -> str:
    named = " ".join(part for part in (rare.gene, rare.hgvs_c or rare.location, rare.hgvs_p) if part)
    return f"{named} ({rare.zygosity}, {rare.consequence})"


def _basis(rule: Rule, holding: Sequence[World], facts: list[str], *, everywhere: bool, presumed: frozenset[str]) -> Basis:
    if not facts:
        facts.append(f"{', '.join(rule.genes)} seen in this file")
    if everywhere:
        text = "Holds for everything that this file allows."
    else:
        text = f"Several diplotypes agree with this file. This holds only for: {'; '.join(facts)}."
    copies = sorted(presumed.intersection(choice.gene for choice in holding[0].choices))
    if copies:
        text += f" It presumes two ordinary copies of {' and '.join(copies)}: deletions, duplications and hybrids were not assessed."
    return Basis(holds_for="all" if everywhere else "some", facts=tuple(facts), text=text)


def _copies(variant: VariantReport) -> str:
    count = variant.effect_allele_count
    return f"{count} {'copy' if count == 1 else 'copies'} of the effect allele {variant.effect_allele}, plus strand"
