"""What all commands share: outside calls, messages on standard error, exit codes."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.knowledge.finding import Finding
from trdpgx.model.limits import Limits
from trdpgx.model.outside import OutsideCall
from trdpgx.model.printable import escaped
from trdpgx.model.problem import InputError, Problem
from trdpgx.model.region import Interval

FINDINGS = 1
"""Exit code where a check has found something."""
UNREADABLE = 65
"""Exit code where an input could not be read (``EX_DATAERR`` of sysexits.h)."""
NEWLINE = "\n"
STDIN = "-"
"""The name of a file that means standard input."""


def load_outside(path: Path) -> tuple[OutsideCall, ...]:
    """Read a file of outside calls; where it cannot be read, print why and exit."""
    with reading(str(path)):
        return read_outside_calls(path.read_bytes())


def load_targets(path: Path) -> tuple[Interval, ...]:
    """Read a BED file of targets; where it cannot be read, print why and exit."""
    with reading(str(path)):
        return read_targets(path.read_bytes(), Limits())


def print_problem(name: str, problem: Problem) -> None:
    """Print on standard error what is wrong with an input: the kind, the case, the line, the remedy."""
    line = "" if problem.line is None else f" (line {problem.line})"
    code = problem.type.rpartition("/")[2]
    click.echo(
        f"trdpgx: {displayed(name)}: {problem.title}{line}\n  {problem.detail}\n  What to do: {problem.remedy}\n  [{code}]", err=True
    )


def print_unopened(name: str, error: OSError) -> None:
    """Print on standard error that a file cannot be opened."""
    remedy = "Check the name and who may read the file. Addresses (https://, s3://) are not opened; fetch the file first."
    click.echo(
        f"trdpgx: {displayed(name)}: The file cannot be opened.\n  {error.strerror or 'Unknown error'}.\n  What to do: {remedy}",
        err=True,
    )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Print what is wrong with an input that cannot be opened or read, and exit with ``UNREADABLE``."""
    try:
        yield
    except InputError as error:
        print_problem(name, error.problem)
        sys.exit(UNREADABLE)
    except OSError as error:
        print_unopened(name, error)
        sys.exit(UNREADABLE)


def print_findings(findings: Sequence[Finding], what: str) -> None:
    """Print the findings and exit with ``FINDINGS``, or print that there are none."""
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{what}: {len(findings)} findings", err=True)
        sys.exit(FINDINGS)
    click.echo(f"{what}: nothing found")


def displayed(name: str) -> str:
    """Return a file's name for a message, on one line and without characters that act on a terminal."""
    return "standard input" if name == STDIN else escaped(click.format_filename(name))


def stop(message: str) -> NoReturn:
    """Print a message on standard error and exit with ``FINDINGS``."""
    click.echo(f"trdpgx: {escaped(message, keep=NEWLINE)}", err=True)
    sys.exit(FINDINGS)
