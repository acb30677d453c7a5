"""Files beside the code that are made when the package is built: they hold what a start would have to work out once more.

Each begins with a digest over all that it follows from, the code too, and a checksum, and is passed over where either does not fit.
A wheel has them, and so has a checkout after ``make setup``, ``trdpgx rules release`` or ``trdpgx reference release``.
They are data: nothing in them is run.
"""

import hashlib
import os
import zlib
from functools import cache
from pathlib import Path


@cache
def code_digest(folder: Path) -> str:
    """Return the digest over the modules of a folder and of its subfolders."""
    modules = sorted(folder.rglob("*.py"))
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in modules)).hexdigest()


def read_built(path: Path, key: str) -> bytes | None:
    """Return what follows the first line; ``None`` where the file has another key, is damaged or cannot be read."""
    try:
        first, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if first == _first_line(key, content) else None


def write_built(path: Path, key: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(_first_line(key, content) + b"\n" + content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _first_line(key: str, content: bytes) -> bytes:
    return f"{key} {zlib.crc32(content):08x}".encode()
