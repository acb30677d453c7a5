"""A fixed piece of work, measured beside what a test bounds: a machine that is slow or shared slows both, so that a bound is a ratio."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Clock = Callable[[], float]
_STEPS = 1_000_000


def unit(clock: Clock = time.process_time) -> float:
    """Return the seconds of the fixed work by a clock: about 0.03 on a machine of 2025; the largest of three, as cores are shared."""
    return max(_once(clock) for _ in range(3))


def _once(clock: Clock) -> float:
    began = clock()
    total = 0
    for number in range(_STEPS):
        total += number % 7
    return clock() - began


@contextmanager
def at_most(units: float, clock: Clock = time.process_time, own: Clock | None = None) -> Iterator[None]:
    """Fail if the block takes more than so many times the fixed work, which is measured before and after it.

    With ``time.monotonic`` as the clock, work of other processes counts, and waiting; ``own`` is the clock of the fixed work, where
    ``clock`` is that of other processes.
    """
    before, began = unit(own or clock), clock()
    yield
    took = clock() - began
    bound = units * max(before, unit(own or clock))
    assert took < bound, f"{took:.2f} s are not less than {units} times the fixed work, {bound:.2f} s"
