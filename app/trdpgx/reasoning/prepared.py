"""Rules made ready when the knowledge is loaded: what they say of everybody, and by which fact each of them is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.library import RuleLibrary
from trdpgx.model.report import Action, Basis, Consideration, DoseChange, EvidenceReport, Implication
from trdpgx.model.rule import ActivityCondition, AlleleCondition, Condition, Dose, EffectAlleleCondition, PhenotypeCondition, Rule
from trdpgx.reasoning.diplotype_combinations import NO_BANDS, ActivityBands, Question, Worlds, question_of

_NOBODY = Basis(holds_for="all", facts=(), text="")


@dataclass(frozen=True, slots=True)
class Case:
    """Rules that ask the same of a person, about the same genes: one answer holds for all of them.

    ``said`` holds, for each rule, its place in the order of the rules and the consideration that it raises, without what a person
    adds: ``id``, ``trigger`` and ``basis``, and ``genes`` where a rare variant fired it.
    """

    when: tuple[Condition, ...]
    genes: tuple[str, ...]
    question: Question
    said: tuple[tuple[int, Consideration], ...]


class RuleIndex:
    """Every rule, found by its first condition: a person's calls meet that of a few, and only those are asked."""

    def __init__(self, cases: Sequence[Case], activity: ActivityBands = NO_BANDS) -> None:
        """Sort the cases by the phenotype, score, effect alleles or typed gene that they ask for first; the others are always asked.

        ``activity`` gives, for each gene, the activity scores of each phenotype.
        """
        self.activity = activity
        self._cases = cases
        self._phenotypes: dict[tuple[str, Scheme], dict[Phenotype, list[int]]] = {}
        self._effect_alleles: dict[str, dict[int, list[int]]] = {}
        self._typed: dict[str, list[int]] = {}
        self._scored: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, case in enumerate(cases):
            match case.when[0]:
                case PhenotypeCondition() as condition:
                    asked = self._phenotypes.setdefault((condition.gene, condition.scheme), {})
                    for phenotype in condition.any_of:
                        asked.setdefault(phenotype, []).append(number)
                case ActivityCondition() as condition:
                    self._scored.setdefault(condition.gene, []).append(number)
                case EffectAlleleCondition() as condition:
                    counted = self._effect_alleles.setdefault(condition.variant, {})
                    for count in condition.any_of:
                        counted.setdefault(count, []).append(number)
                case AlleleCondition() as condition:
                    self._typed.setdefault(condition.gene, []).append(number)
                case _:
                    self._always.append(number)

    def worth_asking(self, worlds: Worlds) -> list[Case]:
        """Return the cases whose first condition may hold in one of the worlds."""
        numbers = set(self._always)
        for (gene, scheme), asked in self._phenotypes.items():
            for phenotype in worlds.phenotypes(gene, scheme):
                numbers.update(asked.get(phenotype, ()))
        for variant, counted in self._effect_alleles.items():
            count = worlds.effect_alleles(variant)
            if count is not None:
                numbers.update(counted.get(count, ()))
        for gene, asking in self._typed.items():
            if worlds.is_typed(gene):
                numbers.update(asking)
        for gene, asking in self._scored.items():
            if worlds.has_score(gene):
                numbers.update(asking)
        return [self._cases[number] for number in numbers]


def prepare(rulebook: RuleLibrary) -> RuleIndex:
    """Work out texts and evidence grades of every rule; done once, when the knowledge is loaded."""
    same: dict[tuple[tuple[Condition, ...], tuple[str, ...]], list[tuple[int, Rule]]] = {}
    for place, rule in enumerate(rulebook.rules):
        same.setdefault((rule.when, rule.genes), []).append((place, rule))
    cases = []
    for (when, genes), rules in same.items():
        said = tuple((place, _said(rule, rulebook)) for place, rule in rules)
        cases.append(Case(when, genes, question_of(when), said))
    return RuleIndex(cases, rulebook.activity)


def _said(rule: Rule, rulebook: RuleLibrary) -> Consideration:
    implication = " ".join(rulebook.implications[code].text for code in rule.implications)
    action = " ".join(rulebook.actions[code].text for code in rule.actions)
    policy = policy_named(rulebook.policy)
    strength, conflict = policy.grade(rule.evidence, rule.verification, rule.grade)
    return Consideration(
        id="",
        rule_id=rule.id,
        domain=rule.domain,
        drugs=rule.drugs,
        genes=rule.genes,
        trigger="",
        implication=Implication(code=rule.implications[0], codes=rule.implications, text=implication),
        action=Action(
            code=rule.actions[0],
            codes=rule.actions,
            text=" ".join(part for part in (action, _dose_text(rule.dose)) if part),
            dose_change=DoseChange(**rule.dose.model_dump()) if rule.dose else None,
        ),
        text=" ".join(part for part in (rule.text or implication, action, _dose_text(rule.dose), rule.note) if part),
        source=rule.source,
        evidence=EvidenceReport(
            strength=strength,
            policy=policy.name,
            source_grade=rule.grade,
            items=rule.evidence,
            conflict=conflict,
            verification=rule.verification,
        ),
        population=rule.population,
        basis=_NOBODY,
    )


def _dose_text(dose: Dose | None) -> str:
    if dose is None:
        return ""
    named = {"starting dose": dose.start, "maintenance dose": dose.maintenance, "highest dose": dose.maximum, "monitoring": dose.monitoring}
    given = [f"{name} {value.replace('_', ' ')}" for name, value in named.items() if value]
    return f"From the source: {'; '.join(given)}." if given else ""
