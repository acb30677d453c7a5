"""One BCF record as a line of VCF: the columns that intake needs, with every length checked against the bytes of the record.

Functions here raise ``LookupError``, ``ValueError`` or ``struct.error`` for a record that contradicts its stated lengths and types.
"""

import math
import re
import struct
from collections.abc import Iterator

import numpy as np

from trdpgx.intake.validate.format_column import KEYS
from trdpgx.intake.vcf.alleles import record_end
from trdpgx.intake.vcf.header import Header

_ID = re.compile(rb"[<,]ID=([^,>\s]+)")
_IDX = re.compile(rb"[<,]IDX=([0-9]{1,9})[,>]")
_INTEGERS = {1: "<i1", 2: "<i2", 3: "<i4"}
_FLOAT, _TEXT = 5, 7
_SIZES = {0: 0, 1: 1, 2: 2, 3: 4, _FLOAT: 4, _TEXT: 1}
"""Bytes of a value by its type; 0 is the type of a value that is missing."""
_MISSING_FLOAT = 0x7F800001
_INFO = (b"END", b"SVTYPE", b"SVLEN")
_FIXED = 24


class BcfDictionary:
    """What the numbers of a BCF stand for: contigs, and the keys of FILTER, INFO and FORMAT (one numbering for all three)."""

    def __init__(self, header: Header) -> None:
        """Give everything its number: IDX where the header has it, else its index, PASS first."""
        indexes = {name: index for index, name in enumerate(header.contigs)}
        self.contigs = {header.contig_numbers.get(name, index): name for name, index in indexes.items()}
        self.keys: dict[int, bytes] = {0: b"PASS"}
        numbers: dict[bytes, int] = {b"PASS": 0}
        following = 1
        for line in header.definitions:
            name, index = _ID.search(line), _IDX.search(line)
            if name is None:
                continue
            if index is not None:
                numbers[name[1]] = int(index[1])
            elif name[1] not in numbers:
                numbers[name[1]] = following
            following = max(following, numbers[name[1]] + 1)
        self.keys.update((number, name) for name, number in numbers.items())
        needles = [re.escape(_typed_number(numbers[name])) + b"[\x11-\xf3]" for name in (b"END", b"SVLEN") if name in numbers]
        self.reaching = re.compile(b"|".join(needles) or b"(?!)", re.DOTALL)
        """Finds the shared parts of records that may have END or SVLEN; chance hits are sorted out when they are decoded."""


def _typed_number(number: int) -> bytes:
    """Return a key's number in the smallest type, as BCF writers put it."""
    if number <= 127:
        return struct.pack("<Bb", 0x11, number)
    return struct.pack("<Bh", 0x12, number) if number <= 32767 else struct.pack("<Bi", 0x13, number)


