"""The first bytes of uploads, which are collected before an upload takes a worker, and a bound on them over all uploads.

Where they exceed the bound, uploads that come more slowly than the least rate are ended. That rate holds only then: while there is
memory, a slow upload keeps no other waiting.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.service.problems import BUSY


class HeldUpload:
    """One upload while it is collected. ``end`` ends it because it is too slow; ``wait`` measures the time spent waiting for its sender."""

    def __init__(self, held: "HeldUploads", end: Callable[[], None]) -> None:
        self.size = 0
        self.end = end
        self.ending = False
        self._held = held
        self._waited = 0.0
        self._since: float | None = None

    def add(self, size: int) -> None:
        """Count bytes that have come. Raises ``InputError`` (``BUSY``)."""
        self.size += size
        self._held.add(self, size)

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Measure how long the block waits for the sender."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._waited += time.monotonic() - self._since
            self._since = None

    def waited(self, now: float) -> float | None:
        """Return for how many seconds this process has waited for the sender; none where it does not wait now."""
        return None if self._since is None else self._waited + now - self._since


class HeldUploads:
    """The bytes of all uploads that are collected, ``bytes`` in all."""

    def __init__(self, settings: Settings) -> None:
        self.bytes = 0
        self._settings = settings
        self._uploads: dict[HeldUpload, None] = {}

    @contextmanager
    def upload(self, end: Callable[[], None]) -> Iterator[HeldUpload]:
        """Open an upload, which is counted until the end of the block. ``end`` has to end it."""
        upload = HeldUpload(self, end)
        self._uploads[upload] = None
        try:
            yield upload
        finally:
            del self._uploads[upload]
            self.bytes -= upload.size

    def add(self, upload: HeldUpload, size: int) -> None:
        """Count bytes of an upload; where there are too many, end slow uploads. Raises ``InputError`` (``BUSY``)."""
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
        if over > 0 or upload.ending:
            raise InputError(BUSY, "Too many uploads wait for a worker.")

    def _slow(self) -> Iterator[HeldUpload]:
        """Yield the uploads that come more slowly than the least rate, and have done so for a while."""
        now, settings = time.monotonic(), self._settings
        for upload in self._uploads:
            waited = None if upload.ending else upload.waited(now)
            if waited is not None and waited >= settings.upload_rate_seconds and upload.size < settings.upload_min_rate * waited:
                yield upload
