"""Records to the sites of each sample: exactly one state for each site, and nothing guessed.

The records are sorted out once for all samples (``rows``). The sites of a sample are then read when they are asked for, so that a cohort
does not stand in memory at once.
"""

from collections.abc import Iterator, Sequence
from typing import overload

from app.intake.alleles import DELETED, STAR, SYMBOLIC, SiteIndex
from app.intake.combine import Genotype, Reading, allele_order, combine
from app.intake.frame import Frame
from app.intake.regions import RegionReader
from app.intake.rows import Row, SiteRows
from app.intake.structural import StructuralReader
from app.model.genome import NoCallReason, PanelSite, SampleSites, SiteCall, SiteState

_COHORT = 16
"""From so many samples on, calls are shared by samples with the same values."""
_PATTERNS = 1_000
_SPECIAL = frozenset({DELETED, STAR, SYMBOLIC})


class SiteReader(Sequence[SampleSites]):
    """The sites of all samples, each read when it is asked for."""

    def __init__(
        self,
        index: SiteIndex,
        sites: Sequence[SiteRows],
        frame: Frame,
        samples: Sequence[str],
        *,
        structural: StructuralReader,
        regions: RegionReader,
    ) -> None:
        """Read from ``sites``, which are the records of the frame sorted out."""
        self._frame = frame
        self._samples = samples
        self._structural = structural
        self._regions = regions
        self._absent = index.absent
        many = len(samples) >= _COHORT
        self._found = [(rows, sorted(rows.records()) if many else []) for rows in sites]

    def __len__(self) -> int:
        return len(self._samples)

    @overload
    def __getitem__(self, number: int) -> SampleSites: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[SampleSites]: ...
    def __getitem__(self, number: int | slice) -> SampleSites | Sequence[SampleSites]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        sample = range(len(self))[number]
        calls = dict(self._absent)
        for rows, records in self._found:
            call = self._call(rows, sample) if len(self) < _COHORT else self._known_call(rows, records, sample)
            if call is not None:
                calls[rows.site.id] = call
        regions = self._regions
        return SampleSites(self._samples[sample], calls, self._structural.records(sample), regions.carried(sample), regions.covered(sample))

    def __iter__(self) -> Iterator[SampleSites]:
        return (self[number] for number in range(len(self)))

    def _known_call(self, rows: SiteRows, records: list[int], sample: int) -> SiteCall | None:
        """Return the call, worked out only if no sample with the same values came before."""
        key = tuple(self._frame.signature(record, sample) for record in records)
        if key not in rows.calls:
            if len(rows.calls) >= _PATTERNS:
                rows.calls.clear()
            rows.calls[key] = self._call(rows, sample)
        return rows.calls[key]

    def _call(self, rows: SiteRows, sample: int) -> SiteCall | None:
        """Return the call at one site, or ``None`` where the file says nothing."""
        if len(rows.rows) == 1 and (plain := self._plain_call(rows.site, rows.rows[0], sample)) is not None:
            return plain
        site = rows.site
        said = [self._read(row, sample) for row in rows.rows]
        readings = [one for one in said if isinstance(one, Reading)]
        if said and not any(reading.complete for reading in readings):
            readings += self._siblings(rows, said, sample)
        if readings:
            return self._combined(rows, readings, sample)
        for row, reason in zip(rows.rows, said, strict=True):
            if isinstance(reason, NoCallReason):
                return self._no_call(site, reason, row.record, sample)
        return self._covered(rows, sample) or self._symbolic(rows, sample) or self._unread(rows, sample)

    def _unread(self, rows: SiteRows, sample: int) -> SiteCall | None:
        """Return a no-call where a record with another allele stands at an insertion or deletion site and its genotype is not usable."""
        for row in rows.beside:
            said = self._read(row, sample) if self._frame.records[row.record].pos == rows.site.pos else None
            if isinstance(said, NoCallReason):
                return self._no_call(rows.site, said, row.record, sample)
        return None

    def _plain_call(self, site: PanelSite, row: Row, sample: int) -> SiteCall | None:
        """Return the call where one sound row gives both alleles, as most do; ``None`` where there is more to think about."""
        frame, record, effects = self._frame, row.record, row.effects
        genotype = frame.alleles(record, sample)
        if row.mismatch or genotype is None or len(genotype[0]) != 2 or min(genotype[0]) < 0 or not self._passed(record, sample):
            return None
        alleles = effects[genotype[0][0]], effects[genotype[0][1]]
        if not row.known and not _SPECIAL.isdisjoint(alleles):
            return None
        phased, differ = genotype[1], alleles[0] != alleles[1]
        if differ and not phased:
            first, second = sorted(alleles, key=lambda allele: allele_order(site, allele))
            alleles = first, second
        depths = frame.depths(record, sample)
        if row.known:
            unknown: tuple[str, ...] = ()
        else:
            unknown = tuple(dict.fromkeys(allele for allele in alleles if allele != site.ref and allele not in site.alts))
        return SiteCall(
            site.id,
            SiteState.CALLED,
            alleles,
            unknown,
            phased or not differ,
            frame.number("PS", record, sample) if phased and differ else None,
            frame.number("DP", record, sample),
            _reads(depths, effects, alleles) if depths else (),
            frame.quality(record, sample),
            frame.filter_text(record, sample),
        )

    def _siblings(self, rows: SiteRows, said: Sequence[Reading | NoCallReason], sample: int) -> list[Reading]:
        """Return what the rows beside say that may be parts of one split record with the rows that decide, and are missing in part."""
        records = self._frame.records
        places = {
            (records[row.record].pos, records[row.record].ref)
            for row, one in zip(rows.rows, said, strict=True)
            if isinstance(one, Reading) or one is NoCallReason.MISSING
        }
        found = [self._read(row, sample) for row in rows.beside if (records[row.record].pos, records[row.record].ref) in places]
        return [one for one in found if isinstance(one, Reading)]

    def _read(self, row: Row, sample: int) -> Reading | NoCallReason:
        """Return what a row says, or why it says nothing."""
        if row.mismatch:
            return NoCallReason.REF_MISMATCH
        genotype = self._frame.alleles(row.record, sample)
        if genotype is None:
            return NoCallReason.NO_GENOTYPE
        if not self._passed(row.record, sample):
            return NoCallReason.FILTERED
        alleles, phased = genotype
        if all(allele < 0 for allele in alleles):
            return NoCallReason.MISSING
        if len(alleles) != 2:
            return NoCallReason.PLOIDY
        effects = row.effects
        first, second = (None if allele < 0 else effects[allele] for allele in alleles)
        same = sum(effects[allele] == effects[0] for allele in alleles if allele > 0)
        phase_set = self._frame.number("PS", row.record, sample)
        return Reading(row.record, (first, second), phased, phase_set, row.expresses, row.universal, same)

    def _passed(self, record: int, sample: int) -> bool:
        return self._frame.records[record].passed and self._frame.filter(record, sample) in {None, "PASS"}

    def _combined(self, rows: SiteRows, readings: list[Reading], sample: int) -> SiteCall:
        said = dict.fromkeys(allele for reading in readings for allele in reading.pair)
        first = readings[0].row
        if DELETED in said:
            return self._no_call(rows.site, NoCallReason.SPANNING_DELETION, first, sample)
        if SYMBOLIC in said:
            return self._no_call(rows.site, NoCallReason.SYMBOLIC, first, sample)
        if STAR in said:
            resolved = [self._without_stars(rows, reading, sample) for reading in readings]
            readings = [reading for reading in resolved if reading is not None]
            if len(readings) < len(resolved):
                return self._no_call(rows.site, NoCallReason.SPANNING_DELETION, first, sample)
        genotype = combine(rows.site, readings)
        if genotype is NoCallReason.HALF_CALL:
            seen = sorted((allele for allele in said if allele is not None), key=lambda allele: allele == rows.site.ref)
            return self._no_call(rows.site, genotype, first, sample, seen[:1])
        if isinstance(genotype, NoCallReason):
            return self._no_call(rows.site, genotype, first, sample)
        return self._called(rows, genotype, sample)

    def _without_stars(self, rows: SiteRows, reading: Reading, sample: int) -> Reading | None:
        """Return a reading with ``*`` read as the reference, if known deletions of this sample explain it; else ``None``."""
        strands = [0, 0]
        phased = True
        for record, allele in rows.deletions:
            genotype = self._frame.alleles(record, sample)
            if genotype is None or len(genotype[0]) != 2 or not self._passed(record, sample):
                continue
            strands = [count + (number == allele) for count, number in zip(strands, genotype[0], strict=True)]
            phased = phased and (genotype[1] or genotype[0][0] == genotype[0][1])
        stars = [allele == STAR for allele in reading.pair]
        if sum(stars) > sum(strands):
            return None
        if reading.phased and phased and any(star and not strand for star, strand in zip(stars, strands, strict=True)):
            return None
        first, second = (rows.site.ref if star else allele for star, allele in zip(stars, reading.pair, strict=True))
        return Reading(reading.row, (first, second), reading.phased, reading.phase_set, reading.expresses - {STAR}, reading.universal)

    def _called(self, rows: SiteRows, genotype: Genotype, sample: int) -> SiteCall:
        site, frame = rows.site, self._frame
        row = next((one for one, allele in zip(genotype.rows, genotype.alleles, strict=True) if allele != site.ref), genotype.rows[0])
        return SiteCall(
            site=site.id,
            state=SiteState.CALLED,
            alleles=genotype.alleles,
            unknown=tuple(dict.fromkeys(allele for allele in genotype.alleles if allele != site.ref and allele not in site.alts)),
            phased=genotype.phased,
            phase_set=genotype.phase_set,
            depth=frame.number("DP", row, sample),
            allele_depths=self._depths(rows, genotype, sample),
            quality=frame.quality(row, sample),
            filter=frame.filter_text(row, sample),
        )

    def _depths(self, rows: SiteRows, genotype: Genotype, sample: int) -> tuple[int, ...]:
        """Return the reads of each allele of the genotype, or nothing if they are not all known."""
        depths = {row: self._frame.depths(row, sample) for row in set(genotype.rows)}
        effects_of = {row.record: row.effects for row in (*rows.rows, *rows.beside) if row.record in depths}
        found = []
        for allele, row in zip(genotype.alleles, genotype.rows, strict=True):
            matching = [depth for depth, effect in zip(depths[row], effects_of[row], strict=False) if effect == allele]
            if not matching:
                return ()
            found.append(max(matching))
        return tuple(found)

    def _no_call(self, site: PanelSite, reason: NoCallReason, row: int, sample: int, seen: Sequence[str] = ()) -> SiteCall:
        frame = self._frame
        return SiteCall(
            site=site.id,
            state=SiteState.NO_CALL,
            alleles=tuple(seen),
            unknown=tuple(allele for allele in seen if allele != site.ref and allele not in site.alts),
            depth=frame.number("DP", row, sample),
            quality=frame.quality(row, sample),
            filter=frame.filter_text(row, sample),
            reason=reason,
        )

    def _covered(self, rows: SiteRows, sample: int) -> SiteCall | None:
        """Return the call that gVCF blocks give: reference if good blocks cover all of REF, low quality if bad ones have a part in it."""
        site = rows.site
        good = [block for block in rows.blocks if self._block_reason(block, sample) is None]
        bad = [block for block in rows.blocks if block not in good]
        missing = set(range(site.pos, site.pos + len(site.ref)))
        for block in good:
            record = self._frame.records[block]
            missing = {pos for pos in missing if not record.pos <= pos <= record.end}
        for row in rows.beside if good else ():
            said = self._read(row, sample)
            if isinstance(said, Reading) and said.complete and said.pair == (site.ref, site.ref):
                record = self._frame.records[row.record]
                missing.difference_update(range(record.pos, record.ref_end + 1))
        if good and not missing:
            return self._reference(site, good, sample)
        if bad:
            return self._no_call(site, self._block_reason(bad[0], sample) or NoCallReason.LOW_QUALITY_BLOCK, bad[0], sample)
        return None

    def _reference(self, site: PanelSite, blocks: list[int], sample: int) -> SiteCall:
        frame = self._frame
        depths = [depth for block in blocks for key in ("MIN_DP", "DP") if (depth := frame.number(key, block, sample)) is not None]
        qualities = [quality for block in blocks if (quality := frame.quality(block, sample)) is not None]
        return SiteCall(
            site=site.id,
            state=SiteState.COVERED_REFERENCE,
            alleles=(site.ref, site.ref),
            phased=True,
            depth=min(depths, default=None),
            quality=min(qualities, default=None),
            filter=frame.filter_text(blocks[0], sample),
        )

    def _block_reason(self, block: int, sample: int) -> NoCallReason | None:
        """Return why a block does not show the reference, or ``None`` if it does."""
        frame = self._frame
        genotype = frame.alleles(block, sample)
        if genotype is None:
            return NoCallReason.NO_GENOTYPE
        if genotype[0] != (0, 0):
            return NoCallReason.PLOIDY if len(genotype[0]) != 2 and set(genotype[0]) == {0} else NoCallReason.LOW_QUALITY_BLOCK
        worthless = any(frame.number(key, block, sample) == 0 for key in ("DP", "MIN_DP")) or frame.quality(block, sample) == 0
        return NoCallReason.LOW_QUALITY_BLOCK if worthless or not self._passed(block, sample) else None

    def _symbolic(self, rows: SiteRows, sample: int) -> SiteCall | None:
        """Return a no-call where a record at the site, or a deletion of both copies over it, names no sequence."""
        for number in rows.symbolic:
            genotype = self._frame.alleles(number, sample)
            carried = [allele for allele in genotype[0] if allele > 0] if genotype is not None else []
            if carried and (self._frame.records[number].pos == rows.site.pos or len(carried) == 2):
                return self._no_call(rows.site, NoCallReason.SYMBOLIC, number, sample)
        return None


def _reads(depths: Sequence[int], effects: Sequence[str], alleles: tuple[str, str]) -> tuple[int, ...]:
    """Return the reads of both alleles, the most where several alleles of a record have one effect; nothing if they are not all known."""
    if len(set(effects)) == len(effects):
        places = effects.index(alleles[0]), effects.index(alleles[1])
        return (depths[places[0]], depths[places[1]]) if max(places) < len(depths) else ()
    found = [[depth for depth, effect in zip(depths, effects, strict=False) if effect == allele] for allele in alleles]
    return tuple(max(reads) for reads in found) if all(found) else ()
