"""How common an allele is in a population database."""

from enum import StrEnum

from msgspec import Struct


class FrequencyState(StrEnum):
    """What is known about the frequency of an allele."""

    KNOWN = "known"
    ABSENT = "absent"
    """A population database was searched and does not have the allele."""
    UNKNOWN = "unknown"
    """Nothing was searched, or what stands in the file is no population frequency. Never counted as rare."""


class Frequency(Struct, frozen=True):
    """The frequency of an allele: ``overall``, and ``highest`` among the populations where these are given. Fractions of 1.

    ``source`` names the fields or the file that it was read from.
    """

    state: FrequencyState
    overall: float | None = None
    highest: float | None = None
    source: str | None = None

    @property
    def decisive(self) -> float | None:
        """The number that a cut-off is held against: the highest population's, or else the overall one."""
        return self.overall if self.highest is None else self.highest


UNKNOWN_FREQUENCY = Frequency(FrequencyState.UNKNOWN)
