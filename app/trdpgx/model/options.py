"""What a caller may choose."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints

from trdpgx.model.base import Model
from trdpgx.model.evidence import Ancestry
from trdpgx.model.rule import Domain

_ALIASES = {"hg19": "GRCh37", "b37": "GRCh37", "hg38": "GRCh38", "b38": "GRCh38"}
"""Other names of the assemblies, in lower case."""


class AssemblyOption(StrEnum):
    """How the assembly of the input is found. Its aliases `hg19` and `hg38` are understood, and upper and lower case are one."""

    AUTO = "auto"
    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        name = str(value).lower()
        wanted = _ALIASES.get(name, name).lower()
        return next((option for option in cls if option.value.lower() == wanted), None)


def _plain(names: object) -> object:
    """Return a list of one name as that name, and an empty one as ``None``: as in earlier schemas."""
    if isinstance(names, list | tuple):
        return names[0] if len(names) == 1 else tuple(names) or None
    return names


def _split(names: object) -> object:
    """Return names with those that commas join taken apart."""
    if isinstance(names, str):
        names = (names,)
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        return tuple(part.strip() for name in names for part in name.split(",") if part.strip())
    return names


FilterNames = Annotated[tuple[Annotated[str, StringConstraints(max_length=100)], ...], Field(max_length=200), BeforeValidator(_split)]
SampleName = Annotated[str, StringConstraints(max_length=1024)]


ASSEMBLY_NAMES = (*(option.value for option in AssemblyOption), "hg19", "hg38")
"""What the command line takes as an assembly."""


class AbsentOption(StrEnum):
    """What a panel site that the file does not mention counts as."""

    MISSING = "missing"
    REFERENCE = "reference"


class DetailOption(StrEnum):
    """How much the text format and the narrative of FHIR write; everything else has everything."""

    SUMMARY = "summary"
    FULL = "full"


class Options(Model):
    """The options of one request, as they stand in the report."""

    assembly: AssemblyOption = AssemblyOption.AUTO
    """`auto` finds the assembly from the input and fails where the evidence is missing or contradicts itself."""
    sample: Annotated[SampleName | Annotated[tuple[SampleName, ...], Field(max_length=5_000)] | None, BeforeValidator(_plain)] = None
    """Report this sample only, or these samples; without it every sample of the input gets a report."""
    absent: AbsentOption = AbsentOption.MISSING
    """`missing`: a site that the input does not name is unknown. `reference`: it counts as the reference base, and the report states it."""
    all_candidates: bool = False
    """List every pair of alleles that explains the genotypes, not only those with the top score."""
    combinations: bool = False
    """Research: where no pair of named alleles explains the genotypes, name combinations of alleles and partial alleles."""
    ancestry: Ancestry | None = None
    """The person's ancestry, as the person or the clinician states it. It changes no call; the report then marks evidence from others."""

    detail: DetailOption = DetailOption.SUMMARY
    """For the format `text`, and the narrative of `fhir`: `summary` fits two screens for an ordinary file, `full` has everything."""
    recommendations: bool = True
    """For the format `fhir`: propose the advice of guidelines as Tasks as well. `false`: considerations alone."""

    drug: FilterNames = ()
    """Report on these drugs only, by name, brand, synonym, RxNorm or ATC code; what rules a drug out is reported all the same."""
    gene: FilterNames = ()
    """Report on these genes only; the caveats of others move to the limitations."""
    domain: Annotated[tuple[Domain, ...], Field(max_length=4)] = ()
    """Report considerations of these domains only."""

    @property
    def samples(self) -> tuple[str, ...]:
        """The samples to report; none stands for all."""
        return () if self.sample is None else (self.sample,) if isinstance(self.sample, str) else self.sample
