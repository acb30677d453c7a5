"""Earlier reports read from files, for the commands that take them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from trdpgx.cli.console import STDIN
from trdpgx.model.limits import Limits
from trdpgx.reannotation.document import OldReport, read_reports


def earlier_reports(name: str) -> Iterator[OldReport]:
    """Yield the reports of a file, or of standard input for ``-``. Raises ``InputError`` and ``OSError``."""
    with _opened(name) as stream:
        yield from read_reports(stream, Limits().max_earlier_bytes)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream
