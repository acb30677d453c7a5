"""What intake hands on about the coding intervals of genes whose every variant is read, not only known sites."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, overload

from msgspec import Struct, field


class InfoDefinition(NamedTuple):
    """An INFO line of the header: ``number`` as written (``A``, ``R``, ``.``, ``1`` ...) and the description without its quotes."""

    number: str
    description: str


class OnChromosome(Protocol):
    """Whatever has an interval on a chromosome."""

    @property
    def chrom(self) -> str:
        """Name, without ``chr``."""

    @property
    def start(self) -> int:
        """First base, from 1."""

    @property
    def end(self) -> int:
        """Last base."""


def by_chromosome(intervals: Iterable[OnChromosome]) -> dict[str, list[tuple[int, int]]]:
    """Return first and last bases of intervals, in their order, by chromosome."""
    found: dict[str, list[tuple[int, int]]] = {}
    for interval in intervals:
        found.setdefault(interval.chrom, []).append((interval.start, interval.end))
    return found


class Interval(NamedTuple):
    """An interval of a chromosome (no ``chr``): 1-based, inclusive."""

    chrom: str
    start: int
    end: int


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
    """The records of which one sample carries an ALT, in the order of the file; what each has of the sample is read when it is asked for.

    ``records`` are the records themselves. Most people of a cohort carry nothing that matters, which these alone can tell.
    """

    def __init__(self, records: Sequence[RegionRecord] = (), read: Callable[[], tuple[CarriedRecord, ...]] = tuple) -> None:
        self.records = records
        self._read = read
        self._known: tuple[CarriedRecord, ...] | None = None

    def _all(self) -> tuple[CarriedRecord, ...]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, number: int) -> CarriedRecord: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[CarriedRecord]: ...
    def __getitem__(self, number: int | slice) -> CarriedRecord | Sequence[CarriedRecord]:
        return self._all()[number]

    def __iter__(self) -> Iterator[CarriedRecord]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == other if isinstance(other, tuple) else isinstance(other, CarriedRecords) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())


class Callability(Struct, frozen=True):
    """How much of a gene's coding interval was read in one sample: bases covered, of all."""

    gene: str
    covered: int
    total: int
