"""Which directions of a source count: one function for headlines, for disagreements of sources, and for the table of drugs by source."""

from collections.abc import Collection

from trdpgx.model.rule import Direction

CHANGING = frozenset({Direction.AVOID, Direction.LOWER, Direction.HIGHER, Direction.MONITOR})
"""Directions that depart from the usual course."""


def decisive(directions: Collection[Direction]) -> frozenset[Direction]:
    """Return the directions that a source points in: a change outweighs "no change", and either outweighs "no advice"."""
    changing = CHANGING.intersection(directions)
    return changing or frozenset({Direction.STANDARD if Direction.STANDARD in directions else Direction.NONE})
