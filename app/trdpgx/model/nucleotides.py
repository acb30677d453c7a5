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
    behind = 0
    while behind < min(len(ref), len(alt)) and ref[-1 - behind] == alt[-1 - behind]:
        behind += 1
    ref, alt = ref[: len(ref) - behind], alt[: len(alt) - behind]
    before = 0
    while before < min(len(ref), len(alt)) and ref[before] == alt[before]:
        before += 1
    return before, ref[before:], alt[before:]
