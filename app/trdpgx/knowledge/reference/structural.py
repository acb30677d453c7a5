"""Alleles that are hybrids with a pseudogene, from ``structural.csv``, whether or not small variants define them."""

from collections.abc import Mapping
from pathlib import Path

from trdpgx.knowledge.reference.table import read_table

COLUMNS = ("gene", "allele", "kind", "hidden_beside_partner", "verification")
"""The columns of ``structural.csv``."""

Hybrids = dict[str, dict[str, bool]]
"""The hybrids of each gene, and whether small variants of the partner in a tandem hide them."""


def read_hybrids(directory: Path, genes: Mapping[str, object]) -> Hybrids:
    """Return the hybrids of each gene that has any. Raises ``ReferenceDataError``."""
    hybrids: Hybrids = {}
    for row in read_table(directory, "structural.csv", COLUMNS):
        gene, allele = row.text("gene"), row.text("allele")
        if gene not in genes:
            raise row.fault("the gene is not in genes.csv")
        if row.text("kind") != "hybrid":
            raise row.fault("'kind' is not 'hybrid'")
        if allele in hybrids.setdefault(gene, {}):
            raise row.fault("the allele is listed twice")
        row.verification()
        hybrids[gene][allele] = row.flag("hidden_beside_partner")
    return hybrids
