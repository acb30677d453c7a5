"""One part of a run: read its inputs, call them, find their considerations, and write the tables of the part."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from msgspec import Struct, field

from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.calling.patterns import PatternCaller
from trdpgx.clinical.document import read_context
from trdpgx.cohort.folder import packed_reports, write_part, write_reports
from trdpgx.cohort.frames import TableRows, results_rows
from trdpgx.cohort.keyed import KeyedConsiderations
from trdpgx.cohort.plan import Plan, PlannedInput, Refusal, digest_of_names
from trdpgx.cohort.problems import CHROMOSOME_TWICE, FILE_CHANGED, FILE_UNREADABLE, UNEXPECTED, unreadable
from trdpgx.cohort.sample_results import AskedRun, Beside, ResultReader, SampleResults
from trdpgx.cohort.sheet import SampleSheet, SheetRow
from trdpgx.cohort.tables import ERRORS, FILE, NAMES, SHEET, empty_frame, frame_of
from trdpgx.intake.line_ranges import LineRanges
from trdpgx.intake.panel import panel_index
from trdpgx.intake.sample_ranges import InputPart, SampleRanges, read_part
from trdpgx.model.genome import Assembly
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError, problem_of
from trdpgx.model.regular_file import read_regular
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Service


class FileState(Struct, frozen=True):
    """A file as the plan saw it: bytes, time of its last change (ns), digest of the names of its samples in their order."""

    size: int
    changed: int
    samples: str


def size_and_change(path: Path) -> tuple[int, int]:
    """Return the bytes of a file and the time of its last change (ns)."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


class Run(Struct, frozen=True):
    """What a worker needs to compute a part of the run; it is sent to workers on other machines.

    The tables are written to ``folder``; ``identity`` is equal for runs that give the same tables.
    """

    identity: str
    folder: str
    plan: Plan
    settings: Settings
    limits: Limits
    asked: AskedRun
    sheet: SampleSheet = field(default_factory=SampleSheet)
    by_index: bool = False
    states: Mapping[str, FileState] = field(default_factory=dict)


class PartDone(Struct, frozen=True):
    """The numbers of a part: samples that were ``asked`` for, samples with rows, and rows of ``errors``."""

    number: int
    asked: int
    samples: int
    errors: int


