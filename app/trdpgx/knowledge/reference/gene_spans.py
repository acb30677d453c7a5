"""Where a gene lies, roughly, on either assembly: ``gene_spans.csv``, which assign the table of a tool that names no gene."""

from functools import cache
from pathlib import Path

from msgspec import Struct

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.table import read_table
from trdpgx.model.genome import Assembly

COLUMNS = ("gene", "assembly", "chrom", "start", "end")
"""The columns of ``gene_spans.csv``."""


class GeneSpan(Struct, frozen=True):
    """An interval that belongs to one gene on one of the assemblies: ``start`` and ``end`` are 1-based and part of it."""

    gene: str
    chrom: str
    start: int
    end: int


def read_gene_spans(directory: Path) -> tuple[GeneSpan, ...]:
    """Read the table: no two intervals of any genes overlap, on whichever assembly. Raises ``ReferenceDataError``."""
    spans: list[GeneSpan] = []
    for row in read_table(directory, "gene_spans.csv", COLUMNS):
        row.word("assembly", Assembly)
        span = GeneSpan(row.text("gene"), row.text("chrom"), row.integer("start"), row.integer("end"))
        if not 0 < span.start <= span.end:
            raise row.fault("the interval does not start before it ends")
        if any(span.chrom == other.chrom and span.start <= other.end and other.start <= span.end for other in spans):
            raise row.fault("the interval overlaps another, so a position could be of two genes or assemblies")
        spans.append(span)
    return tuple(spans)


@cache
def gene_spans() -> tuple[GeneSpan, ...]:
    """Return the intervals of the bundled reference, read once."""
    return read_gene_spans(reference_directory())
