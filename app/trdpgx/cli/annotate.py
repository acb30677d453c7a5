"""``trdpgx annotate``: reports of the samples of files."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import get_args

import click
from pydantic import ValidationError

from trdpgx.cli.console import (
    STDIN,
    be_quiet,
    check_standard_input,
    load_outside,
    load_samples,
    load_targets,
    print_problem,
    print_samples,
    print_unopened,
)
from trdpgx.cli.context import ContextFile
from trdpgx.cli.demands import Conditions, Demands, split_names
from trdpgx.cli.destination import check_destination, write_folder, write_reports
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.options import absent_option, assembly_option, rules_option, targets_option
from trdpgx.cli.progress import watched
from trdpgx.cli.service import open_service
from trdpgx.cli.settings import load_settings
from trdpgx.model.evidence import Ancestry
from trdpgx.model.input_name import INPUT_NAME_RULE, is_input_name
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.options import AbsentOption, DetailOption, Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.patient import Patient
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.model.report import Report
from trdpgx.model.rule import Domain
from trdpgx.pipeline import Service
from trdpgx.report.format_registry import DEFAULT, report_formats
from trdpgx.report.multiqc import MultiqcContent
from trdpgx.service.memory import collect_seldom, keep_memory

_FORMATS = report_formats()


def _checked_names(context: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
    if not all(map(is_input_name, names)):
        raise click.BadParameter(INPUT_NAME_RULE)
    return names


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("-s", "--sample", multiple=True, metavar="NAME", help="Report this sample only; may be given several times.")
@click.option(
    "-S",
    "--samples-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Report only the samples that this file names, one a line.",
)
@click.option(
    "--input-name",
    multiple=True,
    callback=_checked_names,
    metavar="NAME",
    help="Name of the input in reports (input.name); with several FILEs, repeat it once for each, in order.",
)
@assembly_option
@absent_option
@click.option(
    "--outside-calls",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Star-allele, copy-number or HLA calls of another tool; with one FILE only (docs/calling.md).",
)
@click.option(
    "--context",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON file of the person's current drugs and past trials (docs/clinical.md).",
)
@targets_option
@click.option("--all-candidates", is_flag=True, help="List every pair of alleles that explains the genotypes.")
@click.option(
    "--combinations",
    is_flag=True,
    help="For research: where no pair of named alleles fits, name combinations of alleles and partial alleles.",
)
@click.option(
    "--ancestry",
    type=click.Choice([group.value for group in Ancestry]),
    help="Ancestry as the person states it: the report marks studies done in other groups. Never inferred from the genome.",
)
@click.option(
    "--by-index",
    is_flag=True,
    help="Read only the records over the panel, by the index (.tbi, .csi) beside each FILE. A record out of order is not found.",
)
@click.option("--drug", multiple=True, metavar="NAME", help="Report on this drug only, by name, brand or code; may be given several times.")
@click.option("--gene", multiple=True, metavar="NAME", help="Report on this gene only; may be given several times.")
@click.option(
    "--domain",
    multiple=True,
    type=click.Choice(get_args(Domain)),
    help="Report considerations of this domain only; may be given several times.",
)
@rules_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(_FORMATS)),
    default=DEFAULT,
    show_default=True,
    help=f"Format of the reports. {'; '.join(f'{name}: {one.about}' for name, one in _FORMATS.items())}.",
)
@click.option(
    "--detail",
    type=click.Choice([option.value for option in DetailOption]),
    default=DetailOption.SUMMARY.value,
    show_default=True,
    help="How much --format text and the narrative of --format fhir write.",
)
@click.option("--no-recommendations", is_flag=True, help="Leave the Tasks with the advice of guidelines out of --format fhir.")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="Write to this file, or for tsv and parquet a file for each table into this folder (DIR/); - is standard output.",
)
@click.option(
    "--fail-on",
    type=Conditions(),
    multiple=True,
    callback=split_names,
    help=f"Exit code {ExitCode.UNMET.value} if a report has one of these (joined by commas, or repeated). All reports are still written.",
)
@click.option(
    "--require",
    metavar="GENES",
    multiple=True,
    callback=split_names,
    help=f"Exit code {ExitCode.UNMET.value} if one of these genes was not called; --fail-on then examines these genes only.",
)
@click.option(
    "--multiqc", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write files for MultiQC into this folder as well."
)
@click.option("-q", "--quiet", is_flag=True, help="Write nothing to standard error except errors of usage; read the exit code.")
def annotate(
    *,
    files: tuple[str, ...],
    sample: tuple[str, ...],
    samples_file: Path | None,
    input_name: tuple[str, ...],
    assembly: str,
    absent: str,
    outside_calls: Path | None,
    context: Path | None,
    targets: Path | None,
    all_candidates: bool,
    combinations: bool,
    ancestry: str | None,
    drug: tuple[str, ...],
    gene: tuple[str, ...],
    domain: tuple[str, ...],
    by_index: bool,
    layer: Path | None,
    form: str,
    detail: str,
    no_recommendations: bool,
    output: str | None,
    fail_on: tuple[str, ...],
    require: tuple[str, ...],
    multiqc: Path | None,
    quiet: bool,
) -> None:
    """Make the report of each sample of each FILE.

    FILE is a VCF or BCF, plain or compressed with gzip, BGZF or zstd; - is standard input. Errors go to standard error. If a FILE cannot be
    read, the other FILEs are still reported and the exit code is 65. Without a FILE, the report is made from --outside-calls or --context
    and states that no genome was seen.
    """
    if quiet:
        be_quiet()
    if not files and outside_calls is None and context is None:
        raise click.UsageError("nothing to report on: give a FILE, --outside-calls or --context")
    check_standard_input(files)
    for option, value in (("--outside-calls", outside_calls), ("--context", context)):
        if value is not None and len(files) > 1:
            raise click.UsageError(f"{option} needs exactly one FILE")
    if by_index and STDIN in files:
        raise click.UsageError("standard input (-) has no index: give a file, or leave --by-index out")
    if input_name and len(input_name) != len(files):
        raise click.UsageError(f"--input-name is given {len(input_name)} times for {len(files)} FILEs: give it once for each FILE")
    options = _options(
        sample=(*sample, *(load_samples(samples_file) if samples_file else ())),
        assembly=assembly,
        absent=AbsentOption(absent),
        all_candidates=all_candidates,
        combinations=combinations,
        ancestry=Ancestry(ancestry) if ancestry else None,
        detail=DetailOption(detail),
        recommendations=not no_recommendations,
        drug=drug,
        gene=gene,
        domain=domain,
    )
    chosen = _FORMATS[form]
    check_destination(output, chosen)
    keep_memory()
    collect_seldom()
    stated = None if context is None else ContextFile(context)
    if stated is not None and stated.context.ancestry is not None:
        options = options.copy_with(ancestry=stated.context.ancestry)
    outside = () if outside_calls is None else load_outside(outside_calls)
    regions = None if targets is None else load_targets(targets)
    failed: list[str] = []
    demands, content = Demands(fail_on, require), MultiqcContent()
    with open_service(load_settings(layer)) as service:
        demands.check_names(service.knowledge)
        patient = None if stated is None else stated.patient(service)
        read = partial(_read, service, options, by_index=by_index)
        reports = _reports(service, files, options, (outside, regions, patient), failed, read=read, watch=demands.watch, names=input_name)
        if multiqc is not None:
            reports = _gathered(reports, content)
        write_reports(reports, chosen.with_knowledge(service.knowledge), output)
    if multiqc is not None:
        write_folder(content.files(), multiqc)
    demands.print_unmet()
    if failed:
        sys.exit(ExitCode.UNREADABLE)
    if demands.unmet:
        sys.exit(ExitCode.UNMET)


def _reports(
    service: Service,
    files: Sequence[str],
    options: Options,
    beside: tuple[Sequence[OutsideCall], Sequence[Interval] | None, Patient | None],
    failed: list[str],
    *,
    read: Callable[[str], IntakeResult],
    watch: Callable[[str, Iterator[Report]], Iterator[Report]],
    names: Sequence[str],
) -> Iterator[Report]:
    """Yield the reports of all files, or of none; ``beside`` has outside calls, targets and the person.

    ``names`` are the names of the inputs in reports. The reports of each file pass ``watch``. The problem of a file that cannot be read is
    printed, and its name is added to ``failed``.
    """
    outside, regions, patient = beside
    for name, shown in zip_longest(files or ("",), names):
        try:
            result = read(name) if name else service.without_genome(options, outside)
            yield from watch(name, service.reports(result.named(shown), options, outside, regions, patient=patient))
        except InputError as error:
            failed.append(name)
            print_problem(name or "request", error.problem)
            print_samples(error.samples)
        except OSError as error:
            failed.append(name)
            print_unopened(name, error)


def _gathered(reports: Iterator[Report], content: MultiqcContent) -> Iterator[Report]:
    """Yield the reports, each after it was added to ``content``."""
    for report in reports:
        content.add(report)
        yield report


def _read(service: Service, options: Options, name: str, *, by_index: bool) -> IntakeResult:
    if by_index:
        return service.read_by_index(Path(name), options)
    if name == STDIN:
        return service.read(sys.stdin.buffer, options)
    with watched(Path(name)) as source:
        return service.read(source, options)


def _options(**chosen: object) -> Options:
    try:
        return Options.model_validate(chosen)
    except ValidationError as error:
        message = "; ".join(f"--{detail['loc'][0]}: {detail['msg']}" for detail in error.errors(include_input=False))
        raise click.UsageError(message) from None
