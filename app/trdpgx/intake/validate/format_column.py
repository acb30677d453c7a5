"""FORMAT columns: which keys of a record are kept, and where they are."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from trdpgx.intake.problems import BAD_FORMAT, TOO_MANY_FIELDS
from trdpgx.intake.validate.allele_reads import KEYS as READ_KEYS
from trdpgx.intake.validate.phase_sets import KEYS as PHASE_KEYS
from trdpgx.intake.validate.quality import JUDGED, USED
from trdpgx.intake.validate.refusal import FieldError
from trdpgx.intake.validate.values import read_natural, read_real

_KEY = re.compile(rb"[A-Za-z_][0-9A-Za-z_.]{0,99}|1000G")
_OTHERS = tuple(key.encode() for key in READ_KEYS if key not in JUDGED)
KEYS = (b"GT", b"PS", b"PSL", b"PID", b"FT", b"CN", b"RD_CN", b"CNF", b"RDCN", *USED, *_OTHERS)
"""The FORMAT keys that are read."""
_SAME = {b"CNF": b"RD_CN", b"RDCN": b"RD_CN"}
"""Names of other callers for one thing: a number of copies that is estimated from read depth. The first that a record has is kept."""
_READERS: dict[str, Callable[[bytes], float]] = {
    "DP": read_natural,
    "MIN_DP": read_natural,
    "GQ": read_real,
    "CN": read_real,
    "RD_CN": read_real,
}
"""How the keys with one number a sample are read."""


class FormatColumn(NamedTuple):
    """A FORMAT column: how many keys it has, and the index of each that is kept among those that are kept.

    ``positions`` are where these are in the record, and ``kept`` takes their fields out of a sample's. ``readers`` are the keys with one
    number a sample, and how it is read; ``phase_keys`` those that name a phase set. ``judged`` are the keys that a judgement rests on, and
    ``judged_texts`` takes their fields out of a sample's. ``reads`` are those with the reads of each allele, where there are others than
    AD and DP. ``typed``: whether GT is a key, ``copies``: whether a number of copies is.
    """

    size: int
    positions: tuple[int, ...]
    kept: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    indexes: dict[str, int]
    readers: tuple[tuple[str, Callable[[bytes], float]], ...]
    phase_keys: tuple[str, ...]
    judged: tuple[str, ...]
    judged_texts: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    reads: tuple[str, ...]
    typed: bool
    copies: bool

    @property
    def genotypes_alone(self) -> bool:
        """Whether GT is the only key."""
        return self.size == 1 and "GT" in self.indexes

    @property
    def numbers(self) -> frozenset[str]:
        """The keys with one packed number a sample; ``PS`` stands for all that name a phase set."""
        return frozenset((*(key for key, _ in self.readers), *(("PS",) if self.phase_keys else ())))

    def rows(self, columns: Sequence[bytes]) -> list[tuple[bytes, ...]]:
        """Return the kept fields of each sample; those that are left out at the end are missing. Raises ``FieldError`` for too many.

        No other field is held or filled up: samples times keys may be thousands of times what was sent.
        """
        kept, positions, most, keyless = self.kept, self.positions, max(self.size, 1), not self.size
        needed = max(positions, default=-1) + 1
        split = [column.split(b":") for column in columns]
        sizes = list(map(len, split))
        if needed <= min(sizes) and max(sizes) <= most and not keyless:
            return list(map(kept, split))
        rows = []
        for fields, size in zip(split, sizes, strict=True):
            if size > most or (keyless and fields[0] not in {b".", b""}):
                raise FieldError(TOO_MANY_FIELDS, "At least one sample has too many fields.")
            rows.append(kept(fields) if size >= needed else tuple([fields[at] if at < size else b"." for at in positions]))
        return rows


def read_format(keys: bytes) -> FormatColumn:
    """Read a FORMAT column. Raises ``FieldError``."""
    names = [] if keys in {b"", b"."} else keys.split(b":")
    if any(_KEY.fullmatch(name) is None for name in names) or len(set(names)) < len(names):
        raise FieldError(BAD_FORMAT, "A key is malformed or occurs twice.")
    at: dict[str, int] = {}
    for name in KEYS:
        if name in names:
            at.setdefault(_SAME.get(name, name).decode(), names.index(name))
    indexes = {key: index for index, key in enumerate(at)}
    positions = tuple(at.values())
    judged = tuple(key for key in JUDGED if key in indexes)
    return FormatColumn(
        len(names),
        positions,
        _picker(positions),
        indexes,
        tuple((key, read) for key, read in _READERS.items() if key in indexes),
        tuple(key for key in PHASE_KEYS if key in indexes),
        judged,
        _picker([indexes[key] for key in judged]),
        () if indexes.keys().isdisjoint(READ_KEYS) else tuple(key for key in ("DP", "AD", *READ_KEYS) if key in indexes),
        "GT" in indexes,
        "CN" in indexes or "RD_CN" in indexes,
    )


def _picker(indexes: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """Return a function that takes some fields out of a row."""
    if len(indexes) > 1:
        return itemgetter(*indexes)
    return lambda row: tuple(row[index] for index in indexes)
