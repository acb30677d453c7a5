"""``trdpgx diff``: what is different between two reports."""

import sys

import click

from trdpgx.cli.console import check_standard_input, displayed, reading
from trdpgx.cli.destination import write_bytes
from trdpgx.cli.earlier import earlier_reports
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.diff.formats import DIFF_FORMATS
from trdpgx.reannotation.document import OldReport


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "-f", "--format", "form", type=click.Choice(list(DIFF_FORMATS)), default="text", show_default=True, help="Format of the output."
)
@click.option("-o", "--output", metavar="PATH", help="Write to this file instead of standard output.")
@click.option("--exit-code", is_flag=True, help="End with exit code 1 where anything is different.")
def diff(*, old: str, new: str, form: str, output: str | None, exit_code: bool) -> None:
    """Show what is different between two reports, and why.

    The reason is stated as far as it follows from the two reports. OLD and NEW are files that --format json or ndjson wrote; one of them
    may be - for standard input. Reports of several samples are compared by sample name. Standard error names a sample that only one of the
    files has, and the exit code is then 65.
    """
    check_standard_input((old, new))
    before, now = _by_sample(old), _by_sample(new)
    if len(before) == len(now) == 1:
        pairs = [(*before.values(), *now.values())]
    else:
        pairs = [(before[sample], report) for sample, report in now.items() if sample in before]
    with reading(new):
        diffs = [compare(one, other) for one, other in pairs]
    if diffs:
        write_bytes([DIFF_FORMATS[form](diffs)], output)
    alone = len(before) + len(now) - 2 * len(pairs)
    if alone:
        for name, samples in ((old, before.keys() - now.keys()), (new, now.keys() - before.keys())):
            for sample in sorted(samples):
                click.echo(f"trdpgx: only {displayed(name)} has a report of {sample}", err=True)
        sys.exit(ExitCode.UNREADABLE)
    if exit_code and any(one.changed for one in diffs):
        sys.exit(ExitCode.FINDINGS)


def _by_sample(name: str) -> dict[str, OldReport]:
    reports: dict[str, OldReport] = {}
    with reading(name):
        for report in earlier_reports(name):
            if report.facts.input.sample in reports:
                raise click.UsageError(f"{displayed(name)} has two reports of one sample: compare files with one report of each")
            reports[report.facts.input.sample] = report
    return reports
