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
    """What every method has: which trials count as adequate and as failed."""

    title: Text
    """Name of the method in reports."""
    version: Text
    of: Key
    """Id of the list of `adequate_trials.yaml` whose doses count."""
    weeks: float = Field(gt=0)
    """Least number of weeks."""
    weeks_or: float | None = Field(default=None, gt=0)
    """The other end, where the source gives a range of weeks: the result with it is stated beside the value."""
    failure_below: tuple[Threshold, ...] = Field(min_length=1)
    """Improvement in per cent below which a trial counts as failed. Several where the source names none; then they have to agree."""


class Step(CuratedModel):
    """One stage above the previous one. All of its requirements have to be met."""

    stage: Text
    failures: Annotated[int, Field(ge=0)] = 0
    """Number of failed adequate trials in total."""
    classes: Annotated[int, Field(ge=0)] = 0
    """Number of distinct drug classes among them."""
    also: Text | None = None
    """A class with a failed trial, in addition to those of the steps before."""
    ect: Literal["bilateral", "any"] | None = None


class HierarchyRow(StagingRow):
    """Stages in order, each with its own kind of treatment (Thase-Rush)."""

    kind: Literal["hierarchy"]
    steps: tuple[Step, ...] = Field(min_length=1)


class WeekBand(CuratedModel):
    """Total weeks of treatment that a source gives for a stage."""

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
    """The stage of one failed trial, of two, and so on; the last one for more."""
    classes: Annotated[int, Field(ge=1)] = 1
    """Number of distinct drug classes that the second stage and those above it require."""
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
    """Name of a range of sums of points, up to and including `most`."""

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
    """Number of different drugs that have to have failed."""
    value: Literal["met", "failures"] = "met"
    """What reports state: whether the definition is met, or how many trials failed."""
    ect: Literal["no", "counts", "disputed"] = "no"
    """Whether a failed course of ECT is one of the treatments."""
    excludes_bipolar: bool = False


AnyMethod = Annotated[HierarchyRow | CountRow | PointsRow | DimensionsRow | DefinitionRow, Field(discriminator="kind")]


class StagingFile(ClinicalFile):
    """``clinical/staging.yaml``. ``classes`` maps classes of `drugs.yaml` to those that methods count; other classes count as they are."""

    classes: Mapping[Text, Text] = {}
    rows: Mapping[Key, AnyMethod] = {}

    @model_validator(mode="after")
    def _known_to_reports(self) -> Self:
        for key in self.rows:
            if key.replace("-", "_") not in Staging.model_fields:
                raise ValueError(f"reports have no field for '{key}'; they have {', '.join(Staging.model_fields)}")
        return self
