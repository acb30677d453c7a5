"""Activity scores: a range of them with stated bounds, as rules ask for it and as the bands of a scheme are written."""

from collections.abc import Iterable
from math import inf
from typing import Annotated, Self

from pydantic import Field, model_validator

from trdpgx.model.base import Model

Bound = Annotated[float, Field(ge=0, le=99, allow_inf_nan=False)]
_Edge = tuple[float, int]
"""A bound that can be compared: its value, and 1 or -1 where the value itself lies outside."""


def score_range(scores: Iterable[float | None]) -> tuple[float, float] | None:
    """Return the lowest and the highest of the activity scores that are known, ``None`` where none is."""
    known = [score for score in scores if score is not None]
    return (min(known), max(known)) if known else None


class ActivityRange(Model):
    """Activity scores between two bounds, each inclusive or exclusive.

    Without a lower bound the range starts at 0, without an upper one it has no end.
    """

    over: Bound | None = None
    """Above this score; the score itself is outside."""
    at_least: Bound | None = None
    """From this score; the score itself is inside."""
    up_to: Bound | None = None
    """To this score; the score itself is inside."""
    below: Bound | None = None
    """Under this score; the score itself is outside."""

    @model_validator(mode="after")
    def _has_scores(self) -> Self:
        if self.over is not None and self.at_least is not None:
            raise ValueError("write 'over' (the score itself is outside) or 'at_least' (it is inside), not both")
        if self.up_to is not None and self.below is not None:
            raise ValueError("write 'up_to' (the score itself is inside) or 'below' (it is outside), not both")
        if self.over is self.at_least is self.up_to is self.below is None:
            raise ValueError("an activity range needs a bound: over or at_least, up_to or below")
        if self.low > self.high:
            raise ValueError("no activity score lies in this range")
        return self

    @classmethod
    def exactly(cls, score: float) -> Self:
        """Return the range that holds one score."""
        return cls(at_least=score, up_to=score)

    @property
    def low(self) -> _Edge:
        """The lower bound, in the order of scores."""
        return (self.over, 1) if self.over is not None else (self.at_least or 0, 0)

    @property
    def high(self) -> _Edge:
        """The upper bound, in the order of scores."""
        if self.below is not None:
            return (self.below, -1)
        return (inf, 0) if self.up_to is None else (self.up_to, 0)

    @property
    def words(self) -> str:
        """The range as a sentence names it: ``over 0 and up to 0.75``, ``1``, ``at least 1.25``."""
        if self.low == self.high:
            return f"{self.low[0]:g}"
        bounds = (("over", self.over), ("at least", self.at_least), ("up to", self.up_to), ("below", self.below))
        return " and ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)

    def has(self, score: float) -> bool:
        """Return whether a score lies in the range."""
        return self.low <= (score, 0) <= self.high

    def covers(self, other: "ActivityRange") -> bool:
        """Return whether every score of the other range lies in this one."""
        return self.low <= other.low and other.high <= self.high

    def meets(self, other: "ActivityRange") -> bool:
        """Return whether a score lies in both ranges."""
        return max(self.low, other.low) <= min(self.high, other.high)

    def hull(self, others: Iterable["ActivityRange"]) -> "ActivityRange":
        """Return the smallest range that covers this one and the others."""
        ranges = (self, *others)
        return _between(min(one.low for one in ranges), max(one.high for one in ranges))

    def times(self, factor: float) -> "ActivityRange":
        """Return every score of the range multiplied by a factor of 0 or more; 99 is the most that a bound can be."""
        if factor == 0:
            return ActivityRange.exactly(0)
        low, high = ((edge if edge == inf else min(edge * factor, 99), side) for edge, side in (self.low, self.high))
        return _between(low, high)

    def split(self, cuts: Iterable["ActivityRange"]) -> tuple["ActivityRange", ...]:
        """Return the parts of this range, in order, so that each lies wholly inside or wholly outside of every range in ``cuts``."""
        parts = [(self.low, self.high)]
        for cut in cuts:
            (first, below), (last, above) = cut.low, cut.high
            for end, start in (((first, below - 1), cut.low), (cut.high, (last, above + 1))):
                parts = [part for low, high in parts for part in ((low, min(high, end)), (max(low, start), high)) if part[0] <= part[1]]
        return tuple(_between(low, high) for low, high in parts)


def _between(low: _Edge, high: _Edge) -> ActivityRange:
    bounds = {"over" if low[1] else "at_least": low[0]}
    if high[0] != inf:
        bounds["below" if high[1] else "up_to"] = high[0]
    return ActivityRange(**bounds)
