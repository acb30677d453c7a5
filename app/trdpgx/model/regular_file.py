"""Files that others name, read without waiting and up to a cap: a pipe or a device instead of a file would stop a run."""

import os
import stat
from pathlib import Path


def is_regular(path: Path) -> bool:
    """Whether a path leads to a regular file. Raises ``OSError``."""
    return stat.S_ISREG(path.stat().st_mode)


def read_regular(path: Path, largest: int, *, own_alone: bool = False) -> bytes:
    """Return the content of a regular file of at most ``largest`` bytes. Raises ``OSError`` with the reason in words.

    ``own_alone``: refuse a file that others than its owner may write to.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(0, "it is not a regular file")
        if own_alone and facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise OSError(0, "others than its owner may write to it: chmod go-w")
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(0, f"it has over {largest} bytes")
    return content
