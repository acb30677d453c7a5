"""Rules on activity scores, over the calls that a file or another tool leaves: for all, for some, or not known."""

import pytest

from tests.calling.test_precedence import outside
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.explanation import explain
from trdpgx.reasoning.prepared import prepare

RULEBOOK = load_rulebook(None, load_reference())
PREPARED = prepare(RULEBOOK)
SLOW, USUAL = "cyp2d6-score-over-0-and-below-1", "cyp2d6-score-at-least-1-and-below-1-25"


def atomoxetine(*calls: dict[str, object]) -> dict[str, Consideration]:
    found = consider(PREPARED, [outside(*calls)], ())
    lead = "cpic-2019-atomoxetine-"
    return {one.rule_id.removeprefix(lead): one for one in found if one.rule_id.startswith(lead)}


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([{"diplotype": "*1/*4"}], {USUAL: "all"}),
        ([{"diplotype": "*4/*17"}], {SLOW: "all"}),
        ([{"diplotype": "*4/*10"}, {"diplotype": "*4/*17"}], {SLOW: "all"}),
        ([{"diplotype": "*1/*4"}, {"diplotype": "*4/*17"}], {SLOW: "some", USUAL: "some"}),
        ([{"diplotype": "*1/*1"}, {"diplotype": "*1/*4"}], {"cyp2d6-nm": "some", USUAL: "some"}),
        ([{"phenotype": "Intermediate Metabolizer"}], {SLOW: "some", USUAL: "some"}),
        ([{"phenotype": "Poor Metabolizer"}], {"cyp2d6-pm": "all"}),
        ([{"phenotype": "Normal Metabolizer"}], {"cyp2d6-nm": "all"}),
        ([{"phenotype": "Indeterminate"}], {"cyp2d6-indeterminate": "all"}),
        ([{"activity_score": 0.5}], {SLOW: "all"}),
        ([{"activity_score": 0.625}], {SLOW: "all"}),
        ([{"activity_score": 1}], {USUAL: "all"}),
        ([{"activity_score": 1.125}], {USUAL: "all"}),
        ([{"activity_score": 0}], {"cyp2d6-pm": "all"}),
        ([{"phenotype": "Intermediate Metabolizer", "activity_score": 0.25}], {SLOW: "all"}),
        ([{"diplotype": "*1/*22"}], {"cyp2d6-indeterminate": "all"}),
        ([{"diplotype": "*4/*10xN"}], {SLOW: "some", USUAL: "some"}),
        ([{"diplotype": "*1/*999", "phenotype": "Intermediate Metabolizer"}], {SLOW: "some", USUAL: "some"}),
    ],
)
def test_a_rule_on_scores_holds_for_what_the_call_leaves(calls: list[dict[str, object]], expected: dict[str, str]) -> None:
    assert {name: one.basis.holds_for for name, one in atomoxetine(*calls).items()} == expected


def test_what_a_stated_phenotype_leaves_open_is_named() -> None:
    found = atomoxetine({"phenotype": "Intermediate Metabolizer"})
    assert found[SLOW].basis.facts == ("CYP2D6 Intermediate Metabolizer if its activity score is over 0 and below 1",)
    assert found[SLOW].basis.text.startswith("The call leaves the activity score open. This holds only for: ")


def test_diplotypes_that_a_rule_cannot_tell_apart_are_named_together() -> None:
    found = atomoxetine({"diplotype": "*4/*10"}, {"diplotype": "*4/*17"})
    assert found[SLOW].trigger == "CYP2D6 *4/*10 or *4/*17 (Intermediate Metabolizer)"


def test_the_explanation_shows_the_scores_that_the_rule_was_asked_about() -> None:
    rule = next(rule for rule in RULEBOOK.rules if rule.id == f"cpic-2019-atomoxetine-{SLOW}")
    answers = explain(rule, [outside({"phenotype": "IM"})], (), activity=RULEBOOK.activity)
    assert [(one.fires, one.conditions[0].found) for one in answers.combinations] == [
        (True, "over 0 and below 1"),
        (False, "at least 1 and below 1.25"),
    ]
    assert answers.combinations[0].conditions[0].asks == "CYP2D6 has an activity score of over 0 and below 1"
    unknown = explain(rule, [outside({"phenotype": "Indeterminate"})], (), activity=RULEBOOK.activity)
    assert [(one.fires, one.conditions[0].found) for one in unknown.combinations] == [(False, "not known")]
