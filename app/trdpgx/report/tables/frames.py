"""Tables as polars data frames, and as Parquet with the meaning of each column in the file's own metadata.

polars is imported when it is first needed: it starts threads, and takes a fifth of a second of a command's start.
"""

import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from trdpgx.report.tables.column import SAMPLE, SAMPLE_ABOUT, AnyTable, Column, Kind, Value

if TYPE_CHECKING:
    import polars as pl

METADATA = "trdpgx.columns"
"""Key of the metadata: a JSON object of each column's ``about`` and ``null``."""


def frame_types() -> "dict[Kind, pl.DataType]":
    """Return the type that polars has for each kind of column."""
    import polars as pl  # noqa: PLC0415 (see above)

    return {
        "text": pl.String(),
        "texts": pl.List(pl.String()),
        "integer": pl.Int64(),
        "number": pl.Float64(),
        "boolean": pl.Boolean(),
    }


def column_metadata(columns: Iterable[Column[Any]], *, sample: bool = True) -> dict[str, str]:
    """Return the meaning of columns, ``sample`` before them, as the metadata of a Parquet file."""
    about = {SAMPLE: {"about": SAMPLE_ABOUT, "null": ""}} if sample else {}
    return {METADATA: json.dumps(about | {column.name: {"about": column.about, "null": column.null} for column in columns})}


def frame_of(table: AnyTable, rows: Iterable[tuple[Value, ...]]) -> "pl.DataFrame":
    """Return rows of a table, which begin with the sample, as a data frame: ``texts`` are lists of strings, null is null."""
    import polars as pl  # noqa: PLC0415 (see above)

    types = frame_types()
    schema = {name: types[kind] for name, kind in zip(table.names, table.kinds, strict=True)}
    return pl.DataFrame([tuple(list(one) if isinstance(one, tuple) else one for one in row) for row in rows], schema, orient="row")


def parquet_of(table: AnyTable, frames: Iterable["pl.DataFrame"]) -> bytes:
    """Return the frames of a table, one below the other, as one Parquet file."""
    import polars as pl  # noqa: PLC0415 (see above)

    whole = pl.concat([frame_of(table, ()), *frames])
    written = io.BytesIO()
    whole.write_parquet(written, compression="zstd", metadata=column_metadata(table.columns))
    return written.getvalue()
