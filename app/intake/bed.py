"""The regions that an assay set out to read, from a BED file: where a file of variants is silent inside them, the assay had looked."""

from app.intake.contigs import chromosome
from app.intake.problems import BAD_TARGETS, TARGETS_TOO_LARGE
from app.model.limits import Limits
from app.model.problem import InputError
from app.model.region import Stretch

_NOT_REGIONS = (b"#", b"track", b"browser")
_MAX_POSITION = 2**31 - 2


def read_targets(data: bytes, limits: Limits) -> tuple[Stretch, ...]:
    """Return the regions of a BED file (first three columns; 0-based, end excluded) as stretches of chromosomes.

    Regions on alternative contigs are left out. Raises ``InputError`` with the line.
    """
    if len(data) > limits.max_targets_bytes:
        raise InputError(TARGETS_TOO_LARGE, f"The cap is {limits.max_targets_bytes} bytes.")
    found = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip() or line.startswith(_NOT_REGIONS):
            continue
        columns = line.split()
        if len(columns) < 3 or not (columns[1].isdigit() and columns[2].isdigit()) or len(columns[1]) > 10 or len(columns[2]) > 10:
            raise InputError(BAD_TARGETS, "The line does not begin with a contig, a start and an end.", line=number)
        start, end = int(columns[1]), int(columns[2])
        if not start <= end <= _MAX_POSITION:
            raise InputError(BAD_TARGETS, "The region ends before it starts, or too far out.", line=number)
        chrom = chromosome(columns[0])
        if chrom is not None and start < end:
            found.append(Stretch(chrom, start + 1, end))
    if not found:
        raise InputError(BAD_TARGETS, "No region is on a chromosome.")
    return tuple(found)
