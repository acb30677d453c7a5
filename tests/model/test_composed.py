"""The parts of a text go with a copy of the model, by whichever way it is copied."""

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.drug_report import Certainty, DrugReport, UnderCurrentDrugs
from trdpgx.model.summary import SummaryDrug

PARTS = (TextPart(PartKind.STATED, "A source points to a lower dose."),)


def test_a_copy_has_the_parts() -> None:
    drug = SummaryDrug(name="nortriptyline", text=PARTS[0].text).with_parts(PARTS)
    assert drug.copy_with(considerations=("C001",)).parts == PARTS
    assert SummaryDrug(name="nortriptyline", text="x").copy_with(text="y").parts == ()


def test_a_copy_of_a_drug_has_what_holds_under_current_drugs_too() -> None:
    current = UnderCurrentDrugs(frozenset({"C001"}), True)
    fields = {"rxnorm": None, "atc": (), "drug_class": "x", "role": None, "headline": "y", "disagreement": None}
    drug = DrugReport.model_validate({"name": "nortriptyline", "certainty": Certainty.NONE, "considerations": ("C001",), **fields})
    copy = drug.with_parts(PARTS).with_current(current).copy_with(considerations=())
    assert (copy.parts, copy.under_current_drugs) == (PARTS, current)
