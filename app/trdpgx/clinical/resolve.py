"""A ``Patient`` from a clinical context: names are replaced by ours, doses are mg a day, and every default that is used is listed.

An error names the JSON path and our own nearest names, and never repeats the sender's text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct, field

from trdpgx.clinical.problems import BAD_CONTEXT, ContextError
from trdpgx.model.clinical_context import ClinicalContext, CurrentDrug, Ect, PlasmaLevel, Smoking, Trial
from trdpgx.model.patient import Patient, PatientDrug, PatientEct, PatientLevel, PatientSmoking, PatientTrial, is_current
from trdpgx.model.patient_names import NameIndex, PatientNames, name_key
from trdpgx.texts import phrase

_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")
_MG: Mapping[str, float] = {"mg": 1.0, "milligram": 1.0, "g": 1000.0, "gram": 1000.0, "ug": 0.001, "mcg": 0.001, "microgram": 0.001}
_A_DAY = frozenset({"day", "d", "daily", "24h", "24 h", "qd", "od", "per day", "a day"})
_LEVELS: Mapping[str, tuple[float, Literal["ng/mL", "nmol/L", "mmol/L"]]] = {
    "ng/ml": (1.0, "ng/mL"),
    "ug/l": (1.0, "ng/mL"),
    "mcg/l": (1.0, "ng/mL"),
    "mg/l": (1000.0, "ng/mL"),
    "ug/ml": (1000.0, "ng/mL"),
    "mcg/ml": (1000.0, "ng/mL"),
    "ng/l": (0.001, "ng/mL"),
    "pg/ml": (0.001, "ng/mL"),
    "nmol/l": (1.0, "nmol/L"),
    "nm": (1.0, "nmol/L"),
    "umol/l": (1000.0, "nmol/L"),
    "mmol/l": (1.0, "mmol/L"),
    "meq/l": (1.0, "mmol/L"),
}


def resolve(context: ClinicalContext, names: PatientNames, today: date) -> Patient:
    """Return the person whom a context describes. ``today`` is the day of the report (UTC).

    Raises ``ContextError``, which names the JSON path.
    """
    return _Resolver(context, names, today).patient()


class _Resolver(Struct):
    context: ClinicalContext
    names: PatientNames
    today: date
    _defaults: dict[str, list[str]] = field(default_factory=dict)
    """JSON paths by what was assumed of them."""

    def patient(self) -> Patient:
        context = self.context
        as_of = context.as_of or self.today
        # the next day may have begun in the person's time zone
        if as_of > self.today + timedelta(days=1):
            raise _bad("as_of", "is after today")
        if context.as_of is None:
            self._assume(phrase("defaults.day_of_report"), "as_of")
        return Patient(
            as_of=as_of,
            current=None if context.current_drugs is None else tuple(self._current(context.current_drugs, as_of)),
            smoking=self._smoking(context.smoking, as_of),
            trials=None if context.trials is None else self._trials(context.trials),
            ect=self._ect(context.ect),
            episode_months=context.episode_months,
            severity=context.severity,
            psychosis=context.psychosis,
            bipolar=context.bipolar,
            comorbidities=self._conditions(context.comorbidities),
            pregnancy=context.pregnancy,
            age_years=context.age_years,
            liver=context.liver,
            egfr=context.kidney.egfr if context.kidney else None,
            qtc_ms=context.qtc_ms,
            missing=tuple(f"{', '.join(paths)}: {assumed}" for assumed, paths in self._defaults.items()),
            context=context,
        )

    def _assume(self, assumed: str, path: str) -> None:
        self._defaults.setdefault(assumed, []).append(path)

    def _current(self, drugs: Sequence[CurrentDrug], as_of: date) -> Iterator[PatientDrug]:
        for position, stated in enumerate(drugs):
            path = f"current_drugs[{position}]"
            drug = _name(self.names.drugs, stated.drug, f"{path}.drug", "drug")
            for what, day in (("since", stated.since), ("stopped_on", stated.stopped_on)):
                _not_after(day, as_of, f"{path}.{what}")
            dose = _dose(stated.dose, stated.unit, path)
            yield PatientDrug(drug, dose, stated.route, stated.since, stated.stopped_on, position)
            for component in self.names.components.get(drug, ()):
                yield PatientDrug(component, None, stated.route, stated.since, stated.stopped_on, position, component_of=drug)

    def _trials(self, trials: Sequence[Trial]) -> tuple[PatientTrial, ...]:
        ids: dict[str, int] = {}
        for position, trial in enumerate(trials):
            first = ids.setdefault(trial.id or str(position + 1), position)
            if first != position:
                raise _bad(f"trials[{position}].id", f"is that of `trials[{first}]` too; a trial without one is called by its number")
        _check_augmentations(trials, ids)
        return tuple(self._trial(trial, position) for position, trial in enumerate(trials))

    def _trial(self, trial: Trial, position: int) -> PatientTrial:
        path = f"trials[{position}]"
        drug = _name(self.names.drugs, trial.drug, f"{path}.drug", "drug")
        if trial.weeks is not None and trial.weeks_at_adequate_dose is not None and trial.weeks_at_adequate_dose > trial.weeks:
            raise _bad(f"{path}.weeks_at_adequate_dose", "is more than `weeks`")
        _check_outcome(trial, path)
        if trial.adherence is None:
            self._assume(phrase("defaults.adherent"), f"{path}.adherence")
        if trial.episode is None:
            self._assume(phrase("defaults.current_episode"), f"{path}.episode")
        if trial.weeks_at_adequate_dose is None and trial.weeks is not None:
            self._assume(phrase("defaults.weeks"), f"{path}.weeks_at_adequate_dose")
        for what, value in (("dose_optimised", trial.dose_optimised), ("duration_optimised", trial.duration_optimised)):
            if value is None:
                self._assume(phrase("defaults.no"), f"{path}.{what}")
        return PatientTrial(
            id=trial.id or str(position + 1),
            drug=drug,
            drug_class=self.names.classes.get(drug, "not known"),
            dose_mg=_dose(trial.dose_max, trial.unit, path),
            weeks=trial.weeks,
            weeks_at_adequate_dose=trial.weeks if trial.weeks_at_adequate_dose is None else trial.weeks_at_adequate_dose,
            adherence=trial.adherence,
            improvement_percent=trial.improvement_percent,
            outcome=trial.outcome,
            stopped_for=trial.stopped_for,
            plasma_level=_level(trial.plasma_level, f"{path}.plasma_level"),
            augmentation_of=trial.augmentation_of,
            current_episode=is_current(trial.episode),
            dose_optimised=bool(trial.dose_optimised),
            duration_optimised=bool(trial.duration_optimised),
            position=position,
        )

    def _smoking(self, smoking: Smoking | None, as_of: date) -> PatientSmoking | None:
        if smoking is None:
            return None
        _not_after(smoking.stopped_on, as_of, "smoking.stopped_on")
        return PatientSmoking(smoking.cigarettes_per_day, smoking.stopped_on)

    def _ect(self, ect: Ect | None) -> PatientEct | None:
        if ect is None:
            return None
        if ect.episode is None:
            self._assume(phrase("defaults.current_episode"), "ect.episode")
        return PatientEct(ect.type, ect.sessions, ect.outcome, is_current(ect.episode))

    def _conditions(self, conditions: Sequence[str] | None) -> tuple[str, ...] | None:
        if conditions is None:
            return None
        resolved = (
            _name(self.names.conditions, name, f"comorbidities[{position}]", "condition") for position, name in enumerate(conditions)
        )
        return tuple(dict.fromkeys(resolved))


def _name(index: NameIndex, text: str, path: str, what: str) -> str:
    name = index.find(text)
    if name is None:
        near = index.nearest(text)
        hint = f" Nearest: {', '.join(f'`{one}`' for one in near)}." if near else ""
        raise _bad(path, f"is not a known {what}.{hint}")
    return name


def _not_after(day: date | None, as_of: date, path: str) -> None:
    if day is not None and day > as_of:
        raise _bad(path, "is after `as_of`, which is the day of the report where it is not stated")


def _dose(dose: float | None, unit: str, path: str) -> float | None:
    if dose is None:
        return None
    mass, _, rate = unit.strip().casefold().replace("µ", "u").replace("μ", "u").partition("/")
    words = mass.split(maxsplit=1)
    factor = _MG.get(words[0].removesuffix("s") if len(words[0]) > 2 else words[0]) if words else None
    rates = [part.strip() for part in (rate, *words[1:]) if part.strip()]
    if factor is None or any(name_key(part) not in _A_DAY for part in rates):
        raise _bad(f"{path}.unit", "is not a unit of a dose a day. Known: `mg`, `g`, `ug`, each also with `/day`.")
    return dose * factor


def _level(level: PlasmaLevel | None, path: str) -> PatientLevel | None:
    if level is None:
        return None
    key = level.unit.casefold().replace("µ", "u").replace("μ", "u").replace(" ", "")
    if key not in _LEVELS:
        raise _bad(f"{path}.unit", "is not a unit of a level. Known: `ng/mL`, `ug/L`, `mg/L`, `nmol/L`, `umol/L`, `mmol/L`.")
    factor, unit = _LEVELS[key]
    return PatientLevel(level.value * factor, unit, level.trough, level.steady_state)


def _check_outcome(trial: Trial, path: str) -> None:
    """Raise ``ContextError`` for an outcome that contradicts the percentage."""
    percent = trial.improvement_percent
    if percent is None or trial.outcome is None:
        return
    if (trial.outcome in {"response", "remission"} and percent < 25) or (trial.outcome in {"none", "worse"} and percent >= 50):
        raise _bad(f"{path}.outcome", "contradicts `improvement_percent`")


def _check_augmentations(trials: Sequence[Trial], ids: Mapping[str, int]) -> None:
    """Raise ``ContextError`` for an augmentation of no trial, of itself, or of a trial that augments it."""
    for position, trial in enumerate(trials):
        path = f"trials[{position}].augmentation_of"
        following, seen = trial.augmentation_of, {trial.id or str(position + 1)}
        while following is not None:
            if following not in ids:
                if following == trial.augmentation_of:
                    raise _bad(path, "is not the `id` of a trial; a trial without one is called by its number, from `1`")
                break
            if following in seen:
                raise _bad(path, "leads back to the trial itself")
            seen.add(following)
            following = trials[ids[following]].augmentation_of


def _bad(path: str, fault: str) -> ContextError:
    steps = tuple(int(number) if number else name for name, number in _STEP.findall(path))
    return ContextError(BAD_CONTEXT, f"`{path}` {fault}{'' if fault.endswith('.') else '.'}", steps)
