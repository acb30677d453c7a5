"""What is known of named alleles beside their definitions: hybrids, alleles that a test has to see, sub-alleles, and frequencies."""

import re
from collections.abc import Mapping
from pathlib import Path

from trdpgx.knowledge.reference.table import CsvRow, read_table
from trdpgx.model.gene import FrequencyTable, GeneDefinition, SubAlleleVariant
from trdpgx.model.genome import PanelSite

_HYBRID_COLUMNS = ("gene", "allele", "kind", "hidden_beside_partner", "verification")
_MUST_SEE_COLUMNS = ("gene", "allele", "list", "pmid", "note")
_SUBALLELE_COLUMNS = ("gene", "site", "base", "allele", "suballele", "source", "verification")
FREQUENCY_COLUMNS = ("gene", "allele", "counted_with", "count", "total", "frequency", "cohort")
"""The columns of ``frequencies.csv``, which `python -m validation.frequencies` remakes."""
_PMID = re.compile(r"[1-9][0-9]{0,8}|unverified")

Hybrids = dict[str, dict[str, bool]]
"""The hybrids of each gene, and whether small variants of the partner in a tandem hide them."""


def read_hybrids(directory: Path, genes: Mapping[str, object]) -> Hybrids:
    """Read ``structural.csv``: hybrids with a pseudogene, whether or not small variants define them. Raises ``ReferenceDataError``."""
    hybrids: Hybrids = {}
    for row in read_table(directory, "structural.csv", _HYBRID_COLUMNS):
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


def read_must_see(directory: Path, genes: Mapping[str, GeneDefinition]) -> Mapping[str, Mapping[str, str]]:
    """Read ``must_see.csv``: for each gene that has any, the alleles that a test of it has to see, each with the name of its list.

    ``, unverified`` follows the name where nobody read in a source that the list has the allele. While one of the alleles is not excluded,
    no phenotype is stated. Only alleles that small variants define can be listed: deletions, copies and hybrids are no question of
    sites. Raises ``ReferenceDataError``.
    """
    lists: dict[str, dict[str, str]] = {}
    for row in read_table(directory, "must_see.csv", _MUST_SEE_COLUMNS):
        gene, allele = row.text("gene"), row.text("allele")
        _check_callable(row, genes.get(gene), allele)
        if allele in lists.setdefault(gene, {}):
            raise row.fault("the allele is listed twice")
        pmid = row.text("pmid")
        if _PMID.fullmatch(pmid) is None:
            raise row.fault("'pmid' is neither a PubMed identifier nor 'unverified'")
        lists[gene][allele] = row.text("list") + (", unverified" if pmid == "unverified" else "")
    return lists


def read_suballele_variants(
    directory: Path, genes: Mapping[str, GeneDefinition], sites: Mapping[str, PanelSite]
) -> Mapping[tuple[str, str], SubAlleleVariant]:
    """Read ``suballele_variants.csv``: bases of sub-alleles that are in no definition of a core allele.

    Keyed by site and base (GRCh38 spelling, plus strand). Raises ``ReferenceDataError``.
    """
    variants: dict[tuple[str, str], SubAlleleVariant] = {}
    for row in read_table(directory, "suballele_variants.csv", _SUBALLELE_COLUMNS):
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
        _check_callable(row, definition, variant.allele)
        if (variant.site, variant.base) in variants:
            raise row.fault("the base is listed twice")
        variants[variant.site, variant.base] = variant
    return variants


def read_frequencies(directory: Path, genes: Mapping[str, GeneDefinition]) -> Mapping[str, FrequencyTable]:
    """Read ``frequencies.csv``: how common the alleles of a gene are, for each gene that has any. Raises ``ReferenceDataError``."""
    rows: dict[str, list[CsvRow]] = {}
    for row in read_table(directory, "frequencies.csv", FREQUENCY_COLUMNS):
        rows.setdefault(row.text("gene"), []).append(row)
    return {gene: _table(genes.get(gene), own) for gene, own in rows.items()}


def _table(definition: GeneDefinition | None, rows: list[CsvRow]) -> FrequencyTable:
    first = rows[0]
    total, cohort = first.integer("total"), first.text("cohort")
    counts: dict[str, int] = {}
    joint: dict[str, tuple[str, ...]] = {}
    for row in rows:
        allele, with_others = row.text("allele"), row.parts("counted_with") if row.optional("counted_with") else ()
        _check_callable(row, definition, allele, *with_others)
        if allele in counts:
            raise row.fault("the allele is listed twice")
        if row.integer("total") != total or row.text("cohort") != cohort:
            raise row.fault("a gene has one total and one cohort")
        counts[allele] = row.integer("count")
        if not 0 < counts[allele] <= total or round(counts[allele] / total, 6) != row.number("frequency"):
            raise row.fault("'frequency' is not 'count' / 'total'")
        if with_others:
            joint[allele] = with_others
    for row in rows:
        if any(counts.get(other) != counts[row.text("allele")] for other in joint.get(row.text("allele"), ())):
            raise row.fault("alleles that are counted together have one count")
    return FrequencyTable(cohort=cohort, total=total, counts=counts, joint=joint)


def _check_callable(row: CsvRow, definition: GeneDefinition | None, *names: str) -> None:
    """Raise ``ReferenceDataError`` unless all the names are alleles of the gene that small variants define."""
    if definition is None or not {allele.name for allele in definition.alleles if allele.callable}.issuperset(names):
        raise row.fault("the allele is not a callable allele of this gene")
