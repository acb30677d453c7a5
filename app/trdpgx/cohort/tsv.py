"""The tables as tab-separated text, with values written as in ``annotate --format tsv``."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from trdpgx.cohort.folder import draft_of
from trdpgx.cohort.tables import NAMES
from trdpgx.report.formats.tsv import as_text


def write_tsv(folder: Path) -> None:
    """Write each table of a run as ``TABLE.tsv`` into its folder, part by part."""
    for name in NAMES:
        with draft_of(folder / f"{name}.tsv") as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
            for number, path in enumerate(sorted((folder / name).glob("part-*.parquet"))):
                frame = pl.read_parquet(path)
                if number == 0:
                    file.write(tsv_line(frame.columns))
                file.writelines(map(tsv_line, frame.iter_rows()))


def tsv_line(values: Iterable[object]) -> str:
    """Return a row of a table as a line; a value that a spreadsheet would run is written as text."""
    return "\t".join(as_text(tuple(value) if isinstance(value, list) else value) for value in values) + "\n"  # type: ignore[arg-type]
