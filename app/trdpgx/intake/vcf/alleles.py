"""Alleles and extents as VCF writes them: symbols for "any other allele", and how far a record reaches."""

from collections.abc import Collection

UNSEEN_SYMBOLS = (b"<NON_REF>", b"<*>")
"""Symbols for "any other allele", which gVCF blocks and genotype likelihoods use."""
UNSEEN_ALLELES = frozenset(symbol.decode() for symbol in UNSEEN_SYMBOLS)
"""The same as text."""
LONG_DELETION = 50
"""A deletion of at least so many bases is structural even where it is spelled out."""


def record_end(pos: int, ref_length: int, ends: Collection[int] = (), lengths: Collection[int] = ()) -> int:
    """Return the last position (1-based) that a record reaches: over REF, to each END, and over each SVLEN of either sign after ``pos``.

    ``scan.c`` computes the same for every line of an input; tests hold the two to each other.
    """
    last = pos + ref_length - 1
    return max((last, *ends, *(pos + abs(length) for length in lengths))) if ends or lengths else last
