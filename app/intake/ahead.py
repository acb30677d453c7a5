"""Work that runs ahead: one thread works on the next chunks while the caller is busy with the results of the last ones."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

DEPTH = 2
"""Chunks that may be under way; with their results, they are what is held in memory besides the caller's own."""


class Ahead(Generic[_Given, _Made]):
    """Does ``work`` on one thing after the other, in order, in a thread of its own that starts with the first. Close it when done."""

    def __init__(self, work: Callable[[_Given], _Made]) -> None:
        self._work = work
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: deque[Future[_Made]] = deque()

    def feed(self, given: _Given) -> Iterator[_Made]:
        """Hand something over, and yield the oldest results if more than ``DEPTH`` are under way. Raises what ``work`` raises."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1)
        self._under_way.append(self._thread.submit(self._work, given))
        while len(self._under_way) > DEPTH:
            yield self._under_way.popleft().result()

    def finish(self) -> Iterator[_Made]:
        """Yield the results that are left."""
        while self._under_way:
            yield self._under_way.popleft().result()

    def close(self) -> None:
        """Drop what is left and end the thread; can be called at any time and more than once."""
        self._under_way.clear()
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
            self._thread = None
