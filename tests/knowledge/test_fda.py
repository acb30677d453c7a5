"""FDA's table and labels, read again: who is concerned, what is asked, and on which document it rests."""

import pytest

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.examples import fires
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.authority import Verdict
from trdpgx.model.evidence import VerificationState
from trdpgx.model.rule import Example, Rule

REFERENCE = load_reference()
RULEBOOK = load_rulebook(None, REFERENCE)


def fda(drug: str, **given: str) -> list[Rule]:
    example = Example(given={gene.replace("_", "-"): diplotype for gene, diplotype in given.items()})
    return [rule for rule in RULEBOOK.rules if rule.source.name == "FDA" and drug in rule.drugs and fires(rule, example, REFERENCE)]


@pytest.mark.parametrize(
    ("drug", "given", "expected"),
    [
        ("thioridazine", {"CYP2D6": "*4/*4"}, [("Section 1", "contraindicated")]),
        ("thioridazine", {"CYP2D6": "*1/*4"}, [("Label", "may_be_contraindicated")]),
        ("thioridazine", {"CYP2D6": "*4/*10"}, [("Label", "may_be_contraindicated")]),
        ("thioridazine", {"CYP2D6": "*1/*1"}, []),
        ("thioridazine", {"CYP2D6": "*1/*22"}, []),
        ("venlafaxine", {"CYP2D6": "*4/*4"}, [("Section 1", "reduce_dose"), ("Label", "no_action")]),
        ("fluoxetine", {"CYP2D6": "*4/*5"}, [("Label", "caution")]),
        ("fluoxetine", {"CYP2D6": "*1/*4"}, []),
        ("olanzapine-fluoxetine", {"CYP2D6": "*4/*4"}, [("Label", "caution")]),
        ("olanzapine-fluoxetine", {"CYP2D6": "*1/*4"}, []),
        ("valbenazine", {"CYP2D6": "*4/*4"}, [("Section 1", "reduce_dose")]),
        ("pimozide", {"CYP2D6": "*4/*4"}, [("Section 1", "cap_max_dose")]),
        ("oxcarbazepine", {"HLA_B": "*15:02 positive"}, [("Section 2", "informational"), ("Label", "avoid")]),
        ("diazepam", {"CYP2C19": "*2/*2"}, [("Section 3", "informational")]),
        ("viloxazine", {"CYP2D6": "*4/*4"}, [("Section 3", "informational")]),
        ("fluvoxamine", {"CYP2D6": "*1/*4"}, [("Label", "caution")]),
    ],
)
def test_who_is_concerned_and_by_which_document(drug: str, given: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert [(rule.grade, rule.actions[0]) for rule in fda(drug, **given)] == expected


@pytest.mark.parametrize("drug", ["fluoxetine", "olanzapine-fluoxetine", "valbenazine", "thioridazine", "iloperidone", "citalopram"])
def test_the_qt_interval_is_named(drug: str) -> None:
    found = fda(drug, CYP2D6="*4/*4", CYP2C19="*2/*2")
    assert all("qt_risk" in rule.implications for rule in found if rule.grade in {"Section 1", "Label"})


def test_levels_that_may_change_are_not_called_higher() -> None:
    (diazepam,), (amphetamine,) = fda("diazepam", CYP2C19="*2/*2"), fda("amphetamine", CYP2D6="*4/*4")
    assert diazepam.implications == ("altered_exposure",)
    assert amphetamine.implications == ("altered_exposure_and_risk",)
    (valbenazine,) = fda("valbenazine", CYP2D6="*4/*4")
    assert valbenazine.implications[0] == "increased_active_metabolite"


@pytest.mark.parametrize(
    ("drug", "given", "implications"),
    [
        ("protriptyline", {"CYP2D6": "*4/*4"}, ("increased_exposure",)),
        ("risperidone", {"CYP2D6": "*4/*4"}, ("altered_metabolite_ratio",)),
        ("clomipramine", {"CYP2D6": "*4/*4"}, ("altered_exposure",)),
        ("carbamazepine", {"HLA_A": "*31:01 positive"}, ("severe_skin_reaction_risk",)),
    ],
)
def test_a_row_is_stated_as_far_as_it_goes(drug: str, given: dict[str, str], implications: tuple[str, ...]) -> None:
    (rule,) = fda(drug, **given)
    assert rule.implications == implications


def test_a_row_that_asks_for_nothing_gives_no_advice() -> None:
    """Oxcarbazepine: the row names the risk alone; it is the label that goes further."""
    row, label = fda("oxcarbazepine", HLA_B="*15:02 positive")
    assert (row.verdict, label.verdict) == (Verdict.NO_RECOMMENDATION, Verdict.ADVICE)


def test_figures_are_those_of_the_labels() -> None:
    doses = {drug: fda(drug, CYP2D6="*4/*4")[0].dose for drug in ("pimozide", "valbenazine", "deutetrabenazine", "aripiprazole")}
    assert all(doses.values())
    stated = {drug: dose.model_dump() for drug, dose in doses.items() if dose}
    assert stated["pimozide"]["maximum"].startswith("4 mg a day in adults")
    assert stated["valbenazine"]["maintenance"] == "40 mg a day"
    assert stated["deutetrabenazine"]["maximum"].startswith("36 mg a day; by the older table")
    assert "not meant for adjunctive treatment of depression" in stated["aripiprazole"]["maintenance"]


def test_labels_were_read_for_the_drug_itself() -> None:
    (fluoxetine,) = fda("fluoxetine", CYP2D6="*4/*4")
    (both,) = fda("olanzapine-fluoxetine", CYP2D6="*4/*4")
    (viloxazine,) = fda("viloxazine", CYP2D6="*4/*4")
    for rule in (fluoxetine, both, viloxazine):
        assert rule.verification.state is VerificationState.VERIFIED
    assert "PA166104835" in (fluoxetine.verification.where or "")
    assert not [entry for entry in RULEBOOK.entries if "olanzapine-fluoxetine" in entry.drugs]
