"""The folder of a run: a folder for each table with its parts, and ``run.json``."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from backports import zstd

from trdpgx.cohort.tables import NAMES, metadata_of
from trdpgx.model.regular_file import read_regular
from trdpgx.model.report import Report

RUN = "run.json"
_LARGEST_RUN = 2**28
_HELD = ".parts"
"""Folder of the diplotypes of each part, until the run is whole."""


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return the path of a part of a table."""
    return folder / table / f"part-{number:06d}.parquet"


def write_part(folder: Path, number: int, tables: Mapping[str, Callable[[], pl.DataFrame]]) -> None:
    """Write the tables of a part, ``samples`` last: a part with that table is whole. Only one of them is in memory at a time."""
    for name in sorted(tables, key=lambda name: name == "samples"):
        write_frame(part_path(folder / _HELD if name == "diplotypes" else folder, name, number), tables[name]())


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """Write a part of a table, into the folder with the name of the table."""
    with draft_of(path) as draft:
        frame.write_parquet(draft, compression="zstd", statistics=True, metadata=metadata_of(path.parent.name))


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Yield the path of a draft, which gets the name of the file at the end; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    yield draft
    draft.replace(path)


def packed_reports(reports: Iterable[Report]) -> bytes:
    """Return reports as lines of JSON, compressed to a frame of zstd. Frames can be concatenated."""
    return zstd.compress(b"".join(report.model_dump_json().encode() + b"\n" for report in reports))


def write_reports(folder: Path, number: int, frames: Sequence[bytes]) -> None:
    """Write the reports of a part, as frames of zstd."""
    with draft_of(folder / "reports" / f"part-{number:06d}.ndjson.zst") as draft:
        draft.write_bytes(b"".join(frames))


def is_whole(folder: Path, number: int) -> bool:
    """Return whether a part was computed completely."""
    return part_path(folder, "samples", number).exists()


def write_diplotypes(folder: Path) -> None:
    """Write the diplotypes of all parts as one table, each once."""
    paths = sorted((folder / _HELD / "diplotypes").glob("part-*.parquet"))
    if paths:
        frame = pl.concat([pl.read_parquet(path) for path in paths]).unique(maintain_order=True)
        write_frame(part_path(folder, "diplotypes", 0), frame.sort("gene", "diplotype", "activity_score", maintain_order=True))


def remove_held(folder: Path) -> None:
    """Remove intermediate files of a complete run, including drafts of workers that were killed."""
    for name in NAMES:
        for path in (folder / name).glob(".part-*"):
            path.unlink()
    for path in (folder / _HELD / "diplotypes").glob("part-*"):
        path.unlink()
    for held in (folder / _HELD / "diplotypes", folder / _HELD):
        if held.is_dir():
            held.rmdir()


def read_run(folder: Path) -> dict[str, Any] | None:
    """Return ``run.json``, or ``None`` where there is none. Raises ``ValueError`` if it was not written by this program."""
    path = folder / RUN
    if not path.exists():
        return None
    run = orjson.loads(read_regular(path, _LARGEST_RUN))
    if not isinstance(run, dict) or "identity" not in run:
        raise ValueError(f"{path} was not written by trdpgx cohort")
    return run


def of_another_user(folder: Path) -> bool:
    """Return whether the run or a part of a table belongs to another user than this one and root, or is a link or a device."""
    mine = {0, os.geteuid()}
    for path in (folder / RUN, *(folder / name for name in (*NAMES, "reports", _HELD)), *(folder / _HELD).glob("*")):
        if not path.exists() and not path.is_symlink():
            continue
        for one in (path, *path.glob("part-*")):
            facts = one.lstat()
            if facts.st_uid not in mine or not (stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode)):
                return True
    return False


def write_run(folder: Path, run: Mapping[str, object]) -> None:
    """Write ``run.json``."""
    with draft_of(folder / RUN) as draft:
        draft.write_bytes(orjson.dumps(run, option=orjson.OPT_INDENT_2) + b"\n")


def scan(folder: Path, table: str) -> pl.LazyFrame:
    """Return one table of a run as a lazy frame. Raises ``ValueError`` for a name that no table has."""
    if table not in NAMES:
        raise ValueError(f"no such table: {table} ({', '.join(NAMES)})")
    return pl.scan_parquet(folder / table / "part-*.parquet")
