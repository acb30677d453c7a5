"""Earlier reports read from files, for the commands that take them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from trdpgx.cli.console import STDIN
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.reannotation.document import OldReport, read_reports
from trdpgx.reannotation.problems import EARLIER_REPORTS_TOO_LARGE

if TYPE_CHECKING:
    from trdpgx.reannotation.signature import Check

ENDING = ".jws"
"""What a file with a signature ends with, after the name of the file that is signed."""


def earlier_reports(name: str, check: "Check | None" = None) -> Iterator[OldReport]:
    """Yield the reports of a file, or of standard input for ``-``; with a ``check``, of a file whose signature beside it passes.

    Raises ``InputError`` and ``OSError``.
    """
    most = Limits().max_earlier_bytes
    with _opened(name) as stream:
        if check is None:
            yield from read_reports(stream, most)
            return
        content = stream.read(most + 1)
    if len(content) > most:
        raise InputError(EARLIER_REPORTS_TOO_LARGE, f"The cap is {most} bytes.")
    check(content, None if name == STDIN else signature_of(name))
    yield from read_reports(BytesIO(content), most)


def signature_of(name: str) -> str | None:
    """Return the signature beside a file, ``None`` where there is none."""
    path = Path(f"{name}{ENDING}")
    return path.read_text("ascii", errors="replace") if path.is_file() else None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream
