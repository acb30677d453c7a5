"""Which field names hold a frequency of gnomAD, and of whom: overall, of one population, or the highest of all.

Names come from the tools: VEP (``gnomADe_AF``, ``gnomADg_NFE_AF``, ``MAX_AF``), slivar and echtvar (``gnomad_af``, ``gnomad_popmax_af``),
vcfanno (``gnomad_af``, ``gnomad_af_popmax``, ``gno_af_all``) and ``bcftools annotate`` (``gnomAD_AF``, ``gnomAD_AF_grpmax``). A name has to
name gnomAD: a bare ``AF``, ``AC`` or ``EUR_AF`` may be the cohort's own and is never read.
"""

import re
from enum import StrEnum


class Of(StrEnum):
    """Of whom a frequency is."""

    ALL = "all"
    POPULATION = "population"
    HIGHEST = "highest"


_SOURCE = re.compile(r"gnomad(?:[eg]|exomes?|genomes?)?(?:v?\d+)?|gno")
_NOISE = re.compile(r"all|joint|exomes?|genomes?|wes|wgs|es|gs|ex|v?\d+|r?\d+|hg\d+|grch\d+|af")
_HIGHEST = frozenset({"popmax", "grpmax", "max"})
_POPULATIONS = frozenset({"afr", "amr", "eas", "nfe", "sas"})
"""The populations that gnomAD takes its own maximum over: the founder populations and "remaining" are left out."""


def frequency_field(name: str) -> Of | None:
    """Return of whom the frequency in an INFO field is; ``None`` where the field is no frequency of gnomAD."""
    if "gno" not in name.lower():
        return None
    words = re.split(r"[_.\-]", name.lower())
    if "af" not in words or not any(_SOURCE.fullmatch(word) for word in words):
        return None
    rest = {word for word in words if not _SOURCE.fullmatch(word) and not _NOISE.fullmatch(word)}
    if not rest:
        return Of.ALL
    if rest <= _HIGHEST:
        return Of.HIGHEST
    return Of.POPULATION if len(rest) == 1 and rest <= _POPULATIONS else None


def csq_frequency_field(name: str) -> Of | None:
    """Return the same for a field inside VEP's ``CSQ``, where ``MAX_AF`` is the highest of 1000 Genomes, ESP and gnomAD."""
    return Of.HIGHEST if name.lower() == "max_af" else frequency_field(name)
