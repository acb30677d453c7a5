"""The person beside the genome, as the clinical modules read them: our names, days and mg a day, with every default that was used.

``trdpgx.clinical.resolve`` makes it of what a request states (``trdpgx.model.clinical_context``).
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from trdpgx.model.clinical_context import ClinicalContext, EctType, Episode, LiverImpairment, Outcome, Pregnancy, Severity, StoppedFor


class PatientDrug(Struct, frozen=True):
    """A drug that the person takes, or has stopped by ``as_of``."""

    drug: str
    """Our name: the INN in lower case."""
    dose_mg: float | None = None
    """Dose a day in mg."""
    route: str | None = None
    since: date | None = None
    stopped_on: date | None = None
    """Last day; ``None``: still taken."""
    position: int = 0
    """0-based position in `current_drugs`. The components of a combination share one."""
    component_of: str | None = None
    """Our name of the combination that this drug came in; its own dose is then not known."""


class PatientSmoking(Struct, frozen=True):
    """Tobacco smoke. ``Patient.smoking`` is also ``None`` for somebody who does not smoke, if no last day of smoking is stated."""

    cigarettes_per_day: float | None = None
    stopped_on: date | None = None


class PatientLevel(Struct, frozen=True):
    """A measured concentration."""

    value: float
    unit: Literal["ng/mL", "nmol/L", "mmol/L"]
    trough: bool | None = None
    steady_state: bool | None = None


class PatientTrial(Struct, frozen=True):
    """A past or present treatment of depression with one drug."""

    id: str
    drug: str
    """Our name: the INN in lower case."""
    drug_class: str
    """As `rules/drugs.yaml` states it."""
    dose_mg: float | None = None
    """Highest dose a day that was held, in mg."""
    weeks: float | None = None
    weeks_at_adequate_dose: float | None = None
    """``weeks`` where it was not stated."""
    adherence: float | None = None
    """Share of doses taken, or 1 for adherent and 0 for not, with no share; ``None``: not stated, and counts as adherent."""
    improvement_percent: float | None = None
    outcome: Outcome | None = None
    """As stated; ``improvement_percent`` goes before it."""
    stopped_for: StoppedFor | None = None
    plasma_level: PatientLevel | None = None
    augmentation_of: str | None = None
    """``id`` of the trial that this drug was added to."""
    current_episode: bool = True
    dose_optimised: bool = False
    duration_optimised: bool = False
    position: int = 0
    """0-based position in `trials`."""


class PatientEct(Struct, frozen=True):
    """A course of electroconvulsive therapy."""

    type: EctType | None = None
    sessions: int | None = None
    outcome: Outcome | None = None
    current_episode: bool = True


class Patient(Struct, frozen=True):
    """One person. ``None`` always means: not stated."""

    as_of: date
    """The day at which current drugs and offsets are read."""
    current: tuple[PatientDrug, ...] | None = None
    """An empty tuple: the person takes no drug."""
    smoking: PatientSmoking | None = None
    trials: tuple[PatientTrial, ...] | None = None
    """In the order of the request; an empty tuple: no trial."""
    ect: PatientEct | None = None
    episode_months: float | None = None
    severity: Severity | None = None
    psychosis: bool | None = None
    bipolar: bool | None = None
    comorbidities: tuple[str, ...] | None = None
    """Our names of conditions (`rules/clinical/conditions.yaml`)."""
    pregnancy: Pregnancy | None = None
    age_years: float | None = None
    liver: LiverImpairment | None = None
    egfr: float | None = None
    """mL/min/1.73 m2."""
    qtc_ms: float | None = None
    missing: tuple[str, ...] = ()
    """What was not stated and which default was used instead, each as a sentence that names the JSON paths."""
    context: ClinicalContext | None = None
    """What was stated, in the words of the request."""


def is_current(episode: Episode | None) -> bool:
    """Return whether something belongs to the current episode, which is the default."""
    return episode != "previous"
