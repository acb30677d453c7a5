"""FORMAT columns: which keys of a record are kept, and what the column of a sample looks like that can stay as it is."""

import re
from typing import NamedTuple

from app.intake.problems import BAD_FORMAT
from app.intake.refusal import RefusalError

_KEY = re.compile(rb"[A-Za-z_][0-9A-Za-z_.]{0,99}|1000G")
KEYS = (b"GT", b"PS", b"DP", b"MIN_DP", b"AD", b"GQ", b"FT", b"CN")
"""The FORMAT keys that are kept, in the order of the clean VCF."""


class Format(NamedTuple):
    """A FORMAT column: its keys, those that are kept with their places, and the column of the clean VCF with its tab.

    ``plain`` matches the column of a sample in which every field is there and can stay as it is; ``order`` are its groups in the order of
    ``kept``. It is the same check as that of the fields one by one, in a tenth of the time, and what it does not match is left to them.
    ``copies``: whether CN is kept.
    """

    names: list[bytes]
    kept: list[tuple[bytes, int]]
    head: bytes
    plain: re.Pattern[bytes] | None
    order: list[str]
    copies: bool


_PLAIN = {
    b"GT": rb"[01][/|][01]|\./\.",
    b"PS": rb"[0-9]{1,9}|\.",
    b"DP": rb"[0-9]{1,9}|\.",
    b"MIN_DP": rb"[0-9]{1,9}|\.",
    b"AD": rb"[0-9]{1,9}(?:,[0-9]{1,9})*|\.",
    b"GQ": rb"[0-9]{1,20}(?:\.[0-9]{0,40})?|\.",
    b"FT": rb"PASS|\.",
    b"CN": rb"[0-9]{1,9}|\.",
}


def read_format(keys: bytes) -> Format:
    """Read a FORMAT column. Raises ``RefusalError``."""
    names = [] if keys in {b"", b"."} else keys.split(b":")
    if any(_KEY.fullmatch(name) is None for name in names) or len(set(names)) < len(names):
        raise RefusalError(BAD_FORMAT, "A key is malformed or stands twice.")
    kept = [(name, names.index(name)) for name in KEYS if name in names]
    order = [name.decode() for name, _ in kept]
    head = b":".join(name for name, _ in kept) + b"\t"
    fields = [b"(?P<%b>%b)" % (name, _PLAIN[name]) if name in _PLAIN else rb"[^:\t]*" for name in names]
    return Format(names, kept, head, re.compile(b":".join(fields)) if "GT" in order and len(order) > 1 else None, order, "CN" in order)
