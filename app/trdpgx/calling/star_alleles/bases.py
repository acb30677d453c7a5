"""Entries of an allele table: the bases that an entry stands for, with the IUPAC letters spelled out."""

from functools import cache
from itertools import product

from trdpgx.model.nucleotides import IUPAC


@cache
def bases_of(entry: str) -> frozenset[str]:
    """Return every base string that an entry of a definition allows: ``R`` is A or G; an entry without IUPAC letters is itself."""
    return frozenset("".join(letters) for letters in product(*(IUPAC.get(letter, letter) for letter in entry)))


@cache
def is_ambiguous(entry: str) -> bool:
    """Return whether an entry holds an IUPAC letter."""
    return any(letter in IUPAC for letter in entry)
