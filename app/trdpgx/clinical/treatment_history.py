"""Past trials by lists, thresholds and instruments, with reasons other than resistance for a failure."""

from collections.abc import Iterable, Iterator, Sequence

from trdpgx.clinical.adequacy import adequacy, adequacy_report, is_augmentation
from trdpgx.clinical.failure import early_stop, failed, failure_reports
from trdpgx.clinical.levels import is_above_all, level_text, read_level
from trdpgx.clinical.pseudo_resistance import pseudo_resistance
from trdpgx.clinical.staging import History, staging
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_report import PseudoResistance, TreatmentHistory, TrialReport
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient, PatientTrial
from trdpgx.texts import in_words, phrase

_OF_HISTORY = ("trials", "ect", "episode_months", "severity", "psychosis", "bipolar")


def treatment_history(patient: Patient, genes: Sequence[GeneReport], rulebook: RuleLibrary) -> TreatmentHistory:
    """Return the history of a person: trials in the order of the request, the stage by every method, and what was not stated."""
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
        improvement_percent=trial.improvement_percent,
        augmentation=is_augmentation(trial, trials),
        adequacy=tuple(adequacy_report(trial, of, trials) for of in trials.lists),
        failure=failure_reports(trial, trials),
        level=None if level is None else level_text(trial.drug, level, ranges),
        notes=tuple(_notes(trial, patient, trials, ranges, [one.reason for one in reasons if one.trial == trial.id])),
    )


def _notes(trial: PatientTrial, patient: Patient, trials: AdequateTrialFile, ranges: RangeFile, reasons: Sequence[str]) -> Iterator[str]:
    if reasons:
        by_dose = any(one.met for of in trials.lists for one in adequacy(trial, of, trials).criteria[:1])
        words = ", ".join(map(in_words, dict.fromkeys(reasons)))
        yield phrase("treatment_history.possible_despite_dose" if by_dose else "treatment_history.possible", reasons=words)
    level = trial.plasma_level
    if level is not None and failed(trial, 50, trials) is not False and is_above_all(read_level(trial.drug, level, ranges)):
        yield phrase("treatment_history.level_above")
    if trial.drug == "ECT":
        yield phrase("treatment_history.ect_as_trial")
    if trial.augmentation_of is not None:
        yield phrase("treatment_history.added_to", trial=trial.augmentation_of)
    if is_augmentation(trial, trials) and trial.augmentation_of is None:
        yield phrase("treatment_history.read_as_augmentation")
    if trial.stopped_for == "intolerance" and failed(trial, 50, trials) is None:
        yield phrase("treatment_history.intolerance_failure_open")
    if early := early_stop(trial, trials):
        yield phrase("treatment_history.intolerance_early", weeks=f"{early.weeks:g}", source=early.source_in_words)
    if failed(trial, 50, trials) and not is_augmentation(trial, trials):
        for row in trials.notes.values():
            if stands(row.weeks, row.from_age, trial.weeks, patient.age_years):
                yield phrase("treatment_history.changes_no_stage", text=row.text, source=row.source, year=row.year)


def stands(below: float, from_age: float, weeks: float | None, age: float | None) -> bool:
    """Return whether a remark on short trials applies: to trials of less than ``below`` weeks, and from an age in years."""
    return weeks is not None and weeks < below and (from_age == 0 or (age is not None and age >= from_age))


def _missing(patient: Patient, trials: AdequateTrialFile) -> Iterator[str]:
    """Yield the defaults of the history that were used, and what was not stated."""
    yield from (line for line in patient.missing if line.startswith(_OF_HISTORY))
    if patient.trials is None:
        yield f"trials: {phrase('defaults.no_trials')}"
    else:
        open_failures = [f"trials[{trial.position}].improvement_percent" for trial in patient.trials if failed(trial, 50, trials) is None]
        if open_failures:
            yield f"{', '.join(open_failures)}: {phrase('defaults.failure_open')}"
        alone = [
            f"trials[{trial.position}].augmentation_of"
            for trial in patient.trials
            if trial.augmentation_of is None and is_augmentation(trial, trials)
        ]
        if alone:
            yield f"{', '.join(alone)}: {phrase('defaults.augmentation')}"
    for name, value in (("episode_months", patient.episode_months), ("severity", patient.severity)):
        if value is None:
            yield f"{name}: {phrase('defaults.not_stated')}"
    if patient.ect is None:
        yield f"ect: {phrase('defaults.none')}"
    for name, value in (("psychosis", patient.psychosis), ("bipolar", patient.bipolar)):
        if value is None:
            yield f"{name}: {phrase('defaults.no')}"
