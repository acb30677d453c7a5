"""Memory of a command, which owns its process: what the collector looks at, and what glibc gives back to the system."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SETTINGS = {-1: 64 * 2**20, -2: 4 * 2**20, -3: 32 * 2**20, -8: 1}
"""M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD in bytes, and M_ARENA_MAX, of mallopt(3). docs/performance.md explains them."""
_OBJECTS = (50_000, 20, 50)
"""After so many new objects the collector looks at them, and after so many looks at those that are older."""


def keep_memory() -> None:
    """Have glibc's allocator keep what intake's buffers take, rather than give it back to the system with each of them.

    Call it before there are threads.

    Does nothing where the C library is another one.
    """
    import ctypes  # noqa: PLC0415 (it takes longer to import than the help to print)

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, size in _SETTINGS.items():
            mallopt(setting, size)


def collect_seldom() -> None:
    """Have the garbage collector look less often: reports are made of many objects, hardly any of them in circles."""
    gc.set_threshold(*_OBJECTS)


@contextmanager
def lasting() -> Iterator[None]:
    """Keep the garbage collector from looking at what is made in the block, then or later: modules and knowledge stay to the end."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
