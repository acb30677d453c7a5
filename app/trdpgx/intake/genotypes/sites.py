"""Records to the sites of each sample: exactly one state for each site, and nothing guessed.

The records are sorted out once for all samples (``rows``). The sites of a sample are then read when they are asked for, so that a cohort
does not stand in memory at once.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import overload

from trdpgx.intake.evidence.coding_regions import RegionReader
from trdpgx.intake.evidence.shown import Said, Shown, show
from trdpgx.intake.evidence.structural import StructuralReader
from trdpgx.intake.genotypes.blocks import blocks_over, covered_reference, covers
from trdpgx.intake.genotypes.merge import Genotype, SiteReading, allele_order, combine
from trdpgx.intake.genotypes.readings import SPECIAL, NoReading, read
from trdpgx.intake.genotypes.site_index import DELETED, STAR, SYMBOLIC, SiteIndex
from trdpgx.intake.genotypes.site_records import SiteRecord, SiteRows
from trdpgx.intake.parser.genotypes import PanelGenotypes
from trdpgx.model.genome import NoCallReason, PanelSite, SampleSites, SiteCall, SiteState

_COHORT = 16
"""From so many samples on, calls are shared by samples with the same values."""
_PATTERNS = 1_000
_MOST_NUMBERS = 50_000


class SiteReader(Sequence[SampleSites]):
    """The sites of all samples, each read when it is asked for."""

    def __init__(
        self,
        index: SiteIndex,
        sites: Sequence[SiteRows],
        genotypes: PanelGenotypes,
        samples: Sequence[str],
        *,
        structural: StructuralReader,
        regions: RegionReader,
        searched: Callable[[int], frozenset[str]] | None = None,
    ) -> None:
        """Read from ``sites``, which are the records of the genotypes sorted out. ``searched`` gives the chromosomes read in a sample."""
        self._searched = searched
        self._genotypes = genotypes
        self._samples = samples
        self._structural = structural
        self._regions = regions
        self._absent = index.absent
        many = len(samples) >= _COHORT
        # Records that reach over many sites (symbolic ones, blocks) are compared once for all of these.
        groups: dict[tuple[int, ...], int] = {}
        self._found = [(rows, *_bearing(rows, groups)) if many else (rows, (), 0) for rows in sites]
        self._reaching = list(groups)
        self._numbers: dict[object, int] = {}
        self._following = count()

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
        reaching = [self._signature(records, sample) for records in self._reaching]
        for rows, records, group in self._found:
            call = self._call(rows, sample) if len(self) < _COHORT else self._known_call(rows, records, reaching[group], sample)
            if call is not None:
                calls[rows.site.id] = call
        regions = self._regions
        return SampleSites(
            self._samples[sample],
            calls,
            self._structural.records(sample),
            regions.carried(sample),
            regions.covered(sample),
            self._searched(sample) if self._searched is not None else frozenset(),
        )

    def __iter__(self) -> Iterator[SampleSites]:
        return (self[number] for number in range(len(self)))

    def _signature(self, records: Sequence[int], sample: int) -> int:
        """Return a number for what records state about a sample: the same for all samples about which they state the same."""
        key = (records, *(self._genotypes.signature(record, sample) for record in records))
        if key not in self._numbers:
            if len(self._numbers) >= _MOST_NUMBERS:
                self._numbers.clear()  # numbers are never given twice
            self._numbers[key] = next(self._following)
        return self._numbers[key]

    def _known_call(self, rows: SiteRows, records: Sequence[int], reaching: int, sample: int) -> SiteCall | None:
        """Return the call, worked out only if no sample with the same values came before."""
        key = (reaching, *(self._genotypes.signature(record, sample) for record in records))
        if key not in rows.calls:
            if len(rows.calls) >= _PATTERNS:
                rows.calls.clear()
            rows.calls[key] = self._call(rows, sample)
        return rows.calls[key]

    def _call(self, rows: SiteRows, sample: int) -> SiteCall | None:
        """Return the call at one site, or ``None`` where the file says nothing."""
        if rows.alone and (plain := self._plain_call(rows.site, rows.rows[0], sample)) is not None:
            return plain
        genotypes, site = self._genotypes, rows.site
        said = [(row, read(genotypes, site, row, sample)) for row in rows.rows]
        beside = [(row, read(genotypes, site, row, sample)) for row in rows.beside]
        over = [(row, read(genotypes, site, row, sample)) for row in rows.over]
        shown = show(genotypes, rows, sample, said, [*beside, *over])
        readings = [one for _, one in said if isinstance(one, SiteReading)]
        if said and not any(reading.complete for reading in readings):
            readings += self._siblings(said, beside)
        readings += [one for row, one in over if isinstance(one, SiteReading) and self._decides(rows, row, one, sample)]
        call = self._combined(rows, readings, sample) if readings else self._without_reading(rows, said, beside, sample)
        return self._checked(rows, call, shown, sample)

    def _decides(self, rows: SiteRows, row: SiteRecord, reading: SiteReading, sample: int) -> bool:
        """Whether a record that only reaches over a site decides: if it takes the site away from a strand, or is on both what leaves it."""
        if any(allele not in {rows.site.ref, None} for allele in reading.pair):
            return True
        genotype = self._genotypes.alleles(row.record, sample)
        return not rows.rows and genotype is not None and all((row.record, allele) in rows.deletions for allele in genotype[0])

    def _without_reading(self, rows: SiteRows, said: Said, beside: Said, sample: int) -> SiteCall | None:
        """Return the call at a site that no row reads: why not, or what blocks and symbolic records say."""
        for row, one in said:
            if isinstance(one, NoReading):
                return self._no_call(rows.site, one.reason, row.record, sample, one.haploid)
        if rows.blocks:
            blocks = blocks_over(self._genotypes, rows, sample)
            if covers(self._genotypes, rows, blocks.good, [one for _, one in beside if isinstance(one, SiteReading)]):
                return covered_reference(self._genotypes, rows, blocks.good, sample)
            if blocks.bad:
                block, reason = blocks.bad[0]
                genotype = self._genotypes.alleles(block, sample)
                single = (rows.site.ref,) if reason is NoCallReason.PLOIDY and genotype is not None and genotype[0] == (0,) else ()
                return self._no_call(rows.site, reason, block, sample, single)
        for symbolic in rows.symbolic:
            genotype = self._genotypes.alleles(symbolic.record, sample)
            record = self._genotypes.records[symbolic.record]
            carried = [record.alts[allele - 1] for allele in genotype[0] if allele > 0] if genotype is not None else []
            deleted = sum(alt.startswith("<DEL") for alt in carried)
            if carried and (symbolic.at_site or record.pos == rows.site.pos or deleted == 2 or (deleted and not symbolic.whole)):
                return self._no_call(rows.site, NoCallReason.SYMBOLIC, symbolic.record, sample)
        for row, one in beside:
            if isinstance(one, NoReading) and self._genotypes.records[row.record].pos == rows.site.pos:
                return self._no_call(rows.site, one.reason, row.record, sample)
        return None

    def _checked(self, rows: SiteRows, call: SiteCall | None, shown: Shown, sample: int) -> SiteCall | None:
        """Return a call with the alleles that it leaves out, or a no-call in its place where it must not leave them out."""
        usable = call is not None and call.state is not SiteState.NO_CALL
        if usable and shown.unplaced is not None:
            call = self._no_call(rows.site, shown.unplaced.reason, shown.unplaced.record, sample)
        elif usable and shown.unread is not None:
            call = self._no_call(rows.site, shown.unread.reason, shown.unread.record, sample)
            return call._replace(refused=shown.refused)
        elif usable or not (shown.carried or shown.refused):
            return call._replace(carried=shown.spanning) if call is not None and shown.spanning else call
        if call is None:
            why = shown.unplaced or shown.why
            call = self._no_call(rows.site, why.reason, why.record, sample) if why is not None else None
        return None if call is None else call._replace(carried=shown.carried, refused=shown.refused)

    def _plain_call(self, site: PanelSite, row: SiteRecord, sample: int) -> SiteCall | None:
        """Return the call of one valid record with a diploid genotype, the usual case; ``None``: use the general path."""
        genotypes, record, effects = self._genotypes, row.record, row.effects
        genotype = genotypes.alleles(record, sample)
        if row.mismatch or genotype is None or len(genotype[0]) != 2 or min(genotype[0]) < 0 or not genotypes.usable(record, sample):
            return None
        alleles = effects[genotype[0][0]], effects[genotype[0][1]]
        if not row.known and not SPECIAL.isdisjoint(alleles):
            return None
        phased, differ = genotype[1], alleles[0] != alleles[1]
        if differ and not phased:
            first, second = sorted(alleles, key=lambda allele: allele_order(site, allele))
            alleles = first, second
        depths = genotypes.depths(record, sample)
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
            genotypes.number("PS", record, sample) if phased and differ else None,
            genotypes.depth(record, sample),
            _reads(depths, effects, alleles) if depths else (),
            genotypes.quality(record, sample),
            genotypes.filter_text(record, sample),
        )

    def _siblings(self, said: Said, beside: Said) -> list[SiteReading]:
        """Return what the rows beside say that may be parts of one split record with the rows that decide, and are missing in part."""
        records = self._genotypes.records
        places = {
            (records[row.record].pos, records[row.record].ref)
            for row, one in said
            if isinstance(one, SiteReading) or one.reason is NoCallReason.MISSING
        }
        return [one for row, one in beside if isinstance(one, SiteReading) and (records[row.record].pos, records[row.record].ref) in places]

    def _combined(self, rows: SiteRows, readings: list[SiteReading], sample: int) -> SiteCall:
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

    def _without_stars(self, rows: SiteRows, reading: SiteReading, sample: int) -> SiteReading | None:
        """Return a reading with ``*`` read as the reference, if known deletions of this sample explain it; else ``None``."""
        strands = [0, 0]
        phased = True
        for record, allele in rows.deletions:
            genotype = self._genotypes.alleles(record, sample)
            if genotype is None or len(genotype[0]) != 2 or not self._genotypes.usable(record, sample):
                continue
            strands = [count + (number == allele) for count, number in zip(strands, genotype[0], strict=True)]
            phased = phased and (genotype[1] or genotype[0][0] == genotype[0][1])
        stars = [allele == STAR for allele in reading.pair]
        if sum(stars) > sum(strands):
            return None
        if reading.phased and phased and any(star and not strand for star, strand in zip(stars, strands, strict=True)):
            return None
        first, second = (rows.site.ref if star else allele for star, allele in zip(stars, reading.pair, strict=True))
        return SiteReading(reading.row, (first, second), reading.phased, reading.phase_set, reading.expresses - {STAR}, reading.universal)

    def _called(self, rows: SiteRows, genotype: Genotype, sample: int) -> SiteCall:
        site, genotypes = rows.site, self._genotypes
        row = next((one for one, allele in zip(genotype.rows, genotype.alleles, strict=True) if allele != site.ref), genotype.rows[0])
        return SiteCall(
            site=site.id,
            state=SiteState.CALLED,
            alleles=genotype.alleles,
            unknown=tuple(dict.fromkeys(allele for allele in genotype.alleles if allele != site.ref and allele not in site.alts)),
            phased=genotype.phased,
            phase_set=genotype.phase_set,
            depth=genotypes.depth(row, sample),
            allele_depths=self._depths(rows, genotype, sample),
            quality=genotypes.quality(row, sample),
            filter=genotypes.filter_text(row, sample),
        )

    def _depths(self, rows: SiteRows, genotype: Genotype, sample: int) -> tuple[int, ...]:
        """Return the reads of each allele of the genotype, or nothing if they are not all known."""
        depths = {row: self._genotypes.depths(row, sample) for row in set(genotype.rows)}
        effects_of = {row.record: row.effects for row in (*rows.rows, *rows.beside, *rows.over) if row.record in depths}
        found = []
        for allele, row in zip(genotype.alleles, genotype.rows, strict=True):
            matching = [depth for depth, effect in zip(depths[row], effects_of[row], strict=False) if effect == allele]
            if not matching:
                return ()
            found.append(max(matching))
        return tuple(found)

    def _no_call(self, site: PanelSite, reason: NoCallReason, row: int, sample: int, seen: Sequence[str] = ()) -> SiteCall:
        genotypes = self._genotypes
        return SiteCall(
            site=site.id,
            state=SiteState.NO_CALL,
            alleles=tuple(seen),
            unknown=tuple(allele for allele in seen if allele != site.ref and allele not in site.alts),
            depth=genotypes.depth(row, sample),
            quality=genotypes.quality(row, sample),
            filter=genotypes.filter_text(row, sample),
            reason=reason,
        )


def _bearing(rows: SiteRows, groups: dict[tuple[int, ...], int]) -> tuple[tuple[int, ...], int]:
    """Return the records that bear on one site, and the number of the group of those that reach over it; new groups are added."""
    over = {*(one.record for one in rows.symbolic), *rows.blocks}
    group = tuple(sorted(over))
    return tuple(sorted(rows.records() - over)), groups.setdefault(group, len(groups))


def _reads(depths: Sequence[int], effects: Sequence[str], alleles: tuple[str, str]) -> tuple[int, ...]:
    """Return the reads of both alleles, the most where several alleles of a record have one effect; nothing if they are not all known."""
    if len(set(effects)) == len(effects):
        places = effects.index(alleles[0]), effects.index(alleles[1])
        return (depths[places[0]], depths[places[1]]) if max(places) < len(depths) else ()
    found = [[depth for depth, effect in zip(depths, effects, strict=False) if effect == allele] for allele in alleles]
    return tuple(max(reads) for reads in found) if all(found) else ()
