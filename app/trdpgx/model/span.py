"""Intervals of one chromosome, and their union."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """An interval on a chromosome: 1-based, inclusive, ``start <= end``."""

    start: int
    end: int


def merged(intervals: Iterable[tuple[int, int]]) -> list[Span]:
    """Return intervals in order, those that overlap or touch as one."""
    spans: list[Span] = []
    for start, end in sorted(intervals):
        if spans and start <= spans[-1].end + 1:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, end))
        else:
            spans.append(Span(start, end))
    return spans
