"""Positions on the genome: assemblies, panel sites, and the call of a site in one sample."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field

from trdpgx.model.region import CarriedRecord, GeneRegion, Interval


class Assembly(StrEnum):
    """A human reference assembly. Both are native here: no coordinate is lifted over at run time."""

    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


class Purpose(StrEnum):
    """What a panel site is for."""

    ALLELE = "allele"
    """It defines named (star) alleles of a pharmacogene."""
    VARIANT = "variant"
    """It is a variant that is reported as a genotype."""


class PanelSite(Struct, frozen=True):
    """One position that the panel asks a file about, on one assembly.

    ``pos`` is 1-based and ``ref``/``alts`` are spelled as in a left-aligned, parsimonious VCF record (VCF 4.3, section 1.6.1), so an
    indel carries its anchor base. ``chrom`` has no ``chr`` prefix. ``context`` is the reference sequence of this assembly from ``pos``
    on, at least as long as ``ref``; for an indel it reaches one base past the repeat in which the indel can slide.
    ``other_ref`` is REF of GRCh38 where that of this assembly is another: then REF itself is a variant (CYP3A5*3 on GRCh37).
    """

    id: str
    gene: str
    rsid: str | None
    purpose: Purpose
    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    context: str
    other_ref: str = ""

    @property
    def is_indel(self) -> bool:
        """Whether any known allele differs from REF in length."""
        return any(len(alt) != len(self.ref) for alt in self.alts)

    @property
    def end(self) -> int:
        """Last base of REF."""
        return self.pos + len(self.ref) - 1

    @property
    def window_end(self) -> int:
        """Last position at which a record can bear on the site: that of its context."""
        return self.pos + max(len(self.ref), len(self.context)) - 1

    def base(self, pos: int) -> str:
        """Return the base of the context at a position, empty beyond it."""
        return self.context[pos - self.pos : pos - self.pos + 1] if pos >= self.pos else ""


class Panel(Struct, frozen=True):
    """Everything that intake looks for on one assembly.

    ``regions`` are the genes over which structural records are kept. ``coding`` are intervals over which every record is kept: coding
    exons, and the bases of introns beside them that splicing rests on.
    ``contig_lengths`` holds the length in bases of each chromosome of the assembly (1-22, X, Y, MT; no ``chr``), by which a file's header
    tells its assembly.
    """

    assembly: Assembly
    sites: tuple[PanelSite, ...]
    regions: tuple[GeneRegion, ...]
    contig_lengths: Mapping[str, int] = field(default_factory=dict)
    coding: tuple[GeneRegion, ...] = ()

    def absent_calls(self) -> dict[str, "SiteCall"]:
        """Return the calls of all sites, by id, where a file has nothing."""
        return {site.id: SiteCall(site.id, SiteState.ABSENT) for site in self.sites}


class SiteState(StrEnum):
    """The one state of a panel site in one sample."""

    CALLED = "called"
    """A record gives the alleles."""
    NO_CALL = "no_call"
    """A record is there and gives no usable genotype, for ``reason``."""
    COVERED_REFERENCE = "covered_reference"
    """A gVCF block shows that the reference was seen here."""
    ABSENT = "absent"
    """The file has nothing about this site."""


class NoCallReason(StrEnum):
    """Why a record at a panel site gives no usable genotype."""

    MISSING = "missing"
    """The genotype is ``./.``."""
    HALF_CALL = "half_call"
    """One allele only, as in ``0/.``: never read as the other."""
    FILTERED = "filtered"
    """FILTER (of the record or of the sample, FT) is neither PASS nor empty."""
    REF_MISMATCH = "ref_mismatch"
    """The record's REF is not the reference base that the panel knows here."""
    CONFLICT = "conflict"
    """Two records at this site contradict each other."""
    PLOIDY = "ploidy"
    """Ploidy other than 2 at an autosomal site."""
    SPANNING_DELETION = "spanning_deletion"
    """``*``: a deletion that starts elsewhere covers the site."""
    SYMBOLIC = "symbolic"
    """The genotype uses a symbolic allele or a breakend, which names no sequence."""
    NO_GENOTYPE = "no_genotype"
    """The record has no GT."""
    LOW_QUALITY_BLOCK = "low_quality_block"
    """A gVCF block covers the site, and its genotype is missing, or it is filtered or of low quality."""
    NO_READS = "no_reads"
    """A genotype that rests on no read, as joint callers write where a sample has none."""
    LOW_QUALITY = "low_quality"
    """A genotype that is less sure than the settings ask for."""


