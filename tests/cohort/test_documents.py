"""docs/cohorts.md lists the columns that the tables have."""

from pathlib import Path

from trdpgx.cohort.tables import documented

PAGE = Path(__file__).parents[2] / "docs" / "cohorts.md"


def test_the_page_lists_every_column() -> None:
    assert documented() in PAGE.read_text("utf-8"), "print trdpgx.cohort.tables.documented() into the page"
