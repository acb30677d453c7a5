"""``clinical/staging.yaml``: staging methods and definitions of treatment resistance, each with its version and how it is known."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Text
from trdpgx.model.clinical_report import Staging

Threshold = Annotated[int, Field(gt=0, le=100)]


class StagingRow(ClinicalRow):
    """What every method has: which trials count as failed and adequate."""

    title: Text
    """What a report calls it."""
    version: Text
    of: Key
    """Id of the list of `adequate_trials.yaml` whose doses count."""
    weeks: float = Field(gt=0)
    """Least number of weeks."""
    weeks_or: float | None = Field(default=None, gt=0)
    """The other end, where the source gives a range of weeks: what would follow is stated beside the value."""
    failure_below: tuple[Threshold, ...] = Field(min_length=1)
    """Improvement in per cent below which a trial counts as failed. Several: the source names none, and the value needs both to agree."""


class Step(CuratedModel):
    """One stage above the one before it: all that is asked has to be so."""

    stage: Text
    failures: Annotated[int, Field(ge=0)] = 0
    """Failed adequate trials in all."""
    classes: Annotated[int, Field(ge=0)] = 0
    """Distinct classes of these."""
    also: Text | None = None
    """A class of which a trial failed beside those of the steps before."""
    ect: Literal["bilateral", "any"] | None = None


class HierarchyRow(StagingRow):
    """A ladder of stages, each with a kind of treatment of its own (Thase-Rush)."""

    kind: Literal["hierarchy"]
    steps: tuple[Step, ...] = Field(min_length=1)


class WeekBand(CuratedModel):
    """Weeks of treatment in all that a source gives for a stage."""

    stage: Text
    least: float
    most: float

    @field_validator("stage")
    @classmethod
    def _numbered(cls, stage: str) -> str:
        if not re.fullmatch(r"TRD[1-9]", stage):
            raise ValueError("a stage by weeks is TRD and its number, such as TRD1")
        return stage


class CountRow(StagingRow):
    """Stages by the number of failed trials, with bands of weeks as a check (European)."""

    kind: Literal["count"]
    stages: tuple[Text, ...] = Field(min_length=2)
    """Of one failed trial, of two, and so on; the last for more."""
    classes: Annotated[int, Field(ge=1)] = 1
    """Distinct classes that the second stage and those above it ask for."""
    bands: tuple[WeekBand, ...] = ()
    chronic_months: float = Field(gt=0)


class PointsRow(StagingRow):
    """A score that adds points for each failed trial (MGH-S)."""

    kind: Literal["points"]
    trial: float
    dose_optimised: float
    duration_optimised: float
    augmentation: float
    ect: float


class UpTo(CuratedModel):
    """Points for a number up to and including `most`; without it, for every larger one."""

    most: float | None = None
    points: Annotated[int, Field(ge=0)]


class SeverityBand(CuratedModel):
    """What a sum of points is called."""

    most: int
    label: Text


class DimensionsRow(StagingRow):
    """A sum over dimensions (Maudsley)."""

    kind: Literal["dimensions"]
    duration_months: tuple[UpTo, ...]
    severity: Mapping[Literal["subsyndromal", "mild", "moderate", "severe"], Annotated[int, Field(ge=0)]]
    psychosis: Annotated[int, Field(ge=0)]
    """Points of a severe episode with psychotic features."""
    failed_drugs: tuple[UpTo, ...]
    augmentation: Annotated[int, Field(ge=0)]
    ect: Annotated[int, Field(ge=0)]
    bands: tuple[SeverityBand, ...]


class DefinitionRow(StagingRow):
    """A definition that is met or not, or a number of failed trials."""

    kind: Literal["definition"]
    failures: Annotated[int, Field(ge=1)]
    """Different drugs that failed."""
    value: Literal["met", "failures"] = "met"
    """What the report gives: whether it is met, or how many trials failed."""
    ect: Literal["no", "counts", "disputed"] = "no"
    """Whether a failed course of ECT is one of the treatments."""
    excludes_bipolar: bool = False


AnyMethod = Annotated[HierarchyRow | CountRow | PointsRow | DimensionsRow | DefinitionRow, Field(discriminator="kind")]


class StagingFile(ClinicalFile):
    """``clinical/staging.yaml``. ``classes`` gives the class that methods count, by a class of `drugs.yaml`; others stand as they are."""

    classes: Mapping[Text, Text] = {}
    rows: Mapping[Key, AnyMethod] = {}

    @model_validator(mode="after")
    def _known_to_reports(self) -> Self:
        for key in self.rows:
            if key.replace("-", "_") not in Staging.model_fields:
                raise ValueError(f"reports have no field for '{key}'; they have {', '.join(Staging.model_fields)}")
        return self
