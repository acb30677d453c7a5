"""The command line: ``trdpgx annotate``, ``serve``, ``rules check``, ``reference verify`` and ``schema report``."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
import orjson
import uvicorn
from pydantic import ValidationError

from app.api.logs import log_config
from app.calling.outside import read_outside_calls
from app.knowledge.finding import Finding
from app.knowledge.lint import check_rules
from app.knowledge.location import reference_directory, rules_directory
from app.knowledge.manifest import verify
from app.knowledge.reference import load_reference
from app.knowledge.rulebook import CITATIONS, DRUGS, VOCABULARY
from app.model.limits import Limits
from app.model.options import AbsentOption, AssemblyOption, Options
from app.model.outside import OutsideCall
from app.model.problem import InputError, Problem
from app.model.report import Report
from app.model.settings import PREFIX, Settings
from app.pipeline import Service
from app.report.json import report_schema
from app.report.stream import stream_json, stream_ndjson, stream_text

FINDINGS = 1
"""Exit code where a check has found something."""
UNREADABLE = 65
"""Exit code where an input could not be read (``EX_DATAERR`` of sysexits.h)."""

_STDIN = "-"
_WHOLE = (CITATIONS, DRUGS, VOCABULARY)
_GRACE_SECONDS = 30
_STREAMS: dict[str, Callable[[Iterable[Report]], Iterator[bytes]]] = {
    "json": partial(stream_json, indent=2),
    "ndjson": stream_ndjson,
    "text": stream_text,
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="trdpgx", prog_name="trdpgx")
def main() -> None:
    """From a VCF to a report of what is known about the person's genes and antidepressants."""


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--sample", metavar="NAME", help="Report this sample only.")
@click.option(
    "--assembly",
    type=click.Choice([option.value for option in AssemblyOption]),
    default=AssemblyOption.AUTO.value,
    show_default=True,
    help="Assembly of the files.",
)
@click.option(
    "--absent",
    type=click.Choice([option.value for option in AbsentOption]),
    default=AbsentOption.MISSING.value,
    show_default=True,
    help="What a position counts as that a file does not mention.",
)
@click.option(
    "--outside-calls", type=click.Path(path_type=Path), metavar="FILE", help="Calls that another tool made, to go with the one FILE."
)
@click.option("--all-candidates", is_flag=True, help="List every pair of alleles that explains the genotypes.")
@click.option("--combinations", is_flag=True, help="For research: name combinations and partial alleles where nothing else fits.")
@click.option("--format", "form", type=click.Choice(list(_STREAMS)), default="json", show_default=True, help="Form of the reports.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help="Write here instead of to standard output.")
def annotate(
    *,
    files: tuple[str, ...],
    sample: str | None,
    assembly: str,
    absent: str,
    outside_calls: Path | None,
    all_candidates: bool,
    combinations: bool,
    form: str,
    output: Path | None,
) -> None:
    """Make the report of each sample of each FILE.

    FILE is a VCF or BCF, plain, gzip or BGZF, or - for standard input. A FILE that cannot be read is told on standard error and does not
    keep the others from being reported; the exit code is then 65.
    """
    if files.count(_STDIN) > 1:
        raise click.UsageError("standard input (-) can be read once only")
    if outside_calls is not None and len(files) > 1:
        raise click.UsageError("--outside-calls goes with one FILE")
    options = _options(
        sample=sample,
        assembly=AssemblyOption(assembly),
        absent=AbsentOption(absent),
        all_candidates=all_candidates,
        combinations=combinations,
    )
    outside = () if outside_calls is None else _outside(outside_calls)
    failed: list[str] = []
    with _service() as service, _written(output) as write:
        for piece in _STREAMS[form](_reports(service, files, options, outside, failed)):
            write(piece)
    if failed:
        sys.exit(UNREADABLE)


@main.command()
@click.option("--host", help="Address to listen on.  [default: TRDPGX_HOST or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: TRDPGX_PORT or 8000]")
@click.option("--workers", type=click.IntRange(1), help="Number of server processes.  [default: TRDPGX_WORKERS or 1]")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Run the HTTP service."""
    settings = _settings()
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        workers=settings.workers if workers is None else workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        log_config=log_config(settings.log_level),
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


@main.group()
def rules() -> None:
    """Look at the rules."""


@rules.command("check")
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(directory: Path | None) -> None:
    """Say what is wrong in a folder of rules, with file and line.

    A folder without citations, drugs or a vocabulary of its own is checked as a layer over the bundled rules. Without DIRECTORY, the rules
    that reports use are checked.
    """
    settings = _settings()
    bundled = rules_directory()
    chosen = directory or settings.rules or bundled
    whole = chosen == bundled or (chosen != settings.rules and all((chosen / name).is_file() for name in _WHOLE))
    _tell(check_rules(chosen, load_reference(settings.reference), None if whole else bundled), "rules")


@main.group()
def reference() -> None:
    """Look at the reference data."""


@reference.command("verify")
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify_reference(directory: Path | None) -> None:
    """Compare each file of a reference folder with its digest. Without DIRECTORY: the reference that reports use."""
    _tell(verify(directory or _settings().reference or reference_directory()), "reference")


@main.group()
def schema() -> None:
    """Print schemas."""


@schema.command("report")
def print_report_schema() -> None:
    """Print the JSON Schema of a report."""
    click.echo(orjson.dumps(report_schema(), option=orjson.OPT_INDENT_2))


def _reports(
    service: Service, files: Sequence[str], options: Options, outside: Sequence[OutsideCall], failed: list[str]
) -> Iterator[Report]:
    """Yield the reports of all files. One that cannot be read is told, added to ``failed`` and passed over."""
    for name in files:
        try:
            result = service.read(sys.stdin.buffer if name == _STDIN else Path(name), options)
            yield from service.reports(result, options, outside)
        except InputError as error:
            failed.append(name)
            _tell_problem(name, error.problem)
        except OSError as error:
            failed.append(name)
            _tell_unopened(name, error)


@contextmanager
def _written(output: Path | None) -> Iterator[Callable[[bytes], None]]:
    """Give a function that writes: to standard output, or to a file that appears once it is whole, and not if nothing was written."""
    if output is None:
        yield lambda piece: click.echo(piece, nl=False)
        return
    draft = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        file = draft.open("xb")
    except OSError as error:
        raise click.UsageError(f"{_shown(str(output))} cannot be written: {error.strerror}") from None
    try:
        with file:
            yield lambda piece: _ignore(file.write(piece))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if size:
            draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


def _ignore(_: object) -> None:
    """Let a result go."""


@contextmanager
def _service() -> Iterator[Service]:
    settings = _settings()
    try:
        service = Service(settings, Limits())
    except (OSError, ValueError) as error:
        _stop(f"the rules or the reference cannot be read:\n{error}")
    with service:
        yield service


def _settings() -> Settings:
    """Read the settings. An environment variable that looks like one and is none would be ignored in silence, so it is refused."""
    known = {(PREFIX + name).upper() for model in (Settings, Limits) for name in model.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise click.UsageError(f"no such setting: {', '.join(unknown)} (docs/settings.md lists them)")
    try:
        Limits()
        return Settings()
    except ValidationError as error:
        said = "; ".join(f"{PREFIX}{str(detail['loc'][0]).upper()}: {detail['msg']}" for detail in error.errors(include_input=False))
        raise click.UsageError(f"a setting is not usable: {said}") from None


def _options(**chosen: object) -> Options:
    try:
        return Options.model_validate(chosen)
    except ValidationError as error:
        said = "; ".join(f"--{detail['loc'][0]}: {detail['msg']}" for detail in error.errors(include_input=False))
        raise click.UsageError(said) from None


def _outside(path: Path) -> tuple[OutsideCall, ...]:
    try:
        return read_outside_calls(path.read_bytes())
    except InputError as error:
        _tell_problem(str(path), error.problem)
    except OSError as error:
        _tell_unopened(str(path), error)
    sys.exit(UNREADABLE)


def _tell_problem(name: str, problem: Problem) -> None:
    """Say on standard error what is wrong with an input: the kind, the case, the line, the remedy."""
    place = "" if problem.line is None else f" (line {problem.line})"
    code = problem.type.rpartition("/")[2]
    click.echo(f"trdpgx: {_shown(name)}: {problem.title}{place}\n  {problem.detail}\n  What to do: {problem.remedy}\n  [{code}]", err=True)


def _tell_unopened(name: str, error: OSError) -> None:
    remedy = "Check the name and who may read the file. Addresses (https://, s3://) are not opened; fetch the file first."
    click.echo(
        f"trdpgx: {_shown(name)}: The file cannot be opened.\n  {error.strerror or 'Unknown error'}.\n  What to do: {remedy}", err=True
    )


def _shown(name: str) -> str:
    return "standard input" if name == _STDIN else click.format_filename(name)


def _tell(findings: Sequence[Finding], what: str) -> None:
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{what}: {len(findings)} findings", err=True)
        sys.exit(FINDINGS)
    click.echo(f"{what}: nothing found")


def _stop(message: str) -> NoReturn:
    click.echo(f"trdpgx: {message}", err=True)
    sys.exit(FINDINGS)