class SiteCall(NamedTuple):
    """What the file shows at one panel site in one sample.

    ``alleles`` are in the site's own spelling (``PanelSite.ref`` and ``alts``), in the order of the haplotypes where they are phased and in
    the site's order (REF, ALTs, others) where they are not. An allele that the panel does not know keeps a spelling of its own (bases, or
    ``REF>ALT`` for what reaches beyond the site) and is listed in ``unknown``. They are empty unless ``state`` is ``called`` or
    ``covered_reference``; a half call keeps the one allele that was seen, which must never be read as the other. ``phased`` is true
    for a GT with ``|`` and for a homozygous one; ``phase_set`` is PS (``None``: the one unnamed block of the file; negative where the file
    gives the set a name and not a number). ``depth`` is in reads, ``allele_depths`` are the reads of each of ``alleles`` in the same
    order (empty where they are not known), ``quality`` is GQ or else QUAL (Phred), ``filter`` is FILTER (and FT where that failed).

    ``carried`` are the alleles other than the reference that a passing row shows although the site has no call (``<DEL>`` and the like as
    written, ``*`` for a deletion over the site): the gene cannot be called. ``refused`` are those that a row shows which its own filter or
    quality refuses: the site is unseen, and only such a site has them. A site with a call has as ``carried`` the deletions without
    bases that reach over it and over a part of the gene.
    """

    site: str
    state: SiteState
    alleles: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    phased: bool = False
    phase_set: int | None = None
    depth: int | None = None
    allele_depths: tuple[int, ...] = ()
    quality: float | None = None
    filter: str | None = None
    reason: NoCallReason | None = None
    carried: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def is_heterozygous(self) -> bool:
        """Whether two different alleles were called."""
        return len(self.alleles) == 2 and self.alleles[0] != self.alleles[1]


class StructuralRecord(Struct, frozen=True):
    """A copy-number or structural record over a panel gene, for one sample.

    ``kind`` is the symbolic allele without brackets (``DEL``, ``DUP``, ``CNV``, ``DUP:TANDEM`` ...), or ``BND``. ``start`` and ``end`` are
    1-based and inclusive. ``copy_number`` is the sample's CN; ``genotype`` the GT as written, ``alt_count`` how many of its alleles
    are this one (``None`` where GT is missing). A CN that is near no whole number is ``estimate`` and leaves ``copy_number`` empty.
    ``stated`` is INFO/CN of the allele, and ``read_depth`` the sample's RD_CN, CNF or RDCN (estimates of several callers). ``unsound`` is
    why its quality refuses it, by the limits that rows have (``NO_READS`` or ``LOW_QUALITY``).
    """

    gene: str
    kind: str
    chrom: str
    start: int
    end: int
    copy_number: int | None
    genotype: str | None
    alt_count: int | None
    filter: str | None
    estimate: float | None = None
    stated: float | None = None
    read_depth: float | None = None
    unsound: NoCallReason | None = None


class SampleSites(Struct, frozen=True):
    """All panel sites of one sample, keyed by site id, the structural records over its genes, and what it carries in coding intervals.

    ``covered`` holds the intervals that gVCF blocks and usable records show. It is ``None`` where the input has no blocks: then nobody
    knows what was read and found to be the reference.
    """

    sample: str
    calls: dict[str, SiteCall]
    structural: tuple[StructuralRecord, ...] = ()
    carried: Sequence[CarriedRecord] = ()
    covered: tuple[Interval, ...] | None = None
    searched: frozenset[str] = frozenset()
    """The chromosomes (no ``chr``) on which a row shows that this sample was read; asked for only where ``absent=reference``."""
    looked_at: frozenset[str] | None = None
    """Where the input is an earlier report: ids of the absent sites at which its file showed that it looked. No other may be assumed."""
