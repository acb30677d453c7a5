"""Reasons why a trial that did not help may not have been resistance. They change no verdict on a trial and no stage."""

from collections.abc import Iterator, Sequence

from trdpgx.clinical.failure import failed
from trdpgx.clinical.levels import is_below_all, level_text, read_level
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_report import PseudoResistance
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient, PatientTrial


def pseudo_resistance(patient: Patient, genes: Sequence[GeneReport], rulebook: RuleLibrary) -> tuple[PseudoResistance, ...]:  # noqa: ARG001
    """Return the reasons, trial by trial in the order of the request."""
    return tuple(one for trial in patient.trials or () for one in _reasons(trial, rulebook))


def _reasons(trial: PatientTrial, rulebook: RuleLibrary) -> Iterator[PseudoResistance]:
    if failed(trial, 50) is False:
        return
    ranges = rulebook.clinical.of(RangeFile)
    level = trial.plasma_level
    if level is not None and is_below_all(read_level(trial.drug, level, ranges)):
        yield PseudoResistance(trial=trial.id, reason="level_below_range", text=level_text(trial.drug, level, ranges))
    least = max((row.adherence for row in rulebook.clinical.of(AdequateTrialFile).lists.values()), default=0.8)
    if trial.adherence is not None and trial.adherence < least:
        yield PseudoResistance(trial=trial.id, reason="not_adherent", text=f"{trial.adherence * 100:g} % of the doses were taken.")
    elif trial.adherence is None and trial.stopped_for == "non_adherence":
        yield PseudoResistance(trial=trial.id, reason="not_adherent", text="The trial ended for non-adherence.")
