"""The tables of a cohort: columns of the report's tables and of the sheet, and tables of rules, diplotypes and errors."""

from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from trdpgx.model.consideration import Consideration
from trdpgx.model.gene import Scheme
from trdpgx.model.gene_report import DiplotypeReport
from trdpgx.model.report import Report
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.column import SAMPLE, Column, Value
from trdpgx.report.tables.frames import column_metadata, frame_types

NAMES = ("samples", "genes", "variants", "rare_variants", "considerations", "rules", "diplotypes", "errors")
"""Every table, in the order of the documentation."""
_TYPES = frame_types()
_OF_ONE_REPORT = ("report_id", "created_at", "input_name")
"""Columns of the report's own tables that mean nothing for a row of a cohort."""
_OF_THE_RULE = frozenset(
    {"domain", "drugs", "implications", "actions", "directions", "verdict", "strength", "conflict", "verification", "population"}
    | {"source", "source_year", "source_grade"}
)
_RULE_TEXT = "`rules.text`; it differs only under current drugs or smoking"

AnyColumn = Column[Any]


def _columns(name: str, without: Container[str] = ()) -> tuple[AnyColumn, ...]:
    return tuple(column for column in TABLES[name].columns if column.name not in without)


FILE: AnyColumn = Column(
    "file", "text", "the file, as it was named; of several that are one input, all with a space between", lambda one: one.file
)
CONSIDERATIONS = _columns("considerations", _OF_THE_RULE | {"text"})
ConsiderationRow = tuple[Value, ...]
"""A row of ``considerations`` without the sample, with the whole text at its end."""
TEXT: AnyColumn = Column("text", "text", "what the report states, where it is not the text of the rule", lambda _: None, null=_RULE_TEXT)
RULES: tuple[Column[Consideration], ...] = tuple(
    column for column in TABLES["considerations"].columns if column.name in _OF_THE_RULE | {"rule_id", "genes", "text"}
)
DIPLOTYPES: tuple[Column[tuple[str, DiplotypeReport]], ...] = (
    Column("gene", "text", "HGNC symbol", lambda one: one[0]),
    Column("diplotype", "text", "name, as in `genes.diplotypes`", lambda one: one[1].name),
    Column("alleles", "texts", "its alleles, in its order", lambda one: one[1].alleles),
    Column("functions", "texts", "function of each allele, in the source's words", lambda one: one[1].functions),
    Column("activity_score", "number", "sum of the activity values", lambda one: one[1].activity_score, null="no scores, or not known"),
    Column(
        "activity_score_is_lower_bound",
        "boolean",
        "whether the score is the least that is possible",
        lambda one: one[1].activity_score_is_lower_bound,
    ),
    Column(
        "phenotype",
        "text",
        "code of the phenotype by CPIC",
        lambda one: one[1].phenotype.value if one[1].phenotype else None,
        null="the gene has no phenotype table",
    ),
    Column(
        "phenotype_dpwg",
        "text",
        "code of the phenotype by DPWG",
        lambda one: one[1].phenotypes[Scheme.DPWG].value if Scheme.DPWG in one[1].phenotypes else None,
        null="DPWG has no table of the gene",
    ),
)
ERRORS: tuple[AnyColumn, ...] = (
    FILE,
    Column("sample", "text", "the sample", lambda one: one.sample, null="it concerns the whole file"),
    Column("code", "text", "code of the problem", lambda one: one.problem.code),
    Column("title", "text", "what is wrong", lambda one: one.problem.title),
    Column("detail", "text", "what is wrong here; no genotype, no position", lambda one: one.problem.detail),
    Column("remedy", "text", "what to do about it", lambda one: one.problem.remedy),
    Column("line", "integer", "line of the file, from 1", lambda one: one.problem.line, null="there is none, or it is not known"),
)
SHEET: tuple[AnyColumn, ...] = (
    Column("group", "text", "`group` of the sheet", lambda row: row.group, null="the sheet has none"),
    Column("sex", "text", "`sex` of the sheet", lambda row: row.sex, null="the sheet has none"),
    Column("batch", "text", "`batch` of the sheet", lambda row: row.batch, null="the sheet has none"),
)
_READ_SHARE = 0.9
"""Least share of the coding and splice-site bases of a gene that counts as read."""


