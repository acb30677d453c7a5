"""``clinical/enzyme_effects.yaml``: which drugs, and smoking, inhibit or induce which enzyme, by which version of whose list."""

from collections.abc import Iterable, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Symbol, Text, Texts
from trdpgx.model.clinical_report import SMOKING

Effect = Literal["inhibitor", "inducer"]
Strength = Literal["strong", "moderate", "weak", "unclassified"]
"""Class of an effect; ``unclassified``: the list names it without a class."""


class EffectList(CuratedModel):
    """A list that sorts drugs into classes."""

    name: Text
    """Author or name of the list."""
    version: Text
    """The copy of it that was read."""
    read: bool = True
    """Whether this project read it. Results of a list that was not read are shown, and no consideration rests on them."""
    note: Text | None = None


class Offset(CuratedModel):
    """How long an effect lasts after the last day of the drug."""

    earliest: int = Field(ge=0, le=400)
    """Days after which it may have ended."""
    latest: int = Field(ge=0, le=400)
    """Days after which it is expected to have ended."""
    how: Text
    """The figures behind both, and who measured them."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.latest < self.earliest:
            raise ValueError("'latest' is before 'earliest'")
        return self


class EnzymeEffectRow(ClinicalRow):
    """What one drug, or smoking, does to one enzyme."""

    enzyme: Symbol
    drug: Text
    """A name of ``drugs.yaml``, or ``smoking``."""
    effect: Effect
    classes: dict[Key, Strength] = Field(min_length=1)
    """Its class by each list (a key of ``lists``) that was read. The first of ``lists`` that has it takes precedence."""
    dose: Text | None = None
    """What is known of the dose."""
    onset: Text | None = None
    """Time until the effect is complete."""
    offset: Offset | None = None

    def drugs(self) -> Iterable[str]:
        """Return the drug, unless the row is about smoking."""
        return () if self.drug == SMOKING else (self.drug,)

    def genes(self) -> Iterable[str]:
        """Return the enzyme."""
        return (self.enzyme,)


class EnzymeEffectFile(ClinicalFile):
    """``clinical/enzyme_effects.yaml``."""

    lists: dict[Key, EffectList] = Field(default_factory=dict)
    """In their order of precedence."""
    local_routes: Texts = ()
    """Routes by which a drug hardly reaches the blood, so that it counts for no enzyme."""
    unknown_offset: Offset | None = None
    """Used for an effect on whose duration no source was read."""
    rows: dict[Key, EnzymeEffectRow] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_lists(self) -> Self:
        for key, row in self.rows.items():
            unknown = next((name for name in row.classes if name not in self.lists), None)
            # a layer may use the lists of the file below it
            if unknown is not None and self.lists:
                raise ValueError(f"'{key}' names the list '{unknown}', which 'lists' does not have")
        return self

    def ordered(self, row: EnzymeEffectRow) -> Mapping[str, Strength]:
        """Return the classes of a row in the order of precedence of their lists."""
        return {name: row.classes[name] for name in (*self.lists, *row.classes) if name in row.classes}
