"""Letters of base sequences, IUPAC ambiguity letters among them."""

IUPAC = {
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""What each ambiguity letter may stand for (IUPAC-IUB 1970)."""
BASES = frozenset("ACGT").union(IUPAC)
"""Letters of a base sequence in upper case, ambiguity letters included."""


def trimmed(ref: str, alt: str) -> tuple[int, str, str]:
    """Take off the bases that REF and ALT share, those at the end first. Return by how many bases POS moves, and what is left of both."""
    behind = shared(ref[::-1], alt[::-1])
    ref, alt = ref[: len(ref) - behind], alt[: len(alt) - behind]
    before = shared(ref, alt)
    return before, ref[before:], alt[before:]


def shared(one: str, other: str) -> int:
    """Return how many letters two texts begin with in common, found by halves: a long allele costs no loop over its bases."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low
