"""Whole numbers in text, read eight digits at a time for many places at once.

Eight bytes of text are one 64-bit number, so that a check or a sum over eight digits is one operation on it ("SIMD within a register").
"""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Words = NDArray[np.uint64]

LONGEST = 10
"""Digits of the longest number that is read."""

_BYTE = 8
_ZEROS = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIX = np.uint64(0x0606060606060606)
_DIGITS = np.uint64(0x3333333333333333)
_LOW = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES = np.array([(1 << (_BYTE * count)) - 1 for count in range(9)], dtype=np.uint64)
"""Masks of the first so many bytes."""
_PAIRS = ((2561, 8, 0x00FF00FF00FF00FF), (6553601, 16, 0x0000FFFF0000FFFF), (42949672960001, 32, 0xFFFFFFFFFFFFFFFF))
"""Factor, shift and mask of the three steps that join neighbouring digits: to pairs, to fours, to eight."""


def words_of(buffer: bytes) -> Words:
    """Return the eight bytes from each place of a buffer on (at least eight bytes long), without a copy."""
    return np.ndarray(shape=(len(buffer) - 7,), dtype="<u8", buffer=buffer, strides=(1,))


def numbers_before(buffer: bytes, ends: Indices, widths: Indices) -> Indices | None:
    """Return the numbers of ``widths`` bytes that stop before ``ends``, or ``None`` if one is empty, too long, or has another character."""
    if len(buffer) < _BYTE or int(widths.min()) < 1 or int(widths.max()) > LONGEST:
        return None
    words = words_of(buffer)
    early = np.flatnonzero(ends < 2 * _BYTE)
    low = _kept(words[np.maximum(ends - _BYTE, 0)], np.minimum(widths, _BYTE))
    sound = _are_digits(low)
    numbers = _joined(low)
    if int(widths.max()) > _BYTE:
        high = _kept(words[np.maximum(ends - 2 * _BYTE, 0)], np.maximum(widths - _BYTE, 0))
        sound &= _are_digits(high)
        numbers += _joined(high) * 10**_BYTE
    for place in early.tolist():
        text = buffer[ends[place] - widths[place] : ends[place]]
        sound[place] = text.isdigit()
        numbers[place] = int(text) if sound[place] else 0
    return numbers if bool(sound.all()) else None


def numbers_from(buffer: bytes, starts: Indices) -> Indices:
    """Return the numbers that start at ``starts`` and go on to the next character that is no digit; 0 where there is none.

    Of a number with more than ``LONGEST`` digits the first ones are returned.
    """
    if len(buffer) < 2 * _BYTE:
        return np.array([_number_from(buffer, start) for start in starts.tolist()], dtype=np.int64)
    words = words_of(buffer)
    late = np.flatnonzero(starts > len(buffer) - 2 * _BYTE)
    first = words[np.minimum(starts, words.size - 1)]
    width = _leading(first)
    numbers = _joined(_shifted(first, width))
    if bool((width == _BYTE).any()):
        second = words[np.minimum(starts + _BYTE, words.size - 1)]
        more = np.where(width == _BYTE, np.minimum(_leading(second), LONGEST - _BYTE), 0)
        numbers = numbers * 10**more + _joined(_shifted(second, more))
    for place in late.tolist():
        numbers[place] = _number_from(buffer, int(starts[place]))
    return numbers


def _number_from(buffer: bytes, start: int) -> int:
    text = buffer[start : start + LONGEST]
    width = next((place for place, code in enumerate(text) if not 48 <= code <= 57), len(text))
    return int(text[:width] or b"0")


def _kept(words: Words, widths: Indices) -> Words:
    """Return the words with "0" in place of all but their last ``widths`` bytes."""
    mask = _ONES[_BYTE - widths]
    result: Words = (words & ~mask) | (_ZEROS & mask)
    return result


def _shifted(words: Words, widths: Indices) -> Words:
    """Return the words with their first ``widths`` bytes moved to the end and "0" before them."""
    bits = (_BYTE * (_BYTE - widths)).astype(np.uint64)
    moved = np.where(widths > 0, words << (bits & np.uint64(63)), np.uint64(0))
    result: Words = moved | (_ZEROS & _ONES[_BYTE - widths])
    return result


def _strange(words: Words) -> Words:
    """Return words in which the first byte that is not 0 stands for the first character that is no digit."""
    result: Words = ((words & _HIGH) | (((words + _SIX) & _HIGH) >> np.uint64(4))) ^ _DIGITS
    return result


def _are_digits(words: Words) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = _strange(words) == 0
    return result


def _leading(words: Words) -> Indices:
    """Return how many digits the words start with."""
    strange = _strange(words)
    before = (strange & (~strange + np.uint64(1))) - np.uint64(1)
    result: Indices = np.where(strange == 0, _BYTE, np.bitwise_count(before) // _BYTE).astype(np.int64)
    return result


def _joined(words: Words) -> Indices:
    """Return the numbers that words of eight digits spell."""
    values = words & _LOW
    for factor, shift, mask in _PAIRS:
        values = ((values * np.uint64(factor)) >> np.uint64(shift)) & np.uint64(mask)
    return values.astype(np.int64)