class PartWorker:
    """Computes the parts of one run in one process. Distinct calls and considerations are computed once a process."""

    def __init__(self, run: Run, service: Service | None = None) -> None:
        """Read the knowledge, unless a ``service`` has it."""
        self._run = run
        self._service = service or Service(run.settings, run.limits)
        self._considerations = KeyedConsiderations(self._service.rules, self._service.knowledge.reference)
        self._callers: dict[Assembly, PatternCaller] = {}
        self._panels = panel_index(self._service.knowledge.reference.panels)
        self._rule_texts = {one.rule_id: one.text for case in self._service.rules.cases for _, one in case.considerations}
        self._open: tuple[int, SampleRanges] | None = None

    def work(self, number: int) -> PartDone:
        """Compute a part and write its tables; ``samples`` is written last, and shows that the part is whole."""
        part = self._run.plan.parts[number]
        refusals: list[Refusal] = []
        rows: dict[str, list[TableRows]] = {name: [] for name in NAMES}
        reports: list[bytes] = []
        for at, of in part.ranges:
            own = self._run.plan.inputs[at]
            try:
                for block, results in self._results(at, of, refusals):
                    for name, made in self._rows(own, block, results).items():
                        rows[name].append(made)
                    if self._run.asked.reports:
                        kept = [number for number, name in enumerate(results.names) if name not in results.dropped]
                        reports.append(packed_reports(results.reports[number] for number in kept))
            except InputError as error:
                refusals.append(Refusal(_named(own), None, error.problem))
            except OSError as error:
                refusals.append(Refusal(_named(own), None, unreadable(error)))
            except Exception as error:
                refusals.append(Refusal(_named(own), None, problem_of(UNEXPECTED, f"{type(error).__name__}.")))
        rows["errors"] = [TableRows(frame_of(ERRORS, refusals))]
        folder = Path(self._run.folder)
        if self._run.asked.reports:
            write_reports(folder, number, reports)
        write_part(folder, number, {name: partial(self._frame, name, own) for name, own in rows.items() if name != "rules"})
        return PartDone(number, part.samples, sum(own.distinct.height for own in rows["samples"]), len(refusals))

    def _results(self, at: int, of: int, refusals: list[Refusal]) -> Iterator[tuple[slice, SampleResults]]:
        """Yield the results of a range of an input, block by block, each with the samples that it has of the input."""
        run, own = self._run, self._run.plan.inputs[at]
        read = self._ranges(at, refusals).read(of, run.asked.options, run.limits)
        start = own.ranges[of].start
        if read.refused:
            names = dict(zip(own.samples, own.names, strict=True))
            refusals.extend(Refusal(_named(own), names[sample], problem) for sample, problem in read.refused.items())
        result = read.result
        caller = self._callers.get(result.facts.assembly)
        if caller is None:
            caller = self._callers[result.facts.assembly] = self._service.caller(result, run.asked.options, run.asked.targets)
        reader = ResultReader(self._service, run.asked, result, caller=caller, considerations=self._considerations)
        for block in result.samples.blocks():
            here = slice(start, start + len(block))
            start = here.stop
            beside, unusable = self._beside(own, list(zip(block.names, own.rows[here], strict=True)), refusals)
            another = (sample for sample, name in zip(block.names, own.names[here], strict=True) if name is None)
            yield here, reader.read(block, beside, {*read.refused, *unusable, *another})

    def _ranges(self, at: int, refusals: list[Refusal]) -> SampleRanges:
        """Return the records of an input; those of the last input are kept, since the parts of an input follow each other."""
        if self._open is None or self._open[0] != at:
            self._open = None
            self._open = at, self._read(self._run.plan.inputs[at], refusals)
        return self._open[1]

    def _read(self, own: PlannedInput, refusals: list[Refusal]) -> SampleRanges:
        run = self._run
        parts: list[InputPart] = []
        chromosomes: set[str] = set()
        for file, order in zip(own.files, own.orders, strict=True):
            lines = LineRanges(own.ranges, order, Path(run.folder))
            try:
                part = read_part(Path(file), run.asked.options, self._panels, run.limits, lines=lines, by_index=run.by_index)
                self._check_unchanged(file, part)
                if part.body.header.samples == own.samples:
                    part.body.header.samples = own.samples  # the names are held once
            except InputError as error:
                if len(own.files) == 1:
                    raise
                refusals.append(Refusal(file, None, error.problem))
                continue
            if not chromosomes.isdisjoint(part.body.chromosomes):
                refusals.append(Refusal(file, None, problem_of(CHROMOSOME_TWICE, f"{len(own.files)} files hold the same samples.")))
                continue
            chromosomes |= part.body.chromosomes
            parts.append(part)
        if not parts:
            raise InputError(FILE_UNREADABLE, "None of the files with this person could be read.")
        return SampleRanges(parts, own.samples, own.ranges, self._panels)

    def _check_unchanged(self, file: str, part: InputPart) -> None:
        """Raise ``InputError`` where a file changed since the plan: its genotypes could be counted for other people."""
        planned = self._run.states.get(file)
        now = FileState(*size_and_change(Path(file)), digest_of_names(part.body.header.samples))
        if planned is not None and now != planned:
            raise InputError(FILE_CHANGED, "The size, the modification time or the samples of the file are different now.")

    def _beside(
        self, own: PlannedInput, samples: Sequence[tuple[str, int | None]], refusals: list[Refusal]
    ) -> tuple[dict[str, Beside], set[str]]:
        """Return the outside calls and contexts of some samples by the sheet, and the samples of which these cannot be used."""
        beside: dict[str, Beside] = {}
        unusable: set[str] = set()
        for sample, number in samples:
            row = None if number is None else self._run.sheet.rows[number]
            if row is None or (row.outside_calls is None and row.context is None):
                continue
            try:
                beside[sample] = self._beside_one(row, sample)
            except (InputError, OSError) as error:
                problem = error.problem if isinstance(error, InputError) else unreadable(error)
                refusals.append(Refusal(_named(own), row.sample, problem))
                unusable.add(sample)
        return beside, unusable

    def _beside_one(self, row: SheetRow, sample: str) -> Beside:
        limits, options = self._run.limits, self._run.asked.options
        calls = (
            () if row.outside_calls is None else read_outside_calls(read_regular(Path(row.outside_calls), limits.max_outside_bytes), limits)
        )
        outside = [call for call in calls if call.sample in {None, sample, row.sample}]
        if row.context is None:
            return Beside(outside)
        context = read_context(read_regular(Path(row.context), limits.max_context_bytes), limits.max_context_bytes)
        if context.ancestry is not None:
            options = options.copy_with(ancestry=context.ancestry)
        return Beside(outside, self._service.patient(context), options)

    def _rows(self, own: PlannedInput, block: slice, results: SampleResults) -> dict[str, TableRows]:
        kept = np.array([name not in results.dropped for name in results.names], dtype=np.bool_)
        shown = [name or sample for name, sample in zip(own.names[block], results.names, strict=True)]
        rows = results_rows(results, shown, kept, self._rule_texts)
        chosen = [row for row, keep in zip(own.rows[block], kept.tolist(), strict=True) if keep]
        rows["samples"] = TableRows(_with_sheet(rows["samples"].frame(), _named(own), chosen, self._run.sheet))
        return rows

    def _frame(self, name: str, rows: Sequence[TableRows]) -> pl.DataFrame:
        """Return the rows of a table as a frame."""
        if rows:
            return pl.concat([one.frame() for one in rows])
        frame = empty_frame(name)
        return _with_sheet(frame, "", [], self._run.sheet) if name == "samples" else frame


def _with_sheet(frame: pl.DataFrame, file: str, rows: Sequence[int | None], sheet: SampleSheet) -> pl.DataFrame:
    """Add the file and the columns of the sheet to the table of samples."""
    own = [SheetRow("") if number is None else sheet.rows[number] for number in rows]
    stated = frame_of(SHEET, own).insert_column(0, pl.Series(FILE.name, [file] * len(rows), pl.String))
    frame = frame.drop(stated.columns, strict=False)
    for at, series in enumerate(stated, start=1):
        frame.insert_column(at, series)
    covariates = [
        pl.Series(name, [row.covariates.get(name) for row in own], pl.String).cast(pl.Float64 if numeric else pl.String)
        for name, numeric in sheet.covariates.items()
    ]
    return frame.with_columns(covariates)


def _named(own: PlannedInput) -> str:
    return " ".join(own.files)
