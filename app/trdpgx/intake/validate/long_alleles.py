"""Alleles of very many bases in their symbolic form, which states all that intake reads of them.

VCF writes a deletion or an insertion in either form (VCF 4.3, section 1.4.1, ALT). Callers that spell out what they assembled write
megabases, which no definition of an allele needs; a report would repeat them.
"""

import re
from collections.abc import Iterable

_SPELLED = re.compile("[A-Za-z]+")
_MATE = re.compile(r"[A-Za-z]*(?P<mate>[\[\]].*[\[\]])[A-Za-z]*", re.DOTALL)


def symbolic(ref: str, alts: Iterable[str], most: int) -> tuple[str, tuple[str, ...]]:
    """Return REF and ALTs with none of more than ``most`` bases; without such ones they are as they were.

    A deletion of all of a long REF but its first base is ``<DEL>``, an insertion behind the one base of REF is ``<INS>``; any other long
    allele, and with a long REF any that is spelled, is ``<CPX>``. Of a long REF the first base is left, so that the end of the record has
    to be kept beside. Of a breakend the inserted bases are left out.
    """
    if len(ref) > most:
        return ref[0], tuple(_beside_long(ref, alt, most) for alt in alts)
    return ref, tuple(_long(ref, alt) if len(alt) > most else alt for alt in alts)


def _beside_long(ref: str, alt: str, most: int) -> str:
    if _SPELLED.fullmatch(alt):
        return "<DEL>" if alt == ref[0] else "<CPX>"
    return _long(ref, alt) if len(alt) > most else alt


def _long(ref: str, alt: str) -> str:
    if _SPELLED.fullmatch(alt):
        return "<INS>" if len(ref) == 1 and alt[0] == ref else "<CPX>"
    mate = _MATE.fullmatch(alt)
    if mate is not None:
        return f"N{mate['mate']}" if alt[0] not in "[]" else f"{mate['mate']}N"
    return "N." if alt.endswith(".") else ".N" if alt.startswith(".") else alt
