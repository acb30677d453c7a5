"""Where on the genome records matter: the windows of panel sites and the regions of panel genes, as sorted arrays.

Windows of all assemblies are looked for at once, because the assembly is decided only when the records have been seen.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.genome import Assembly, Panel

Positions = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Intervals:
    """Disjoint intervals in ascending order, 1-based and inclusive, with a last one that nothing reaches."""

    starts: Positions
    ends: Positions
    start_list: list[int]
    end_list: list[int]

    def touched(self, first: Positions, last: Positions) -> NDArray[np.bool_]:
        """Tell of each stretch ``first[i]`` to ``last[i]`` whether it shares a base with an interval."""
        result: NDArray[np.bool_] = self.starts[np.searchsorted(self.ends, first)] <= last
        return result

    def touches(self, first: int, last: int) -> bool:
        """Tell the same of a single stretch."""
        return self.start_list[bisect_left(self.end_list, first)] <= last


@dataclass(frozen=True, slots=True)
class Target:
    """What is looked for on one chromosome: ``windows`` of sites and coding stretches, ``regions`` of genes (structural records only)."""

    windows: Intervals
    regions: Intervals

    def near(self, first: int, last: int) -> bool:
        """Tell whether the stretch from ``first`` to ``last`` shares a base with anything that is looked for."""
        return self.windows.touches(first, last) or self.regions.touches(first, last)


def find_targets(panels: Mapping[Assembly, Panel]) -> dict[str, Target]:
    """Return the targets of all panels, by chromosome."""
    windows: dict[str, list[tuple[int, int]]] = {}
    regions: dict[str, list[tuple[int, int]]] = {}
    for panel in panels.values():
        for site in panel.sites:
            end = site.pos + max(len(site.ref), len(site.context)) - 1
            windows.setdefault(site.chrom, []).append((site.pos, end))
        for stretch in panel.coding:
            windows.setdefault(stretch.chrom, []).append((stretch.start, stretch.end))
        for region in panel.regions:
            regions.setdefault(region.chrom, []).append((region.start, region.end))
    return {chrom: Target(merge(windows.get(chrom, ())), merge(regions.get(chrom, ()))) for chrom in {*windows, *regions}}


def merge(stretches: Iterable[tuple[int, int]]) -> Intervals:
    """Return the intervals that stretches (first and last base) cover together."""
    merged: list[list[int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    merged.append([_NEVER, _NEVER])
    table = np.array(merged, dtype=np.int64)
    return Intervals(table[:, 0].copy(), table[:, 1].copy(), table[:, 0].tolist(), table[:, 1].tolist())
