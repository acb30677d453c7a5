"""Earlier reports read from files, for the commands that take them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trdpgx.cli.console import STDIN, displayed, reading, stop
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.reannotation.document import OldReport, read_reports
from trdpgx.reannotation.problems import EARLIER_REPORTS_TOO_LARGE

if TYPE_CHECKING:
    from trdpgx.reannotation.signature import Check

ENDING = ".jws"
"""What the name of a signature has after the name of the signed file."""


def earlier_reports(name: str, check: "Check | None" = None) -> Iterator[OldReport]:
    """Yield the reports of a file, or of standard input for ``-``. A ``check`` verifies the signature beside the file first.

    Raises ``InputError`` and ``OSError``.
    """
    most = Limits().max_earlier_bytes
    with click.open_file(name, "rb") as stream:
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


def load_check(path: Path) -> "Check":
    """Return what checks signatures by the keys of a file; where they cannot be read, print why and exit."""
    from trdpgx.reannotation.signature import KeyFileError, check_of  # noqa: PLC0415 (few commands have keys)

    try:
        with reading(str(path)):
            return check_of(path)
    except KeyFileError as error:
        stop(f"{displayed(str(path))}: {error}")
