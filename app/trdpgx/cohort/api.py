"""``trdpgx.cohort.call``: a cohort's tables as polars frames."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from msgspec import Struct

from trdpgx.cohort.folder import scan
from trdpgx.cohort.run import execute, plan_run
from trdpgx.cohort.sample_results import AskedRun
from trdpgx.cohort.sheet import SampleSheet, read_sheet
from trdpgx.cohort.tables import NAMES
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.model.options import Options
from trdpgx.pipeline import Service


class CohortTables(Struct, frozen=True):
    """The tables of a run; docs/cohorts.md describes their columns."""

    samples: pl.DataFrame
    genes: pl.DataFrame
    variants: pl.DataFrame
    rare_variants: pl.DataFrame
    considerations: pl.DataFrame
    rules: pl.DataFrame
    diplotypes: pl.DataFrame
    errors: pl.DataFrame

    def full_considerations(self) -> pl.DataFrame:
        """Return the considerations joined with ``rules``: all columns of the report's table of considerations."""
        rules = self.rules.drop("genes").rename({"text": "rule_text"})
        joined = self.considerations.join(rules, on="rule_id", how="left", maintain_order="left")
        return joined.with_columns(pl.coalesce("text", "rule_text").alias("text")).drop("rule_text")


def call(
    files: str | Path | Sequence[str | Path],
    folder: str | Path | None = None,
    *,
    options: Options | None = None,
    sheet: str | Path | None = None,
    targets: bytes | None = None,
    by_index: bool = False,
    service: Service | None = None,
) -> CohortTables:
    """Call everybody in some VCF or BCF files, and return the tables.

    ``folder`` keeps them as Parquet, where an interrupted run is resumed; without one nothing is kept. ``sheet`` is a sample sheet,
    ``targets`` the content of a BED file. A file or a sample that cannot be used is a row of ``errors``.

    Raises ``trdpgx.InputError`` for a sheet or targets that cannot be read, and for a folder that holds something else.
    """
    names = [str(files)] if isinstance(files, str | Path) else [str(file) for file in files]
    own = service or Service()
    asked = AskedRun(options or Options(), None if targets is None else read_targets(targets, own.limits))
    samples = SampleSheet() if sheet is None else read_sheet(Path(sheet))
    with nullcontext(folder) if folder is not None else TemporaryDirectory(prefix="trdpgx-cohort-") as kept:
        execute(plan_run(own, names, Path(kept), asked, sheet=samples, by_index=by_index), own)
        return read(kept)


def read(folder: str | Path) -> CohortTables:
    """Return the tables that ``trdpgx cohort`` wrote to a folder."""
    return CohortTables(**{name: scan(Path(folder), name).collect() for name in NAMES})
