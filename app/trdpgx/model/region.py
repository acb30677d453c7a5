"""What intake hands on about the coding intervals of genes whose every variant is read, not only known sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class InfoDefinition(NamedTuple):
    """An INFO line of the header: ``number`` as written (``A``, ``R``, ``.``, ``1`` ...) and the description without its quotes."""

    number: str
    description: str


class Interval(NamedTuple):
    """An interval of a chromosome (no ``chr``): 1-based, inclusive."""

    chrom: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class RegionRecord:
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


@dataclass(frozen=True, slots=True)
class CarriedRecord:
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


@dataclass(frozen=True, slots=True)
class Callability:
    """How much of a gene's coding interval was read in one sample: bases covered, of all."""

    gene: str
    covered: int
    total: int
