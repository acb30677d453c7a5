"""The sample sheet: a tab-separated table of samples with their files, groups, covariates, outside calls and contexts."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from trdpgx.cohort.problems import BAD_SHEET
from trdpgx.cohort.tables import COLUMNS
from trdpgx.model.printable import is_printable
from trdpgx.model.problem import InputError

_OWN = ("sample", "file", "group", "sex", "batch", "outside_calls", "context")
"""Columns with a meaning of their own. Every other one is a covariate."""
_PATHS = ("outside_calls", "context")
_EMPTY = frozenset({"", "NA", "."})
_MOST_BYTES = 2**28
_MOST_COLUMNS = 2_000


class SheetRow(Struct, frozen=True):
    """One sample. ``file`` is the end of the path of its file; ``outside_calls`` and ``context`` are paths, relative to the sheet."""

    sample: str
    file: str | None = None
    group: str | None = None
    sex: str | None = None
    batch: str | None = None
    outside_calls: str | None = None
    context: str | None = None
    covariates: Mapping[str, str | None] = field(default_factory=dict)


class SampleSheet(Struct, frozen=True):
    """The rows of a sheet. ``covariates`` are the names of its other columns, each with whether all of its values are numbers."""

    rows: Sequence[SheetRow] = ()
    covariates: Mapping[str, bool] = field(default_factory=dict)


def read_sheet(path: Path) -> SampleSheet:
    """Read a sheet. Raises ``InputError`` with the line, and ``OSError``."""
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise InputError(BAD_SHEET, f"The cap is {_MOST_BYTES} bytes.")
    try:
        lines = [line.removesuffix("\r") for line in content.decode("utf-8-sig").removesuffix("\n").split("\n")] if content else []
    except UnicodeDecodeError:
        raise InputError(BAD_SHEET, "The sample sheet is not UTF-8.") from None
    if not lines:
        raise InputError(BAD_SHEET, "The sample sheet is empty.")
    names = [name.strip() for name in lines[0].split("\t")]
    _check_header(names)
    rows = list(_rows(names, lines[1:], path.parent))
    keys = [(row.sample, row.file) for row in rows]
    if len(set(keys)) < len(keys):
        raise InputError(BAD_SHEET, f"{len(keys)} rows name {len(set(keys))} samples.")
    covariates = {name: all(_is_number(row.covariates[name]) for row in rows) for name in names if name not in _OWN}
    return SampleSheet(rows, covariates)


def _check_header(names: Sequence[str]) -> None:
    if len(names) > _MOST_COLUMNS:
        raise InputError(BAD_SHEET, f"The header line has {len(names)} columns; the cap is {_MOST_COLUMNS}.", line=1)
    if "sample" not in names:
        raise InputError(BAD_SHEET, "The header line has no column `sample`; columns are separated by tabs.", line=1)
    if len(set(names)) < len(names) or "" in names or not all(map(is_printable, names)):
        raise InputError(BAD_SHEET, "A column has no name, or two have one name.", line=1)
    taken = sorted({column.name for column in COLUMNS["samples"]} & set(names) - set(_OWN))
    if taken:
        raise InputError(BAD_SHEET, f"These columns have names of the table `samples`: {', '.join(taken)}.", line=1)


def _rows(names: Sequence[str], lines: Sequence[str], folder: Path) -> Iterator[SheetRow]:
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        texts = line.split("\t")
        if len(texts) != len(names):
            raise InputError(BAD_SHEET, f"The line has {len(texts)} columns, the header line has {len(names)}.", line=number)
        values = {name: None if text.strip() in _EMPTY else text.strip() for name, text in zip(names, texts, strict=True)}
        sample = values["sample"]
        if sample is None or not is_printable(sample):
            raise InputError(BAD_SHEET, "The line names no sample.", line=number)
        paths = {name: str(folder / text) for name in _PATHS if (text := values.get(name)) is not None}
        own = {name: values[name] for name in ("file", "group", "sex", "batch") if name in values}
        yield SheetRow(sample, **own, **paths, covariates={name: value for name, value in values.items() if name not in _OWN})


def _is_number(text: str | None) -> bool:
    if text is None:
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True
