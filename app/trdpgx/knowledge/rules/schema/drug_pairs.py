"""``clinical/drug_pairs.yaml``: pharmacodynamic interactions of two drugs, and the washout in days that sources ask for between them."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Keys, Text, Texts


class DrugSide(CuratedModel):
    """One side of an interaction: groups of this file, and drugs by name."""

    groups: Keys = ()
    drugs: Texts = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.groups and not self.drugs:
            raise ValueError("name a group or a drug")
        return self


class DrugGroupRow(ClinicalRow):
    """Drugs that sources treat as one group. Its members are this project's choice."""

    label: Text
    """Name of the group in reports."""
    members: Texts = Field(min_length=1)

    def drugs(self) -> tuple[str, ...]:
        """Return the drugs of the group."""
        return self.members


class PairRow(ClinicalRow):
    """An interaction of each drug of one side with each of the other."""

    kind: Literal["drug_pair", "qt"] = "drug_pair"
    one: DrugSide
    other: DrugSide | None = None
    """The other side. Without it, the interaction is between two drugs of `one`."""
    severity: Text
    """Severity in the source's own word."""
    text: Text
    """What is known, in this project's own words. It never prescribes."""
    differ: bool = False
    """Whether the text states that sources differ."""

    def drugs(self) -> tuple[str, ...]:
        """Return the drugs that the row names itself."""
        return (*self.one.drugs, *(self.other.drugs if self.other else ()))


class WashoutRow(ClinicalRow):
    """The days that a source asks for between the last day of one drug and the first of another."""

    first: DrugSide
    """The drugs that were taken."""
    then: DrugSide
    """The drugs that would follow."""
    days: int = Field(gt=0)
    severity: Text
    text: Text
    differ: bool = False
    """Whether the text states that sources differ."""

    def drugs(self) -> tuple[str, ...]:
        """Return the drugs that the row names itself."""
        return (*self.first.drugs, *self.then.drugs)


class DrugPairFile(ClinicalFile):
    """``clinical/drug_pairs.yaml``. Rows that come first are reported first."""

    also_considered: Texts = ()
    """Therapies of treatment-resistant depression that are considered for everybody, whether or not a genotype bears on them."""
    groups: Mapping[Key, DrugGroupRow] = {}
    washouts: Mapping[Key, WashoutRow] = {}
    rows: Mapping[Key, PairRow] = {}

    def members(self, side: DrugSide) -> frozenset[str]:
        """Return the drugs of a side, with the members of its groups."""
        grouped = (drug for name in side.groups if name in self.groups for drug in self.groups[name].members)
        return frozenset((*side.drugs, *grouped))

    @model_validator(mode="after")
    def _known_groups(self) -> Self:
        sides = [
            *((key, side) for key, row in self.rows.items() for side in (row.one, row.other) if side is not None),
            *((key, side) for key, row in self.washouts.items() for side in (row.first, row.then)),
        ]
        for key, side in sides:
            unknown = next((name for name in side.groups if name not in self.groups), None)
            # a layer may use the groups of the file below it
            if unknown is not None and self.groups:
                raise ValueError(f"'{key}' names the group '{unknown}', which 'groups' does not have")
        return self
