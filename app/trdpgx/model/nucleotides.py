"""Letters of base sequences, IUPAC ambiguity letters among them."""

IUPAC = {
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""What each ambiguity letter may stand for (IUPAC-IUB 1970)."""
BASES = frozenset("ACGT").union(IUPAC)
"""Letters of a base sequence in upper case, ambiguity letters included."""
