"""Rough intervals of the genes on either assembly (``gene_spans.csv``), by which the table of a tool that names no gene is assigned."""

from functools import cache
from pathlib import Path

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.table import read_table
from trdpgx.model.genome import Assembly
from trdpgx.model.region import GeneRegion

COLUMNS = ("gene", "assembly", "chrom", "start", "end")
"""The columns of ``gene_spans.csv``."""


def read_gene_spans(directory: Path) -> tuple[GeneRegion, ...]:
    """Read the table: no two intervals of any genes overlap, on whichever assembly. Raises ``ReferenceDataError``."""
    spans: list[GeneRegion] = []
    for row in read_table(directory, "gene_spans.csv", COLUMNS):
        row.word("assembly", Assembly)
        span = GeneRegion(row.text("gene"), row.text("chrom"), *row.interval())
        if any(span.chrom == other.chrom and span.start <= other.end and other.start <= span.end for other in spans):
            raise row.fault("the interval overlaps another, so a position could be of two genes or assemblies")
        spans.append(span)
    return tuple(spans)


@cache
def gene_spans() -> tuple[GeneRegion, ...]:
    """Return the intervals of the bundled reference, read once."""
    return read_gene_spans(reference_directory())
