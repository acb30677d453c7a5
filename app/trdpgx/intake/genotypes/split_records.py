"""Put the parts of one record together by their ALTs, at a site where ALTs of several parts have the same effect.

Each row counts its own ALTs, so that an ALT in several rows is the same allele, and two ALTs are two alleles even where they are one and
the same at this site. An allele that is missing in a part (``.``) stands for the ALTs of the other parts.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from trdpgx.intake.genotypes.site_reading import RecordPart, SiteReading
from trdpgx.model.genome import NoCallReason, PanelSite

_Parts = Sequence[tuple[SiteReading, RecordPart]]
_Allele = tuple[str, str]
"""An ALT and its effect."""


def put_together(site: PanelSite, readings: Sequence[SiteReading]) -> list[SiteReading] | NoCallReason:
    """Return readings with those of each split record as one, or why there is no genotype."""
    found: list[SiteReading] = []
    parts: dict[int, list[tuple[SiteReading, RecordPart]]] = {}
    for reading in readings:
        if reading.part is None:
            found.append(reading)
        else:
            parts.setdefault(reading.part.record, []).append((reading, reading.part))
    for several in parts.values():
        whole = _whole(site, several)
        if isinstance(whole, NoCallReason):
            return whole
        found.append(whole)
    return found


def _whole(site: PanelSite, parts: _Parts) -> SiteReading | NoCallReason:
    """Return one reading of all parts of a record."""
    carrying = [reading for reading, part in parts if part.carried[0] != part.carried[1] or reading.heterozygous]
    ordered = all(reading.phased for reading in carrying) and len({reading.phase_set for reading in carrying}) <= 1
    pair = _by_haplotype(site, parts) if ordered else _by_count(site, parts)
    if isinstance(pair, NoCallReason):
        return pair
    row = next((reading for reading, part in parts if part.carried != (None, None)), parts[0][0])
    expresses = frozenset[str]().union(*(reading.expresses for reading, _ in parts))
    phase_set = next((reading.phase_set for reading in carrying), None)
    return replace(row, pair=pair, phased=ordered, phase_set=phase_set, expresses=expresses, same=0, part=None)


def _by_haplotype(site: PanelSite, parts: _Parts) -> tuple[str, str] | NoCallReason:
    """Fill the haplotypes one by one: at most one ALT on each, which every part that has it states."""
    effects: list[str] = []
    for haplotype in (0, 1):
        found = {(part.carried[haplotype], reading.pair[haplotype]) for reading, part in parts if part.carried[haplotype] is not None}
        if not found:
            stated = _alts(part for reading, part in parts if reading.pair[haplotype] is not None)
            if _alts(part for _, part in parts) - stated:
                return NoCallReason.HALF_CALL
            effects.append(site.ref)
            continue
        (alt, effect), *others = found
        denied = any(
            alt in part.alts and part.carried[haplotype] is None and reading.pair[haplotype] is not None for reading, part in parts
        )
        if others or denied or effect is None:
            return NoCallReason.CONFLICT
        effects.append(effect)
    return effects[0], effects[1]


def _by_count(site: PanelSite, parts: _Parts) -> tuple[str, str] | NoCallReason:
    """Count each ALT, whatever the haplotype: parts that have it must agree, and all ALTs together must fit two haplotypes."""
    counts: dict[_Allele, int] = {}
    for reading, part in parts:
        for alt, effect in zip(part.carried, reading.pair, strict=True):
            if alt is not None and effect is not None:
                own = part.carried.count(alt)
                counts[alt, effect] = max(own, counts.get((alt, effect), 0))
    counted = _alts(part for reading, part in parts if reading.complete)
    for reading, part in parts:
        missing = reading.pair.count(None)
        if any(part.carried.count(alt) + missing < count for (alt, _), count in counts.items() if alt in part.alts):
            return NoCallReason.CONFLICT
        others = sum(counts.values()) - sum(alt is not None for alt in part.carried)
        if missing and missing != others and part.alts - counted:
            return NoCallReason.HALF_CALL
    found = [effect for (_, effect), count in counts.items() for _ in range(count)]
    if len(found) > 2:
        return NoCallReason.CONFLICT
    first, second = [*found, site.ref, site.ref][:2]
    return first, second


def _alts(parts: Iterable[RecordPart]) -> frozenset[str]:
    """Return all ALTs of some parts."""
    return frozenset[str]().union(*(part.alts for part in parts))
