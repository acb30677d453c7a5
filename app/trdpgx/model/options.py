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
    """The assembly of the input, or `auto` to detect it. `hg19` and `hg38` are accepted as well; case does not matter."""

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
    """How a panel site that the file does not mention is read."""

    MISSING = "missing"
    REFERENCE = "reference"


class DetailOption(StrEnum):
    """How much the format `text` and the narrative of `fhir` contain; all other formats contain everything."""

    SUMMARY = "summary"
    FULL = "full"


class Options(Model):
    """The options of one request, which the report repeats."""

    assembly: AssemblyOption = AssemblyOption.AUTO
    """`auto` detects the assembly of the input, and fails if the evidence is missing or contradicts itself."""
    sample: Annotated[SampleName | Annotated[tuple[SampleName, ...], Field(max_length=5_000)] | None, BeforeValidator(_plain)] = None
    """Report this sample only, or these samples; without it every sample of the input gets a report."""
    absent: AbsentOption = AbsentOption.MISSING
    """`missing`: a site that the input does not name is unknown. `reference`: it counts as the reference base, and the report states it."""
    all_candidates: bool = False
    """List every pair of alleles that explains the genotypes, not only those with the top score."""
    combinations: bool = False
    """Research: where no pair of named alleles explains the genotypes, name combinations of alleles and partial alleles."""
    ancestry: Ancestry | None = None
    """The person's ancestry, as the person or the clinician states it. It changes no call; the report then marks studies of other
    groups."""

    detail: DetailOption = DetailOption.SUMMARY
    """For the format `text`, and the narrative of `fhir`: `summary` has about 120 lines for an ordinary file, `full` has everything."""
    recommendations: bool = True
    """For the format `fhir`: propose the advice of guidelines as Tasks as well. `false`: considerations alone."""

    drug: FilterNames = ()
    """Report on these drugs only, by name, brand, synonym, RxNorm or ATC code; considerations that rule a drug out are always reported."""
    gene: FilterNames = ()
    """Report on these genes only; the caveats of others move to the limitations."""
    domain: Annotated[tuple[Domain, ...], Field(max_length=4)] = ()
    """Report considerations of these domains only."""

    @property
    def samples(self) -> tuple[str, ...]:
        """The samples to report; none stands for all."""
        return () if self.sample is None else (self.sample,) if isinstance(self.sample, str) else self.sample
