"""Threads that work on the next pieces of an input while the caller works on the results of the last ones."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_Made = TypeVar("_Made")

DEPTH = 2
"""Tasks that may be under way for each thread; their results are what is held in memory besides the caller's own."""


class WorkerThreads(Generic[_Made]):
    """Does tasks in ``threads`` threads, which start with the first task, and yields the results in order. Close it when done."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: deque[Future[_Made]] = deque()

    def feed(self, task: Callable[[], _Made]) -> Iterator[_Made]:
        """Start a task, and yield the oldest results where there are more than ``DEPTH`` tasks a thread. Raises the error of a task."""
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (a short input has no threads)

            self._pool = ThreadPoolExecutor(self._threads)
        self._under_way.append(self._pool.submit(task))
        while len(self._under_way) > DEPTH * self._threads:
            yield self._under_way.popleft().result()

    def finish(self) -> Iterator[_Made]:
        """Yield the results that are left."""
        while self._under_way:
            yield self._under_way.popleft().result()

    def close(self) -> None:
        """Drop what is left and end the threads; can be called at any time and more than once."""
        self._under_way.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
