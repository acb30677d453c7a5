"""``phenoconversion.yaml``: how published methods turn a phenotype by genotype into one under inhibitors and inducers.

All of them are conventions. A guideline defines one for CYP2D6 and opioids alone; the others come from research.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow, DrugRow
from trdpgx.knowledge.rules.schema.enzyme_effects import Strength
from trdpgx.knowledge.rules.schema.fields import Key, Symbol, Symbols, Text
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import Phenotype


class ConversionMethodRow(ClinicalRow):
    """A method, in the version that was read."""

    version: Text
    usual: bool = True
    """Whether considerations are repeated under it. The results of other methods are only shown beside it."""
    both: Literal["none", "inhibitor"] = "none"
    """What counts where an inhibitor and an inducer are taken together: nothing, as there is no agreed method, or the inhibitor alone."""
    classes_of: Key | None = None
    """The list of ``clinical/enzyme_effects.yaml`` whose classes it uses, where that list has them."""


class MultiplierRow(ConversionMethodRow):
    """A method that multiplies the activity score."""

    for_genes: Symbols = Field(min_length=1)
    inhibitor: dict[Strength, float]
    inducer: dict[Strength, float] = Field(default_factory=dict)
    highest: dict[Symbol, float] = Field(default_factory=dict)
    """For calls that state a phenotype alone: the highest score of each gene of which nobody has more than two copies."""
    bands: dict[Phenotype, ActivityRange] = Field(default_factory=dict)
    """The range of scores of each phenotype, where the method differs from CPIC."""

    @model_validator(mode="after")
    def _directions(self) -> Self:
        if any(not 0 <= factor <= 1 for factor in self.inhibitor.values()) or any(factor < 1 for factor in self.inducer.values()):
            raise ValueError("an inhibitor multiplies by 0 to 1 and an inducer by 1 or more")
        return self


class ShiftRow(ConversionMethodRow):
    """A method that moves the phenotype by steps."""

    ladders: dict[Symbol, tuple[Phenotype, ...]] = Field(min_length=1)
    """For each gene, its phenotypes from the most activity to the least."""
    inhibitor: dict[Strength, int | Literal["all"]]
    """Steps towards less activity, or ``all`` of them."""
    inducer: dict[Strength, int] = Field(default_factory=dict)
    """Steps towards more activity."""


class AutoinhibitionRow(DrugRow):
    """What a source states about a drug that inhibits the enzyme that clears it."""

    enzyme: Symbol
    text: Text


class AskedForRow(DrugRow):
    """A source of considerations that itself asks for a change under inhibitors, as it does for a phenotype."""

    enzyme: Symbol
    classes: tuple[Strength, ...] = Field(min_length=1)
    """Classes of the inhibitors that it names."""
    note: Text
    """What it asks for, as a sentence."""


class PhenoconversionFile(ClinicalFile):
    """``phenoconversion.yaml``. Of the methods that have a gene, reports name the result of the first one first."""

    multipliers: dict[Key, MultiplierRow] = Field(default_factory=dict)
    shifts: dict[Key, ShiftRow] = Field(default_factory=dict)
    autoinhibition: dict[Key, AutoinhibitionRow] = Field(default_factory=dict)
    asked_for: dict[Key, AskedForRow] = Field(default_factory=dict)
    pregnancy: dict[Symbol, Text] = Field(default_factory=dict)
    """What is known of an enzyme in pregnancy. Nothing is computed for it then."""
