"""The report as Parquet: the tables of ``tsv`` with their types, and the records of ``vcf``.

On the command line only, since polars starts threads (decision 0091).
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from trdpgx.model.library import Knowledge
from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat

if TYPE_CHECKING:
    import polars as pl

    from trdpgx.report.tables.column import AnyTable

_BATCH = 64
"""So many reports are in memory at once; of the others only the columns are."""


def write(reports: Iterable[Report]) -> Iterator[bytes]:
    """Yield one table for all reports, and nothing for no report."""
    from trdpgx.report.tables.overview import OVERVIEW  # noqa: PLC0415 (as in formats/fhir.py)

    for _, content in _files(reports, (OVERVIEW,)):
        yield content


def write_files(reports: Iterable[Report], *, knowledge: Knowledge) -> Iterator[tuple[str, bytes]]:
    """Yield a file for each table, and one for the records of the annotated VCF; nothing for no report."""
    from trdpgx.report.tables import TABLES  # noqa: PLC0415 (as in formats/fhir.py)
    from trdpgx.report.vcf.table import records_table  # noqa: PLC0415

    return _files(reports, (*TABLES.values(), records_table(knowledge.reference)))


def _files(reports: Iterable[Report], tables: "Iterable[AnyTable]") -> Iterator[tuple[str, bytes]]:
    from trdpgx.report.tables.frames import frame_of, parquet_of  # noqa: PLC0415 (as in formats/fhir.py)

    frames: list[tuple[AnyTable, list[pl.DataFrame]]] = [(table, []) for table in tables]
    waiting = iter(reports)
    while batch := list(islice(waiting, _BATCH)):
        for table, parts in frames:
            parts.append(frame_of(table, (row for report in batch for row in table.rows(report))))
    for table, parts in frames:
        if parts:
            yield f"{table.name}.parquet", parquet_of(table, parts)


FORMAT = ReportFormat(
    name="parquet",
    media_type="application/vnd.apache.parquet",
    ending=".parquet",
    about="the tables of `tsv` with their types; in a folder, the records of `vcf` too",
    many=True,
    write=write,
    write_files_with_knowledge=write_files,
    schema={"type": "string", "format": "binary"},
    served=False,
    binary=True,
)
