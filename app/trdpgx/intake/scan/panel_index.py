"""Where on the genome records matter: the windows of panel sites and the regions of panel genes, as sorted arrays.

Windows of all assemblies are looked for at once, because the assembly is decided only when the records have been seen.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.intake.vcf.contigs import names_of
from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.region import Interval, by_chromosome
from trdpgx.model.span import merged

Positions = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max


class SortedIntervals(Struct, frozen=True):
    """Disjoint intervals in ascending order, 1-based and inclusive, with a last one that nothing reaches."""

    starts: Positions
    ends: Positions
    start_list: list[int]
    end_list: list[int]

    def touched(self, first: Positions, last: Positions) -> NDArray[np.bool_]:
        """Return, for each interval ``first[i]`` to ``last[i]``, whether it shares a base with one of these."""
        result: NDArray[np.bool_] = self.starts[np.searchsorted(self.ends, first)] <= last
        return result

    def touches(self, first: int, last: int) -> bool:
        """Return whether the interval ``first`` to ``last`` shares a base with one of these."""
        return self.start_list[bisect_left(self.end_list, first)] <= last


class ChromosomeIntervals(Struct, frozen=True):
    """What is looked for on one chromosome: ``windows`` of sites and coding intervals, ``regions`` of genes (structural records only)."""

    windows: SortedIntervals
    regions: SortedIntervals

    def near(self, first: int, last: int) -> bool:
        """Return whether ``first`` to ``last`` shares a base with a window or a region."""
        return self.windows.touches(first, last) or self.regions.touches(first, last)


class FlatIntervals(Struct, frozen=True):
    """All targets in a few arrays, as the compiled engine takes them.

    ``names`` are the names of contigs, one after the other, ordered by length and then by their bytes, so that one is found in a few
    steps; name i ends at ``name_ends[i]`` and is one of target ``owners[i]``. Of target t
    the windows are intervals number 2t and the regions number 2t + 1, without their last ones that nothing reaches; intervals number k
    stand at ``bounds[k]`` to ``bounds[k + 1]`` of ``starts`` and ``ends``.
    """

    names: NDArray[np.uint8]
    name_ends: Positions
    owners: Positions
    bounds: Positions
    starts: Positions
    ends: Positions


class PanelIntervals(dict[str, ChromosomeIntervals]):
    """The targets by chromosome. They do not change once they are made."""

    @cached_property
    def flat(self) -> FlatIntervals:
        """The same in a few arrays."""
        found = [(name, number) for number, chrom in enumerate(self) for name in names_of(chrom)]
        names = sorted(found, key=lambda pair: (len(pair[0]), pair[0]))
        intervals = [part for target in self.values() for part in (target.windows, target.regions)]
        return FlatIntervals(
            names=np.frombuffer(b"".join(name for name, _ in names), dtype=np.uint8),
            name_ends=np.array(list(accumulate(len(name) for name, _ in names)), dtype=np.int64),
            owners=np.array([number for _, number in names], dtype=np.int64),
            bounds=np.array([0, *accumulate(part.starts.size - 1 for part in intervals)], dtype=np.int64),
            starts=np.concatenate([part.starts[:-1] for part in intervals] or [np.empty(0, dtype=np.int64)]),
            ends=np.concatenate([part.ends[:-1] for part in intervals] or [np.empty(0, dtype=np.int64)]),
        )


def panel_intervals(panels: Mapping[Assembly, Panel]) -> PanelIntervals:
    """Return the targets of all panels, by chromosome."""
    sites = (Interval(site.chrom, site.pos, site.window_end) for panel in panels.values() for site in panel.sites)
    windows = by_chromosome((*sites, *(interval for panel in panels.values() for interval in panel.coding)))
    regions = by_chromosome(region for panel in panels.values() for region in panel.regions)
    return PanelIntervals(
        {chrom: ChromosomeIntervals(merge(windows.get(chrom, ())), merge(regions.get(chrom, ()))) for chrom in {*windows, *regions}}
    )


def merge(intervals: Iterable[tuple[int, int]]) -> SortedIntervals:
    """Return the union of intervals (first and last base)."""
    table = np.array([*merged(intervals), (_NEVER, _NEVER)], dtype=np.int64)
    return SortedIntervals(table[:, 0].copy(), table[:, 1].copy(), table[:, 0].tolist(), table[:, 1].tolist())
