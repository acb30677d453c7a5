"""How many rounds a test runs: ``make soak`` sets SOAK for runs of up to hours; without it, tests take seconds."""

import os

SOAK = bool(os.environ.get("SOAK"))


def effort(short: int, long: int) -> int:
    """Return the number of rounds."""
    return long if SOAK else short
