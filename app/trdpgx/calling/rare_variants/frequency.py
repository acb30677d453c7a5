"""The population frequency of an allele, from what was annotated: INFO fields and the fields of VEP's ``CSQ``."""

from collections.abc import Callable, Iterable, Mapping

from trdpgx.calling.rare_variants.frequency_fields import Of
from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency, FrequencyState


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
    """Return the one to use: a shares one, the highest of several; else that the allele is absent; else that nothing is shares."""
    candidates = list(frequencies)
    shares = [frequency for frequency in candidates if frequency.decisive is not None]
    if shares:
        return max(shares, key=lambda frequency: frequency.decisive or 0.0)
    return next((frequency for frequency in candidates if frequency.state is FrequencyState.ABSENT), UNKNOWN_FREQUENCY)
