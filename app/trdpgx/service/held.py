"""The first bytes of uploads, which are collected before an upload takes a worker: how many there may be over all of them.

Where there are too many, those uploads make space that come more slowly than an upload may; the others are not held to it, as they keep
nobody waiting.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.service.problems import BUSY


class HeldUpload:
    """One upload while it is collected. ``end`` ends it for its slowness; ``wait`` brackets what is waited for its sender."""

    def __init__(self, held: "HeldUploads", end: Callable[[], None]) -> None:
        self.size = 0
        self.end = end
        self.ending = False
        self._held = held
        self._waited = 0.0
        self._since: float | None = None

    def add(self, size: int) -> None:
        """Count bytes that have come. Raises the ``InputError`` of a service that is busy."""
        self.size += size
        self._held.add(self, size)

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Count the time in which the sender is waited for."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._waited += time.monotonic() - self._since
            self._since = None

    def waited(self, now: float) -> float | None:
        """Return for how many seconds the sender has been waited for so far; none where it is not waited for now."""
        return None if self._since is None else self._waited + now - self._since


class HeldUploads:
    """The bytes of all uploads that are collected, ``bytes`` in all."""

    def __init__(self, settings: Settings) -> None:
        self.bytes = 0
        self._settings = settings
        self._uploads: dict[HeldUpload, None] = {}

    @contextmanager
    def upload(self, end: Callable[[], None]) -> Iterator[HeldUpload]:
        """Give an upload, which is counted until the end of the block. ``end`` has to end it."""
        one = HeldUpload(self, end)
        self._uploads[one] = None
        try:
            yield one
        finally:
            del self._uploads[one]
            self.bytes -= one.size

    def add(self, one: HeldUpload, size: int) -> None:
        """Count bytes of an upload; where there are too many, end slow ones. Raises the ``InputError`` of a service that is busy."""
        self.bytes += size
        over = self.bytes - self._settings.upload_held_bytes
        if over <= 0:
            return
        over -= sum(other.size for other in self._uploads if other.ending)
        for other in sorted(self._slow(), key=lambda other: other.size, reverse=True):
            if over <= 0:
                break
            other.ending = True
            over -= other.size
            other.end()
        if over > 0 or one.ending:
            raise InputError(BUSY, "Too many uploads wait for a worker.")

    def _slow(self) -> Iterator[HeldUpload]:
        """Yield the uploads that come more slowly than the least rate, and have done so for a while."""
        now = time.monotonic()
        for one in self._uploads:
            waited = None if one.ending else one.waited(now)
            if waited is not None and waited >= self._settings.upload_rate_seconds and one.size < self._settings.upload_min_rate * waited:
                yield one
