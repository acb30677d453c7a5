"""Tables as polars data frames, and as Parquet with the meaning of each column in the file's own metadata.

polars is imported when it is first needed: it starts threads, and takes a fifth of a second of a command's start.
"""

import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trdpgx.report.tables.column import SAMPLE, SAMPLE_ABOUT, AnyTable, Kind, Value

if TYPE_CHECKING:
    import polars as pl

METADATA = "trdpgx.columns"
"""Key of the metadata: a JSON object of each column's ``about`` and ``null``."""


def frame_of(table: AnyTable, rows: Iterable[tuple[Value, ...]]) -> "pl.DataFrame":
    """Return rows of a table, which begin with the sample, as a data frame: ``texts`` are lists of strings, null is null."""
    import polars as pl  # noqa: PLC0415 (see above)

    types: dict[Kind, pl.DataType] = {
        "text": pl.String(),
        "texts": pl.List(pl.String()),
        "integer": pl.Int64(),
        "number": pl.Float64(),
        "boolean": pl.Boolean(),
    }
    schema = {name: types[kind] for name, kind in zip(table.names, table.kinds, strict=True)}
    return pl.DataFrame([tuple(list(one) if isinstance(one, tuple) else one for one in row) for row in rows], schema, orient="row")


def parquet_of(table: AnyTable, frames: Iterable["pl.DataFrame"]) -> bytes:
    """Return the frames of a table, one below the other, as one Parquet file."""
    import polars as pl  # noqa: PLC0415 (see above)

    whole = pl.concat([frame_of(table, ()), *frames])
    about = {column.name: {"about": column.about, "null": column.null} for column in table.columns}
    metadata = {METADATA: json.dumps({SAMPLE: {"about": SAMPLE_ABOUT, "null": ""}, **about})}
    written = io.BytesIO()
    whole.write_parquet(written, compression="zstd", metadata=metadata)
    return written.getvalue()
