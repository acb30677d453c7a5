"""docs/tables.md describes the columns that the tables have."""

from tests.docs.test_documents import rows
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.column import SAMPLE_ABOUT
from trdpgx.report.tables.overview import OVERVIEW


def test_every_column_stands_in_tables_md() -> None:
    for table in (OVERVIEW, *TABLES.values()):
        sample = ("`sample`", "text", SAMPLE_ABOUT, "")
        columns = [(f"`{one.name}`", one.kind, one.about, one.null) for one in table.columns]
        assert [tuple(row) for row in rows("tables.md", f"## `{table.name}`")[1:]] == [sample, *columns]
