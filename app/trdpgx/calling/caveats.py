"""What a reader has to know about a call: caveats are raised by code with their values, and worded by ``rules/caveats.yaml``."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from trdpgx.model.caveat import Caveat
from trdpgx.model.note import Note

Caveats = Mapping[str, Caveat]
"""Every caveat of the rules, by its key."""


class RaisedCaveat(Struct, frozen=True):
    """The key of a caveat that holds for a call, with the values that its text names."""

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def note(self, caveats: Caveats) -> Note:
        """Return the caveat in words."""
        caveat = caveats[self.key]
        return Note(code=caveat.code, text=caveat.text.format_map(dict(self.values)))


def caveat(key: str, **values: object) -> RaisedCaveat:
    """Raise a caveat."""
    return RaisedCaveat(key, tuple(values.items()))


def notes(raised: Iterable[RaisedCaveat], caveats: Caveats) -> tuple[Note, ...]:
    """Return caveats in words, in their order."""
    return tuple(one.note(caveats) for one in raised)


def holding(
    caveats: Caveats,
    gene: str,
    haplotypes: Collection[str],
    *,
    unseen: Collection[str | None] = (),
    copies: Literal["counted", "not_counted"] | None = None,
) -> Iterator[tuple[str, Caveat]]:
    """Yield the caveats whose own condition holds for a call, with their keys.

    ``haplotypes`` are those of every called diplotype, ``unseen`` the rsIDs of the sites that were not seen. ``copies`` chooses the caveats
    that stand with the copy number; without it, those that stand with the gene are asked for.
    """
    for key, one in caveats.items():
        when = one.when
        if when is None or when.gene != gene or when.copies != copies:
            continue
        if when.carries and not any(name in haplotypes for name in when.carries):
            continue
        if when.multiplied and not any(name.startswith(f"{allele}x") for allele in when.multiplied for name in haplotypes):
            continue
        if when.unseen is None or when.unseen in unseen:
            yield key, one
