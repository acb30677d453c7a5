"""Intervals of genes, and the records over coding intervals: of these genes every variant is read, not only known sites."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, overload

from msgspec import Struct, field


class InfoDefinition(NamedTuple):
    """An INFO line of the header: ``number`` as written (``A``, ``R``, ``.``, ``1`` ...) and the description without its quotes."""

    number: str
    description: str


class Interval(NamedTuple):
    """An interval of a chromosome (no ``chr``): 1-based, inclusive."""

    chrom: str
    start: int
    end: int


class GeneRegion(NamedTuple):
    """The interval of a gene on one assembly: 1-based, inclusive, without ``chr``. Copy-number records over it are evidence."""

    gene: str
    chrom: str
    start: int
    end: int


def by_chromosome(intervals: Iterable[Interval | GeneRegion]) -> dict[str, list[tuple[int, int]]]:
    """Return first and last bases of intervals, in their order, by chromosome."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for interval in intervals:
        spans.setdefault(interval.chrom, []).append((interval.start, interval.end))
    return spans


class RegionRecord(Struct, frozen=True, eq=False):
    """A record over a coding interval, the same for every sample.

    ``chrom`` has no ``chr``, ``pos`` is 1-based, ``ref`` and ``alts`` are as written, in upper case unless symbolic. ``filters`` is empty
    for ``PASS`` and ``.``. ``info`` holds the raw text of INFO by key, unsplit; a flag has an empty text.
    """

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    quality: float | None = None
    filters: tuple[str, ...] = ()
    info: Mapping[str, str] = field(default_factory=dict)


class CarriedRecord(Struct, frozen=True):
    """A record as one sample sees it, which carries at least one alternate allele.

    ``alleles`` are the indices of GT, -1 for a missing one. ``phased`` is true for ``|``; ``phase_set`` is PS (``None``: the one unnamed
    block of the file). ``passed`` is false where FILTER or FT refuses the genotype, ``sound`` where its quality does. ``depth`` is in
    reads, ``quality`` is GQ, or else QUAL (Phred).
    """

    record: RegionRecord
    alleles: tuple[int, ...]
    phased: bool = False
    phase_set: int | None = None
    passed: bool = True
    depth: int | None = None
    quality: float | None = None
    sound: bool = True


class CarriedRecords(Sequence[CarriedRecord]):
    """The records of which one sample carries an ALT, in the order of the file; the sample's part of each is read when it is asked for.

    ``records`` are the same records without that part: of most people of a cohort they alone show that nothing carried matters.
    """

    def __init__(self, records: Sequence[RegionRecord] = (), read: Callable[[], tuple[CarriedRecord, ...]] = tuple) -> None:
        self.records = records
        self._read = read

    @cached_property
    def _all(self) -> tuple[CarriedRecord, ...]:
        return self._read()

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, number: int) -> CarriedRecord: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[CarriedRecord]: ...
    def __getitem__(self, number: int | slice) -> CarriedRecord | Sequence[CarriedRecord]:
        return self._all[number]

    def __iter__(self) -> Iterator[CarriedRecord]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | CarriedRecords) and self._all == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all)