class _Cursor:
    """Reads typed values of a record one after the other."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data = data
        self._end = end
        self.at = at

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        if size < 0 or self.at + size > self._end:
            raise IndexError
        self.at += size
        return self._data[self.at - size : self.at]

    def descriptor(self) -> tuple[int, int]:
        """Return the type of the next value, and how many of them there are. A count of 15 or more follows as one integer."""
        byte = self.take(1)[0]
        kind, count = byte & 15, byte >> 4
        if count == 15:
            of_count = self.take(1)[0]
            if of_count >> 4 != 1:
                raise ValueError
            (count,) = _whole(self.take(_SIZES[of_count & 15]), of_count & 15)
        return kind, count

    def integers(self) -> list[int]:
        """Return the next value as whole numbers, without missing ones."""
        kind, _, data = self.any()
        return _whole(data, kind) if data else []

    def text(self) -> bytes:
        """Return the next value as text."""
        kind, count = self.descriptor()
        if kind not in {0, _TEXT}:
            raise ValueError
        return self.take(count).rstrip(b"\0")

    def any(self) -> tuple[int, int, bytes]:
        """Return the next value as it is: its type, how many, and its bytes."""
        kind, count = self.descriptor()
        return kind, count, self.take(count * _SIZES[kind])


def info_end(dictionary: BcfDictionary, record: bytes, shared: int, pos: int, length: int) -> int:
    """Return the last position that a record at ``pos`` (1-based) reaches, whose fixed part states ``length`` bases of REF."""
    info = _info(dictionary, _past_filters(record, shared), record)
    ends, lengths = ([int(value) for value in info.get(key, b"").split(b",") if value] for key in (b"END", b"SVLEN"))
    return record_end(pos, length, ends, lengths)


def _past_filters(record: bytes, shared: int) -> _Cursor:
    """Return a cursor at the start of INFO."""
    cursor = _Cursor(record, _FIXED, shared)
    cursor.text()
    for _ in range(struct.unpack_from("<H", record, 18)[0]):
        cursor.text()
    cursor.integers()
    return cursor


def _info(dictionary: BcfDictionary, cursor: _Cursor, record: bytes, *, every: bool = False) -> dict[bytes, bytes]:
    """Return END, SVTYPE and SVLEN as text, or every key."""
    found = {}
    for _ in range(struct.unpack_from("<H", record, 16)[0]):
        (number,) = cursor.integers()
        kind, count, data = cursor.any()
        name = dictionary.keys.get(number, b"")
        if name not in _INFO:
            if every and name:
                found[name] = b"" if kind == 0 else _value(data, kind)
            continue
        if kind == _TEXT:
            found[name] = data.rstrip(b"\0")
        elif kind in _INTEGERS and count:
            found[name] = b",".join(b"%d" % value for value in _whole(data, kind))
    return found


def _whole(data: bytes, kind: int) -> list[int]:
    """Return whole numbers of an integer type, without those that are missing."""
    table = np.frombuffer(data, dtype=_INTEGERS[kind])
    return [int(value) for value in table if value > np.iinfo(table.dtype).min + 7]


def read_alleles(record: bytes, shared: int) -> tuple[bytes, bytes]:
    """Return REF and the ALT column of a record."""
    cursor = _Cursor(record, _FIXED, shared)
    cursor.text()
    ref, *alts = [cursor.text() for _ in range(struct.unpack_from("<H", record, 18)[0])]
    return ref, b",".join(alts) or b"."


def decode_line(dictionary: BcfDictionary, record: bytes, shared: int, samples: int, chrom: str) -> bytes:
    """Return a record (without its two lengths; the first ``shared`` bytes are its shared part) as a line of VCF.

    INFO has every key, FORMAT the keys that the validator keeps.
    """
    _, pos, _, quality, _, alleles, counts = struct.unpack_from("<iiifHHI", record)
    if counts & 0xFFFFFF != samples or alleles < 1:
        raise ValueError
    cursor = _Cursor(record, _FIXED, shared)
    cursor.text()
    ref, *alts = [cursor.text() for _ in range(alleles)]
    filters = [dictionary.keys[number] for number in cursor.integers()]
    info = _info(dictionary, cursor, record, every=True)
    missing = struct.unpack_from("<I", record, 12)[0] == _MISSING_FLOAT or math.isnan(quality)
    keys, columns = _samples(dictionary, _Cursor(record, shared, len(record)), counts >> 24, samples)
    fixed = (
        chrom.encode(),
        b"%d" % (pos + 1),
        b".",
        ref,
        b",".join(alts) or b".",
        b"." if missing else f"{quality:.6g}".encode(),
        b";".join(filters) or b".",
        b";".join(b"%b=%b" % (key, value) if value else key for key, value in info.items()) or b".",
        keys,
        *columns,
    )
    line = b"\t".join(fixed)
    if line.count(b"\t") != 8 + samples or b"\n" in line:
        raise ValueError
    return line


def _samples(dictionary: BcfDictionary, cursor: _Cursor, formats: int, samples: int) -> tuple[bytes, list[bytes]]:
    """Return FORMAT and the sample columns."""
    fields: dict[bytes, list[bytes]] = {}
    for _ in range(formats):
        (number,) = cursor.integers()
        kind, count = cursor.descriptor()
        data = cursor.take(samples * count * _SIZES[kind])
        name = dictionary.keys[number]
        if name in KEYS or name == b"LEN":
            fields[name] = list(_field(name, kind, count, data, samples))
    if not fields:
        return b".", [b"."] * samples
    order = sorted(fields, key=lambda name: name != b"GT")
    return b":".join(order), [b":".join(column) for column in zip(*(fields[name] for name in order), strict=True)]


def _field(name: bytes, kind: int, count: int, data: bytes, samples: int) -> Iterator[bytes]:
    """Yield the text of one key for each sample; equal values are decoded once."""
    width = count * _SIZES[kind]
    known: dict[bytes, bytes] = {}
    for sample in range(samples):
        raw = data[sample * width : (sample + 1) * width]
        if raw not in known:
            known[raw] = _genotype(raw, kind) if name == b"GT" else _value(raw, kind)
        yield known[raw]


def _genotype(raw: bytes, kind: int) -> bytes:
    table = np.frombuffer(raw, dtype=_INTEGERS[kind])
    values = [int(value) for value in table if value != np.iinfo(table.dtype).min + 1]
    if any(value < 0 for value in values):
        raise ValueError
    text = b""
    for index, value in enumerate(values):
        separator = b"" if index == 0 else b"|" if value & 1 else b"/"
        text += separator + (b"." if value < 2 else b"%d" % ((value >> 1) - 1))
    return text or b"."


def _value(raw: bytes, kind: int) -> bytes:
    if kind == _TEXT:
        return raw.rstrip(b"\0") or b"."
    if kind == _FLOAT:
        numbers = [value for value in np.frombuffer(raw, dtype="<f4").tolist() if not math.isnan(value)]
        return b",".join(f"{value:.6g}".encode() for value in numbers) or b"."
    if kind in _INTEGERS:
        table = np.frombuffer(raw, dtype=_INTEGERS[kind])
        least = np.iinfo(table.dtype).min
        return b",".join(b"." if value == least else b"%d" % value for value in table.tolist() if value != least + 1) or b"."
    return b"."
