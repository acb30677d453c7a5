"""Tables of cases, one case per line."""

import csv
from pathlib import Path


def rows_of(table: Path) -> list[dict[str, str]]:
    """Return the rows of a TSV file with a header line."""
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
