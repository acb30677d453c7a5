"""A whole run: planned from the headers of its files, computed part by part, and resumed after an interruption."""

import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import polars as pl
from msgspec import Struct

from trdpgx.cohort.folder import is_whole, of_another_user, part_path, read_run, remove_held, scan, write_diplotypes, write_frame, write_run
from trdpgx.cohort.part import FileState, PartDone, PartWorker, Run, size_and_change
from trdpgx.cohort.plan import Part, Refusal, digest_of_names, make_plan
from trdpgx.cohort.problems import FILE_UNREADABLE, OTHER_RUN, unreadable
from trdpgx.cohort.sample_results import AskedRun
from trdpgx.cohort.sheet import SampleSheet
from trdpgx.cohort.tables import ERRORS, NAMES, RULES, empty_frame, frame_of
from trdpgx.intake.read import read_header
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError, problem_of
from trdpgx.model.regular_file import is_regular
from trdpgx.pipeline import Service

SCHEMA = "trdpgx-cohort-1"
"""Name and version of the tables."""
_LEAST_LIMITS = {
    "max_samples": 5_000_000,
    "max_line_bytes": 2**30,
    "max_header_bytes": 2**28,
    "max_panel_bytes": 2**40,
    "max_ratio": 4_000,
}
"""Caps of one upload that are higher for a cohort: its lines are held compressed."""

Watch = Callable[[PartDone], None]
Distribute = Callable[[Run, Sequence[int], Watch], None]
"""Has some parts of a run computed by other processes, and returns when they are done."""


class Finished(Struct, frozen=True):
    """The numbers of a finished run: samples, rows of ``errors``, parts, and parts that an earlier run had computed."""

    samples: int
    errors: int
    parts: int
    resumed: int


def cohort_limits(limits: Limits) -> Limits:
    """Return the caps of a cohort."""
    return limits.copy_with(**{name: max(getattr(limits, name), least) for name, least in _LEAST_LIMITS.items()})


def plan_run(
    service: Service,
    files: Sequence[str],
    folder: Path,
    asked: AskedRun,
    *,
    sheet: SampleSheet,
    by_index: bool = False,
) -> Run:
    """Return the run over some files. Raises ``InputError`` where ``folder`` holds something else."""
    limits = cohort_limits(service.limits)
    headers: list[tuple[str, Sequence[str]]] = []
    refusals: list[Refusal] = []
    states: dict[str, FileState] = {}
    for file in dict.fromkeys(files):
        path = Path(file)
        try:
            refusal = _refused_name(path)
            if refusal is not None:
                refusals.append(refusal)
                continue
            size, changed = size_and_change(path)
            samples = read_header(path, service.knowledge.reference.panels, limits).samples
            headers.append((file, samples))
            states[file] = FileState(size, changed, digest_of_names(samples))
        except InputError as error:
            refusals.append(Refusal(file, None, error.problem))
        except OSError as error:
            refusals.append(Refusal(file, None, unreadable(error)))
    plan = make_plan(headers, refusals, sheet)
    stated = [(file, state.size, state.changed) for file, state in states.items()]
    identity = _identity(service, asked, stated, [[one.names, one.rows] for one in plan.inputs], sheet, [by_index, *refusals])
    run = Run(identity, str(folder.absolute()), plan, service.settings, limits, asked, sheet, by_index, states)
    _check_folder(run, folder)
    return run


def _refused_name(path: Path) -> Refusal | None:
    """Return the refusal of a path that is no regular file, as files are read twice, or whose name no table can hold."""
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError:
        shown = os.fsencode(path).decode("utf-8", "replace")
        return Refusal(shown, None, problem_of(FILE_UNREADABLE, "Its name is not UTF-8: give it another."))
    if not is_regular(path):
        return Refusal(str(path), None, problem_of(FILE_UNREADABLE, "It is no regular file, and a cohort's files are read twice."))
    return None


def parts_left(run: Run) -> list[Part]:
    """Return the parts that no earlier run has computed."""
    return [part for part in run.plan.parts if not is_whole(Path(run.folder), part.number)]


