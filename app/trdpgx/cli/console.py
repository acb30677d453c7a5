"""What several commands share: files that are read, messages on standard error, exits with a code."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from trdpgx.cli.exit_codes import ExitCode
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.knowledge.finding import Finding
from trdpgx.model.limits import Limits
from trdpgx.model.outside import OutsideCall
from trdpgx.model.printable import escaped
from trdpgx.model.problem import InputError, Problem
from trdpgx.model.region import Interval

_SAMPLES = 50
"""Sample names that a message lists at most."""
_QUIET = "trdpgx.quiet"
_NEWLINE = "\n"
STDIN = "-"
"""The name of a file that means standard input."""


def load_outside(path: Path) -> tuple[OutsideCall, ...]:
    """Read a file of outside calls; where it cannot be read, print why and exit."""
    from trdpgx.calling.outside_calls.files import read_outside_calls  # noqa: PLC0415 (few commands have such a file)

    with reading(str(path)):
        return read_outside_calls(path.read_bytes())


def load_targets(path: Path) -> tuple[Interval, ...]:
    """Read a BED file of targets; where it cannot be read, print why and exit."""
    with reading(str(path)):
        return read_targets(path.read_bytes(), Limits())


def load_samples(path: Path) -> tuple[str, ...]:
    """Read the sample names of a file, one a line; where it cannot be read or names none, print why and exit."""
    with reading(str(path)):
        data = path.read_bytes()
    try:
        names = tuple(line for line in data.decode("utf-8-sig").replace("\r", "\n").split("\n") if line.strip())
    except UnicodeDecodeError:
        names = ()
    if not names:
        note(f"trdpgx: {displayed(str(path))}: The file names no sample.\n  What to do: Write one name a line, as UTF-8 text.")
        sys.exit(ExitCode.UNREADABLE)
    return names


def check_standard_input(files: Sequence[str]) -> None:
    """Raise ``click.UsageError`` where standard input is named more than once."""
    if files.count(STDIN) > 1:
        raise click.UsageError("standard input (-) can be read only once: name it once")


def be_quiet() -> None:
    """Let this command print nothing on standard error except errors of usage."""
    click.get_current_context().meta[_QUIET] = True


def is_quiet() -> bool:
    """Return whether this command was asked to be quiet."""
    context = click.get_current_context(silent=True)
    return context is not None and _QUIET in context.meta


def note(text: str) -> None:
    """Print on standard error, unless the command is quiet."""
    if not is_quiet():
        click.echo(text, err=True)


def print_problem(name: str, problem: Problem) -> None:
    """Print a problem of an input on standard error: its kind, line, detail, remedy and code."""
    lead = f"trdpgx: {displayed(name)}: {problem.title}{problem.at_line}"
    note(f"{lead}\n  {problem.detail}\n  What to do: {problem.remedy}\n  [{problem.code}]")


def sample_shown(name: str, number: int) -> str:
    """Return a sample for a message: its name for a person at a terminal, its number where standard error may be kept by others."""
    return f"sample {escaped(name)}" if sys.stderr.isatty() else f"sample {number}"


def print_samples(names: Sequence[str]) -> None:
    """Print which samples an input has, to a person at a terminal only: elsewhere standard error may be kept by others."""
    if names and sys.stderr.isatty():
        more = f" and {len(names) - _SAMPLES} more" if len(names) > _SAMPLES else ""
        note(f"  The samples are: {', '.join(map(escaped, names[:_SAMPLES]))}{more}.")


def print_unopened(name: str, error: OSError) -> None:
    """Print on standard error that a file cannot be opened."""
    remedy = "Check the name and who may read the file. Addresses (https://, s3://) are not opened; fetch the file first."
    note(f"trdpgx: {displayed(name)}: The file cannot be opened.\n  {error.strerror or 'Unknown error'}.\n  What to do: {remedy}")


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Print what is wrong with an input that cannot be opened or read, and exit with ``UNREADABLE``."""
    try:
        yield
    except InputError as error:
        print_problem(name, error.problem)
        sys.exit(ExitCode.UNREADABLE)
    except OSError as error:
        print_unopened(name, error)
        sys.exit(ExitCode.UNREADABLE)


def print_findings(findings: Sequence[Finding], what: str) -> None:
    """Print the findings and exit with ``ExitCode.FINDINGS``, or print that there are none."""
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{what}: {len(findings)} findings", err=True)
        sys.exit(ExitCode.FINDINGS)
    click.echo(f"{what}: nothing found")


def displayed(name: str) -> str:
    """Return a file's name for a message, on one line and without characters that act on a terminal."""
    return "standard input" if name == STDIN else escaped(click.format_filename(name))


def stop(message: str, code: ExitCode = ExitCode.FINDINGS) -> NoReturn:
    """Print a message on standard error and exit."""
    note(f"trdpgx: {escaped(message, keep=_NEWLINE)}")
    sys.exit(code)
