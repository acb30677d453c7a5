"""How long to go on: ``make soak`` sets SOAK and means hours of machine time at most, everything else seconds."""

import os

SOAK = bool(os.environ.get("SOAK"))


def effort(short: int, long: int) -> int:
    """Return how many rounds to go."""
    return long if SOAK else short