def execute(run: Run, service: Service, *, distribute: Distribute | None = None, watch: Watch | None = None) -> Finished:
    """Compute the missing parts, in this process or by ``distribute``, and write the tables of the whole run.

    Raises ``InputError`` where a part of an earlier run is damaged.
    """
    folder = Path(run.folder)
    started = datetime.now(UTC)
    report = watch or (lambda _: None)
    numbers = [part.number for part in parts_left(run)]
    write_run(folder, _stated(run, service, started, None))
    if distribute is not None and numbers:
        distribute(run, numbers, report)
    elif numbers:
        worker = PartWorker(run, service)
        for number in numbers:
            report(worker.work(number))
    try:
        _write_rest(run, service)
        tables = {name: int(scan(folder, name).select(pl.len()).collect().item()) for name in NAMES}
    except pl.exceptions.PolarsError:
        raise InputError(OTHER_RUN, "The folder has a damaged part of an earlier run.") from None
    write_run(folder, _stated(run, service, started, tables))
    remove_held(folder)
    return Finished(tables["samples"], tables["errors"], len(run.plan.parts), len(run.plan.parts) - len(numbers))


def _write_rest(run: Run, service: Service) -> None:
    """Write the tables of the whole run, and an empty one for each table without a part."""
    folder = Path(run.folder)
    rules = [one for case in service.rules.cases for number, one in case.considerations]
    write_frame(part_path(folder, "rules", 0), frame_of(RULES, rules).sort("rule_id"))
    write_frame(part_path(folder, "errors", len(run.plan.parts)), frame_of(ERRORS, run.plan.refusals))
    write_diplotypes(folder)
    for name in NAMES:
        if not list((folder / name).glob("part-*.parquet")):
            write_frame(part_path(folder, name, 0), empty_frame(name))


def _identity(service: Service, *asked: object) -> str:
    """Return a digest that is equal for runs that give the same tables."""
    origin = service.loaded.origin
    settings = service.settings.model_dump(mode="json")
    frequencies = [(name, _state(settings[name])) for name in ("frequencies_grch37", "frequencies_grch38")]
    least = {name: value for name, value in service.limits.model_dump(mode="json").items() if name.startswith("min_")}
    program = [SCHEMA, origin.software, origin.knowledge, frequencies, least, settings["open_from_chance"], settings["evidence_policy"]]
    data = orjson.dumps([*program, *asked], default=_plain, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(data).hexdigest()


def _state(path: str | None) -> tuple[object, ...] | None:
    return None if path is None or not Path(path).exists() else (path, *size_and_change(Path(path)))


def _plain(value: object) -> object:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return list(value) if isinstance(value, tuple) else str(value)


def _check_folder(run: Run, folder: Path) -> None:
    """Raise ``InputError`` where a folder holds the tables of another run, or anything else."""
    try:
        earlier = read_run(folder)
    except ValueError:
        raise InputError(OTHER_RUN, "The run.json of the folder was not written by trdpgx.") from None
    if earlier is not None and of_another_user(folder):
        raise InputError(
            OTHER_RUN, "A file in the folder belongs to another user or is not a regular file, so its results are not trusted."
        )
    if earlier is not None and earlier["identity"] != run.identity:
        raise InputError(OTHER_RUN, "The earlier run had other files, options, rules, reference or program.")
    if earlier is None and folder.is_dir() and any(folder.iterdir()):
        raise InputError(OTHER_RUN, "The folder is not empty and has no run.json.")


def _stated(run: Run, service: Service, started: datetime, tables: dict[str, int] | None) -> dict[str, object]:
    """Return ``run.json``; ``tables`` has the rows of each table once the run is whole."""
    origin = service.loaded.origin
    return {
        "schema": SCHEMA,
        "identity": run.identity,
        "complete": tables is not None,
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": None if tables is None else datetime.now(UTC).isoformat(timespec="seconds"),
        "software": origin.software.model_dump(mode="json"),
        "knowledge": origin.knowledge.model_dump(mode="json"),
        "options": run.asked.options.model_dump(mode="json", exclude={"sample", "detail", "drug", "gene", "domain"}),
        "by_index": run.by_index,
        "targets": run.asked.targets is not None,
        "reports": run.asked.reports,
        "covariates": list(run.sheet.covariates),
        "inputs": [{"files": list(one.files), "samples": len(one.samples)} for one in run.plan.inputs],
        "parts": len(run.plan.parts),
        "tables": tables,
    }
