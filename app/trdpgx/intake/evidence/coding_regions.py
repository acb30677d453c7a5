"""Records over coding intervals for each sample, and which of their bases a gVCF shows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.scan.panel_index import SortedIntervals
from trdpgx.intake.validate.quality import Soundness
from trdpgx.intake.validate.record import Record
from trdpgx.model.region import CarriedRecord, CarriedRecords, InfoDefinition, Interval, RegionRecord

_DEFINITION = re.compile(rb"##INFO=<ID=([^,>]+),Number=([^,>]+),.*?Description=\"((?:[^\"\\]|\\.)*)\"")

_LONGEST_LINE = 2**16


class RegionReader:
    """Finds the records over coding intervals, given by chromosome. ``gvcf``: whether the input has reference blocks."""

    def __init__(self, coding: Mapping[str, SortedIntervals], genotypes: PanelGenotypes, *, gvcf: bool) -> None:
        self._genotypes = genotypes
        self._gvcf = gvcf
        over = [number for number, record in enumerate(genotypes.records) if _overlaps(coding, record)]
        self._blocks = [number for number in over if genotypes.records[number].is_block]
        self._variants = [number for number in over if not genotypes.records[number].is_block]
        self._read: dict[int, RegionRecord] = {}

    def carried(self, sample: int) -> CarriedRecords:
        """Return the records of which one sample carries an ALT, in the order of the file."""
        numbers = self._carriers.get(sample, ())
        return CarriedRecords([self._region_record(number) for number in numbers], lambda: self._carried(numbers, sample))

    def _carried(self, numbers: Sequence[int], sample: int) -> tuple[CarriedRecord, ...]:
        found = []
        for number in numbers:
            genotype = self._genotypes.alleles(number, sample)
            if genotype is not None:
                found.append(
                    CarriedRecord(
                        record=self._region_record(number),
                        alleles=genotype[0],
                        phased=genotype[1],
                        phase_set=self._genotypes.number("PS", number, sample),
                        passed=self._genotypes.passed(number, sample),
                        depth=self._genotypes.number("DP", number, sample),
                        quality=self._genotypes.quality(number, sample),
                        sound=self._genotypes.soundness(number, sample) is Soundness.SOUND,
                    )
                )
        return tuple(found)

    @cached_property
    def _carriers(self) -> dict[int, list[int]]:
        """The records of which each sample carries an ALT; found for all samples at once."""
        carriers: dict[int, list[int]] = {}
        for number, sample in self._genotypes.carriers(self._variants):
            carriers.setdefault(sample, []).append(number)
        return carriers

    def covered(self, sample: int) -> tuple[Interval, ...] | None:
        """Return the intervals that reference blocks and usable records show, or ``None`` where the input has no reference blocks."""
        if not self._gvcf:
            return None
        shown = [number for number in self._blocks if self._shows_reference(number, sample)]
        shown += [number for number in self._variants if self._is_complete(number, sample)]
        records = [self._genotypes.records[number] for number in shown]
        return tuple(Interval(record.chrom, record.pos, max(record.end, record.ref_end)) for record in records)

    def _region_record(self, number: int) -> RegionRecord:
        """Return a record for all samples, read when the first carries it."""
        if number not in self._read:
            self._read[number] = _region_record(self._genotypes.records[number])
        return self._read[number]

    def _shows_reference(self, number: int, sample: int) -> bool:
        """Whether a block states that the reference was read on both haplotypes, as for the sites of the panel."""
        genotype = self._genotypes.alleles(number, sample)
        return genotype is not None and genotype[0] == (0, 0) and self._genotypes.usable(number, sample)

    def _is_complete(self, number: int, sample: int) -> bool:
        genotype = self._genotypes.alleles(number, sample)
        return genotype is not None and len(genotype[0]) == 2 and min(genotype[0]) >= 0 and self._genotypes.usable(number, sample)


def info_definitions(lines: Iterable[bytes]) -> dict[str, InfoDefinition]:
    """Return the INFO lines of a header, by key; those without Number or Description and those of over 64 KiB are left out."""
    found = {}
    for line in lines:
        match = _DEFINITION.match(line) if len(line) <= _LONGEST_LINE else None
        if match is not None:
            key, number, description = (part.decode("utf-8", "replace") for part in match.groups())
            found[key] = InfoDefinition(number, description)
    return found


def _overlaps(coding: Mapping[str, SortedIntervals], record: Record) -> bool:
    intervals = coding.get(record.chrom)
    return intervals is not None and intervals.touches(record.pos, max(record.end, record.ref_end))


def _region_record(record: Record) -> RegionRecord:
    return RegionRecord(
        chrom=record.chrom,
        pos=record.pos,
        ref=record.ref,
        alts=record.alts,
        quality=record.quality,
        filters=tuple(name for name in record.filters if name != "PASS"),
        info=_info(record.info),
    )


def _info(column: bytes) -> Mapping[str, str]:
    if column in {b"", b"."}:
        return {}
    pairs = (field.partition("=") for field in column.decode("utf-8", "replace").split(";"))
    return {key: value for key, _, value in pairs}
