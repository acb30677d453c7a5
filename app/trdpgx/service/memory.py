"""Memory settings of a command, which owns its process: the garbage collector and glibc's allocator."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SETTINGS = {-1: 64 * 2**20, -2: 4 * 2**20, -3: 32 * 2**20, -8: 1}
"""M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD in bytes, and M_ARENA_MAX, of mallopt(3). docs/performance.md explains them."""
_OBJECTS = (50_000, 20, 50)
"""Thresholds of ``gc.set_threshold``: new objects, and collections of each generation before one of the next."""


def keep_memory() -> None:
    """Have glibc's allocator keep the memory of intake's buffers instead of returning it to the system with each of them.

    Call it before there are threads. Does nothing where the C library is another one.
    """
    import ctypes  # noqa: PLC0415 (it takes longer to import than the help to print)

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, size in _SETTINGS.items():
            mallopt(setting, size)


def collect_seldom() -> None:
    """Have the garbage collector run less often: reports are made of many objects, hardly any of them in reference cycles."""
    gc.set_threshold(*_OBJECTS)


@contextmanager
def lasting() -> Iterator[None]:
    """Exclude what is made in the block from garbage collection: modules and knowledge are needed to the end of the process."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