def _not_read(report: Report) -> tuple[str, ...]:
    return tuple(one.gene for one in report.rare_variant_genes if one.covered is not None and one.covered < _READ_SHARE * one.total)


NOT_READ: AnyColumn = Column(
    "rare_genes_not_read",
    "texts",
    "genes looked at for rare variants of which less than 90 % of the coding and splice-site bases were read, by gVCF blocks or targets; "
    "a gene of which nothing tells that is not listed",
    _not_read,
)
COLUMNS: MappingProxyType[str, tuple[AnyColumn, ...]] = MappingProxyType(
    {
        "samples": (FILE, *SHEET, *_columns("samples", _OF_ONE_REPORT), NOT_READ),
        "genes": _columns("genes"),
        "variants": _columns("variants"),
        "rare_variants": _columns("rare_variants"),
        "considerations": (*CONSIDERATIONS, TEXT),
        "rules": RULES,
        "diplotypes": DIPLOTYPES,
        "errors": ERRORS,
    }
)
"""The columns of each table, but for ``sample``, with which ``samples`` to ``considerations`` begin, and covariates of ``samples``."""


def frame_of(columns: Sequence[AnyColumn], items: Sequence[Any]) -> pl.DataFrame:
    """Return a frame with a row for each item."""
    return pl.DataFrame([_series(column, [column.read(item) for item in items]) for column in columns])


def rows_frame(columns: Sequence[AnyColumn], rows: Sequence[tuple[Value, ...]]) -> pl.DataFrame:
    """Return a frame of rows that have a value for each of the columns, or more."""
    return pl.DataFrame([_series(column, [row[number] for row in rows]) for number, column in enumerate(columns)])


def consideration_row(one: Consideration) -> ConsiderationRow:
    """Return the row of a consideration."""
    return (*(column.read(one) for column in CONSIDERATIONS), one.text)


def considerations_frame(rows: Sequence[ConsiderationRow], rule_texts: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows as a frame. ``rule_texts`` has the text of each rule, which the table leaves out."""
    rule = [column.name for column in CONSIDERATIONS].index("rule_id")
    texts = [None if rule_texts.get(str(row[rule])) == row[-1] else row[-1] for row in rows]
    return rows_frame(CONSIDERATIONS, rows).with_columns(_series(TEXT, texts))


def _series(column: AnyColumn, values: Sequence[Value]) -> pl.Series:
    if column.kind != "texts":
        return pl.Series(column.name, values, _TYPES[column.kind])
    # polars makes a series of each list, so it gets the distinct lists only.
    numbers: dict[Value, int] = {}
    index = [numbers.setdefault(value, len(numbers)) for value in values]
    lists = pl.Series(column.name, [list(value) for value in numbers if isinstance(value, tuple)], _TYPES["texts"])
    return lists.gather(pl.Series(index, dtype=pl.UInt32))


def empty_frame(name: str) -> pl.DataFrame:
    """Return a table without a row."""
    own = {SAMPLE: pl.String()} if name in TABLES else {}
    return pl.DataFrame(schema={**own, **{column.name: _TYPES[column.kind] for column in COLUMNS[name]}})


def documented() -> str:
    """Return the columns that docs/tables.md does not have, as Markdown."""
    lines: list[str] = []
    for title, columns in (("Added to `samples`", (FILE, *SHEET, NOT_READ)), ("`diplotypes`", DIPLOTYPES), ("`errors`", ERRORS)):
        lines += ["", f"### {title}", "", "| column | type | meaning | null |", "| --- | --- | --- | --- |"]
        lines += [f"| `{column.name}` | {column.kind} | {column.about} | {column.null} |" for column in columns]
    return "\n".join(lines) + "\n"


def metadata_of(name: str) -> dict[str, str]:
    """Return the meaning of the columns of a table, as the metadata of its files."""
    return column_metadata(COLUMNS[name], sample=name in TABLES)
