"""``clinical/cautions.yaml``: what conditions, age, organ function, pregnancy and the QT interval mean for a drug."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.drug_pairs import DrugSide
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Text, Texts
from trdpgx.model.clinical_context import LiverImpairment

Number = Annotated[float, Field(ge=0)]


class PatientFact(CuratedModel):
    """The fact about the person that a row requires: exactly one of these fields; of `conditions`, any one of them."""

    conditions: Texts = ()
    """Ids of `conditions.yaml`."""
    age_above: Number | None = None
    age_from: Number | None = None
    liver: tuple[LiverImpairment, ...] = ()
    egfr_below: Number | None = None
    """mL/min/1.73 m2."""
    pregnancy: Literal[True] | None = None
    qtc_above: Number | None = None
    """Milliseconds."""
    psychosis: Literal[True] | None = None
    bipolar: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        self.check_one_of(*type(self).model_fields)
        return self


class CautionRow(ClinicalRow):
    """What one fact about a person means for drugs or, where no drug is named, for reading the history."""

    kind: Literal["comorbidity", "organ_function", "age", "pregnancy", "qt"]
    when: PatientFact
    about: DrugSide | None = None
    """Drugs, and groups of `drug_pairs.yaml`; without it, the row is about the whole history."""
    severity: Text
    """Severity in the source's own word."""
    text: Text
    """What is known, in this project's own words. It never prescribes."""
    differ: bool = False
    """Whether the text states that sources differ."""

    def drugs(self) -> tuple[str, ...]:
        """Return the drugs that the row names itself."""
        return self.about.drugs if self.about else ()

    def conditions(self) -> tuple[str, ...]:
        """Return the conditions that the row asks about."""
        return self.when.conditions


class CautionFile(ClinicalFile):
    """``clinical/cautions.yaml``."""

    rows: Mapping[Key, CautionRow] = {}
