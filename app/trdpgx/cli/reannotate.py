"""``trdpgx reannotate``: new reports from earlier ones."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trdpgx.cli.console import check_standard_input, displayed, print_problem, print_unopened
from trdpgx.cli.destination import check_destination, write_bytes, write_reports
from trdpgx.cli.earlier import earlier_reports, load_check
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.options import rules_option
from trdpgx.cli.service import open_service
from trdpgx.cli.settings import load_settings
from trdpgx.model.options import DetailOption
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.model.report_diff import ReportDiff
from trdpgx.pipeline import Service
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.diff.formats import DIFF_FORMATS, ENDINGS
from trdpgx.reannotation.document import as_old
from trdpgx.reannotation.reannotate import reannotate as report_of_today
from trdpgx.report.format_registry import DEFAULT, report_formats
from trdpgx.service.memory import keep_memory

if TYPE_CHECKING:
    from trdpgx.reannotation.signature import Check


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="OLD...")
@rules_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(report_formats())),
    default=DEFAULT,
    show_default=True,
    help="Format of the new reports.",
)
@click.option(
    "--detail",
    type=click.Choice([option.value for option in DetailOption]),
    help="How much --format text writes; default: as in the old report.",
)
@click.option("--no-recommendations", is_flag=True, help="Leave the Tasks with the advice of guidelines out of --format fhir.")
@click.option("-o", "--output", metavar="PATH", help="Write the new reports to this file instead of standard output.")
@click.option("--diff", "diff_file", metavar="PATH", help="Write the differences to this file; its name ends with .json, .txt or .html.")
@click.option(
    "--trusted-keys",
    type=click.Path(path_type=Path),
    metavar="PUBLIC",
    help="Accept only reports with a signature (OLD.jws) by one of these keys.",
)
def reannotate(
    *,
    files: tuple[str, ...],
    layer: Path | None,
    form: str,
    detail: str | None,
    no_recommendations: bool,
    output: str | None,
    diff_file: str | None,
    trusted_keys: Path | None,
) -> None:
    """Make today's report from an earlier one, without the genome.

    OLD is a file that --format json or ndjson wrote, with one or several reports; - is standard input. The clinical context, its date and
    the options are those of the old report. Standard error counts the differences; --diff writes all of them. Standard error also names a
    report that cannot be used, and the exit code is then 65.
    """
    chosen = report_formats()[form]
    check_destination(output, chosen)
    check_standard_input(files)
    ending = ENDINGS.get(Path(diff_file).suffix.lower()) if diff_file else None
    if diff_file and ending is None:
        raise click.UsageError(f"--diff {displayed(diff_file)}: the name of the file ends with {', '.join(ENDINGS)}")
    keep_memory()
    settings = load_settings(layer)
    keys = trusted_keys or settings.trusted_keys
    check = None if keys is None else load_check(keys)
    failed: list[str] = []
    diffs: list[ReportDiff] = []
    with open_service(settings) as service:
        made = _reports(service, files, check, failed, diffs if diff_file else None)
        if detail or no_recommendations:
            stated = {**({"detail": detail} if detail else {}), **({"recommendations": False} if no_recommendations else {})}
            made = (report.copy_with(options=report.options.copy_with(**stated)) for report in made)
        write_reports(made, chosen.with_knowledge(service.knowledge), output)
    if ending is not None and diffs:
        write_bytes([DIFF_FORMATS[ending](diffs)], diff_file)
    if failed:
        sys.exit(ExitCode.UNREADABLE)


def _reports(
    service: Service, files: Sequence[str], check: "Check | None", failed: list[str], diffs: list[ReportDiff] | None
) -> Iterator[Report]:
    """Yield the new reports. A summary of each difference is printed on standard error; ``diffs`` collects the whole differences."""
    for name in dict.fromkeys(files):
        try:
            for old in earlier_reports(name, check):
                report = report_of_today(service, old)
                diff = compare(old, as_old(report))
                click.echo(_summary(diff), err=True)
                if diffs is not None:
                    diffs.append(diff)
                yield report
        except InputError as error:
            failed.append(name)
            print_problem(name, error.problem)
        except OSError as error:
            failed.append(name)
            print_unopened(name, error)


def _summary(diff: ReportDiff) -> str:
    if not diff.changed:
        return f"{diff.sample}: nothing is different"
    counts = ((len(diff.calls), "call"), (len(diff.considerations), "consideration"), (len(diff.others), "other part"))
    parts = [f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts if count]
    return f"{diff.sample}: {', '.join(parts)} {'is' if parts[0].startswith('1 ') and len(parts) == 1 else 'are'} different"
