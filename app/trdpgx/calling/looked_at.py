"""Regions that a file shows were examined: only there may a site that it does not mention count as reference, and only on request."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from trdpgx.model.genome import PanelSite
from trdpgx.model.region import Interval, by_chromosome
from trdpgx.model.span import merged


class SearchedRegions(Struct, frozen=True):
    """``chromosomes`` (no ``chr``) have rows in the file that show that the sample was read there, reference blocks among them.

    ``targets`` holds the first and the last bases of the regions that the assay set out to read, merged and in order, by chromosome;
    ``None`` where they are not known. Where they are, they alone show where the assay looked; a file without any such row shows nothing.
    ``sites`` are the ids that an earlier report of the same file names: where they are known, they alone count.
    """

    chromosomes: frozenset[str] = frozenset()
    targets: Mapping[str, tuple[Sequence[int], Sequence[int]]] | None = None
    sites: Collection[str] | None = None

    def shows(self, site: PanelSite) -> bool:
        """Return whether the file shows that a site was examined: every base of its REF."""
        if self.sites is not None:
            return site.id in self.sites
        if self.targets is None:
            return site.chrom in self.chromosomes
        starts, ends = self.targets.get(site.chrom, ((), ()))
        index = bisect_right(starts, site.pos) - 1
        return bool(self.chromosomes) and index >= 0 and site.end <= ends[index]


NOWHERE = SearchedRegions()
"""A file that does not show which regions were examined."""


def looked_at(chromosomes: Iterable[str], targets: Sequence[Interval] | None = None) -> SearchedRegions:
    """Return the regions that were examined in a sample, by the chromosomes with records of it and, if given, the regions of a BED file."""
    return SearchedRegions(frozenset(chromosomes), None if targets is None else _merged(targets))


def _merged(targets: Sequence[Interval]) -> dict[str, tuple[Sequence[int], Sequence[int]]]:
    spans = {chrom: merged(intervals) for chrom, intervals in by_chromosome(targets).items()}
    return {chrom: ([span.start for span in own], [span.end for span in own]) for chrom, own in spans.items()}
