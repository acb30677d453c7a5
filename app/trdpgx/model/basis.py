"""What calling takes beside the genotypes, as a report holds it, so that a later release can call again from the report alone."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AllowInfNan, Field

from trdpgx.model.base import Model
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.model.outside import OutsideCall

Count = Annotated[int, Field(ge=0, lt=2**31)]
PhaseSet = Annotated[int, Field(gt=-(2**31), lt=2**31)]
Finite = Annotated[float, AllowInfNan(allow_inf_nan=False)]
Allele = Annotated[str, Field(min_length=1, max_length=16 * 2**20)]


class SiteGenotype(Model):
    """What the input shows at one site of the panel."""

    site: str
    """Site id, as in `genes[].unseen_sites`, or the rsID of a variant."""
    state: SiteState
    alleles: Annotated[tuple[Allele, ...], Field(max_length=2)] = ()
    """In the site's own spelling on the assembly of the input; one where only half of a genotype was called, none where there is none."""
    phased: bool = False
    phase_set: PhaseSet | None = None


class SiteDetails(Model):
    """What a record states of a site beside its genotype. Depth, quality and filter are kept where a call or the report rests on them."""

    site: str
    reason: NoCallReason | None = None
    """Why there is no genotype."""
    depth: Count | None = None
    """Count."""
    allele_depths: Annotated[tuple[Count, ...], Field(max_length=2)] = ()
    """Count of each of the genotype's alleles, in their order."""
    quality: Finite | None = None
    """Phred-scaled: GQ, or else QUAL."""
    filter: str | None = None
    carried: tuple[Allele, ...] = ()
    """Alleles that a passing record shows and of which no genotype could be made."""
    refused: tuple[Allele, ...] = ()
    """Alleles that a record shows which its own filter or quality refuses."""


class StructuralEvidence(Model):
    """A copy-number or structural record over a gene."""

    gene: str
    kind: str
    """The symbolic allele without brackets, or `BND`."""
    chrom: str
    start: Count
    end: Count
    copy_number: Count | None = None
    genotype: str | None = None
    """GT as written."""
    alt_count: Count | None = None
    """How many alleles of the genotype are this one."""
    filter: str | None = None
    estimate: Finite | None = None
    """CN that is near no whole number."""
    stated: Finite | None = None
    """INFO/CN of the allele."""
    read_depth: Finite | None = None
    """RD_CN, CNF or RDCN."""
    unsound: NoCallReason | None = None
    """Why its quality refuses it."""


class CarriedVariant(Model):
    """A record over a coding interval of which the person carries an alternate allele."""

    chrom: str
    pos: int = Field(ge=0, lt=2**31)
    ref: str = Field(pattern="^[ACGTNRYSWKMBDHV]+$")
    alts: tuple[Allele, ...]
    filters: tuple[str, ...] = ()
    record_quality: Finite | None = None
    """QUAL."""
    info: dict[str, str] = Field(default_factory=dict)
    """INFO as far as a report reads it: frequencies, scores, and the annotation of the transcripts that are looked at."""
    alleles: tuple[Annotated[int, Field(ge=-1, lt=2**16)], ...]
    """The numbers of GT, -1 for a missing one."""
    phased: bool = False
    phase_set: PhaseSet | None = None
    passed: bool = True
    """Whether neither FILTER nor FT refuses the genotype."""
    sound: bool = True
    """Whether its quality does not refuse it."""
    depth: Count | None = None
    quality: Finite | None = None
    """Phred-scaled: GQ, or else QUAL."""


class InfoField(Model):
    """What the header of the input states about an INFO key."""

    number: str
    description: str


Bounds = Annotated[tuple[Count, ...], Field(min_length=2, max_length=2)]


class ReportBasis(Model):
    """What calling and the clinical part take beside `genotypes`: together they are all that a later release needs to report again."""

    details: tuple[SiteDetails, ...] = ()
    """Of the sites at which there is more than the genotype."""
    looked_at: tuple[str, ...] = ()
    """With `absent=reference`: the absent sites at which the input shows that it looked."""
    structural: tuple[StructuralEvidence, ...] = ()
    carried: tuple[CarriedVariant, ...] = ()
    info: dict[str, InfoField] = Field(default_factory=dict)
    """The header's lines about the INFO keys in `carried`."""
    covered: dict[str, tuple[Bounds, ...]] | None = None
    """First and last base, 1-based, of the coding intervals that were read, by chromosome; `null` where nothing tells."""
    covered_by: Literal["file", "targets"] | None = None
    """The evidence for them, as in `rare_variant_genes`."""
    outside_calls: tuple[OutsideCall, ...] = ()
    context: ClinicalContext | None = None
    """The clinical context as it was stated; `null` without one."""
    as_of: date | None = None
    """The day at which the context was read."""
    open_from: Finite | None = None
    """The chance from which on an unseen allele leaves a phenotype open, as the operator had set it."""
    frequency_file: bool = False
    """Whether an operator's file of frequencies had a part."""
