"""Tell glibc's allocator to keep the room that intake's buffers take, rather than give it back to the system with each of them."""

import ctypes

_SETTINGS = {-1: 64 * 2**20, -2: 4 * 2**20, -3: 32 * 2**20, -8: 1}
"""M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD in bytes, and M_ARENA_MAX, of mallopt(3). docs/performance.md says what they do."""


def keep_room() -> None:
    """Set it for the whole process, as a program that owns its process may, before it has threads.

    Does nothing where the C library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, size in _SETTINGS.items():
            mallopt(setting, size)
