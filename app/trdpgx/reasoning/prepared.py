"""Rules made ready when the knowledge is loaded: what is the same for everybody."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.model.consideration import Action, Basis, Consideration, DoseChange, EvidenceReport, Implication
from trdpgx.model.dose import AmountByAge, Dose
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import Condition, Direction, Rule
from trdpgx.reasoning.diplotype_combinations import ActivityBands, Question, question_of
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.nothing_follows import UntreatedSubjects, untreated_subjects
from trdpgx.texts import phrase

_NOBODY = Basis(holds_for="all", facts=(), text="")
_WORD = re.compile(r"\w[\w-]*")


class Case(Struct, frozen=True, eq=False, dict=True):
    """Rules that ask the same of a person, about the same genes: one answer holds for all of them.

    ``rules`` holds them with their numbers in the order of ``rulebook``.
    """

    when: tuple[Condition, ...]
    genes: tuple[str, ...]
    question: Question
    rules: tuple[tuple[int, Rule], ...]
    rulebook: RuleLibrary
    age: float | None = None
    """Age in years of the person, where it is stated and a dose of the rules differs by age."""

    @property
    def differs_by_age(self) -> bool:
        """Whether a rule states doses that differ by age."""
        return any(rule.id in self.rulebook.dosed_by_age for _, rule in self.rules)

    @cached_property
    def considerations(self) -> tuple[tuple[int, Consideration], ...]:
        """The number of each rule and the consideration that it raises, made when it is first asked for.

        It is without what a person adds: ``id``, ``trigger`` and ``basis``, and ``genes`` where a rare variant fired it.
        """
        return tuple((number, _considered(rule, self.rulebook, self.age)) for number, rule in self.rules)

    @cached_property
    def named_drugs(self) -> Mapping[str, tuple[str, ...]]:
        """The drugs that the texts of guidance name, by the id of the rule."""
        return {one.rule_id: named_drugs(self.rulebook, one) for _, one in self.considerations if one.source.name != RESEARCH}


class PreparedRules(Struct, frozen=True, eq=False, dict=True):
    """Every rule, ready to be asked. ``activity`` gives, for each gene, the activity scores of each phenotype.

    ``untreated`` has the drugs, genes and variants of which nothing follows, each with its reason.
    """

    rulebook: RuleLibrary
    cases: tuple[Case, ...]
    activity: ActivityBands
    untreated: UntreatedSubjects

    @cached_property
    def _case_of(self) -> Mapping[str, Case]:
        return {rule.id: case for case in self.cases for _, rule in case.rules}

    def asks(self, rule: str, gene: str) -> bool:
        """Return whether a rule, by its id, asks about the diplotype of a gene."""
        return any(gene == asked for asked, _ in self._case_of[rule].question)

    @cached_property
    def cases_by_gene(self) -> Mapping[str, Sequence[Case]]:
        """For each gene the cases that ask about its diplotype."""
        cases: dict[str, list[Case]] = {}
        for case in self.cases:
            for gene, _ in case.question:
                cases.setdefault(gene, []).append(case)
        return cases

    @cached_property
    def against_by_gene(self) -> Mapping[str, Sequence[tuple[Case, tuple[tuple[str, str], ...]]]]:
        """For each gene the cases that ask about its diplotype and rule a drug out or advise against it, with drugs and sources."""
        cases: dict[str, list[tuple[Case, tuple[tuple[str, str], ...]]]] = {}
        for case in self.cases:
            rules = (rule for _, rule in case.rules if rule.source.name != RESEARCH)
            against = tuple(
                (drug, rule.source.name)
                for rule in rules
                if any(self.rulebook.actions[code].against for code in rule.actions)
                for drug in rule.drugs
            )
            for gene, _ in case.question if against else ():
                cases.setdefault(gene, []).append((case, against))
        return cases

    def named_by(self, rule: str) -> tuple[str, ...]:
        """Return the drugs that the text of a rule names, by its id, but for those that it is about; none of research."""
        return self._case_of[rule].named_drugs.get(rule, ())

    def at_age(self, age: float | None) -> "PreparedRules":
        """Return the rules that state the doses for an age in years first; the same without an age."""
        if age is None:
            return self
        return replace(self, cases=tuple(replace(case, age=age) if case.differs_by_age else case for case in self.cases))


def prepare(rulebook: RuleLibrary) -> PreparedRules:
    """Gather the rules that ask the same; done once, when the knowledge is loaded."""
    same: dict[tuple[tuple[Condition, ...], tuple[str, ...]], list[tuple[int, Rule]]] = {}
    for number, rule in enumerate(rulebook.rules):
        same.setdefault((rule.when, rule.genes), []).append((number, rule))
    cases = tuple(Case(when, genes, question_of(when), tuple(rules), rulebook) for (when, genes), rules in same.items())
    return PreparedRules(rulebook, cases, rulebook.activity, untreated_subjects(rulebook))


def named_drugs(rulebook: RuleLibrary, one: Consideration) -> tuple[str, ...]:
    """Return the drugs of the rules that a consideration names in its text, in order, but for those that it is about or that convert."""
    causes = one.conversion.causes if one.conversion else ()
    own = {*one.drugs, *causes, *(part for drug in one.drugs if drug in rulebook.drugs for part in rulebook.drugs[drug].components)}
    words = dict.fromkeys(_WORD.findall(one.text.lower()))
    return tuple(word for word in words if word in rulebook.drugs and word not in own)


def _considered(rule: Rule, rulebook: RuleLibrary, age: float | None) -> Consideration:
    implication = " ".join(rulebook.implications[code].text for code in rule.implications)
    policy = policy_named(rulebook.policy)
    strength, conflict = policy.grade(rule.evidence, rule.verification, rule.grade)
    dose = _dose_change(rule.dose, age)
    actions = [rulebook.actions[code] for code in rule.actions]
    stated = " ".join(one.text for one in actions)
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
            directions=tuple(dict.fromkeys(one.direction or Direction.NONE for one in actions)),
            text=" ".join(part for part in (stated, _dose_text(dose)) if part),
            dose_change=dose,
        ).with_against(one.against for one in actions if one.against),
        text=" ".join(part for part in (rule.text or implication, stated, _dose_text(dose), rule.note) if part),
        source=rule.source,
        verdict=rule.verdict,
        authority=rule.authority,
        evidence=EvidenceReport(
            strength=strength,
            policy=policy.name,
            source_grade=rule.grade,
            items=rule.evidence,
            conflict=conflict,
            verification=rule.verification,
            reviewed=rule.reviewed,
        ),
        population=rule.population,
        basis=_NOBODY,
    )


def _dose_change(dose: Dose | None, age: float | None) -> DoseChange | None:
    """Return what a source states about dose; of highest doses by age the one for ``age`` alone, with that age, where it is known."""
    if dose is None:
        return None
    maximum = dose.maximum
    if dose.maximum_by_age:
        maximum = "; ".join(_amount(one, age) for one in dose.maximum_by_age if age is None or one.covers(age))
    return DoseChange(start=dose.start, maintenance=dose.maintenance, maximum=maximum, monitoring=dose.monitoring)


def _amount(one: AmountByAge, age: float | None) -> str:
    if age is not None and one.covers(age):
        return phrase("prepared.at_age", amount=one.amount, age=f"{age:g}")
    if one.to_age is None:
        return phrase("prepared.from_age", amount=one.amount, age=f"{one.from_age:g}")
    if one.from_age == 0:
        return phrase("prepared.under_age", amount=one.amount, age=f"{one.to_age:g}")
    return phrase("prepared.between_ages", amount=one.amount, age=f"{one.from_age:g}", to_age=f"{one.to_age:g}")


def dose_figures(dose: DoseChange) -> tuple[str, ...]:
    """Return what a source states of the starting, maintenance and highest dose, each with its name."""
    named = {
        phrase("prepared.starting_dose"): dose.start,
        phrase("prepared.maintenance_dose"): dose.maintenance,
        phrase("prepared.highest_dose"): dose.maximum,
    }
    return tuple(f"{name} {value.replace('_', ' ')}" for name, value in named.items() if value)


def _dose_text(dose: DoseChange | None) -> str:
    if dose is None:
        return ""
    monitoring = (phrase("prepared.monitoring", words=dose.monitoring.replace("_", " ")),) if dose.monitoring else ()
    parts = (*dose_figures(dose), *monitoring)
    return phrase("prepared.sources_figures", parts="; ".join(parts)) if parts else ""
