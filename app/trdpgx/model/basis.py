"""The input of calling besides genotypes, as a report has it, so that a later release can call again from the report alone."""

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
    """Alleles as the reference spells them on the assembly of the input: two, one for a half-called genotype, none without a genotype."""
    phased: bool = False
    phase_set: PhaseSet | None = None


class SiteDetails(Model):
    """Details of a site's record besides the genotype. Depth, quality and filter are kept where a call or the report uses them."""

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
    """Alleles of a passing record from which no genotype could be made."""
    refused: tuple[Allele, ...] = ()
    """Alleles of a record that fails its filter or quality."""


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
    """CN, where it is not close to a whole number."""
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
    """The INFO fields that a report uses: frequencies, scores, and annotations of the panel's transcripts."""
    alleles: tuple[Annotated[int, Field(ge=-1, lt=2**16)], ...]
    """The numbers of GT, -1 for a missing one."""
    phased: bool = False
    phase_set: PhaseSet | None = None
    passed: bool = True
    """Whether FILTER and FT accept the genotype."""
    sound: bool = True
    """Whether the genotype's quality is high enough to use it."""
    depth: Count | None = None
    quality: Finite | None = None
    """Phred-scaled: GQ, or else QUAL."""


class InfoField(Model):
    """What the header of the input states about an INFO key."""

    number: str
    description: str


Bounds = Annotated[tuple[Count, ...], Field(min_length=2, max_length=2)]


class ReportBasis(Model):
    """The input of calling and of the clinical part besides `genotypes`: with both, a later release can make a new report."""

    details: tuple[SiteDetails, ...] = ()
    """Details of the sites that have more than a genotype."""
    looked_at: tuple[str, ...] = ()
    """With `absent=reference`: the absent sites that the input shows were examined."""
    structural: tuple[StructuralEvidence, ...] = ()
    carried: tuple[CarriedVariant, ...] = ()
    info: dict[str, InfoField] = Field(default_factory=dict)
    """The header's lines about the INFO keys in `carried`."""
    covered: dict[str, tuple[Bounds, ...]] | None = None
    """First and last base, 1-based, of the coding intervals that were read, by chromosome; `null` where the input does not show them."""
    covered_by: Literal["file", "targets"] | None = None
    """The evidence for them, as in `rare_variant_genes`."""
    outside_calls: tuple[OutsideCall, ...] = ()
    context: ClinicalContext | None = None
    """The clinical context as it was stated; `null` without one."""
    as_of: date | None = None
    """The date for which the context was evaluated."""
    open_from: Finite | None = None
    """The probability above which an unseen allele leaves a phenotype open, as the operator had set it."""
    frequency_file: bool = False
    """Whether the operator's own file of frequencies was used."""
