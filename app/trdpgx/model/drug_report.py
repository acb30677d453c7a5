"""What all considerations about one drug come to: the headline, its certainty and its limits."""

from enum import StrEnum
from typing import Any, NamedTuple, Self

from pydantic import AliasChoices, Field, PrivateAttr

from trdpgx.model.base import Model
from trdpgx.model.composed import Composed


class Certainty(StrEnum):
    """How certain a headline may be, from most to least certain. It is that of the weakest evidence behind the headline."""

    STATED = "stated"
    """Nothing that is known limits it."""
    COPY_NUMBER = "copy_number"
    """It presumes two ordinary copies of a gene whose copy number was not assessed, or looks unusual."""
    WEAK_EVIDENCE = "weak_evidence"
    """The evidence of every source is limited, preliminary or conflicting, or there is none."""
    SOME = "some_diplotypes"
    """It holds for some of the possible diplotypes."""
    CONVERTED = "converted"
    """Current drugs or smoking make another phenotype by a convention, of which sources state something else."""
    ASSUMED = "assumed"
    """It rests on sites that were assumed to be the reference, and not observed."""
    DISPUTED = "disputed"
    """The call of another tool contradicts the genotypes of the file, another call or itself, its tool marks it as doubtful, or it could
    not be read."""
    OPEN = "open"
    """The phenotype is open, because sites that matter were not seen."""
    UNTESTED = "untested"
    """A rule on this drug asks for an allele (HLA) that no test was sent of."""
    RESEARCH = "research"
    """Research findings only."""
    NONE = "none"
    """No source gives advice."""


class HeadlineLimit(Model):
    """What limits a headline, in plain words."""

    certainty: Certainty
    text: str


class UnderCurrentDrugs(NamedTuple):
    """What sources state of a drug for the phenotypes under current drugs."""

    considerations: frozenset[str]
    """Ids of what is carried over to these phenotypes, and of what holds by genotype and stays as it is."""
    differ: bool
    """Whether the sources of guidance differ in these, also where they differ so by genotype."""


class DrugReport(Composed):
    """A drug that at least one consideration is about. Its parts are those of the headline."""

    name: str
    rxnorm: str | None
    atc: tuple[str, ...]
    drug_class: str = Field(validation_alias=AliasChoices("class", "drug_class"), serialization_alias="class")
    role: str | None
    headline: str
    certainty: Certainty = Certainty.STATED
    """How certain the headline may be."""
    headline_limits: tuple[HeadlineLimit, ...] = ()
    """What limits the certainty, the weakest first."""
    not_seen: tuple[str, ...] = ()
    """Genes of rules on this drug of which nothing was seen, those on which advice of guidelines and labels rests first."""
    considerations: tuple[str, ...]
    """Ids of the considerations about this drug."""
    disagreement: str | None
    """How the sources differ on this drug for this genome; `null` where they do not."""
    disagreement_under_current_drugs: str | None = None
    """How they differ where they are carried over to phenotypes under current drugs; `null` where they do not, or none is carried over."""
    _under_current_drugs: UnderCurrentDrugs | None = PrivateAttr(default=None)

    @property
    def under_current_drugs(self) -> UnderCurrentDrugs | None:
        """What is stated under current drugs; `None` where nothing is carried over.

        It is no field: of a report that was read from a file it is not known, and `None`.
        """
        private = self.__pydantic_private__
        current: UnderCurrentDrugs | None = private["_under_current_drugs"] if private else None
        return current

    def with_current(self, current: UnderCurrentDrugs | None) -> Self:
        """Return the model itself, which now knows what is stated under current drugs."""
        self._under_current_drugs = current
        return self

    def copy_with(self, **values: Any) -> Self:
        """Return a copy with other values, which knows what is stated under current drugs as this one does."""
        return super().copy_with(**values).with_current(self.under_current_drugs)
