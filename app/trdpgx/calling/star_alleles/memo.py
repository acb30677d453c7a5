"""What was computed from the genotypes of one request, kept as long as that request and no longer.

The people of a cohort share most of their genotypes, gene by gene, so results are reused within a request. The keys are
genotypes. A store that outlived the request would keep what belongs to a person, and the time of a later answer would show whether somebody
with the same genotypes was there before (docs/privacy.md).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_T = TypeVar("_T")

_CAPACITY = 100_000


class Memo:
    """Keeps results while the sum of their weights is at most ``capacity``; the least recently used goes first.

    A result heavier than a tenth of the capacity is not kept. Made anew for each request, whose reports are made one after the other.
    """

    def __init__(self, capacity: int = _CAPACITY) -> None:
        """Start empty."""
        self._capacity = capacity
        self._total = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], _T], weight: Callable[[_T], int] = lambda _: 1) -> _T:
        """Return what is kept for ``key``, or compute and keep it. ``weight`` gives the weight of a result, at least 1.

        A key begins with what computes it: results of every kind are kept together.
        """
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            value: _T = kept[0]
            return value
        value = compute()
        weighed = weight(value)
        if weighed * 10 <= self._capacity:
            self._kept[key] = (value, weighed)
            self._total += weighed
            self.forget(self._capacity)
        return value

    def forget(self, most: int) -> None:
        """Keep those that were used last, with a sum of weights of at most ``most``."""
        while self._total > most:
            self._total -= self._kept.popitem(last=False)[1][1]

    def __len__(self) -> int:
        return len(self._kept)
