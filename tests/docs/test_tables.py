"""docs/tables.md describes the columns that the tables have, docs/annotated-vcf.md the fields of the VCF."""

from tests.docs.test_documents import rows
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.column import SAMPLE_ABOUT, AnyTable, ReportTable
from trdpgx.report.tables.overview import OVERVIEW
from trdpgx.report.vcf.header import FORMAT, INFO
from trdpgx.report.vcf.table import ABOUT, COLUMNS


def test_every_column_stands_in_tables_md() -> None:
    records: AnyTable = ReportTable("records", ABOUT, COLUMNS, lambda _: ())
    for table in (OVERVIEW, *TABLES.values(), records):
        sample = ("`sample`", "text", SAMPLE_ABOUT, "")
        columns = [(f"`{one.name}`", one.kind, one.about, one.null) for one in table.columns]
        assert [tuple(row) for row in rows("tables.md", f"## `{table.name}`")[1:]] == [sample, *columns]


def test_every_field_stands_in_annotated_vcf_md() -> None:
    assert [tuple(row) for row in rows("annotated-vcf.md", "## INFO")[1:]] == [(f"`{key}`", about) for key, (_, about) in INFO.items()]
    assert [tuple(row) for row in rows("annotated-vcf.md", "## FORMAT")[1:]] == [(f"`{key}`", about) for key, (*_, about) in FORMAT.items()]
