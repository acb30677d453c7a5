"""What every command reads and says in the same way: settings, outside calls, problems, findings, exit codes."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import click
from pydantic import ValidationError

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.knowledge.rules.finding import Finding
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError, Problem
from trdpgx.model.region import Interval
from trdpgx.model.settings import Settings

FINDINGS = 1
"""Exit code where a check has found something."""
UNREADABLE = 65
"""Exit code where an input could not be read (``EX_DATAERR`` of sysexits.h)."""
STDIN = "-"
"""The name of a file that means standard input."""


def load_settings(layer: Path | None = None) -> Settings:
    """Read the settings; ``layer`` stands in the place of the folder of rules that they name.

    An environment variable that looks like a setting and is none would be ignored in silence, so it is refused.
    """
    known = {(PREFIX + name).upper() for model in (Settings, Limits) for name in model.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        near = dict.fromkeys(name for one in unknown for name in get_close_matches(one.upper(), sorted(known), 1, 0.85))
        meant = f"did you mean {' and '.join(near)}? " if near else ""
        raise click.UsageError(f"no such setting: {', '.join(unknown)} ({meant}docs/settings.md lists them)")
    try:
        Limits()
        settings = Settings()
    except ValidationError as error:
        said = "; ".join(f"{PREFIX}{str(detail['loc'][0]).upper()}: {detail['msg']}" for detail in error.errors(include_input=False))
        raise click.UsageError(f"a setting is not usable: {said}") from None
    return settings.copy_with(rules=layer) if layer else settings


def load_outside(path: Path) -> tuple[OutsideCall, ...]:
    """Read a file of outside calls; where it cannot be read, say so and end."""
    try:
        return read_outside_calls(path.read_bytes())
    except InputError as error:
        tell_problem(str(path), error.problem)
    except OSError as error:
        tell_unopened(str(path), error)
    sys.exit(UNREADABLE)


def load_targets(path: Path) -> tuple[Interval, ...]:
    """Read a BED file of targets; where it cannot be read, say so and end."""
    try:
        return read_targets(path.read_bytes(), Limits())
    except InputError as error:
        tell_problem(str(path), error.problem)
    except OSError as error:
        tell_unopened(str(path), error)
    sys.exit(UNREADABLE)


def tell_problem(name: str, problem: Problem) -> None:
    """Say on standard error what is wrong with an input: the kind, the case, the line, the remedy."""
    place = "" if problem.line is None else f" (line {problem.line})"
    code = problem.type.rpartition("/")[2]
    click.echo(f"trdpgx: {shown(name)}: {problem.title}{place}\n  {problem.detail}\n  What to do: {problem.remedy}\n  [{code}]", err=True)


def tell_unopened(name: str, error: OSError) -> None:
    """Say on standard error that a file cannot be opened."""
    remedy = "Check the name and who may read the file. Addresses (https://, s3://) are not opened; fetch the file first."
    click.echo(
        f"trdpgx: {shown(name)}: The file cannot be opened.\n  {error.strerror or 'Unknown error'}.\n  What to do: {remedy}", err=True
    )


def tell_findings(findings: Sequence[Finding], what: str) -> None:
    """Print the findings and end with ``FINDINGS``, or say that there are none."""
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{what}: {len(findings)} findings", err=True)
        sys.exit(FINDINGS)
    click.echo(f"{what}: nothing found")


def shown(name: str) -> str:
    """Return a file's name as it is said in a message."""
    return "standard input" if name == STDIN else click.format_filename(name)


def stop(message: str) -> NoReturn:
    """Say a message on standard error and end with ``FINDINGS``."""
    click.echo(f"trdpgx: {message}", err=True)
    sys.exit(FINDINGS)
