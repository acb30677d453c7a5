"""Alleles that a test of a gene has to see, from ``must_see.csv``: while one of them is not excluded, no phenotype is stated."""

import re
from collections.abc import Mapping
from pathlib import Path

from trdpgx.knowledge.reference.table import read_table
from trdpgx.model.gene import GeneDefinition

COLUMNS = ("gene", "allele", "list", "pmid", "note")
"""The columns of ``must_see.csv``."""
_PMID = re.compile(r"[1-9][0-9]{0,8}|unverified")


def read_must_see(directory: Path, genes: Mapping[str, GeneDefinition]) -> Mapping[str, Mapping[str, str]]:
    """Return, for each gene that has any, the alleles on a list and the name of that list. Raises ``ReferenceDataError``.

    Only alleles that small variants define can be listed: deletions, copies and hybrids are no question of sites.
    """
    lists: dict[str, dict[str, str]] = {}
    for row in read_table(directory, "must_see.csv", COLUMNS):
        gene, allele = row.text("gene"), row.text("allele")
        definition = genes.get(gene)
        if definition is None or not any(named.name == allele and named.callable for named in definition.alleles):
            raise row.fault("the allele is not a callable allele of this gene")
        if allele in lists.setdefault(gene, {}):
            raise row.fault("the allele is listed twice")
        if _PMID.fullmatch(row.text("pmid")) is None:
            raise row.fault("'pmid' is neither a PubMed identifier nor 'unverified'")
        lists[gene][allele] = row.text("list")
    return lists
