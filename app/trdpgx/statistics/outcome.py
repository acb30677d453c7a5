"""The outcome and the covariates of people, from a sheet: a tab-separated text with a header line and the column ``sample``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from trdpgx.model.errors import TrdpgxError

Kind = Literal["binary", "continuous"]
_NULLS = ["", ".", "NA", "NaN", "nan"]
_WORDS = {"yes": 1.0, "no": 0.0, "case": 1.0, "control": 0.0, "true": 1.0, "false": 0.0, "resistant": 1.0, "responder": 0.0}
"""What words of an outcome stand for."""


class OutcomeError(TrdpgxError):
    """A sheet, an outcome or a covariate that cannot be used. The message names the column and the remedy."""


@dataclass(frozen=True, slots=True)
class CohortOutcome:
    """The people of a cohort whose outcome and covariates are known, in the order of the cohort."""

    name: str
    kind: Kind
    samples: tuple[str, ...]
    values: NDArray[np.float64]
    """One for each of the people; 0 or 1 where the outcome is binary."""
    covariates: NDArray[np.float64]
    """People x columns, without the constant."""
    covariate_names: tuple[str, ...]
    left_out: int
    """People of the cohort of whom the outcome or a covariate is not known."""


def read_outcome(
    path: Path, samples: Sequence[str], outcome: str, covariates: Sequence[str] = (), kind: Kind | None = None
) -> CohortOutcome:
    """Return the outcome of the samples of a cohort.

    A covariate that is not a number is taken as a category: a column for each of its values but the most frequent. Without ``kind`` an
    outcome of two values that are 0 and 1, or words such as yes and no, is binary, and any other is continuous. Raises ``OutcomeError``.
    """
    try:
        sheet = pl.read_csv(path, separator="\t", infer_schema=False, null_values=_NULLS)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise OutcomeError(f"the sheet cannot be read as tab-separated text with a header line: {type(error).__name__}") from error
    for name in ("sample", outcome, *covariates):
        if name not in sheet.columns:
            raise OutcomeError(f"the sheet has no column {name!r}; it has {', '.join(sheet.columns)}")
    if sheet["sample"].is_duplicated().any():
        raise OutcomeError("the sheet has a sample in several rows: keep one row for each")
    rows = pl.DataFrame({"sample": list(samples)}).join(sheet, on="sample", how="left", maintain_order="left")
    values = _numbers(rows[outcome], outcome)
    columns = [column for name in covariates for column in _covariate(rows[name])]
    known = pl.Series([value is not None for value in values.to_list()])
    for _, column in columns:
        known &= column.is_not_null()
    used = rows.filter(known)
    if used.is_empty():
        raise OutcomeError("no sample of the cohort has an outcome and all covariates: compare the names of samples in both")
    numbers = values.filter(known).to_numpy().astype(np.float64)
    made = [column.filter(known).to_numpy().astype(np.float64) for _, column in columns]
    return CohortOutcome(
        outcome,
        _kind(numbers, outcome, kind),
        tuple(used["sample"].to_list()),
        numbers,
        np.column_stack(made) if made else np.empty((len(numbers), 0)),
        tuple(name for name, _ in columns),
        len(samples) - len(numbers),
    )


def read_sets(path: Path) -> dict[str, tuple[str, ...]]:
    """Return sets of genes from lines of a set and a gene, separated by a tab. Raises ``OutcomeError`` that names the line."""
    sets: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("\t")]
        if len(parts) != 2 or not all(parts):
            raise OutcomeError(f"line {number} of the sets is not a set and a gene with a tab between")
        sets.setdefault(parts[0], []).append(parts[1])
    return {name: tuple(dict.fromkeys(genes)) for name, genes in sets.items()}


def _kind(numbers: NDArray[np.float64], name: str, kind: Kind | None) -> Kind:
    distinct = set(np.unique(numbers).tolist())
    if len(distinct) < 2:
        raise OutcomeError(f"everybody has the same {name!r}: there is nothing to compare")
    if kind == "binary" and not distinct <= {0.0, 1.0}:
        raise OutcomeError(f"{name!r} has other values than 0 and 1: write those, or ask for a continuous outcome")
    return kind or ("binary" if distinct <= {0.0, 1.0} else "continuous")


def _numbers(column: pl.Series, name: str) -> pl.Series:
    lower = column.str.strip_chars().str.to_lowercase()
    numbers = lower.replace_strict(_WORDS, default=None, return_dtype=pl.Float64)
    numbers = pl.select(pl.coalesce(numbers, lower.cast(pl.Float64, strict=False))).to_series()
    unread = (
        (numbers.is_null() & column.is_not_null()) | numbers.is_nan().fill_null(value=False) | numbers.is_infinite().fill_null(value=False)
    )
    if unread.any():
        raise OutcomeError(f"{int(unread.sum())} values of {name!r} are neither numbers nor words such as yes and no")
    return numbers


def _covariate(column: pl.Series) -> list[tuple[str, pl.Series]]:
    numbers = column.cast(pl.Float64, strict=False)
    if numbers.null_count() == column.null_count():
        return [(column.name, numbers)]
    values = column.drop_nulls().value_counts(sort=True)[column.name].to_list()
    return [
        (f"{column.name}={value}", pl.select(pl.when(column.is_not_null()).then((column == value).cast(pl.Float64))).to_series())
        for value in values[1:]
    ]
