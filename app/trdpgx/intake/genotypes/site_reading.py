"""What one row states about one site in one sample."""

from collections.abc import Sequence

from msgspec import Struct


def have_in_common(effects: Sequence[frozenset[str]]) -> bool:
    """Whether any two of some sets of effects have one in common."""
    return sum(map(len, effects)) > len(frozenset().union(*effects))


class RecordPart(Struct, frozen=True):
    """One row of a record that is split into several: the number of the record, and the ALTs that the row has.

    ``carried`` are those on the two haplotypes, ``None`` for the reference and for an allele that is missing.
    """

    record: int
    alts: frozenset[str]
    carried: tuple[str | None, str | None]


class SiteReading(Struct, frozen=True):
    """What one row states about one site in one sample.

    ``pair`` are the effects on the two haplotypes, ``None`` for an allele that is missing (half call). ``expresses`` are the effects, apart
    from the site's reference, that the row has alleles for; a row without any ALT (``universal``) excludes all of them. ``same``
    counts the alleles of ``pair`` that are ALTs and yet leave the site as the reference. ``row`` is the caller's number for the row.
    ``part`` is there where other parts of the same record have an effect in common with the row.
    """

    row: int
    pair: tuple[str | None, str | None]
    phased: bool
    phase_set: int | None
    expresses: frozenset[str]
    universal: bool = False
    same: int = 0
    part: RecordPart | None = None

    @property
    def complete(self) -> bool:
        """Whether both alleles are there."""
        return None not in self.pair

    @property
    def heterozygous(self) -> bool:
        """Whether the haplotypes differ, so that their order means something."""
        return self.pair[0] != self.pair[1]
