"""Cells of an allele table: the bases that a cell stands for, with the IUPAC letters spelled out."""

from functools import cache
from itertools import product

from trdpgx.model.nucleotides import IUPAC


@cache
def bases_of(cell: str) -> frozenset[str]:
    """Return every base string that a cell of a definition allows: ``R`` is A or G; a cell without IUPAC letters is itself."""
    return frozenset("".join(letters) for letters in product(*(IUPAC.get(letter, letter) for letter in cell)))


@cache
def is_ambiguous(cell: str) -> bool:
    """Return whether a cell holds an IUPAC letter."""
    return any(letter in IUPAC for letter in cell)
