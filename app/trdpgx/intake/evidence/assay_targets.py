"""The target regions of an assay, from a BED file: inside them the assay read the sites that a file of variants does not mention."""

import io

from trdpgx.intake.problems import BAD_TARGETS, TARGETS_TOO_LARGE
from trdpgx.intake.vcf.contigs import chromosome
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.model.span import merged

_NOT_REGIONS = (b"#", b"track", b"browser")
_MAX_POSITION = 2**31 - 2
_LEAD = 500
"""Bytes of a line that are looked at. What comes after the third column does not matter."""


def read_targets(data: bytes, limits: Limits) -> tuple[Interval, ...]:
    """Return the regions of a BED file (first three columns; 0-based, end excluded) as intervals of chromosomes, in order.

    Regions that overlap or touch become one. Regions on alternative contigs are left out. Raises ``InputError`` with the line.
    """
    if len(data) > limits.max_targets_bytes:
        raise InputError(TARGETS_TOO_LARGE, f"The cap is {limits.max_targets_bytes} bytes.")
    if data.count(b"\n") > limits.max_targets:
        raise InputError(TARGETS_TOO_LARGE, f"The cap is {limits.max_targets} lines.")
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(io.BytesIO(data), start=1):
        columns = line[:_LEAD].split(None, 3)
        if not columns or line.startswith(_NOT_REGIONS):
            continue
        if len(columns) < 3 or not (columns[1].isdigit() and columns[2].isdigit()) or len(columns[1]) > 10 or len(columns[2]) > 10:
            raise InputError(BAD_TARGETS, "The line does not begin with a contig, a start and an end.", line=number)
        start, end = int(columns[1]), int(columns[2])
        if not start <= end <= _MAX_POSITION:
            raise InputError(BAD_TARGETS, "The region ends before it starts, or beyond the largest position.", line=number)
        chrom = chromosome(columns[0])
        if chrom is not None and start < end:
            found.setdefault(chrom, []).append((start + 1, end))
    if not found:
        raise InputError(BAD_TARGETS, "No region is on a chromosome with a known name.")
    return tuple(Interval(chrom, *span) for chrom, regions in found.items() for span in merged(regions))
