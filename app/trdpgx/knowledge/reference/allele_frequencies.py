"""How common the alleles of a gene are, from ``frequencies.csv``, which `python -m validation.frequencies` remakes."""

from collections.abc import Mapping
from pathlib import Path

from trdpgx.knowledge.reference.table import CsvRow, read_table
from trdpgx.model.gene import FrequencyTable, GeneDefinition

COLUMNS = ("gene", "allele", "counted_with", "count", "total", "frequency", "cohort")
"""The columns of ``frequencies.csv``."""


def read_frequencies(directory: Path, genes: Mapping[str, GeneDefinition]) -> Mapping[str, FrequencyTable]:
    """Read the frequencies of each gene that has any. Raises ``ReferenceDataError``."""
    rows: dict[str, list[CsvRow]] = {}
    for row in read_table(directory, "frequencies.csv", COLUMNS):
        rows.setdefault(row.text("gene"), []).append(row)
    return {gene: _table(genes.get(gene), own) for gene, own in rows.items()}


def _table(definition: GeneDefinition | None, rows: list[CsvRow]) -> FrequencyTable:
    first = rows[0]
    total, cohort = first.integer("total"), first.text("cohort")
    callable_alleles = {allele.name for allele in definition.alleles if allele.callable} if definition else set()
    counts: dict[str, int] = {}
    joint: dict[str, tuple[str, ...]] = {}
    for row in rows:
        allele, with_others = row.text("allele"), row.parts("counted_with") if row.optional("counted_with") else ()
        if not callable_alleles.issuperset({allele, *with_others}):
            raise row.fault("the allele is not a callable allele of this gene")
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
