"""``clinical/cautions.yaml``: what conditions, age, organ function, pregnancy and the QT interval have to do with a drug."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.drug_pairs import DrugSide
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Text, Texts
from trdpgx.model.clinical_context import LiverImpairment

Number = Annotated[float, Field(ge=0)]


class PatientFact(CuratedModel):
    """What has to be stated of the person: one of these fields, or for `conditions` one of these conditions."""

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
        if len(self.model_fields_set) != 1:
            raise ValueError("ask one question")
        return self


class CautionRow(ClinicalRow):
    """What one fact about a person has to do with drugs, or with reading the history where no drug is named."""

    kind: Literal["comorbidity", "organ_function", "age", "pregnancy", "qt"]
    when: PatientFact
    about: DrugSide | None = None
    """Drugs, and groups of `drug_pairs.yaml`; without it, the row is about the history as a whole."""
    severity: Text
    """In the word of the source."""
    text: Text
    """What is known, in our own words. It considers and never prescribes."""

    def drugs(self) -> tuple[str, ...]:
        """Return the drugs that the row names itself."""
        return self.about.drugs if self.about else ()

    def conditions(self) -> tuple[str, ...]:
        """Return the conditions that the row asks about."""
        return self.when.conditions


class CautionFile(ClinicalFile):
    """``clinical/cautions.yaml``."""

    rows: Mapping[Key, CautionRow] = {}
