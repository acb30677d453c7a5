"""Whether a trial was adequate by a list of adequate trials, with the reason. A level is read only where a list asks for one.

The lists are data (``rules/clinical/adequate_trials.yaml``). ``None`` means that what decides it was not stated.
"""

from collections.abc import Iterator

from msgspec import Struct

from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile, LeastDoseRow
from trdpgx.model.clinical_report import AdequacyReport, CriterionName
from trdpgx.model.evidence import VerificationState
from trdpgx.model.patient import PatientTrial
from trdpgx.texts import phrase

COUNTS_AS_ADHERENT = phrase("defaults.adherent")


class Criterion(Struct, frozen=True):
    """A criterion of a list: whether it is met, and the sentence that states it."""

    met: bool | None
    text: str
    about: CriterionName
    missing: str | None = None
    """JSON path of what was not stated, with the default that was used."""


class Adequacy(Struct, frozen=True):
    """A trial by the criteria of one list. ``listed`` is false where the list has no row for the drug, and then no criterion."""

    listed: bool
    criteria: tuple[Criterion, ...]

    @property
    def adequate(self) -> bool | None:
        """Whether all criteria are met; false where one is not met, even if others are not stated."""
        return conjunction(criterion.met for criterion in self.criteria) if self.listed else None


def conjunction(verdicts: Iterator[bool | None] | tuple[bool | None, ...]) -> bool | None:
    """Return false where one verdict is false, else ``None`` where one is not known, else true."""
    decided = tuple(verdicts)
    return False if False in decided else None if None in decided else True


def is_augmentation(trial: PatientTrial, trials: AdequateTrialFile) -> bool:
    """Return whether a drug was added to another: stated so, or known to the lists as an addition only."""
    if trial.augmentation_of is not None:
        return True
    uses = {row.use for row in trials.by_drug.get(trial.drug, ())}
    return uses == {"augmentation"}


def least_dose(trial: PatientTrial, of: str, trials: AdequateTrialFile) -> LeastDoseRow | None:
    """Return the row of a list for the drug, as it was used; the drug alone where the list has no row for an augmentation with it."""
    own = {row.use: row for row in trials.by_drug.get(trial.drug, ()) if row.of == of}
    return own.get("augmentation", own.get("alone")) if is_augmentation(trial, trials) else own.get("alone")


def adequacy(trial: PatientTrial, of: str, trials: AdequateTrialFile, weeks: float | None = None) -> Adequacy:
    """Return a trial by a list. ``weeks`` replaces the least duration of the list where an instrument asks for another."""
    row = least_dose(trial, of, trials)
    if row is None:
        return Adequacy(listed=False, criteria=())
    asked = trials.lists[of]
    duration = row.weeks or (asked.weeks if weeks is None else weeks)
    return Adequacy(listed=True, criteria=(_dose(trial, row), _weeks(trial, duration), _adherence(trial, asked.adherence)))


def adequacy_report(trial: PatientTrial, of: str, trials: AdequateTrialFile) -> AdequacyReport:
    """Return a trial by a list, as the report states it."""
    asked = trials.lists[of]
    verdict = adequacy(trial, of, trials)
    # what a trial lacks goes first: it is why the verdict is what it is
    reasons = [criterion.text for criterion in sorted(verdict.criteria, key=lambda one: one.met is not False)]
    if not verdict.listed:
        reasons.append(
            phrase(
                "adequacy.no_row",
                title=asked.title,
                drug=trial.drug,
                role=phrase("adequacy.as_augmentation") if is_augmentation(trial, trials) else "",
            )
        )
    row = least_dose(trial, of, trials)
    known = asked.verification if row is None else row.verification
    if known.state is VerificationState.UNVERIFIED:
        reasons.append(phrase("adequacy.unverified", where=known.where))
    return AdequacyReport(
        list_name=asked.title,
        version=asked.version,
        adequate=verdict.adequate,
        reasons=tuple(reasons),
        not_met=tuple(criterion.about for criterion in verdict.criteria if criterion.met is False),
        missing=tuple(criterion.missing for criterion in verdict.criteria if criterion.missing),
    )


def _verdict(met: bool) -> str:
    return phrase("adequacy.adequate") if met else phrase("adequacy.not_adequate")


def _dose(trial: PatientTrial, row: LeastDoseRow) -> Criterion:
    if row.level_mmol_l is not None:
        return _level(trial, row.level_mmol_l)
    least = row.dose_mg or 0
    if trial.dose_mg is None:
        return Criterion(None, phrase("adequacy.dose_not_stated", least=f"{least:g}"), "dose", f"trials[{trial.position}].dose_max")
    met = trial.dose_mg >= least
    return Criterion(met, phrase("adequacy.by_dose", verdict=_verdict(met), dose=f"{trial.dose_mg:g}", least=f"{least:g}"), "dose")


def _level(trial: PatientTrial, least: float) -> Criterion:
    level = trial.plasma_level
    if level is None or level.unit != "mmol/L":
        return Criterion(None, phrase("adequacy.no_level_stated", least=f"{least:g}"), "level", f"trials[{trial.position}].plasma_level")
    met = level.value >= least
    return Criterion(met, phrase("adequacy.by_level", verdict=_verdict(met), level=f"{level.value:g}", least=f"{least:g}"), "level")


def _weeks(trial: PatientTrial, least: float) -> Criterion:
    weeks = trial.weeks_at_adequate_dose
    if weeks is None:
        return Criterion(None, phrase("adequacy.weeks_not_stated", least=f"{least:g}"), "duration", f"trials[{trial.position}].weeks")
    met = weeks >= least
    return Criterion(met, phrase("adequacy.by_duration", verdict=_verdict(met), weeks=f"{weeks:g}", least=f"{least:g}"), "duration")


def _adherence(trial: PatientTrial, least: float) -> Criterion:
    if trial.adherence is None and trial.stopped_for == "non_adherence":
        return Criterion(False, phrase("adequacy.ended_for_non_adherence"), "adherence")
    if trial.adherence is None:
        return Criterion(
            True, phrase("adequacy.adherence_not_stated"), "adherence", f"trials[{trial.position}].adherence: {COUNTS_AS_ADHERENT}"
        )
    met = trial.adherence >= least
    if trial.adherence in {0, 1}:
        stated = phrase("adequacy.stated_adherent" if trial.adherence else "adequacy.stated_not_adherent")
    else:
        stated = phrase("adequacy.share_of_doses", adherence=f"{trial.adherence * 100:g}")
    text = phrase("adequacy.by_adherence", verdict=_verdict(met), stated=stated, least=f"{least * 100:g}")
    return Criterion(met, text, "adherence")
