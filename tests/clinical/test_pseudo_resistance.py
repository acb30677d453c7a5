"""Possible pseudo-resistance: the reasons, and that no stage depends on them."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.clinical.people import gene, person, rulebook, stages
from trdpgx.clinical.treatment_history import treatment_history
from trdpgx.model.clinical_report import TreatmentHistory
from trdpgx.model.gene import Phenotype

FAILED = {"dose_max": 10, "weeks": 8, "outcome": "none"}


def history(trial: Mapping[str, Any], phenotypes: Mapping[str, Phenotype] | None = None, **stated: Any) -> TreatmentHistory:
    genes = [gene(name, phenotype) for name, phenotype in (phenotypes or {}).items()]
    return treatment_history(person(trials=[trial], **stated), genes, rulebook())


@pytest.mark.parametrize("timing", [{}, {"trough": True, "steady_state": True}])
def test_escitalopram_at_6_ng_ml_in_an_ultrarapid_metaboliser(timing: Mapping[str, bool]) -> None:
    level = {"value": 6, "unit": "ng/mL", **timing}
    made = history({"drug": "escitalopram", **FAILED, "plasma_level": level}, {"CYP2C19": Phenotype.UM})
    trial = made.trials[0]
    assert [one.adequate for one in trial.adequacy] == [True, True]
    assert any("Adequate by dose" in reason for reason in trial.adequacy[0].reasons)
    assert any(note.startswith("Adequate by dose, possible pseudo-resistance") for note in trial.notes)
    reasons = {one.reason for one in made.pseudo_resistance}
    assert reasons == ({"level_below_range", "low_exposure_observed"} if timing else {"low_exposure_observed"})
    assert made.staging == stages(person(trials=[{"drug": "escitalopram", **FAILED}]))


@pytest.mark.parametrize(
    ("trial", "phenotypes", "stated", "reasons"),
    [
        ({"drug": "escitalopram", **FAILED}, {"CYP2C19": Phenotype.NM}, {}, []),
        ({"drug": "escitalopram", **FAILED}, {"CYP2C19": Phenotype.RM}, {}, []),
        ({"drug": "escitalopram", **FAILED, "outcome": "remission"}, {"CYP2C19": Phenotype.UM}, {}, []),
        ({"drug": "mirtazapine", **FAILED}, {}, {"current_drugs": [{"drug": "carbamazepine"}]}, ["inducer"]),
        ({"drug": "mirtazapine", **FAILED}, {}, {"current_drugs": []}, []),
        ({"drug": "bupropion", **FAILED}, {}, {"current_drugs": [{"drug": "carbamazepine"}]}, []),
        ({"drug": "venlafaxine", **FAILED}, {}, {"current_drugs": [{"drug": "bupropion"}]}, []),
        ({"drug": "escitalopram", **FAILED, "adherence": 0.5}, {}, {}, ["not_adherent"]),
        ({"drug": "escitalopram", "weeks": 2, "stopped_for": "non_adherence"}, {}, {}, ["not_adherent"]),
        ({"drug": "escitalopram", "weeks": 2, "stopped_for": "intolerance"}, {"CYP2C19": Phenotype.PM}, {}, ["stopped_for_intolerance"]),
        ({"drug": "escitalopram", "weeks": 2, "stopped_for": "intolerance"}, {"CYP2C19": Phenotype.NM}, {}, []),
        (
            {"drug": "escitalopram", "weeks": 2, "stopped_for": "intolerance"},
            {},
            {"current_drugs": [{"drug": "fluvoxamine"}]},
            ["stopped_for_intolerance"],
        ),
        (
            {"drug": "escitalopram", "weeks": 8, "stopped_for": "intolerance", "improvement_percent": 30},
            {"CYP2C19": Phenotype.PM},
            {},
            ["stopped_for_intolerance"],
        ),
        ({"drug": "escitalopram", "weeks": 8, "stopped_for": "intolerance", "improvement_percent": 60}, {"CYP2C19": Phenotype.PM}, {}, []),
        ({"drug": "escitalopram", "weeks": 2, "stopped_for": "intolerance", "outcome": "remission"}, {"CYP2C19": Phenotype.PM}, {}, []),
        ({"drug": "paroxetine", "weeks": 2, "stopped_for": "intolerance"}, {}, {"current_drugs": [{"drug": "paroxetine"}]}, []),
        ({"drug": "olanzapine", **FAILED}, {}, {"smoking": {"cigarettes_per_day": 20}}, ["smoking"]),
        ({"drug": "olanzapine", **FAILED}, {}, {"smoking": {"cigarettes_per_day": 0}}, []),
    ],
)
def test_reasons(trial: Mapping[str, Any], phenotypes: Mapping[str, Phenotype], stated: Mapping[str, Any], reasons: list[str]) -> None:
    made = history(trial, phenotypes, **stated)
    assert [one.reason for one in made.pseudo_resistance] == reasons
    assert made.staging == stages(person(trials=[trial], **stated))
    for one in made.pseudo_resistance:
        assert one.trial == "1"
        assert one.text


@pytest.mark.parametrize(("phenotype", "doubted"), [(Phenotype.PM, True), (Phenotype.NM, False), (Phenotype.UM, False)])
def test_a_low_level_that_does_not_fit_the_genotype_is_doubted(phenotype: Phenotype, doubted: bool) -> None:
    level = {"value": 6, "unit": "ng/mL", "trough": True, "steady_state": True}
    made = history({"drug": "escitalopram", **FAILED, "plasma_level": level}, {"CYP2C19": phenotype})
    assert ("which the level does not fit" in made.pseudo_resistance[0].text) is doubted


@pytest.mark.parametrize(
    ("adherence", "text"),
    [
        ("poor", "Stated as not adherent."),
        ("none", "Stated as not adherent."),
        (False, "Stated as not adherent."),
        (0.5, "50 % of the doses were taken."),
        (50, "50 % of the doses were taken."),
    ],
)
def test_no_share_of_doses_is_made_of_a_word(adherence: object, text: str) -> None:
    (reason,) = history({"drug": "sertraline", **FAILED, "adherence": adherence}).pseudo_resistance
    assert (reason.reason, reason.text) == ("not_adherent", text)
