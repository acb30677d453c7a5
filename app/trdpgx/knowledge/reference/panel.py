"""Panel sites, gene regions and contigs of both assemblies, from ``sites.csv``, ``genes.csv`` and ``contigs.csv``."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from trdpgx.knowledge.reference.table import CsvRow, read_table
from trdpgx.model.genome import Assembly, Panel, PanelSite, Purpose
from trdpgx.model.region import GeneRegion

_SITE_COLUMNS = (
    *("id", "gene", "rsid", "purpose", "chrom"),
    *("grch38_pos", "grch38_ref", "grch38_alts", "grch38_context"),
    *("grch37_pos", "grch37_ref", "grch37_alts", "grch37_context", "grch37_basis"),
)
_GENE_COLUMNS = (
    *("gene", "role", "hgnc", "ncbi_gene", "ensembl", "mane_refseq", "mane_ensembl", "strand", "chrom"),
    *("grch38_start", "grch38_end", "grch37_start", "grch37_end", "has_cpic_function", "copy_number_matters"),
)
_REPEAT_COLUMNS = ("id", "gene", "chrom", "grch38_start", "grch38_end", "grch37_start", "grch37_end", "basis")
_CONTIG_COLUMNS = ("assembly", "contig", "length")
_BASES = re.compile(r"[ACGT]+")
_GRCH37_BASES = frozenset({"seen", "table", "assumed", "lifted", "checked"})
_ROLES = frozenset({"named_alleles", "pharmacokinetic", "candidate", "rare_variant", "hla"})

Contigs = Mapping[Assembly, Mapping[str, int]]
Sites = Mapping[Assembly, Mapping[str, PanelSite]]


def read_genes(directory: Path) -> dict[str, CsvRow]:
    """Read ``genes.csv``, keyed by gene symbol, with its regions checked."""
    genes: dict[str, CsvRow] = {}
    for row in read_table(directory, "genes.csv", _GENE_COLUMNS):
        gene = row.text("gene")
        if gene in genes:
            raise row.fault("the gene is listed twice")
        if row.text("role") not in _ROLES:
            raise row.fault(f"'role' is not one of: {', '.join(sorted(_ROLES))}")
        if row.text("strand") not in {"+", "-"}:
            raise row.fault("'strand' is neither '+' nor '-'")
        for assembly in Assembly:
            _region(row, assembly)
        genes[gene] = row
    return genes


def read_contigs(directory: Path) -> Contigs:
    """Read ``contigs.csv``: the length in bases of each chromosome of each assembly."""
    contigs: dict[Assembly, dict[str, int]] = {assembly: {} for assembly in Assembly}
    for row in read_table(directory, "contigs.csv", _CONTIG_COLUMNS):
        lengths = contigs[row.word("assembly", Assembly)]
        contig = row.text("contig")
        if contig in lengths:
            raise row.fault("the contig is listed twice")
        lengths[contig] = row.integer("length")
    return contigs


def read_sites(directory: Path, contigs: Contigs) -> tuple[Sites, dict[str, CsvRow]]:
    """Read ``sites.csv``: the sites of each assembly keyed by id, in the order of the table, and the row of each id."""
    sites: dict[Assembly, dict[str, PanelSite]] = {assembly: {} for assembly in Assembly}
    rows: dict[str, CsvRow] = {}
    for row in read_table(directory, "sites.csv", _SITE_COLUMNS):
        identifier = row.text("id")
        if identifier in rows:
            raise row.fault("the id is listed twice")
        if row.text("grch37_basis") not in _GRCH37_BASES:
            raise row.fault(f"'grch37_basis' is not one of: {', '.join(sorted(_GRCH37_BASES))}")
        rows[identifier] = row
        older, newer = (_site(row, assembly, contigs[assembly]) for assembly in (Assembly.GRCH37, Assembly.GRCH38))
        if {older.ref, *older.alts} != {newer.ref, *newer.alts}:
            raise row.fault("the two assemblies do not have the same alleles")
        if identifier != (f"{newer.gene}:{newer.pos}" if newer.purpose is Purpose.ALLELE else newer.rsid):
            raise row.fault("the id is neither gene and GRCh38 position (allele) nor the rsID (variant)")
        sites[Assembly.GRCH37][identifier] = older if older.ref == newer.ref else replace(older, other_ref=newer.ref)
        sites[Assembly.GRCH38][identifier] = newer
    return sites, rows


def read_repeats(directory: Path) -> tuple[CsvRow, ...]:
    """Read ``repeats.csv``: intervals of repeats that structural records may show. A reference folder may be without it."""
    if not (directory / "repeats.csv").is_file():
        return ()
    return tuple(read_table(directory, "repeats.csv", _REPEAT_COLUMNS))


def build_panels(
    sites: Sites,
    genes: Mapping[str, CsvRow],
    contigs: Contigs,
    coding: Mapping[Assembly, tuple[GeneRegion, ...]],
    *,
    repeats: Sequence[CsvRow] = (),
) -> dict[Assembly, Panel]:
    """Return what intake looks for on each assembly; regions are those of the genes with named alleles, and of repeats."""
    with_alleles = {site.gene for site in sites[Assembly.GRCH38].values() if site.purpose is Purpose.ALLELE}
    return {
        assembly: Panel(
            assembly=assembly,
            sites=tuple(sites[assembly].values()),
            regions=(
                *(_region(genes[gene], assembly) for gene in genes if gene in with_alleles),
                *(_region(row, assembly) for row in repeats),
            ),
            contig_lengths=contigs[assembly],
            coding=coding[assembly],
        )
        for assembly in Assembly
    }


def _region(row: CsvRow, assembly: Assembly) -> GeneRegion:
    """Return the region of a gene on one assembly, its interval checked."""
    return GeneRegion(row.text("gene"), row.text("chrom"), *row.interval(f"{assembly.lower()}_"))


def _site(row: CsvRow, assembly: Assembly, lengths: Mapping[str, int]) -> PanelSite:
    """Return one site on one assembly, its spelling checked."""
    prefix = assembly.lower()
    site = PanelSite(
        id=row.text("id"),
        gene=row.text("gene"),
        rsid=row.optional("rsid"),
        purpose=row.word("purpose", Purpose),
        chrom=row.text("chrom"),
        pos=row.integer(f"{prefix}_pos"),
        ref=row.text(f"{prefix}_ref"),
        alts=row.parts(f"{prefix}_alts"),
        context=row.text(f"{prefix}_context"),
    )
    alleles = (site.ref, *site.alts)
    if any(_BASES.fullmatch(text) is None for text in (*alleles, site.context)):
        raise row.fault(f"an allele or the context on {assembly} has other letters than A, C, G and T")
    if len(set(alleles)) != len(alleles):
        raise row.fault(f"an allele on {assembly} is listed twice")
    if not site.context.startswith(site.ref):
        raise row.fault(f"the context on {assembly} does not start with REF")
    if site.is_indel and len({allele[0] for allele in alleles}) != 1:
        raise row.fault(f"the alleles on {assembly} do not share their anchor base")
    if not 0 < site.pos <= lengths.get(site.chrom, 0) - len(site.context) + 1:
        raise row.fault(f"there is no such contig on {assembly}, or it is too short for this position")
    return site
