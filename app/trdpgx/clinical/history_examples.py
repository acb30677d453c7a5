"""How the examples of the files about past trials are run: lists of adequate trials, reference ranges and staging methods."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from trdpgx.clinical.adequacy import adequacy
from trdpgx.clinical.failure import failed
from trdpgx.clinical.levels import read_level
from trdpgx.clinical.resolve import resolve
from trdpgx.clinical.staging import History, stage
from trdpgx.clinical.treatment_history import stands
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import PatientLevel, PatientTrial

EXAMPLE_DAY = date(2026, 1, 1)
"""The day of the report in examples."""


def trial_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a trial by a list or by the row of a drug, an improvement by a threshold, or the weeks of a trial by a remark."""
    trials = library.clinical.of(AdequateTrialFile)
    if key in trials.failure:
        trial = PatientTrial("1", "none", "none", improvement_percent=given["improvement_percent"])
        return {"failed": failed(trial, trials.failure[key].threshold_percent, trials)}
    if key in trials.early_stops:
        trial = PatientTrial("1", "none", "none", weeks=given["weeks"], stopped_for=trials.early_stops[key].stopped_for)
        return {"failed": failed(trial, 50, trials)}
    if key in trials.courses:
        return {"adequate": given["sessions"] >= trials.courses[key].sessions}
    if key in trials.notes:
        row = trials.notes[key]
        return {"stands": stands(row.weeks, row.from_age, given["weeks"], given["age_years"])}
    drug, of = (given["drug"], key) if key in trials.lists else (trials.rows[key].drug, trials.rows[key].of)
    trial = PatientTrial(
        "1",
        drug,
        "none",
        dose_mg=given.get("dose_mg"),
        weeks=given["weeks"],
        weeks_at_adequate_dose=given["weeks"],
        adherence=given.get("adherence"),
        plasma_level=PatientLevel(given["level_mmol_l"], "mmol/L") if "level_mmol_l" in given else None,
        augmentation_of="2" if given.get("added") else None,
    )
    return {"adequate": adequacy(trial, of, trials).adequate}


def range_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a level, at trough and steady state, by the row."""
    ranges = library.clinical.of(RangeFile)
    row, value = ranges.rows[key], float(given["value"])
    match given["unit"]:
        case "mg/L":
            level = PatientLevel(value * 1000, "ng/mL", trough=True, steady_state=True)
        case "ng/mL" | "nmol/L" | "mmol/L" as unit:
            level = PatientLevel(value, unit, trough=True, steady_state=True)
        case _:
            raise ValueError("the unit is not one of a level")
    return {"reading": next(one.reading for one in read_level(row.drug, level, ranges) if one.row is row)}


def staging_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a history, written as a request states it, by one method."""
    patient = resolve(ClinicalContext.model_validate(given), library.patient_names, EXAMPLE_DAY)
    methods = library.clinical.of(StagingFile)
    return {"value": stage(methods.rows[key], History(patient, library.clinical.of(AdequateTrialFile), methods.classes)).value}
