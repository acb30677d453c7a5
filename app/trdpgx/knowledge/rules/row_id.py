"""The id of a rule that is one row of a table, from its drug, genes and results."""

import re
from collections.abc import Sequence

from trdpgx.knowledge.rules.schema.rule_file import ActivityEntry, Table, TableRow
from trdpgx.model.gene import Phenotype


def row_id(table: Table, row: TableRow, drug: str | None) -> str:
    """Return the id of the rule of one row, of one drug or of all (``None``): ``cpic-2023-paroxetine-cyp2d6-pm``."""
    when = (f"{_slug(gene)}-{_asked(asked)}" for gene, asked in row.when.items())
    return "-".join((table.id, *((_slug(drug),) if drug else ()), *when))


def _asked(asked: Sequence[Phenotype] | ActivityEntry) -> str:
    """Return the part of an id that names phenotypes (``pm-or-im``) or activity scores (``score-over-0-and-up-to-0-75``)."""
    return _slug(f"score {asked.activity.words}") if isinstance(asked, ActivityEntry) else "-or-".join(_slug(code) for code in asked)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
