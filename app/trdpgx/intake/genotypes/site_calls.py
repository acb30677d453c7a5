"""The call of one site in one sample by all records that bear on the site: exactly one state, and nothing guessed."""

from collections.abc import Sequence

from msgspec.structs import replace

from trdpgx.intake.evidence.shown import RowReadings, Shown, show
from trdpgx.intake.genotypes.blocks import blocks_over, covered_reference, covers
from trdpgx.intake.genotypes.merge import CombinedGenotype, combine
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.readings import NoReading, read
from trdpgx.intake.genotypes.site_index import DELETED, STAR, SYMBOLIC
from trdpgx.intake.genotypes.site_reading import SiteReading
from trdpgx.intake.genotypes.site_records import SiteRecord, SiteRows
from trdpgx.model.genome import NoCallReason, PanelSite, SiteCall, SiteState


class SiteCaller:
    """Calls the sites of one input."""

    def __init__(self, genotypes: PanelGenotypes) -> None:
        self._genotypes = genotypes

    def call(self, rows: SiteRows, sample: int) -> SiteCall | None:
        """Return the call at one site, or ``None`` where the file has nothing about it."""
        genotypes, site = self._genotypes, rows.site
        deciding = [(row, read(genotypes, site, row, sample)) for row in rows.rows]
        beside = [(row, read(genotypes, site, row, sample)) for row in rows.beside]
        over = [(row, read(genotypes, site, row, sample)) for row in rows.over]
        shown = show(genotypes, rows, sample, deciding, [*beside, *over])
        readings = [one for _, one in deciding if isinstance(one, SiteReading)]
        if deciding and not any(reading.complete for reading in readings):
            readings += self._siblings(deciding, beside)
        readings += [one for row, one in over if isinstance(one, SiteReading) and self._decides(rows, row, one, sample)]
        call = self._combined(rows, readings, sample) if readings else self._without_reading(rows, deciding, beside, sample)
        return self._checked(rows, call, shown, sample)

    def _decides(self, rows: SiteRows, row: SiteRecord, reading: SiteReading, sample: int) -> bool:
        """Whether a record that only reaches over a site decides: if it takes the site off a haplotype, or is on both what leaves it."""
        if any(allele not in {rows.site.ref, None} for allele in reading.pair):
            return True
        genotype = self._genotypes.alleles(row.record, sample)
        return not rows.rows and genotype is not None and all((row.record, allele) in rows.deletions for allele in genotype[0])

    def _without_reading(self, rows: SiteRows, deciding: RowReadings, beside: RowReadings, sample: int) -> SiteCall | None:
        """Return the call at a site that no row reads: why not, or what blocks and symbolic records state."""
        for row, one in deciding:
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
        """Return a call with the alleles that it leaves out, or a no-call instead where it must not leave them out."""
        usable = call is not None and call.state is not SiteState.NO_CALL
        if usable and shown.unplaced is not None:
            call = self._no_call(rows.site, shown.unplaced.reason, shown.unplaced.record, sample)
        elif usable and shown.unread is not None:
            call = self._no_call(rows.site, shown.unread.reason, shown.unread.record, sample)
            return call._replace(refused=tuple(shown.refused))
        elif usable or not (shown.carried or shown.refused):
            return call._replace(carried=tuple(shown.spanning)) if call is not None and shown.spanning else call
        if call is None:
            why = shown.unplaced or shown.why
            call = self._no_call(rows.site, why.reason, why.record, sample) if why is not None else None
        return None if call is None else call._replace(carried=tuple(shown.carried), refused=tuple(shown.refused))

    def _siblings(self, deciding: RowReadings, beside: RowReadings) -> list[SiteReading]:
        """Return what the rows beside state that may be parts of one split record with the rows that decide, and are missing in part."""
        records = self._genotypes.records
        spellings = {
            (records[row.record].pos, records[row.record].ref)
            for row, one in deciding
            if isinstance(one, SiteReading) or one.reason is NoCallReason.MISSING
        }
        return [
            one for row, one in beside if isinstance(one, SiteReading) and (records[row.record].pos, records[row.record].ref) in spellings
        ]

    def _combined(self, rows: SiteRows, readings: list[SiteReading], sample: int) -> SiteCall:
        alleles = dict.fromkeys(allele for reading in readings for allele in reading.pair)
        first = readings[0].row
        if DELETED in alleles:
            return self._no_call(rows.site, NoCallReason.SPANNING_DELETION, first, sample)
        if SYMBOLIC in alleles:
            return self._no_call(rows.site, NoCallReason.SYMBOLIC, first, sample)
        if STAR in alleles:
            resolved = [self._without_stars(rows, reading, sample) for reading in readings]
            readings = [reading for reading in resolved if reading is not None]
            if len(readings) < len(resolved):
                return self._no_call(rows.site, NoCallReason.SPANNING_DELETION, first, sample)
        genotype = combine(rows.site, readings)
        if genotype is NoCallReason.HALF_CALL:
            seen = sorted((allele for allele in alleles if allele is not None), key=lambda allele: allele == rows.site.ref)
            return self._no_call(rows.site, genotype, first, sample, seen[:1])
        if isinstance(genotype, NoCallReason):
            return self._no_call(rows.site, genotype, first, sample)
        return self._called(rows, genotype, sample)

    def _without_stars(self, rows: SiteRows, reading: SiteReading, sample: int) -> SiteReading | None:
        """Return a reading with ``*`` read as the reference, if known deletions of this sample explain it; else ``None``."""
        deleted = [0, 0]
        phased = True
        for record, allele in rows.deletions:
            genotype = self._genotypes.alleles(record, sample)
            if genotype is None or len(genotype[0]) != 2 or not self._genotypes.usable(record, sample):
                continue
            deleted = [count + (number == allele) for count, number in zip(deleted, genotype[0], strict=True)]
            phased = phased and (genotype[1] or genotype[0][0] == genotype[0][1])
        stars = [allele == STAR for allele in reading.pair]
        if sum(stars) > sum(deleted):
            return None
        if reading.phased and phased and any(star and not count for star, count in zip(stars, deleted, strict=True)):
            return None
        first, second = (rows.site.ref if star else allele for star, allele in zip(stars, reading.pair, strict=True))
        return replace(reading, pair=(first, second), expresses=reading.expresses - {STAR}, same=0)

    def _called(self, rows: SiteRows, genotype: CombinedGenotype, sample: int) -> SiteCall:
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

    def _depths(self, rows: SiteRows, genotype: CombinedGenotype, sample: int) -> tuple[int, ...]:
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
