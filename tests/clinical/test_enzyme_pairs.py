"""Two drugs that are taken, of which one acts on an enzyme that mainly clears the other."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.clinical.people import cases, gene, person, rulebook
from trdpgx.clinical.enzyme_causes import causes_of
from trdpgx.clinical.enzyme_pairs import enzyme_pairs
from trdpgx.clinical.exposure import clearing_enzymes
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.model.clinical_report import SMOKING
from trdpgx.model.gene import Phenotype


@pytest.mark.parametrize("case", cases("enzyme_pairs.yaml"), ids=str)
def test_the_pairs_of_a_person(case: Mapping[str, Any]) -> None:
    genes = [gene("CYP2D6", Phenotype(case["cyp2d6"]))] if "cyp2d6" in case else []
    found = enzyme_pairs(person(current_drugs=[{"drug": name} for name in case["current"]]), genes, rulebook())
    assert [[list(one.drugs), one.severity] for one in found] == [pair[:2] for pair in case["pairs"]]
    assert all(part in one.text for one, (*_, part) in zip(found, case["pairs"], strict=True))


def test_every_drug_that_acts_on_an_enzyme_meets_every_drug_that_it_clears() -> None:
    effects = rulebook().clinical.of(EnzymeEffectFile)
    missing = []
    for row in effects.rows.values():
        if row.drug == SMOKING or row.drug not in rulebook().drugs:
            continue
        cleared = [drug for drug in rulebook().drugs if row.enzyme in clearing_enzymes(rulebook(), drug)]
        patient = person(current_drugs=[{"drug": row.drug}, *({"drug": drug} for drug in cleared if drug != row.drug)])
        met = {one.drugs for one in enzyme_pairs(patient, (), rulebook())}
        parts = rulebook().patient_names.components
        if any(cause.name == row.drug for cause in causes_of(row.enzyme, patient, effects)):
            apart = [drug for drug in cleared if drug != row.drug and row.drug not in parts.get(drug, ())]
            missing += [(row.drug, drug) for drug in apart if (row.drug, drug) not in met]
    assert missing == []
