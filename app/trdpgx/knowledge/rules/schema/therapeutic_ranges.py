"""``clinical/therapeutic_ranges.yaml``: reference ranges of measured levels, one row for each source."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, DrugRow
from trdpgx.knowledge.rules.schema.fields import Key, Text


class RangeRow(DrugRow):
    """The reference range that one source gives for one analyte."""

    analyte: Text
    """What is measured: the drug, a metabolite, or their sum."""
    is_sum: bool = False
    """Whether the range is that of a sum, so that the drug alone lies below it."""
    low: float | None = Field(default=None, ge=0)
    high: float = Field(gt=0)
    unit: Literal["ng/mL", "mg/L", "mmol/L"] = "ng/mL"
    molar_mass: float | None = Field(default=None, gt=0)
    """g/mol of the analyte, where it is one substance: levels in nmol/L can then be compared."""
    sampling: Literal["trough", "peak"] = "trough"
    """When the sample of the range is taken."""
    indication: Literal["depression", "psychosis", "mood"] = "depression"
    """What the range is for. A range for psychosis is no measure of a trial in depression."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low is not None and self.low >= self.high:
            raise ValueError("'low' is not below 'high'")
        return self


class RangeFile(ClinicalFile):
    """``clinical/therapeutic_ranges.yaml``."""

    rows: Mapping[Key, RangeRow] = {}
