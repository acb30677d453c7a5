"""The population frequency of an allele, from what was annotated: INFO fields and the fields of VEP's ``CSQ``.

Which fields hold a frequency of gnomAD, and of whom, is read from their names. They come from the tools: VEP (``gnomADe_AF``,
``gnomADg_NFE_AF``, ``MAX_AF``), slivar and echtvar (``gnomad_af``, ``gnomad_popmax_af``), vcfanno (``gnomad_af``, ``gnomad_af_popmax``,
``gno_af_all``) and ``bcftools annotate`` (``gnomAD_AF``, ``gnomAD_AF_grpmax``). A name has to name gnomAD: a bare ``AF``, ``AC`` or
``EUR_AF`` may be the cohort's own and is never read.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency, FrequencyState


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


def frequency_of(fields: Mapping[str, float], kind: Callable[[str], Of | None]) -> Frequency:
    """Return the frequency from INFO fields. ``kind`` names the population of a field.

    A negative number is how slivar and echtvar mark that the database does not have the allele. Numbers above 1 are no
    frequency. Where exomes and genomes are given apart, the higher counts.
    """
    usable = {name: number for name, number in fields.items() if kind(name) is not None and number <= 1}
    shares = {name: number for name, number in usable.items() if number >= 0}
    if not shares:
        return Frequency(FrequencyState.ABSENT, source=", ".join(sorted(usable))) if usable else UNKNOWN_FREQUENCY
    overall = [number for name, number in shares.items() if kind(name) is Of.ALL]
    highest = [number for name, number in shares.items() if kind(name) is Of.HIGHEST]
    populations = [number for name, number in shares.items() if kind(name) is Of.POPULATION]
    top = max(highest or populations, default=None)
    return Frequency(
        FrequencyState.KNOWN,
        overall=max(overall, default=None),
        highest=top if top is None else max([top, *overall]),
        source=", ".join(sorted(shares)),
    )


def best(frequencies: Iterable[Frequency]) -> Frequency:
    """Return the one to use: a known one, the highest of several; else that the allele is absent; else that nothing is known."""
    candidates = list(frequencies)
    known = [frequency for frequency in candidates if frequency.decisive is not None]
    if known:
        return max(known, key=lambda frequency: frequency.decisive or 0.0)
    return next((frequency for frequency in candidates if frequency.state is FrequencyState.ABSENT), UNKNOWN_FREQUENCY)
