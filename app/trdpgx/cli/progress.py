"""A progress bar on standard error for long files, at a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

import click

from trdpgx.cli.console import is_quiet

LONG = 32 * 2**20
"""Least bytes of a file with a bar."""


class _Watched(BufferedIOBase):
    """A file that reports how far it was read."""

    def __init__(self, file: BinaryIO, advance: Callable[[int], None]) -> None:
        self._file = file
        self._advance = advance

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._file.read(-1 if size is None else size)
        self._advance(len(data))
        return data


@contextmanager
def watched(path: Path) -> Iterator[Path | BinaryIO]:
    """Yield the path, or for a long file at a terminal the open file, whose reading moves a bar."""
    if is_quiet() or not sys.stderr.isatty() or not path.is_file() or path.stat().st_size < LONG:
        yield path
        return
    with path.open("rb") as file, click.progressbar(length=path.stat().st_size, label=path.name, file=sys.stderr) as bar:
        yield cast(BinaryIO, _Watched(file, bar.update))
