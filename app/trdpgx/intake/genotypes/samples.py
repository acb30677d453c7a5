"""The samples of an input, in blocks: the columns of their sites, and the other data of each.

The records are sorted out once for all samples (``site_records``). A block is read when it is asked for, so that a cohort is never in
memory as a whole.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from trdpgx.intake.evidence.coding_regions import RegionReader
from trdpgx.intake.evidence.structural import StructuralReader
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.plain_rows import PlainRows
from trdpgx.intake.genotypes.site_calls import SiteCaller
from trdpgx.intake.genotypes.site_index import SiteIndex
from trdpgx.intake.genotypes.site_records import SiteRows
from trdpgx.model.genome import SampleSites, SiteCall
from trdpgx.model.samples import Samples
from trdpgx.model.site_columns import NO_REMARK, Codes, SampleBlock, SiteColumns, Spellings

_VALUES = 2**19
"""A block has at most so many sites, counted for each of its samples."""
_MANY = 16
"""From so many samples on, calls are shared by samples with the same values."""


class SampleReader(Samples):
    """The samples of an input, each read when it is asked for; ``blocks`` are all of them in order."""

    def __init__(
        self,
        index: SiteIndex,
        found: Sequence[SiteRows],
        genotypes: PanelGenotypes,
        names: Sequence[str],
        *,
        structural: StructuralReader,
        regions: RegionReader,
        searched: Callable[[int], frozenset[str]] | None = None,
    ) -> None:
        """Read from ``found``, which are the records of the genotypes sorted out. ``searched`` gives the chromosomes read in a sample."""
        self._index = index
        self._found = found
        self._genotypes = genotypes
        self.names = names
        self._beside = _SampleFields(names, structural, regions, searched)
        self._spellings = [Spellings(rows.site) for rows in found]
        self._plain = PlainRows(genotypes, found, self._spellings)
        self._caller = SiteCaller(genotypes)
        self._filters, self._remarks = Codes(None), Codes(NO_REMARK)
        blocks = -(-len(names) * len(found) // _VALUES)
        self._size = max(1, -(-len(names) // max(1, blocks)))
        self._last: tuple[int, SampleBlock] | None = None

    def sample(self, number: int) -> SampleSites:
        """Return a sample, by its number from 0."""
        block, own = divmod(number, self._size)
        return self._block(block).sample(own)

    def __iter__(self) -> Iterator[SampleSites]:
        return (block.sample(number) for block in self.blocks() for number in range(len(block)))

    def blocks(self) -> Iterator[SampleBlock]:
        """Yield the samples in blocks, in their order."""
        return (self._block(number) for number in range(-(-len(self) // self._size)))

    def _block(self, number: int) -> SampleBlock:
        if self._last is None or self._last[0] != number:
            self._last = None
            self._last = number, self._read(number * self._size)
        return self._last[1]

    def _read(self, first: int) -> SampleBlock:
        names = self.names[first : first + self._size]
        columns = SiteColumns([rows.site for rows in self._found], len(names), self._spellings, self._filters, self._remarks)
        written = self._plain.fill(columns, first)
        left: list[Sequence[int]] = [range(len(names))] * len(self._found)
        for site, whole, done in zip(self._plain.sites, np.all(written, axis=1), written, strict=True):
            left[site] = () if whole else np.flatnonzero(~done).tolist()
        alike = _Alike(self._genotypes, range(first, first + len(names)))
        for site, rows in enumerate(self._found):
            for samples in alike.groups(rows, left[site]) if left[site] else ():
                call = self._caller.call(rows, first + samples[0])
                if call is not None:
                    columns.put(site, samples, call)
        beside = self._beside
        return SampleBlock(names, columns, self._index.absent, lambda number, calls: beside.sample(first + number, calls))


class _SampleFields(NamedTuple):
    """The data of the samples besides the calls of their sites.

    It has no reference to the reader, which keeps the last block: a reference cycle would stay in memory until the garbage collector runs.
    """

    names: Sequence[str]
    structural: StructuralReader
    regions: RegionReader
    searched: Callable[[int], frozenset[str]] | None

    def sample(self, number: int, calls: dict[str, SiteCall]) -> SampleSites:
        """Return a sample with some calls of its sites, and all its other data."""
        searched = self.searched(number) if self.searched is not None else frozenset()
        regions = self.regions
        return SampleSites(
            self.names[number], calls, self.structural.records(number), regions.carried(number), regions.covered(number), searched
        )


class _Alike:
    """Finds samples of a block with the same values in every record that bears on a call, so that the call is made once for all of them."""

    def __init__(self, genotypes: PanelGenotypes, samples: range) -> None:
        self._genotypes = genotypes
        self._samples = samples
        self._reaching: dict[tuple[int, ...], list[int]] = {}

    def groups(self, rows: SiteRows, samples: Sequence[int]) -> Iterator[Sequence[int]]:
        """Yield some samples of the block, by their number in it, in groups."""
        if len(samples) < _MANY:
            yield from ([sample] for sample in samples)
            return
        over = {*(one.record for one in rows.symbolic), *rows.blocks}
        reaching = self._numbers(tuple(sorted(over)))
        own = sorted(rows.records() - over)
        groups: dict[object, list[int]] = {}
        for sample in samples:
            key = (reaching[sample], *(self._genotypes.signature(record, self._samples[sample]) for record in own))
            groups.setdefault(key, []).append(sample)
        yield from groups.values()

    def _numbers(self, records: tuple[int, ...]) -> list[int]:
        """Return a number for each sample, the same for those with the same values; once for the many sites that blocks reach."""
        if records not in self._reaching:
            numbers: dict[object, int] = {}
            keys = (tuple([self._genotypes.signature(record, sample) for record in records]) for sample in self._samples)
            self._reaching[records] = [numbers.setdefault(key, len(numbers)) for key in keys]
        return self._reaching[records]
