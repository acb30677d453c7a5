"""A memo with a bound: what was computed for a pattern once is kept, the least recently used goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memo(Generic[Key, Value]):
    """Keeps results while the sum of their weights is at most ``capacity``; a result heavier than a tenth of that is not kept.

    Threads may share it. Two threads that ask for the same key at the same time may both compute it.
    """

    def __init__(self, capacity: int, weight: Callable[[Value], int]) -> None:
        """Start empty. ``weight`` gives the weight of a result, at least 1."""
        self._capacity = capacity
        self._weight = weight
        self._total = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, compute: Callable[[], Value]) -> Value:
        """Return what is kept for ``key``, or compute and keep it."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept[0]
        value = compute()
        weight = self._weight(value)
        if weight * 10 <= self._capacity:
            with self._lock:
                if key not in self._kept:
                    self._kept[key] = (value, weight)
                    self._total += weight
                while self._total > self._capacity:
                    self._total -= self._kept.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._total = 0

    def __len__(self) -> int:
        return len(self._kept)
