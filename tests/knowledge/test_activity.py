"""Activity scores: ranges with stated bounds, bands without a gap, and the condition on them."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.phenotype import phenotype_of_score
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.examples import facts_of, fires
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import ActivityCondition, Example

REFERENCE = load_reference()
RULEBOOK = load_rulebook(None, REFERENCE)
SIXTEENTHS = [number / 16 for number in range(97)]
"""Every score that sums and halved sums can make, from 0 to 6."""
BANDED = [(gene, scheme) for gene, known in REFERENCE.genes.items() for scheme, table in known.phenotypes.items() if table.bands]


@pytest.mark.parametrize(
    ("bounds", "words", "inside", "outside"),
    [
        ({"over": 0, "up_to": 0.75}, "over 0 and up to 0.75", (0.0625, 0.75), (0, 0.8125)),
        ({"over": 0, "below": 1.25}, "over 0 and below 1.25", (0.0625, 1, 1.1875), (0, 1.25)),
        ({"at_least": 1.25, "up_to": 2.25}, "at least 1.25 and up to 2.25", (1.25, 2.25), (1.1875, 2.3125)),
        ({"over": 2.25}, "over 2.25", (2.3125, 90), (2.25,)),
        ({"at_least": 1}, "at least 1", (1, 2), (0.9375,)),
        ({"up_to": 0.5}, "up to 0.5", (0, 0.5), (0.5625,)),
        ({"below": 1}, "below 1", (0, 0.9375), (1,)),
        ({"at_least": 1, "up_to": 1}, "1", (1,), (0.9375, 1.0625)),
    ],
)
def test_a_bound_states_whether_it_is_inside(
    bounds: dict[str, float], words: str, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    scores = ActivityRange(**bounds)
    assert scores.words == words
    assert [scores.has(score) for score in (*inside, *outside)] == [True] * len(inside) + [False] * len(outside)


@pytest.mark.parametrize(
    "bounds",
    [
        {},
        {"over": None},
        {"over": 0, "at_least": 0},
        {"up_to": 1, "below": 1},
        {"over": 1, "up_to": 1},
        {"at_least": 1, "below": 1},
        {"over": 1, "below": 1},
        {"at_least": 2, "up_to": 1},
        {"at_least": -1},
        {"up_to": float("inf")},
        {"from": 1},
    ],
)
def test_a_range_that_holds_no_score_is_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        ActivityRange.model_validate(bounds)


def test_a_range_is_split_into_parts_that_a_rule_can_tell_apart() -> None:
    slow, usual = ActivityRange(over=0, up_to=0.75), ActivityRange(at_least=1, below=1.25)
    parts = ActivityRange(at_least=0).split([slow, usual])
    assert [part.words for part in parts] == [
        "0",
        "over 0 and up to 0.75",
        "over 0.75 and below 1",
        "at least 1 and below 1.25",
        "at least 1.25",
    ]
    assert [[part.words for part in parts if part.has(score)] for score in SIXTEENTHS if sum(p.has(score) for p in parts) != 1] == []
    assert ActivityRange.exactly(1).split([slow, usual]) == (ActivityRange.exactly(1),)


@pytest.mark.parametrize(("gene", "scheme"), BANDED)
def test_the_bands_hold_every_score_once(gene: str, scheme: Scheme) -> None:
    table = REFERENCE.genes[gene].phenotypes[scheme]
    for score in SIXTEENTHS:
        assert sum(band.scores.has(score) for band in table.bands) == 1, score
        assert phenotype_of_score(table, score) is not Phenotype.INDETERMINATE, score
    order = [Phenotype.PM, Phenotype.IM, Phenotype.NM, Phenotype.UM]
    ranks = [order.index(phenotype_of_score(table, score)) for score in SIXTEENTHS]
    assert all(one <= other for one, other in pairwise(ranks))


@pytest.mark.parametrize(
    ("gene", "scheme", "score", "code"),
    [
        ("CYP2D6", Scheme.CPIC, 0, "PM"),
        ("CYP2D6", Scheme.CPIC, 0.0625, "IM"),
        ("CYP2D6", Scheme.CPIC, 0.125, "IM"),
        ("CYP2D6", Scheme.CPIC, 1, "IM"),
        ("CYP2D6", Scheme.CPIC, 1.125, "IM"),
        ("CYP2D6", Scheme.CPIC, 1.1875, "IM"),
        ("CYP2D6", Scheme.CPIC, 1.25, "NM"),
        ("CYP2D6", Scheme.CPIC, 2.25, "NM"),
        ("CYP2D6", Scheme.CPIC, 2.375, "UM"),
        ("CYP2D6", Scheme.CPIC, 2.5, "UM"),
        ("CYP2D6", Scheme.DPWG, 1.125, "IM"),
        ("CYP2D6", Scheme.DPWG, 2.375, "NM"),
        ("CYP2D6", Scheme.DPWG, 2.5, "NM"),
        ("CYP2D6", Scheme.DPWG, 2.625, "UM"),
        ("CYP2D6", Scheme.DPWG, 2.75, "UM"),
        ("CYP2C9", Scheme.CPIC, 0.5, "PM"),
        ("CYP2C9", Scheme.CPIC, 0.75, "PM"),
        ("CYP2C9", Scheme.CPIC, 1, "IM"),
        ("CYP2C9", Scheme.CPIC, 1.75, "IM"),
        ("CYP2C9", Scheme.CPIC, 2, "NM"),
    ],
)
def test_scores_between_the_sums_are_read(gene: str, scheme: Scheme, score: float, code: str) -> None:
    assert phenotype_of_score(REFERENCE.genes[gene].phenotypes[scheme], score) == code


SLOW = ActivityCondition(gene="CYP2D6", scores=ActivityRange(over=0, up_to=0.75))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, False),
        (ActivityRange.exactly(0), False),
        (ActivityRange.exactly(0.25), True),
        (ActivityRange.exactly(0.75), True),
        (ActivityRange.exactly(1), False),
        (ActivityRange(over=0, below=1.25), False),
        (ActivityRange(over=0, up_to=0.75), True),
        (ActivityRange(at_least=0.5), False),
    ],
)
def test_the_condition_holds_where_every_possible_score_is_inside(known: ActivityRange | None, expected: bool) -> None:
    assert holds(SLOW, Facts(activity={"CYP2D6": known} if known else {})) is expected


@pytest.mark.parametrize(
    ("diplotype", "atomoxetine", "nortriptyline"),
    [
        ("*4/*4", ("slow_titration", "Moderate"), "Strong"),
        ("*4/*10", ("slow_titration", "Moderate"), "Moderate"),
        ("*10/*10", ("slow_titration", "Moderate"), "Moderate"),
        ("*4/*17", ("slow_titration", "Moderate"), "Moderate"),
        ("*10/*17", ("slow_titration", "Moderate"), "Optional"),
        ("*1/*4", ("standard_dosing", "Moderate"), "Optional"),
        ("*17/*17", ("standard_dosing", "Moderate"), "Optional"),
        ("*1/*10", ("standard_dosing", "Moderate"), "Strong"),
        ("*1/*1", ("standard_dosing", "Moderate"), "Strong"),
        ("*1/*1x2", ("standard_dosing", "Moderate"), "Strong"),
        ("*1/*22", ("no_recommendation", "No recommendation"), "No recommendation"),
    ],
)
def test_cpic_by_activity_score(diplotype: str, atomoxetine: tuple[str, str], nortriptyline: str) -> None:
    example = Example(given={"CYP2D6": diplotype})
    fired = {
        drug: [rule for rule in RULEBOOK.rules if rule.source.name == "CPIC" and rule.drugs == (drug,) and fires(rule, example, REFERENCE)]
        for drug in ("atomoxetine", "nortriptyline")
    }
    (found,) = fired["atomoxetine"]
    assert atomoxetine[0] in found.actions
    assert ("slow_titration" in found.actions) is (atomoxetine[0] == "slow_titration")
    assert found.grade == atomoxetine[1]
    assert [rule.grade for rule in fired["nortriptyline"]] == [nortriptyline]


def test_an_example_with_a_least_score_holds_only_where_all_of_it_is_inside() -> None:
    assert holds(ActivityCondition(gene="CYP2D6", scores=ActivityRange(over=2.25)), facts_of(_with("*1/*1x≥3"), REFERENCE))
    assert not holds(ActivityCondition(gene="CYP2D6", scores=ActivityRange(over=2.25, up_to=9)), facts_of(_with("*1/*1x≥3"), REFERENCE))
    assert not holds(SLOW, facts_of(_with("*1/*22"), REFERENCE))
    assert not holds(SLOW, facts_of(_with("No result"), REFERENCE))


def _with(diplotype: str) -> Example:
    return Example(given={"CYP2D6": diplotype})


@pytest.mark.parametrize(
    ("allele", "function", "activity"),
    [
        ("*57", "No function", 0),
        ("*36", "No function", 0),
        ("*68x2", "No function", 0),
        ("*102", "Unknown function", None),
        ("*163", "Unknown function", None),
        ("*110", "Uncertain function", None),
        ("*148", "Unknown function", None),
        ("*145", "Uncertain function", None),
    ],
)
def test_functions_of_cyp2d6_are_in_the_words_of_cpic(allele: str, function: str, activity: float | None) -> None:
    (found,) = (known for known in REFERENCE.genes["CYP2D6"].alleles if known.name == allele)
    assert (found.function, found.activity) == (function, activity)
