"""Past trials read by lists, thresholds and instruments, with the reasons why they may not have been resistance."""

from collections.abc import Iterable, Iterator, Sequence

from trdpgx.clinical.adequacy import adequacy, adequacy_report, is_augmentation
from trdpgx.clinical.failure import early_stop, failed, failure_reports
from trdpgx.clinical.levels import level_text
from trdpgx.clinical.pseudo_resistance import pseudo_resistance
from trdpgx.clinical.staging import History, staging
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_report import PseudoResistance, TreatmentHistory, TrialReport
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient, PatientTrial

_OF_HISTORY = ("trials", "ect", "episode_months", "severity", "psychosis", "bipolar")


def treatment_history(patient: Patient, genes: Sequence[GeneReport], rulebook: RuleLibrary) -> TreatmentHistory:
    """Return the history of a person: trials in the order of the request, every method of the rules, and what was not stated."""
    trials = rulebook.clinical.of(AdequateTrialFile)
    methods = rulebook.clinical.of(StagingFile)
    reasons = pseudo_resistance(patient, genes, rulebook)
    ranges = rulebook.clinical.of(RangeFile)
    return TreatmentHistory(
        trials=tuple(_trial(trial, patient, trials, ranges, reasons) for trial in patient.trials or ()),
        staging=staging(History(patient, trials, methods.classes), methods),
        pseudo_resistance=reasons,
        missing=tuple(_missing(patient, trials)),
    )


def _trial(
    trial: PatientTrial, patient: Patient, trials: AdequateTrialFile, ranges: RangeFile, reasons: Iterable[PseudoResistance]
) -> TrialReport:
    level = trial.plasma_level
    return TrialReport(
        id=trial.id,
        drug=trial.drug,
        drug_class=trial.drug_class,
        current_episode=trial.current_episode,
        dose_mg=trial.dose_mg,
        weeks=trial.weeks,
        adequacy=tuple(adequacy_report(trial, of, trials) for of in trials.lists),
        failure=failure_reports(trial, trials),
        level=None if level is None else level_text(trial.drug, level, ranges),
        notes=tuple(_notes(trial, patient, trials, [one.reason for one in reasons if one.trial == trial.id])),
    )


def _notes(trial: PatientTrial, patient: Patient, trials: AdequateTrialFile, reasons: Sequence[str]) -> Iterator[str]:
    if reasons:
        by_dose = any(one.met for of in trials.lists for one in adequacy(trial, of, trials).criteria[:1])
        words = ", ".join(map(_words, dict.fromkeys(reasons)))
        yield f"{'Adequate by dose, possible' if by_dose else 'Possible'} pseudo-resistance: {words}."
    if trial.drug == "ECT":
        yield "A course of ECT is read from `ect`, and this trial counts for no stage."
    if is_augmentation(trial, trials) and trial.augmentation_of is None:
        yield "The lists have this drug as an augmentation only, and it is read as one."
    if trial.stopped_for == "intolerance" and failed(trial, 50, trials) is None:
        yield "It ended for intolerance, and whether it had failed is not stated."
    if early := early_stop(trial, trials):
        yield f"It ended for intolerance before {early.weeks:g} weeks, so it is no failure ({early.source_in_words})."
    if failed(trial, 50, trials) and not is_augmentation(trial, trials):
        for row in trials.notes.values():
            if stands(row.weeks, row.from_age, trial.weeks, patient.age_years):
                yield f"{row.text} ({row.source} {row.year}; it changes no stage.)"


def stands(below: float, from_age: float, weeks: float | None, age: float | None) -> bool:
    """Return whether a remark on short trials is about this one: ``below`` so many weeks, and from an age in years."""
    return weeks is not None and weeks < below and (from_age == 0 or (age is not None and age >= from_age))


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _missing(patient: Patient, trials: AdequateTrialFile) -> Iterator[str]:
    """Yield the defaults that were used and belong to the history, and what was not stated at all."""
    yield from (line for line in patient.missing if line.startswith(_OF_HISTORY))
    if patient.trials is None:
        yield "trials: not stated, nor that there were none"
    else:
        open_failures = [f"trials[{trial.position}].improvement_percent" for trial in patient.trials if failed(trial, 50, trials) is None]
        if open_failures:
            yield f"{', '.join(open_failures)}: not stated; whether the trial failed is open"
        alone = [f"trials[{trial.position}].augmentation_of" for trial in patient.trials if _reads_as_addition(trial, trials)]
        if alone:
            yield f"{', '.join(alone)}: not stated; counts as an augmentation"
    for name, value in (("episode_months", patient.episode_months), ("severity", patient.severity)):
        if value is None:
            yield f"{name}: not stated"
    if patient.ect is None:
        yield "ect: not stated; counts as none"
    if patient.psychosis is None:
        yield "psychosis: not stated; counts as no"
    if patient.bipolar is None:
        yield "bipolar: not stated; counts as no"


def _reads_as_addition(trial: PatientTrial, trials: AdequateTrialFile) -> bool:
    return trial.augmentation_of is None and is_augmentation(trial, trials)
