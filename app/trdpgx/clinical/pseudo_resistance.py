"""Reasons other than resistance for which a trial may have failed. They change no verdict on a trial and no stage.

Lower exposure counts where it was observed for this very drug (``rules/clinical/exposure.yaml``), never where it is only expected.
Whether a current drug was taken, or the person smoked, during a past trial is not stated, and each text mentions that.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from trdpgx.clinical.enzyme_causes import causes_of
from trdpgx.clinical.failure import early_stop, failed
from trdpgx.clinical.levels import is_below_all, level_text, read_level
from trdpgx.clinical.observed_exposure import PersonExposure, observed, person_exposure
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.exposure import ExposureFile
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_report import ExposureReport, PseudoResistance
from trdpgx.model.evidence import VerificationState
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient, PatientTrial
from trdpgx.texts import phrase

_LOWER = frozenset({"lower", "much lower"})
_HIGHER = frozenset({"higher", "much higher"})
_POOR = frozenset({Phenotype.PM, Phenotype.LIKELY_PM})
_INHIBITING = frozenset({"strong", "moderate"})
_Reason = Literal["level_below_range", "low_exposure_observed", "inducer", "smoking", "stopped_for_intolerance", "not_adherent"]
_THEN = phrase("pseudo_resistance.time_of_trial")


def pseudo_resistance(patient: Patient, genes: Sequence[GeneReport], rulebook: RuleLibrary) -> tuple[PseudoResistance, ...]:
    """Return the reasons, trial by trial in the order of the request."""
    person = person_exposure(patient, genes, rulebook)
    return tuple(one for trial in patient.trials or () for one in _reasons(trial, person))


def _reasons(trial: PatientTrial, person: PersonExposure) -> Iterator[PseudoResistance]:
    """Yield the reasons of a trial that failed or may have; of one that intolerance ended too early to count, why it may have."""
    trials = person.rulebook.clinical.of(AdequateTrialFile)
    if failed(trial, 50, trials) is not False:
        yield from _level(trial, person)
        yield from _adherence(trial, person)
        yield from _exposure(trial, person)
    elif early_stop(trial, trials) is None:
        return
    if trial.stopped_for == "intolerance":
        yield from _intolerance(trial, person)


def _level(trial: PatientTrial, person: PersonExposure) -> Iterator[PseudoResistance]:
    ranges, level = person.rulebook.clinical.of(RangeFile), trial.plasma_level
    if level is not None and is_below_all(read_level(trial.drug, level, ranges)):
        higher = [row.phenotype.gene for row, report in observed(person, trial.drug) if row.phenotype and report.word in _HIGHER]
        text = level_text(trial.drug, level, ranges)
        if higher:
            text += phrase("pseudo_resistance.higher_exposure_observed", gene=higher[0])
        yield _reason(trial, "level_below_range", text)


def _adherence(trial: PatientTrial, person: PersonExposure) -> Iterator[PseudoResistance]:
    lists = person.rulebook.clinical.of(AdequateTrialFile).lists.values()
    if trial.adherence is not None and any(trial.adherence < row.adherence for row in lists):
        share = phrase("pseudo_resistance.doses_taken", share=f"{trial.adherence * 100:g}")
        yield _reason(trial, "not_adherent", share if trial.adherence else phrase("pseudo_resistance.stated_not_adherent"))
    elif trial.adherence is None and trial.stopped_for == "non_adherence":
        yield _reason(trial, "not_adherent", phrase("pseudo_resistance.trial_ended_non_adherence"))


def _exposure(trial: PatientTrial, person: PersonExposure) -> Iterator[PseudoResistance]:
    """Yield lower exposure as observed in people like this one; not of one part of an active sum, as another may be higher."""
    active = {row.drug: row.analytes for row in person.rulebook.clinical.of(ExposureFile).active_sums.values()}
    for row, report in observed(person, trial.drug):
        if report.word not in _LOWER or row.analyte in active.get(trial.drug, ()):
            continue
        text = f"{report.text} {_source(report)}"
        if row.phenotype:
            yield _reason(trial, "low_exposure_observed", phrase("pseudo_resistance.does_not_prove_why", text=text))
        elif row.comedication:
            yield _reason(trial, "inducer", f"{text} {_THEN}")
        elif row.smoking == "current":
            yield _reason(trial, "smoking", f"{text} {_THEN}")


def _intolerance(trial: PatientTrial, person: PersonExposure) -> Iterator[PseudoResistance]:
    """Yield reasons for a high exposure as a cause of side effects: poor metabolism, or a current inhibitor."""
    drug = person.rulebook.drugs.get(trial.drug)
    effects = person.rulebook.clinical.of(EnzymeEffectFile)
    for enzyme in drug.clearance_major if drug else ():
        gene = person.genes.get(enzyme)
        if gene is not None and gene.phenotype is not None and gene.phenotype.code in _POOR:
            text = phrase("pseudo_resistance.intolerance_of_poor_metabolizer", enzyme=enzyme, term=gene.phenotype.term, drug=trial.drug)
            yield _reason(trial, "stopped_for_intolerance", text)
            continue
        for cause in causes_of(enzyme, person.patient, effects, person.without(trial.drug)):
            if cause.effect == "inhibitor" and cause.listed[1] in _INHIBITING:
                yield _reason(
                    trial,
                    "stopped_for_intolerance",
                    phrase("pseudo_resistance.intolerance_under_cause", cause=cause.text(effects), then=_THEN),
                )


def _source(report: ExposureReport) -> str:
    source, verification = report.source, report.verification
    if source is None:
        return ""
    year = f" {source.year}" if source.year and str(source.year) not in source.name else ""
    unread = phrase("pseudo_resistance.unverified") if verification and verification.state is VerificationState.UNVERIFIED else ""
    return f"({source.name}{year}{unread}.)"


def _reason(trial: PatientTrial, reason: _Reason, text: str) -> PseudoResistance:
    return PseudoResistance(trial=trial.id, reason=reason, text=text)
