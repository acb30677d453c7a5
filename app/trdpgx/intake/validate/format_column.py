"""FORMAT columns: which keys of a record are kept, and what the column of a sample looks like that can stay as it is."""

import re
from typing import NamedTuple

from trdpgx.intake.problems import BAD_FORMAT
from trdpgx.intake.validate.quality import USED
from trdpgx.intake.validate.refusal import FieldError

_KEY = re.compile(rb"[A-Za-z_][0-9A-Za-z_.]{0,99}|1000G")
KEYS = (b"GT", b"PS", b"PSL", b"PID", b"FT", b"CN", b"RD_CN", b"CNF", b"RDCN", *USED)
"""The FORMAT keys that are read. The parser gets GT alone."""
_SAME = {b"CNF": b"RD_CN", b"RDCN": b"RD_CN"}
"""Names of other callers for one thing: a number of copies that is estimated from read depth. The first that a record has is kept."""


class FormatColumn(NamedTuple):
    """A FORMAT column: how many keys it has, and the places of those that are kept.

    ``plain`` matches the column of a sample in which every field is there and the genotype can stay as it is; its groups are the keys. It
    finds what taking the column apart finds, in less time, and what it does not match is taken apart.
    """

    size: int
    places: dict[str, int]
    plain: re.Pattern[bytes] | None

    @property
    def genotypes_alone(self) -> bool:
        """Whether GT is the only key."""
        return self.size == 1 and "GT" in self.places


_PLAIN = {b"GT": rb"[01][/|][01]|\./\.", b"FT": rb"PASS|\."}
_FEW = 50
"""More keys than this are not made into a pattern: compiling it would take longer than taking the column apart."""
_FIELD = rb"[^:\t]*"


def read_format(keys: bytes) -> FormatColumn:
    """Read a FORMAT column. Raises ``FieldError``."""
    names = [] if keys in {b"", b"."} else keys.split(b":")
    if any(_KEY.fullmatch(name) is None for name in names) or len(set(names)) < len(names):
        raise FieldError(BAD_FORMAT, "A key is malformed or occurs twice.")
    places: dict[str, int] = {}
    for name in KEYS:
        if name in names:
            places.setdefault(_SAME.get(name, name).decode(), names.index(name))
    kept = {place: key.encode() for key, place in places.items()}
    fields = [b"(?P<%b>%b)" % (kept[place], _PLAIN.get(kept[place], _FIELD)) if place in kept else _FIELD for place in range(len(names))]
    return FormatColumn(len(names), places, re.compile(b":".join(fields)) if "GT" in places and 1 < len(names) <= _FEW else None)
