"""Where reports are written: standard output, a file, or a folder of files. A file appears once it is whole."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click

from trdpgx.cli.console import STDIN, displayed
from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat


def check_destination(output: str | None, form: ReportFormat) -> None:
    """Raise ``click.UsageError`` where a format cannot be written there."""
    if _is_folder(output) and form.write_files is None and form.write_files_with_knowledge is None:
        raise click.UsageError(f"--format {form.name} writes one file, and {displayed(str(output))} is a folder")
    if form.binary and (output is None or output == STDIN) and sys.stdout.isatty():
        raise click.UsageError(f"--format {form.name} is not for a terminal: write it to a file with --output")


def write_reports(reports: Iterable[Report], form: ReportFormat, output: str | None) -> None:
    """Write reports in a format; without ``output``, or for ``-``, to standard output. Where there is no report nothing is written.

    Raises ``click.UsageError`` where the format cannot hold all of them together.
    """
    reports = _fitting(reports, form)
    if output is not None and form.write_files is not None and _is_folder(output):
        write_folder(form.write_files(reports), Path(output))
    else:
        write_bytes(form.write(reports), output)


def write_bytes(pieces: Iterable[bytes], output: str | None) -> None:
    """Write pieces one after the other to a file; without ``output``, or for ``-``, to standard output."""
    if output is None or output == STDIN:
        for piece in pieces:
            click.echo(piece, nl=False)
    elif _is_device(output):
        try:
            with Path(output).open("wb") as device:
                device.writelines(pieces)
        except (IsADirectoryError, PermissionError) as error:
            raise _unwritable(Path(output), error) from None
    else:
        with _drafts() as draft:
            draft(Path(output)).writelines(pieces)


def write_folder(pieces: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write pieces of several files into a folder, which is made where it is missing. All files appear at the end."""
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        with _drafts() as draft:
            for name, piece in pieces:
                draft(folder / name).write(piece)
    finally:
        if made:
            with suppress(OSError):
                folder.rmdir()


def _fitting(reports: Iterable[Report], form: ReportFormat) -> Iterator[Report]:
    """Yield the reports. Raises ``click.UsageError``, before the first is written, where one file of the format cannot hold two."""
    others = iter(reports)
    first, second = next(others, None), next(others, None)
    if first is not None and second is not None and not form.many:
        raise click.UsageError(f"--format {form.name} holds one report; choose a sample with --sample, and one FILE")
    for report in chain((one for one in (first, second) if one is not None), others):
        if form.one_input and first is not None and report.input.sha256 != first.input.sha256:
            raise click.UsageError(f"--format {form.name} holds the samples of one input; give one FILE")
        yield report


def _is_folder(output: str | None) -> bool:
    """Return whether a name means a folder: it ends with ``/``, or there is a folder of this name."""
    return output is not None and output != STDIN and (output.endswith(("/", os.sep)) or Path(output).is_dir())


def _is_device(output: str) -> bool:
    """Return whether a name is in use by what no file may replace, such as ``/dev/null``, a named pipe or a folder."""
    path = Path(output)
    return path.exists() and not path.is_file()


@contextmanager
def _drafts() -> Iterator[Callable[[Path], BinaryIO]]:
    """Yield a function that opens a file for writing, once, and returns it.

    Each file is written as a draft with another name. At the end the drafts that are not empty get their names; after an error all drafts
    are removed.
    """
    opened: dict[Path, BinaryIO] = {}
    with ExitStack() as at_end:

        def open_draft(path: Path) -> BinaryIO:
            if path not in opened:
                draft = _draft_of(path)
                try:
                    opened[path] = at_end.enter_context(draft.open("xb"))
                except OSError as error:
                    raise _unwritable(path, error) from None
                at_end.callback(draft.unlink, missing_ok=True)
            return opened[path]

        yield open_draft
        for path, file in opened.items():
            file.flush()
            os.fsync(file.fileno())
            if file.tell():
                _draft_of(path).replace(path)


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _unwritable(path: Path, error: OSError) -> click.UsageError:
    return click.UsageError(f"{displayed(str(path))} cannot be written: {error.strerror}")
