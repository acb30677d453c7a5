"""Whether a variant qualifies: every way through the rule."""

import pytest

from trdpgx.calling.rare_variants.qualify import qualify, rarity_of
from trdpgx.model.consequence import Consequence, Impact, Term
from trdpgx.model.evidence import Verification, VerificationState
from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency, FrequencyState
from trdpgx.model.rare import Predictor, PredictorThreshold, QualifyingRule, Rarity

VERIFICATION = Verification(state=VerificationState.UNVERIFIED, where="a test")
RULE = QualifyingRule(id="exome", genes=("ZNF248",), verification=VERIFICATION)
MISSENSE = Consequence((Term.MISSENSE,))
OPEN = Consequence((), possible=((Term.MISSENSE,), (Term.SYNONYMOUS,)))


def frequency(number: float) -> Frequency:
    return Frequency(FrequencyState.KNOWN, number, None, "gnomad_af")


ABSENT = Frequency(FrequencyState.ABSENT, source="gnomad_af")


@pytest.mark.parametrize(
    ("number", "rarity"),
    [(0.0, Rarity.RARE), (0.01, Rarity.RARE), (0.011, Rarity.UNCOMMON), (0.05, Rarity.UNCOMMON), (0.051, Rarity.COMMON)],
)
def test_cut_offs(number: float, rarity: Rarity) -> None:
    assert rarity_of(frequency(number), RULE) is rarity


@pytest.mark.parametrize(
    ("consequence", "found", "qualifies"),
    [
        (MISSENSE, frequency(0.001), True),
        (MISSENSE, frequency(0.03), True),
        (MISSENSE, frequency(0.2), False),
        (MISSENSE, ABSENT, True),
        (MISSENSE, UNKNOWN_FREQUENCY, None),
        (Consequence((Term.FRAMESHIFT,)), frequency(0.001), True),
        (Consequence((Term.SYNONYMOUS,)), frequency(0.001), False),
        (Consequence((Term.SYNONYMOUS,)), UNKNOWN_FREQUENCY, False),
        (Consequence((Term.SPLICE_REGION,)), frequency(0.001), False),
        (OPEN, frequency(0.001), None),
        (OPEN, frequency(0.2), False),
        (Consequence(()), frequency(0.001), None),
        (Consequence((), possible=((Term.STOP_GAINED,), (Term.MISSENSE,))), frequency(0.001), True),
    ],
)
def test_verdicts(consequence: Consequence, found: Frequency, qualifies: bool | None) -> None:
    verdict = qualify(consequence, found, {}, RULE)
    assert verdict.qualifies is qualifies
    assert verdict.rule == "exome"
    assert len(verdict.reasons) == 2


def test_the_highest_population_decides() -> None:
    found = Frequency(FrequencyState.KNOWN, 0.001, 0.2, "gnomad_af, gnomad_popmax_af")
    assert qualify(MISSENSE, found, {}, RULE).qualifies is False


def test_a_rule_may_want_rare_variants_only_and_not_count_absent_ones() -> None:
    strict = RULE.model_copy(update={"qualifying": (Rarity.RARE,), "absent_is_rare": False})
    assert qualify(MISSENSE, frequency(0.03), {}, strict).qualifies is False
    assert qualify(MISSENSE, ABSENT, {}, strict).qualifies is None


SCORED = RULE.model_copy(
    update={
        "predictors": (
            PredictorThreshold(predictor=Predictor.CADD, minimum=20),
            PredictorThreshold(predictor=Predictor.REVEL, minimum=0.5),
        )
    }
)


@pytest.mark.parametrize(
    ("scores", "qualifies"),
    [
        ({}, True),
        ({Predictor.CADD: 25.0}, True),
        ({Predictor.CADD: 5.0}, False),
        ({Predictor.CADD: 5.0, Predictor.REVEL: 0.7}, True),
        ({Predictor.ALPHAMISSENSE: 0.01}, True),
    ],
)
def test_scores_are_held_against_missense_only_where_they_were_annotated(scores: dict[Predictor, float], qualifies: bool) -> None:
    assert qualify(MISSENSE, frequency(0.001), scores, SCORED).qualifies is qualifies
    assert qualify(Consequence((Term.STOP_GAINED,)), frequency(0.001), scores, SCORED).qualifies is True


def test_a_doubt_about_the_genotype_leaves_it_open() -> None:
    verdict = qualify(MISSENSE, frequency(0.001), {}, RULE, ("the record is filtered out",))
    assert verdict.qualifies is None
    assert "the record is filtered out" in verdict.reasons
    assert qualify(MISSENSE, frequency(0.9), {}, RULE, ("the record is filtered out",)).qualifies is False


def test_impacts_are_the_rules() -> None:
    high = RULE.model_copy(update={"impacts": (Impact.HIGH,)})
    assert qualify(MISSENSE, frequency(0.001), {}, high).qualifies is False
