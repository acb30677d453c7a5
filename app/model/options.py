"""What a caller may choose."""

from enum import StrEnum

from pydantic import Field

from app.model.base import Model
from app.model.evidence import Ancestry


class AssemblyOption(StrEnum):
    """How the assembly of the input is found."""

    AUTO = "auto"
    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


class AbsentOption(StrEnum):
    """What a panel site that the file does not mention counts as."""

    MISSING = "missing"
    REFERENCE = "reference"


class Options(Model):
    """The options of one request, as they stand in the report."""

    assembly: AssemblyOption = AssemblyOption.AUTO
    """`auto` finds the assembly from the input and fails where the evidence is missing or contradicts itself."""
    sample: str | None = Field(default=None, max_length=1024)
    """Report this sample only; without it every sample of the input gets a report."""
    absent: AbsentOption = AbsentOption.MISSING
    """`missing`: a site that the input does not name is unknown. `reference`: it counts as the reference base, and the report says so."""
    all_candidates: bool = False
    """List every pair of alleles that explains the genotypes, not only those with the top score."""
    combinations: bool = False
    """Research: where no pair of named alleles explains the genotypes, name combinations of alleles and partial alleles."""
    ancestry: Ancestry | None = None
    """The person's ancestry, as the person or the clinician states it. It changes no call; the report then marks evidence from others."""
