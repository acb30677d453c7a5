"""Where a gene lies on an assembly, and which of its bases a call rests on."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from trdpgx.calling.copy_number.records import base_kind, is_counted
from trdpgx.model.genome import Assembly, StructuralRecord
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.span import merged

WHOLE = 0.9
"""Records over this share of a gene count for all of it."""
_INSERTIONS = "INS"


class GeneExtent(Struct, frozen=True):
    """A gene on one assembly: 1-based, inclusive.

    ``start`` and ``end`` are its outermost sites, ``first`` and ``last`` its outermost bases, sites and exons included. ``exons`` are the
    coding exons with the bases that splicing rests on, in order; empty where they are not known.
    """

    start: int
    end: int
    first: int
    last: int
    sites: tuple[int, ...] = ()
    exons: tuple[tuple[int, int], ...] = ()

    def reached_by(self, record: StructuralRecord) -> bool:
        """Whether a record reaches over any base of the gene."""
        return record.start <= self.last and record.end >= self.first

    def share(self, intervals: Sequence[tuple[int, int]]) -> float:
        """Return how much of the bases between the outermost sites some intervals cover together."""
        shared = (min(end, self.end) - max(start, self.start) + 1 for start, end in merged(intervals))
        return sum(max(bases, 0) for bases in shared) / (self.end - self.start + 1)

    def is_whole(self, record: StructuralRecord) -> bool:
        """Whether a record counts for the whole gene: it covers nine tenths of the bases between the outermost sites."""
        return self.share([(record.start, record.end)]) >= WHOLE

    def is_intronic(self, record: StructuralRecord) -> bool:
        """Whether a record leaves the exons and the sites as they are: bases inside one intron are deleted, copied or inserted.

        A breakend or an inversion that starts or ends inside a gene takes it apart wherever that is.
        """
        if not (is_counted(record) or base_kind(record) == _INSERTIONS):
            return False
        between = any(left < record.start and record.end < right for (_, left), (right, _) in zip(self.exons, self.exons[1:], strict=False))
        return between and not any(record.start <= site <= record.end for site in self.sites)


@lru_cache(maxsize=256)
def gene_extent(reference: ReferenceLibrary, assembly: Assembly, gene: str) -> GeneExtent | None:
    """Return where a gene lies; ``None`` where none of its sites is known on the assembly. Made once for each reference and assembly."""
    sites, panel = reference.sites[assembly], reference.panels[assembly]
    positions = sorted(sites[site].pos for site in reference.genes[gene].sites if site in sites)
    if not positions:
        return None
    exons = tuple(sorted((one.start, one.end) for one in panel.coding if one.gene == gene))
    regions = [(one.start, one.end) for one in panel.regions if one.gene == gene]
    outermost = [*regions, *exons, (positions[0], positions[-1])]
    return GeneExtent(
        start=positions[0],
        end=positions[-1],
        first=min(start for start, _ in outermost),
        last=max(end for _, end in outermost),
        sites=tuple(positions),
        exons=exons,
    )
