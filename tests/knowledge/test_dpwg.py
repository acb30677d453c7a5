"""DPWG's statements, pair by pair: what it advises, its figures and its year; and where it states nothing, nothing is stated."""

from pathlib import Path
from typing import NamedTuple

import pytest

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.examples import facts_of
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.evidence import VerificationState
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import Direction, Example, PhenotypeCondition, Rule

REFERENCE = load_reference()
RULEBOOK = load_rulebook(None, REFERENCE)
DPWG = [rule for rule in RULEBOOK.rules if rule.source.name == "DPWG"]
TABLE = Path(__file__).parents[1] / "cases" / "accept" / "dpwg.tsv"


class Row(NamedTuple):
    gene: str
    drug: str
    result: str
    direction: str
    actions: str
    figures: str
    year: str


ROWS = [Row(*line.split("\t")) for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def facts(gene: str, result: str) -> Facts:
    if gene.startswith("HLA"):
        return facts_of(Example(given={gene: result}), REFERENCE)
    return Facts(phenotypes={(gene, Scheme.DPWG): Phenotype(result)}, seen=frozenset({gene}))


def stated(gene: str, drug: str, result: str) -> list[Rule]:
    known = facts(gene, result)
    return [rule for rule in DPWG if drug in rule.drugs and gene in rule.genes and all(holds(c, known) for c in rule.when)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.gene} {row.drug} {row.result}")
def test_dpwg_is_carried_as_it_was_read(row: Row) -> None:
    (rule,) = stated(row.gene, row.drug, row.result)
    assert list(rule.actions) == row.actions.split()
    assert RULEBOOK.actions[rule.actions[0]].direction == Direction(row.direction)
    dose = [value for value in (rule.dose.start, rule.dose.maintenance, rule.dose.maximum) if value] if rule.dose else []
    dose += [f"{one.from_age:g} years on {one.amount}" for one in rule.dose.maximum_by_age] if rule.dose else []
    assert bool(dose) is (row.figures != "-")
    assert row.figures == "-" or all(figure in " ".join(dose) for figure in row.figures.split("|")), dose
    assert rule.source.year == (None if row.year == "-" else int(row.year))


def test_every_rule_of_dpwg_is_compared_with_its_source() -> None:
    compared = {rule.id for row in ROWS for rule in stated(row.gene, row.drug, row.result)}
    apart = {rule.id for rule in DPWG if rule.actions == ("no_recommendation",)} | {
        "dpwg-adhd-methylphenidate-comt",
        "dpwg-antipsychotics-other-cyp1a2",
    }
    assert {rule.id for rule in DPWG} - compared - apart == set()


def test_dpwg_states_nothing_of_normal_metabolisers() -> None:
    normal = {(gene, Scheme.DPWG): Phenotype.NM for gene in REFERENCE.genes}
    person = Facts(phenotypes=normal, seen=frozenset(REFERENCE.genes))
    scored = {gene for gene, definition in REFERENCE.genes.items() if definition.phenotypes.get(Scheme.DPWG)}
    found = {rule.id for rule in DPWG if scored & set(rule.genes) and all(holds(condition, person) for condition in rule.when)}
    assert found == set()
    named = [c for rule in DPWG for c in rule.when if isinstance(c, PhenotypeCondition) and Phenotype.NM in c.any_of]
    assert named == []


def test_no_rule_of_dpwg_recommends_to_measure() -> None:
    """DPWG names blood levels beside effect and side effects: either will do."""
    assert [rule.id for rule in DPWG if "tdm" in rule.actions] == []
    offered = [rule for rule in DPWG if "monitor_effect_or_level" in rule.actions]
    assert len(offered) == 18
    texts = [rule.dose.monitoring for rule in offered if rule.dose and rule.dose.monitoring]
    assert all(text.startswith("effect and side effects, ") for text in texts)
    assert "recommend" not in RULEBOOK.actions["monitor_effect_or_level"].text


@pytest.mark.parametrize(
    ("drug", "results", "limit"),
    [
        ("clomipramine", "PM IM", "over 600 ng/mL is toxic"),
        ("doxepin", "PM IM UM", "over 400 ng/mL is toxic"),
        ("imipramine", "PM IM", "over 500 ng/mL is toxic"),
        ("nortriptyline", "PM IM", "over 250 ng/mL is toxic"),
        ("nortriptyline", "UM", "over 40 ng/mL of Z-hydroxynortriptyline is toxic"),
        ("amitriptyline", "UM", "over 40 ng/mL of Z-hydroxyamitriptyline or Z-hydroxynortriptyline is toxic"),
    ],
)
def test_the_level_that_dpwg_calls_toxic_stands_with_each_phenotype_that_it_names(drug: str, results: str, limit: str) -> None:
    for result in results.split():
        (rule,) = stated("CYP2D6", drug, result)
        assert rule.dose is not None
        assert (rule.dose.monitoring or "").endswith(limit), result


@pytest.mark.parametrize(("gene", "drug"), [("CYP2D6", "atomoxetine"), ("CYP2D6", "haloperidol"), ("CYP3A4", "quetiapine")])
def test_a_class_that_stands_in_the_abstract_is_carried(gene: str, drug: str) -> None:
    (rule,) = stated(gene, drug, "PM")
    assert rule.grade == "Potentially beneficial"


def test_what_was_not_read_of_dpwg_is_not_called_verified() -> None:
    unread = {rule.id for rule in DPWG if rule.verification.state is VerificationState.UNVERIFIED}
    assert unread == {"dpwg-2024-duloxetine-cyp2d6-pm-or-im-or-um", "dpwg-2024-mirtazapine-cyp2c19-pm-or-im-or-um"}
    assert all(rule.source.citation and rule.source.citation.verification.state is VerificationState.VERIFIED for rule in DPWG)


def test_the_papers_of_2024_are_cited() -> None:
    cited = {rule.source.citation.pmid: set(rule.drugs) for rule in DPWG if rule.source.citation and rule.source.year == 2024}
    assert cited.keys() == {"38956296", "38570725"}
    assert not [rule.id for rule in DPWG if rule.source.year is not None and rule.source.year < 2022]
