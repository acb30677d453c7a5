"""``clinical/adequate_trials.yaml``: the dose and duration that published lists require of an adequate trial, and when one failed."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow, DrugRow
from trdpgx.knowledge.rules.schema.fields import Key, Text


class TrialListRow(ClinicalRow):
    """A published list of adequate trials, and what it requires of every drug on it."""

    title: Text
    """Name of the list in reports."""
    version: Text
    weeks: float = Field(gt=0)
    """Least number of weeks at an adequate dose."""
    adherence: float = Field(gt=0, le=1)
    """Least share of doses taken."""


class LeastDoseRow(DrugRow):
    """What one list requires of a trial of one drug. A drug without a row is not on the list."""

    of: Key
    """Id of the list."""
    use: Literal["alone", "augmentation"] = "alone"
    """Whether the row is about the drug alone or added to an antidepressant."""
    dose_mg: float | None = Field(default=None, gt=0)
    """Least daily dose in mg."""
    level_mmol_l: float | None = Field(default=None, gt=0)
    """Least blood level in mmol/L, where the list requires a level instead of a dose."""
    weeks: float | None = Field(default=None, gt=0)
    """Least number of weeks, where it differs from the list's."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        self.check_one_of("dose_mg", "level_mmol_l")
        return self


class FailureRow(ClinicalRow):
    """A published threshold of failure."""

    threshold_percent: int = Field(gt=0, le=100)
    """Improvement below which a trial counts as failed, in per cent."""


class EarlyStopRow(ClinicalRow):
    """A trial that was stopped too early to count as failed, unless non-response is stated."""

    stopped_for: Literal["intolerance"]
    weeks: float = Field(gt=0)
    """A stop before this number of weeks is early."""


class CourseRow(ClinicalRow):
    """The least course of a treatment that is given in sessions."""

    treatment: Literal["ECT"]
    sessions: int = Field(gt=0)
    """Least number of sessions of an adequate course. A course whose sessions are not stated counts as a whole one."""


class TrialNoteRow(ClinicalRow):
    """A remark on trials that are adequate by the lists; it changes no verdict and no stage."""

    weeks: float = Field(gt=0)
    """The remark is about trials shorter than this."""
    from_age: float = Field(default=0, ge=0)
    """Least age in years; 0 for any age."""
    text: Text


class AdequateTrialFile(ClinicalFile):
    """``clinical/adequate_trials.yaml``."""

    lists: Mapping[Key, TrialListRow] = {}
    failure: Mapping[Key, FailureRow] = {}
    early_stops: Mapping[Key, EarlyStopRow] = {}
    courses: Mapping[Key, CourseRow] = {}
    notes: Mapping[Key, TrialNoteRow] = {}
    rows: Mapping[Key, LeastDoseRow] = {}

    @cached_property
    def by_drug(self) -> Mapping[str, tuple[LeastDoseRow, ...]]:
        """The rows of each drug."""
        rows: dict[str, tuple[LeastDoseRow, ...]] = {}
        for row in self.rows.values():
            rows[row.drug] = (*rows.get(row.drug, ()), row)
        return rows
