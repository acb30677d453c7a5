"""Tables of statistics, written as Parquet and as tab-separated text, and the cohort's tables from which they are computed."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from trdpgx.cohort.folder import scan
from trdpgx.cohort.tsv import tsv_line
from trdpgx.model.errors import TrdpgxError


class CohortFolderError(TrdpgxError):
    """A folder that is not one of ``trdpgx cohort``."""


_READ = ("samples", "genes", "variants", "rare_variants", "diplotypes", "errors")
"""Tables that statistics need. Considerations are the largest table, and are not needed."""


def cohort_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a cohort that statistics need, by name. Raises ``CohortFolderError``."""
    if not (folder / "run.json").is_file():
        raise CohortFolderError("the folder has no run.json: give one that `trdpgx cohort -o` has written")
    return {name: scan(folder, name).collect() for name in _READ}


def reference_frequencies(folder: Path) -> pl.DataFrame:
    """Return the frequencies of alleles in our reference: ``gene``, ``allele``, ``frequency``, ``total`` and ``cohort``."""
    return pl.read_csv(folder / "frequencies.csv")


def write_tables(folder: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write each table as ``NAME.parquet`` and ``NAME.tsv``; a value that a spreadsheet would run is written as text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
        text = "".join(map(tsv_line, (frame.columns, *frame.iter_rows())))
        (folder / f"{name}.tsv").write_text(text, "utf-8", newline="\n")
