"""``reference/`` read into one immutable ``ReferenceLibrary``, checked as a whole; `reference/SOURCES.md` lists its sources.

Every fault stops the load with the file and the line, so what a caller gets is complete: each definition's site exists on both
assemblies, each pair of functions has a phenotype, no two alleles look alike.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.manifest import identify
from trdpgx.knowledge.reference.allele_tables import read_frequencies, read_must_see, read_suballele_variants
from trdpgx.knowledge.reference.gene_spans import read_gene_spans
from trdpgx.knowledge.reference.panel import build_panels, read_contigs, read_genes, read_repeats, read_sites
from trdpgx.knowledge.reference.pharmacogene import read_pharmacogenes
from trdpgx.knowledge.reference.table import CsvRow, ReferenceDataError, read_table
from trdpgx.knowledge.reference.transcript_checks import TranscriptError
from trdpgx.knowledge.reference.transcripts import Transcripts, load_transcripts, reading_regions
from trdpgx.model.gene import VariantDefinition
from trdpgx.model.genome import Assembly, PanelSite, Purpose
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.nucleotides import complement

_VARIANT_COLUMNS = ("id", "gene", "site", "hgvs_c", "hgvs_p", "effect_allele", "palindromic", "note", "verification")


def load_reference(directory: Path | None = None, sequences: Path | None = None) -> ReferenceLibrary:
    """Read a reference folder (``None``: the bundled one), and sequences that ``trdpgx reference build`` cut for its transcripts.

    Raises ``ReferenceDataError``, ``TranscriptError`` or ``ReleaseError`` with the file and what is wrong in it.
    """
    directory = directory or reference_directory()
    release = identify(directory)
    genes = read_genes(directory)
    contigs = read_contigs(directory)
    sites, rows = read_sites(directory, contigs)
    definitions = read_pharmacogenes(directory, genes, sites[Assembly.GRCH38])
    variants = _read_variants(directory, sites[Assembly.GRCH38])
    used = {identifier for gene in definitions.values() for identifier in gene.sites} | {variant.site for variant in variants}
    for identifier, row in rows.items():
        if identifier not in used:
            raise row.fault("no allele and no variant uses the site")
    read_gene_spans(directory)
    frequencies = read_frequencies(directory, definitions)
    transcripts = _transcripts(directory, sequences)
    coding = {assembly: reading_regions(transcripts[assembly].values()) for assembly in Assembly}
    return ReferenceLibrary(
        release=release.release,
        digest=release.digest,
        genes=definitions,
        variants=variants,
        panels=build_panels(sites, genes, contigs, coding, repeats=read_repeats(directory)),
        sites=sites,
        transcripts=transcripts,
        frequencies=frequencies,
        suballele_variants=read_suballele_variants(directory, definitions, sites[Assembly.GRCH38]),
        must_see=read_must_see(directory, definitions),
    )


def _transcripts(directory: Path, sequences: Path | None) -> Transcripts:
    """Read the transcripts; what is wrong in a row of their tables becomes a fault of the folder."""
    try:
        return load_transcripts(directory / "transcripts", sequences)
    except TranscriptError:
        raise
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise ReferenceDataError("transcripts", 1, "a row of a table lacks a column, or has a value that cannot be read") from error


def _read_variants(directory: Path, sites: Mapping[str, PanelSite]) -> tuple[VariantDefinition, ...]:
    """Read ``variants.csv``, each variant checked against its GRCh38 site."""
    variants: dict[str, VariantDefinition] = {}
    for row in read_table(directory, "variants.csv", _VARIANT_COLUMNS):
        variant = VariantDefinition(
            id=row.text("id"),
            gene=row.text("gene"),
            site=row.optional("site"),
            hgvs_c=row.optional("hgvs_c"),
            hgvs_p=row.optional("hgvs_p"),
            effect_allele=row.optional("effect_allele"),
            palindromic=row.flag("palindromic"),
            note=row.optional("note"),
            verification=row.verification(),
        )
        if variant.id in variants:
            raise row.fault("the variant is listed twice")
        _check_variant(row, variant, sites)
        variants[variant.id] = variant
    return tuple(variants.values())


def _check_variant(row: CsvRow, variant: VariantDefinition, sites: Mapping[str, PanelSite]) -> None:
    """Check one variant against its site, or that it states why it has none."""
    if variant.site is None:
        if variant.note is None:
            raise row.fault("a variant without a site has to give the reason in 'note'")
        return
    site = sites.get(variant.site)
    if site is None or site.purpose is not Purpose.VARIANT or site.gene != variant.gene:
        raise row.fault("the site is not a variant site of this gene in sites.csv")
    alleles = {site.ref, *site.alts}
    if variant.effect_allele is not None and variant.effect_allele not in alleles:
        raise row.fault("the effect allele is not an allele of the site")
    if variant.palindromic != (alleles == {complement(allele) for allele in alleles}):
        raise row.fault("'palindromic' does not follow from the alleles of the site")
