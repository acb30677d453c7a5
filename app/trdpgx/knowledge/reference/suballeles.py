"""Bases of sub-alleles that are in no definition of a core allele, from ``suballele_variants.csv``."""

from collections.abc import Mapping
from pathlib import Path

from trdpgx.knowledge.reference.table import read_table
from trdpgx.model.gene import GeneDefinition, SubAlleleVariant
from trdpgx.model.genome import PanelSite

COLUMNS = ("gene", "site", "base", "allele", "suballele", "source", "verification")
"""The columns of ``suballele_variants.csv``."""


def read_suballele_variants(
    directory: Path, genes: Mapping[str, GeneDefinition], sites: Mapping[str, PanelSite]
) -> Mapping[tuple[str, str], SubAlleleVariant]:
    """Read the variants, keyed by site and base (GRCh38 spelling, plus strand). Raises ``ReferenceDataError``."""
    variants: dict[tuple[str, str], SubAlleleVariant] = {}
    for row in read_table(directory, "suballele_variants.csv", COLUMNS):
        variant = SubAlleleVariant(
            gene=row.text("gene"),
            site=row.text("site"),
            base=row.text("base"),
            allele=row.text("allele"),
            suballele=row.text("suballele"),
            source=row.text("source"),
            verification=row.verification(),
        )
        definition, site = genes.get(variant.gene), sites.get(variant.site)
        if definition is None or site is None or variant.site not in definition.sites:
            raise row.fault("the site is not a defining site of this gene")
        if variant.base == site.ref or variant.base in site.alts:
            raise row.fault("a definition of the gene asks for this base")
        if not any(allele.name == variant.allele and allele.callable for allele in definition.alleles):
            raise row.fault("the allele is not a callable allele of this gene")
        if (variant.site, variant.base) in variants:
            raise row.fault("the base is listed twice")
        variants[variant.site, variant.base] = variant
    return variants
