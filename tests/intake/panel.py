"""A small panel on both assemblies, and VCFs over it."""

from trdpgx.model.genome import Assembly, Panel, PanelSite, Purpose, SiteCall
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.region import GeneRegion

SHIFT = 1_000
"""The difference of GRCh37 positions from those of GRCh38 in this panel."""


def _site(name: str, locus: str, ref: str, alts: str, context: str | None = None) -> PanelSite:
    chrom, pos = locus.split(":")
    return PanelSite(name, "GENE", None, Purpose.ALLELE, chrom, int(pos), ref, tuple(alts.split(",")), context or ref)


_GRCH38 = (
    _site("SNV", "10:100", "C", "T"),
    _site("NEXT", "10:102", "A", "G"),
    _site("TRI", "10:110", "G", "A,C"),
    _site("DEL", "10:200", "CCTT", "C", "CCTTCTC"),
    _site("IN_DEL", "10:202", "T", "A"),
    _site("INS", "10:300", "C", "CA", "CAG"),
    _site("BESIDE", "10:302", "G", "T"),
    _site("TA", "10:400", "CAT", "C,CATAT,CATATAT", "CATATATATATATATAA"),
    _site("LAST", "22:5000", "T", "C"),
)
_GRCH37_OTHER_REF = {"TRI": ("A", ("G", "C"))}


def _lift(site: PanelSite) -> PanelSite:
    ref, alts = _GRCH37_OTHER_REF.get(site.id, (site.ref, site.alts))
    context = site.context if site.is_indel else ref
    return PanelSite(site.id, site.gene, site.rsid, site.purpose, site.chrom, site.pos + SHIFT, ref, alts, context)


PANELS = {
    Assembly.GRCH38: Panel(
        Assembly.GRCH38,
        _GRCH38,
        (GeneRegion("GENE", "10", 50, 450), GeneRegion("CYP2D6", "22", 4_000, 6_000)),
        {"10": 133_797_422, "22": 50_818_468},
    ),
    Assembly.GRCH37: Panel(
        Assembly.GRCH37,
        tuple(_lift(site) for site in _GRCH38),
        (GeneRegion("GENE", "10", 1_050, 1_450), GeneRegion("CYP2D6", "22", 5_000, 7_000)),
        {"10": 135_534_747, "22": 51_304_566},
    ),
}

HEADER = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=LowQual,Description="Low quality">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type">',
    '##INFO=<ID=SVLEN,Number=.,Type=Integer,Description="Length">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
    '##FORMAT=<ID=FT,Number=1,Type=String,Description="Filter">',
    '##FORMAT=<ID=CN,Number=1,Type=Integer,Description="Copies">',
    '##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="Length">',
    "##contig=<ID=10,length=133797422>",
    "##contig=<ID=22,length=50818468>",
    "##contig=<ID=chr10,length=133797422>",
    "##contig=<ID=chr22,length=50818468>",
)


def vcf(*rows: str, samples: str = "NA1", header: tuple[str, ...] = HEADER) -> bytes:
    """Return a VCF. A row has CHROM POS REF ALT FILTER INFO FORMAT and the samples, separated by blanks."""
    names = "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples.split(" ")))
    lines = [*header, names]
    for row in rows:
        chrom, pos, ref, alt, kind, info, *rest = row.split(" ")
        lines.append("\t".join((chrom, pos, ".", ref, alt, "50", kind, info, *rest)))
    return ("\n".join(lines) + "\n").encode()


def call(result: IntakeResult, site: str = "TRI") -> SiteCall:
    """Return what the first sample has at a site."""
    return result.samples[0].calls[site]
