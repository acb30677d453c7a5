"""FORMAT columns: which keys of a record are kept, and where they are."""

import re
from typing import NamedTuple

from trdpgx.intake.problems import BAD_FORMAT
from trdpgx.intake.validate.phase_sets import KEYS as PHASE_KEYS
from trdpgx.intake.validate.quality import JUDGED, USED
from trdpgx.intake.validate.refusal import FieldError

_KEY = re.compile(rb"[A-Za-z_][0-9A-Za-z_.]{0,99}|1000G")
KEYS = (b"GT", b"PS", b"PSL", b"PID", b"FT", b"CN", b"RD_CN", b"CNF", b"RDCN", *USED)
"""The FORMAT keys that are read."""
_SAME = {b"CNF": b"RD_CN", b"RDCN": b"RD_CN"}
"""Names of other callers for one thing: a number of copies that is estimated from read depth. The first that a record has is kept."""
_NUMBERS = ("DP", "MIN_DP", "AD", "GQ", "CN", "RD_CN")


class FormatColumn(NamedTuple):
    """A FORMAT column: how many keys it has, and the index of each that is kept.

    ``numbers`` are the keys whose values are packed, ``PS`` for all ``phase_keys``; ``judged`` those that a judgement rests on.
    """

    size: int
    indexes: dict[str, int]
    numbers: tuple[str, ...]
    phase_keys: tuple[str, ...]
    judged: tuple[str, ...]

    @property
    def genotypes_alone(self) -> bool:
        """Whether GT is the only key."""
        return self.size == 1 and "GT" in self.indexes


def read_format(keys: bytes) -> FormatColumn:
    """Read a FORMAT column. Raises ``FieldError``."""
    names = [] if keys in {b"", b"."} else keys.split(b":")
    if any(_KEY.fullmatch(name) is None for name in names) or len(set(names)) < len(names):
        raise FieldError(BAD_FORMAT, "A key is malformed or occurs twice.")
    indexes: dict[str, int] = {}
    for name in KEYS:
        if name in names:
            indexes.setdefault(_SAME.get(name, name).decode(), names.index(name))
    phase_keys = tuple(key for key in PHASE_KEYS if key in indexes)
    numbers = (*(key for key in _NUMBERS if key in indexes), *(("PS",) if phase_keys else ()))
    return FormatColumn(len(names), indexes, numbers, phase_keys, tuple(key for key in JUDGED if key in indexes))
