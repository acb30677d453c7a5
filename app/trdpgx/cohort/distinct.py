"""Distinct values and rows by number, so that equal ones are computed once."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def codes_of(values: Sequence[Hashable]) -> NDArray[np.int32]:
    """Return a number for each value, equal for equal values, numbered in the order of first occurrence."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int32)


def looked_up(codes: NDArray[np.int32], index: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the codes at an index; -1 where that is negative."""
    return np.where(index >= 0, codes[index], -1) if codes.size else np.full(index.shape, -1, dtype=np.int32)


def distinct_rows(codes: NDArray[np.int32]) -> tuple[int, NDArray[np.int64]]:
    """Return how many distinct rows (of codes from -1 on) there are, and which of them each row is."""
    number = np.zeros(len(codes), dtype=np.int64)
    count = 1
    for column in range(codes.shape[1]):
        own = codes[:, column]
        lowest, highest = int(own.min()), int(own.max())
        if lowest < highest:
            distinct, number = np.unique(number * (highest + 2) + own + 1, return_inverse=True)
            count = distinct.size
    return count, number


def first_rows(inverse: NDArray[np.int64], rows: int) -> list[int]:
    """Return the index of the first occurrence of each distinct row."""
    first = np.zeros(rows, dtype=np.int64)
    first[inverse[::-1]] = np.arange(inverse.size)[::-1]
    return [int(one) for one in first]
