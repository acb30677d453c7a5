"""What intake hands on about the records over the genes whose every variant is read, not only known sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class InfoDefinition(NamedTuple):
    """An INFO line of the header: ``number`` as written (``A``, ``R``, ``.``, ``1`` ...) and the description without its quotes."""

    number: str
    description: str


@dataclass(frozen=True, slots=True, eq=False)
class RegionRecord:
    """A record over one of these genes, the same for every sample.

    ``chrom`` has no ``chr``, ``pos`` is 1-based, ``ref`` and ``alts`` are as written, in upper case unless symbolic. ``filter`` is
    ``None`` for ``PASS`` and ``.``. ``info`` holds the raw text of the INFO keys that rare variants need
    (``app.calling.rare.info_keys``), unescaped and unsplit.
    """

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    filter: str | None = None
    quality: float | None = None
    info: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegionCall:
    """What a record says about one sample. Only samples with an alternate allele have one.

    ``alleles`` are the indices of GT, ``None`` for a missing one. ``phased`` is true for ``|``; ``phase_set`` is PS (``None``: the one
    unnamed block of the file). ``depth`` is in reads, ``quality`` is GQ (Phred), ``filter`` is FT where it is not PASS.
    """

    record: RegionRecord
    alleles: tuple[int | None, ...]
    phased: bool = False
    phase_set: int | None = None
    depth: int | None = None
    quality: float | None = None
    filter: str | None = None
