"""The reads of REF and of each ALT, under whichever FORMAT keys a caller writes them.

GATK, DeepVariant, Strelka and most others write AD (Number=R). freebayes writes RO and AO, VarScan RD and an AD of the ALT alone, Platypus
all reads and those of the ALT (NR, NV), samtools four numbers by direction (DP4), Cortex one coverage an allele (COV); others split AD by
direction (ADF, ADR), or state the share of each ALT (VAF, AF, VarScan's FREQ in per cent) beside DP. Keys as the tools' headers have them.
"""

from collections.abc import Iterator, Mapping

from trdpgx.intake.validate.values import MISSING, REAL, read_natural

SHARES = ("VAF", "AF", "FREQ")
KEYS = ("RO", "AO", "RD", "NR", "NV", "ADF", "ADR", "DP4", "COV", *SHARES)
"""The FORMAT keys beside AD and DP."""
UNKNOWN = [MISSING]
"""What stands for reads that are not known."""
_MOST_SUMMED = 1.01
"""Shares of the ALTs are rounded: together they may be this much."""
_Numbers = Mapping[str, list[int]]


def allele_reads(fields: Mapping[str, bytes], alts: int) -> list[int]:
    """Return the reads of REF and of each of ``alts`` by keys other than AD, or ``UNKNOWN``; ``fields`` are one sample's texts by key."""
    numbers = {key: found for key, text in fields.items() if key not in SHARES and (found := _naturals(text, alts))}
    return next((reads for reads in (*_counted(numbers), *_shared(numbers, fields, alts)) if len(reads) == 1 + alts > 1), UNKNOWN)


def _counted(numbers: _Numbers) -> Iterator[list[int]]:
    """Yield what the keys count; a list of another length than there are alleles is about something else."""
    for ref, alt in (("RO", "AO"), ("RD", "AD")):
        if ref in numbers and alt in numbers:
            yield numbers[ref] + numbers[alt]
    yield numbers.get("COV", [])
    forward, reverse = numbers.get("ADF", []), numbers.get("ADR", [])
    if len(forward) == len(reverse):
        yield [one + other for one, other in zip(forward, reverse, strict=True)]
    by_direction = numbers.get("DP4", [])
    if len(by_direction) == 4:
        yield [sum(by_direction[:2]), sum(by_direction[2:])]
    if "NR" in numbers and "NV" in numbers:
        yield [max(max(numbers["NR"]) - sum(numbers["NV"]), 0), *numbers["NV"]]


def _shared(numbers: _Numbers, fields: Mapping[str, bytes], alts: int) -> Iterator[list[int]]:
    """Yield the reads that shares of DP make."""
    depth = numbers.get("DP", [])
    for key in SHARES if len(depth) == 1 else ():
        shares = _shares(fields.get(key, b"."), alts, per_cent=key == "FREQ")
        reads = [round(share * depth[0]) for share in shares]
        yield [max(depth[0] - sum(reads), 0), *reads]


def _naturals(text: bytes, alts: int) -> list[int]:
    """Return whole numbers; none where one of them is no number, or where there are more than any key has."""
    if text.count(b",") > max(alts, 3):
        return []
    found = [read_natural(part) for part in text.split(b",")]
    return [] if MISSING in found else found


def _shares(text: bytes, alts: int, *, per_cent: bool) -> list[float]:
    """Return one share of the reads for each ALT, or nothing where they are anything else."""
    if text.count(b",") != alts - 1:
        return []
    parts = [part.removesuffix(b"%") if per_cent else part for part in text.split(b",")]
    if any(REAL.fullmatch(part) is None for part in parts):
        return []
    found = [float(part) / (100 if per_cent else 1) for part in parts]
    return found if min(found) >= 0 and sum(found) <= _MOST_SUMMED else []
