"""The rows of a Parquet file that lie in some intervals of the genome, read by polars in a process of its own.

It is started as a script and imports nothing of the project: polars would leave its threads and some 60 MB behind in a service that is
about to fork. The path is the one argument, the intervals come as JSON on standard input ([chromosome, start, end] each), the rows go as
JSON to standard output ([chrom, pos, ref, alt, af, af_highest] each). What is wrong goes to standard error; the exit code is then 1.
"""

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

COLUMNS = ("chrom", "pos", "ref", "alt", "af")
"""Columns that the file has; ``af_highest`` may be one more."""


def read(path: Path, intervals: list[tuple[str, int, int]]) -> list[tuple[Any, ...]]:
    """Return the rows in the intervals. Raises ``ValueError`` where a column is missing, and polars' errors."""
    frame = pl.scan_parquet(path)
    columns = frame.collect_schema().names()
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise ValueError(f"no column {', '.join(missing)}")
    chrom = pl.col("chrom").cast(pl.String).str.strip_prefix("chr")
    inside = pl.any_horizontal(
        *((chrom == name) & pl.col("pos").is_between(start, end) for name, start, end in intervals), pl.lit(value=False)
    )
    highest = pl.col("af_highest") if "af_highest" in columns else pl.lit(None, dtype=pl.Float64)
    return frame.filter(inside).select(chrom, "pos", "ref", "alt", "af", highest.alias("af_highest")).collect().rows()


def main() -> None:
    """Read what the command line and standard input ask for."""
    try:
        rows = read(Path(sys.argv[1]), json.load(sys.stdin))
    except (ValueError, pl.exceptions.PolarsError) as error:
        sys.exit(str(error))
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()
