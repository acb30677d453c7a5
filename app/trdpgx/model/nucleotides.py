"""Letters of base sequences, IUPAC ambiguity letters among them."""

IUPAC = {
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""What each ambiguity letter may stand for (IUPAC-IUB 1970)."""
BASES = frozenset("ACGT").union(IUPAC)
"""Letters of a base sequence in upper case, ambiguity letters included."""

UNKNOWN_BASE = "N"
_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def complement(sequence: str) -> str:
    """Return the bases that pair with those of a sequence, in the same order. Letters are ``ACGTN``."""
    return sequence.translate(_COMPLEMENT)


def reverse_complement(sequence: str) -> str:
    """Return the other strand, read in its own direction. Letters are ``ACGTN``."""
    return complement(sequence)[::-1]
