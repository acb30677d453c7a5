"""The standard genetic code (NCBI translation table 1), and the names of amino acids."""

import re
from functools import cache

from trdpgx.model.nucleotides import UNKNOWN_BASE

STOP = "*"
UNKNOWN_RESIDUE = "X"

_BASES = "TCAG"
_RESIDUES = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_CODE = {
    first + second + third: _RESIDUES[16 * i + 4 * j + k]
    for i, first in enumerate(_BASES)
    for j, second in enumerate(_BASES)
    for k, third in enumerate(_BASES)
}
_CODONS = {residue: tuple(codon for codon, encoded in _CODE.items() if encoded == residue) for residue in set(_RESIDUES)}
_LETTERS = "ARNDCQEGHILKMFPSTWYV*X"
_NAMES = dict(zip(_LETTERS, re.findall("[A-Z][a-z]{2}", "AlaArgAsnAspCysGlnGluGlyHisIleLeuLysMetPheProSerThrTrpTyrValTerXaa"), strict=True))


def translate(sequence: str) -> str:
    """Return one letter for each whole codon: ``*`` for a stop, ``X`` for a codon with a base that is not known."""
    return "".join([_CODE.get(sequence[start : start + 3], UNKNOWN_RESIDUE) for start in range(0, len(sequence) - 2, 3)])


def residue_names(residues: str) -> str:
    """Return three-letter names, joined: ``MK*`` is ``MetLysTer``."""
    return "".join(_NAMES[residue] for residue in residues)


def codons(residue: str, pattern: str = "NNN") -> tuple[str, ...]:
    """Return every codon of a residue that agrees with a pattern in which ``N`` stands for any base."""
    return tuple(
        codon
        for codon in _CODONS.get(residue, ())
        if all(letter in (UNKNOWN_BASE, base) for letter, base in zip(pattern, codon, strict=True))
    )


def known_bases(residues: str) -> str:
    """Return what is known of the coding sequence of a protein: the bases that every codon of a residue shares, ``N`` elsewhere."""
    return "".join(_shared_bases(residue) for residue in residues)


@cache
def _shared_bases(residue: str) -> str:
    """Return the bases that all codons of a residue share."""
    return "".join(letters[0] if len(set(letters)) == 1 else UNKNOWN_BASE for letters in zip(*codons(residue), strict=True))
