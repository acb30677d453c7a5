"""The outcome and the covariates of people, from a sheet: a tab-separated text with a header line and the column ``sample``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.model.errors import TrdpgxError

Kind = Literal["binary", "continuous"]
_LINE = "line of the sheet"
_MOST_CATEGORIES = 50
_LEAST_SPREAD = 1e-13
"""Least share of its largest value by which a covariate has to vary: less is an error of rounding."""
_PLINK_UNKNOWN = -9.0
_NULLS = ["", ".", "NA", "NaN", "nan"]
_WORDS = {"yes": 1.0, "no": 0.0, "case": 1.0, "control": 0.0, "true": 1.0, "false": 0.0, "resistant": 1.0, "responder": 0.0}
"""Values of the words of an outcome."""


class OutcomeError(TrdpgxError):
    """A sheet, an outcome or a covariate that cannot be used. The message names the column or the line, and the remedy."""


class CohortOutcome(Struct, frozen=True):
    """The people of a cohort whose outcome and covariates are known, in the order of the cohort."""

    name: str
    kind: Kind
    samples: tuple[str, ...]
    values: NDArray[np.float64]
    """One for each of the people; 0 or 1 where the outcome is binary."""
    covariates: NDArray[np.float64]
    """People x columns, without the constant; each has a mean of 0 and a standard deviation of 1, which changes no other estimate."""
    covariate_names: tuple[str, ...]
    left_out: int
    """People of the cohort of whom the outcome or a covariate is not known."""


def read_outcome(
    path: Path, samples: Sequence[str], outcome: str, covariates: Sequence[str] = (), kind: Kind | None = None
) -> CohortOutcome:
    """Return the outcome of the samples of a cohort.

    A covariate that is not a number is taken as a category: a column for each of its values but the most frequent. Without ``kind`` an
    outcome of two values that are 0 and 1, or words such as yes and no, is binary, and any other is continuous. Raises ``OutcomeError``,
    also where the covariates alone leave no model that could be fitted.
    """
    covariates = list(dict.fromkeys(covariates))
    try:
        sheet = pl.read_csv(path, separator="\t", infer_schema=False, null_values=_NULLS).with_row_index(_LINE, offset=2)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise OutcomeError(f"the sheet cannot be read as tab-separated text with a header line: {type(error).__name__}") from error
    for name in ("sample", outcome, *covariates):
        if name not in sheet.columns:
            raise OutcomeError(f"the sheet has no column {name!r}; it has {', '.join(sheet.columns[1:])}")
    for name in ("sample", outcome):
        if name in covariates:
            raise OutcomeError(f"{name!r} cannot be a covariate: leave it out")
    twice = sheet.filter(sheet["sample"].is_duplicated() & sheet["sample"].is_not_null())
    if len(twice):
        raise OutcomeError(f"the sheet has a sample in several rows, the first of them line {twice[_LINE][0]}: keep one row for each")
    rows = pl.DataFrame({"sample": list(samples)}).join(sheet, on="sample", how="left", maintain_order="left")
    values = _numbers(rows[outcome], rows[_LINE])
    columns = [column for name in covariates for column in _covariate(rows[name], rows[_LINE])]
    known = pl.Series([value is not None for value in values.to_list()])
    for _, column in columns:
        known &= column.is_not_null()
    used = rows.filter(known)
    if used.is_empty():
        raise OutcomeError("no sample of the cohort has an outcome and all covariates: compare the names of samples in both")
    numbers = values.filter(known).to_numpy().astype(np.float64)
    made = {name: column.filter(known).to_numpy().astype(np.float64) for name, column in columns}
    chosen = _kind(numbers, outcome, kind)
    return CohortOutcome(
        outcome,
        chosen,
        tuple(used["sample"].to_list()),
        numbers,
        _usable(made, numbers, binary=chosen == "binary"),
        tuple(made),
        len(samples) - len(numbers),
    )


def _usable(columns: Mapping[str, NDArray[np.float64]], outcome: NDArray[np.float64], *, binary: bool) -> NDArray[np.float64]:
    """Return the covariates, standardized. Raises ``OutcomeError`` for one that no model can have besides the others."""
    usable = np.empty((len(outcome), 0))
    for name, column in columns.items():
        spread = float(column.std())
        if spread <= _LEAST_SPREAD * float(np.abs(column).max(initial=0.0)):
            raise OutcomeError(f"the covariate {name!r} is the same in everybody who is left: leave it out")
        groups = [outcome[column == value] for value in (0.0, 1.0)]
        if binary and "=" in name and any(np.ptp(group) == 0 for group in groups if group.size):
            raise OutcomeError(f"everybody with {name!r}, or everybody else, has the same outcome: join this category with another one")
        more = np.column_stack([usable, (column - column.mean()) / spread])
        if np.linalg.matrix_rank(np.column_stack([np.ones(len(outcome)), more])) < more.shape[1] + 1:
            raise OutcomeError(f"the covariate {name!r} follows from those before it, or there are too few people for it: leave it out")
        usable = more
    return usable


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
    if kind is None and _PLINK_UNKNOWN in distinct:
        raise OutcomeError(f"{name!r} has -9, which PLINK writes for what is not known: write NA, or ask for a continuous outcome")
    if kind is None and len(distinct) == 2 and distinct != {0.0, 1.0}:
        raise OutcomeError(f"{name!r} has two values, and they are not 0 and 1: write those, or ask for a continuous outcome")
    return kind or ("binary" if distinct <= {0.0, 1.0} else "continuous")


def _numbers(column: pl.Series, lines: pl.Series) -> pl.Series:
    lower = column.str.strip_chars().str.to_lowercase()
    numbers = lower.replace_strict(_WORDS, default=None, return_dtype=pl.Float64)
    numbers = pl.select(pl.coalesce(numbers, lower.cast(pl.Float64, strict=False))).to_series()
    unread = column.is_not_null() & ~numbers.is_finite().fill_null(value=False)
    if unread.any():
        raise OutcomeError(
            f"{_counted(unread, column.name)} neither a number nor a word such as yes and no, "
            f"the first in line {lines.filter(unread)[0]}: write numbers with a point, and NA for what is not known"
        )
    return numbers


def _covariate(column: pl.Series, lines: pl.Series) -> list[tuple[str, pl.Series]]:
    numbers = column.str.strip_chars().cast(pl.Float64, strict=False)
    unread = column.is_not_null() & ~numbers.is_finite().fill_null(value=False)
    if not unread.any():
        return [(column.name, numbers)]
    if 2 * unread.sum() <= column.is_not_null().sum():
        raise OutcomeError(
            f"{_counted(unread, column.name)} no number, the first in line {lines.filter(unread)[0]}: "
            "write NA for what is not known, or words alone for categories"
        )
    values = column.drop_nulls().value_counts(sort=True)[column.name].to_list()
    if len(values) > _MOST_CATEGORIES:
        raise OutcomeError(f"{column.name!r} has {len(values)} categories, and the cap is {_MOST_CATEGORIES}: join them, or leave it out")
    return [
        (f"{column.name}={value}", pl.select(pl.when(column.is_not_null()).then((column == value).cast(pl.Float64))).to_series())
        for value in values[1:]
    ]


def _counted(which: pl.Series, name: str) -> str:
    number = int(which.sum())
    return f"1 value of {name!r} is" if number == 1 else f"{number} values of {name!r} are"
