"""Combine all records about one site into one genotype, for one sample.

A file may have several records about a site: duplicates, a multi-allelic record split into rows of one ALT each (with ``0`` or ``.`` for
the alleles of the other rows), a deletion that reaches over the site. Each record gives the number of copies of each effect that it *can*
express; records that can express the same effect must agree, and all effects together must fit two haplotypes. Where haplotypes are known,
they are filled one by one. Anything else is a conflict.

Rows with the same POS and REF are parts of one record, as ``bcftools norm -m-`` writes them: ``0`` in one of them states that its own ALT
is not there, and nothing about the ALTs of the others. Where ALTs of several bases have an effect in common, such as ``AG>CT`` and
``AG>CG``, such rows are put together by their ALTs first (``split_records``).
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from trdpgx.intake.genotypes.site_reading import SiteReading, have_in_common
from trdpgx.intake.genotypes.split_records import put_together
from trdpgx.model.genome import NoCallReason, PanelSite


class CombinedGenotype(Struct, frozen=True):
    """The alleles of both haplotypes and the row that each came from. Haplotypes of an unphased genotype are in the site's own order."""

    alleles: tuple[str, str]
    rows: tuple[int, int]
    phased: bool
    phase_set: int | None


def combine(site: PanelSite, readings: Sequence[SiteReading]) -> CombinedGenotype | NoCallReason:
    """Return the genotype that all readings together give, or why there is none. There must be at least one reading."""
    if any(reading.part is not None for reading in readings):
        joined = put_together(site, readings)
        if isinstance(joined, NoCallReason):
            return joined
        readings = joined
    first, second = readings[0].pair
    if len(readings) == 1 and first is not None and second is not None:
        return _single(site, readings[0], (first, second))
    # Two half calls about the same allele are not parts of one split record.
    if not any(reading.complete for reading in readings) and have_in_common([reading.expresses for reading in readings]):
        return NoCallReason.HALF_CALL
    carrying = [reading for reading in readings if reading.heterozygous]
    if all(reading.phased for reading in carrying) and len({reading.phase_set for reading in carrying}) <= 1:
        return _by_haplotype(site, readings)
    return _by_count(site, readings)


def allele_order(site: PanelSite, allele: str) -> tuple[int, str]:
    """Return the sort key of an allele: REF, then the site's ALTs in their order, then others."""
    if allele == site.ref:
        return 0, ""
    return (1 + site.alts.index(allele), "") if allele in site.alts else (1 + len(site.alts), allele)


def _single(site: PanelSite, reading: SiteReading, pair: tuple[str, str]) -> CombinedGenotype:
    if reading.phased or not reading.heterozygous:
        return CombinedGenotype(pair, (reading.row, reading.row), True, reading.phase_set if reading.heterozygous else None)
    return _unphased(site, [(allele, reading.row) for allele in pair])


def _unphased(site: PanelSite, found: list[tuple[str, int]]) -> CombinedGenotype:
    (first, first_row), (second, second_row) = sorted(found, key=lambda pair: allele_order(site, pair[0]))
    return CombinedGenotype((first, second), (first_row, second_row), first == second, None)


def _by_haplotype(site: PanelSite, readings: Sequence[SiteReading]) -> CombinedGenotype | NoCallReason:
    """Fill the haplotypes one by one."""
    haplotypes: list[tuple[str, int] | None] = []
    for haplotype in (0, 1):
        found: tuple[str, int] | None = None
        for reading in readings:
            allele = reading.pair[haplotype]
            if allele is not None and allele != site.ref and found is None:
                found = (allele, reading.row)
        if found is None:
            row = next((reading.row for reading in readings if reading.pair[haplotype] == site.ref), None)
            found = None if row is None else (site.ref, row)
        if found is not None and any(_contradicts(site, reading, haplotype, found[0]) for reading in readings):
            return NoCallReason.CONFLICT
        haplotypes.append(found)
    first, second = haplotypes
    if first is None or second is None:
        return NoCallReason.HALF_CALL
    sets = {reading.phase_set for reading in readings if reading.heterozygous}
    homozygous = first[0] == second[0]
    return CombinedGenotype((first[0], second[0]), (first[1], second[1]), True, None if homozygous else next(iter(sets), None))


def _contradicts(site: PanelSite, reading: SiteReading, haplotype: int, allele: str) -> bool:
    """Whether a reading states that another allele than ``allele`` is on the haplotype."""
    stated = reading.pair[haplotype]
    if stated is None or stated == allele:
        return False
    return stated != site.ref or reading.universal or allele in reading.expresses


def _by_count(site: PanelSite, readings: Sequence[SiteReading]) -> CombinedGenotype | NoCallReason:
    """Count the copies of each effect, whatever the haplotype."""
    complete = [reading for reading in readings if reading.complete]
    counted = _count(complete)
    halves = None if counted is None else _count_halves(readings, counted)
    if counted is None or halves is None:
        return NoCallReason.CONFLICT
    found = [(allele, row) for part in (counted, halves) for allele, (count, row) in part.items() for _ in range(count)]
    if not complete:
        found += _reference_halves(site, readings)
    if len(found) > 2:
        return NoCallReason.CONFLICT
    if len(found) < 2 and (halves or not complete):
        return NoCallReason.HALF_CALL
    while len(found) < 2:
        found.append((site.ref, complete[0].row))
    return _unphased(site, found)


def _count(complete: Sequence[SiteReading]) -> dict[str, tuple[int, int]] | None:
    """Return the copies of each effect and the record that states them, or ``None`` if records disagree."""
    counted: dict[str, tuple[int, int]] = {}
    for reading in complete:
        for allele in sorted(reading.expresses):
            count = reading.pair.count(allele)
            if counted.setdefault(allele, (count, reading.row))[0] != count:
                return None
    if any(reading.universal for reading in complete) and any(count for count, _ in counted.values()):
        return None
    return counted


def _count_halves(readings: Sequence[SiteReading], counted: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]] | None:
    """Return the same for effects that only half calls show, or ``None`` where one shows more than was counted."""
    found: dict[str, tuple[int, int]] = {}
    for reading in readings:
        for allele in sorted(reading.expresses) if not reading.complete else ():
            count = reading.pair.count(allele)
            if count > counted.get(allele, (2, 0))[0]:
                return None
            if allele not in counted and count:
                found.setdefault(allele, (count, reading.row))
    return found


def _reference_halves(site: PanelSite, readings: Sequence[SiteReading]) -> list[tuple[str, int]]:
    """Return the reference alleles that half calls of one split record show: those of ALTs that change nothing here, and REF itself."""
    same = [(site.ref, reading.row) for reading in readings for _ in range(reading.same)]
    plain = [[(site.ref, reading.row)] * (reading.pair.count(site.ref) - reading.same) for reading in readings]
    return same + max(plain, key=len)
