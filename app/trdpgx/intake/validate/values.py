"""Numbers of FORMAT fields as they are read: what is no number counts as missing."""

import math
import re

MISSING, PADDING = -(2**31), -(2**31) + 1
"""What stands for a missing integer, and for the end of a row that is shorter than others of its record (as in htslib)."""
_DIGITS = 10
"""An integer with so many digits may be too large."""
REAL = re.compile(rb"[-+]?(?:[0-9]{1,20}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?")
"""A number as VCF writes it, without infinities and NaN."""


def read_natural(text: bytes) -> int:
    """Return a whole number of at most nine digits, or ``MISSING``."""
    return int(text) if text.isdigit() and len(text) < _DIGITS else MISSING


def read_real(text: bytes) -> float:
    """Return a real number, or NaN."""
    return float(text) if (text.isdigit() and len(text) < _DIGITS) or REAL.fullmatch(text) else math.nan
