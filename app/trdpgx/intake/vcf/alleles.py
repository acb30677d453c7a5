"""Alleles and extents as VCF writes them: symbols for "any other allele", and how far a record reaches."""

from collections.abc import Iterable

UNSEEN_SYMBOLS = (b"<NON_REF>", b"<*>")
"""Symbols for "any other allele", which gVCF blocks and genotype likelihoods use."""
UNSEEN_ALLELES = frozenset(symbol.decode() for symbol in UNSEEN_SYMBOLS)
"""The same as text."""
LONG_DELETION = 50
"""A deletion of at least so many bases is structural even where it is spelled out."""


def record_end(pos: int, ref_length: int, ends: Iterable[int] = (), lengths: Iterable[int] = ()) -> int:
    """Return the last position (1-based) that a record reaches: over REF, to each END, and over each SVLEN of either sign after ``pos``.

    ``scan.c`` computes the same for every line of an input; tests hold the two to each other.
    """
    return max((pos + ref_length - 1, *ends, *(pos + abs(length) for length in lengths)))
