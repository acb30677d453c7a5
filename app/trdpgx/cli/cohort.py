"""``trdpgx cohort``: results of many samples as tables."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click

from trdpgx.cli.console import STDIN, displayed, load_targets, reading
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.options import absent_option, assembly_option, rules_option, tables_option, targets_option
from trdpgx.cli.service import open_service
from trdpgx.cli.settings import load_settings
from trdpgx.cohort.part import PartDone
from trdpgx.cohort.run import Distribute, Finished, Watch, execute, parts_left, plan_run
from trdpgx.cohort.sample_results import AskedRun
from trdpgx.cohort.sheet import SampleSheet, read_sheet
from trdpgx.cohort.tsv import write_tsv
from trdpgx.model.evidence import Ancestry
from trdpgx.model.options import Options
from trdpgx.service.memory import collect_seldom, keep_memory


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@tables_option
@click.option(
    "--sheet",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Sample sheet: which sample of which file is which person, and in which group (docs/cohorts.md).",
)
@assembly_option
@absent_option
@targets_option
@click.option("--all-candidates", is_flag=True, help="With --reports: list every pair of alleles that explains the genotypes.")
@click.option("--combinations", is_flag=True, help="With --reports, for research: name combinations of alleles and partial alleles.")
@click.option(
    "--ancestry",
    type=click.Choice([group.value for group in Ancestry]),
    help="Ancestry as everybody in the cohort states it; with --reports, studies done in other groups are marked. Never inferred.",
)
@click.option("--by-index", is_flag=True, help="Read only the records over the panel, by the index (.tbi, .csi) beside each FILE.")
@rules_option
@click.option("--reports", is_flag=True, help="Also write the full reports, as NDJSON compressed with zstd, to DIR/reports.")
@click.option("--tsv", is_flag=True, help="Also write each table as DIR/TABLE.tsv.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run the parts of the cohort on Dask: address of a scheduler (tcp://...), or `local` for one on this machine.",
)
def cohort(
    *,
    files: tuple[str, ...],
    output: Path,
    sheet: Path | None,
    assembly: str,
    absent: str,
    targets: Path | None,
    all_candidates: bool,
    combinations: bool,
    ancestry: str | None,
    by_index: bool,
    layer: Path | None,
    reports: bool,
    tsv: bool,
    scheduler: str | None,
) -> None:
    """Write the results of all samples of all FILEs as tables.

    The Parquet tables hold calls, variants and considerations. FILE is a VCF or BCF of one or many samples, plain or compressed with gzip,
    BGZF or zstd. Files with the same samples, such as one for each chromosome, are merged. A file or a sample that cannot be used is listed
    in the table `errors`, and the exit code is 65. To continue an interrupted run, start it again with the same FILEs and options.
    """
    if STDIN in files:
        raise click.UsageError("standard input (-) can be read only once, and a cohort's files are read twice: give a file")
    keep_memory()
    collect_seldom()
    with reading(str(sheet)):
        samples = SampleSheet() if sheet is None else read_sheet(sheet)
    options = Options.model_validate(
        {
            "assembly": assembly,
            "absent": absent,
            "all_candidates": all_candidates,
            "combinations": combinations,
            "ancestry": ancestry,
        }
    )
    asked = AskedRun(options, None if targets is None else load_targets(targets), reports)
    distribute = None if scheduler is None else _distribute(scheduler)
    with open_service(load_settings(layer)) as service:
        with reading(str(output)):
            run = plan_run(service, files, output, asked, sheet=samples, by_index=by_index)
        with _watched(sum(part.samples for part in parts_left(run))) as watch, reading(str(output)):
            finished = execute(run, service, distribute=distribute, watch=watch)
        if tsv:
            write_tsv(output)
    click.echo(_summary(finished, output), err=True)
    if finished.errors:
        sys.exit(ExitCode.UNREADABLE)


def _distribute(scheduler: str) -> Distribute:
    from trdpgx.cohort.distributed import DaskMissingError, distribute_on  # noqa: PLC0415 (an extra that few need)

    try:
        return distribute_on(scheduler)
    except DaskMissingError as error:
        raise click.UsageError(str(error)) from None


def _is_terminal() -> bool:
    return sys.stderr.isatty()


@contextmanager
def _watched(samples: int) -> Iterator[Watch]:
    """Yield a function to call after each part: at a terminal it moves a bar with the rate and the time left."""
    if not _is_terminal():
        yield lambda _: None
        return
    began, done = monotonic(), 0

    def rate(_: object) -> str:
        return f"{done / max(monotonic() - began, 0.001):.0f} samples/s"

    with click.progressbar(length=samples, label="samples", file=sys.stderr, show_eta=True, item_show_func=rate) as bar:

        def watch(part: PartDone) -> None:
            nonlocal done
            done += part.asked
            bar.update(part.asked, part)

        yield watch


def _summary(finished: Finished, output: Path) -> str:
    resumed = f", {finished.resumed} of them from an earlier run" if finished.resumed else ""
    errors = f"; {finished.errors} without results: the table errors names them" if finished.errors else ""
    return f"trdpgx: {finished.samples} samples in {finished.parts} parts{resumed}{errors}; tables in {displayed(str(output))}"
