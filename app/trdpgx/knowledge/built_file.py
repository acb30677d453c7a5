"""Files made when the package is built, so that a start need not compute their content again.

Each begins with a digest over everything that its content follows from, the code included, and a checksum. It is ignored where either
differs. A wheel has these files, and so has a checkout after ``make setup``, ``trdpgx rules release`` or ``trdpgx reference release``.
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
