"""Tables: the values are those of the report, nothing that was not seen becomes a number, and no text acts on what reads it."""

import csv
import io
from typing import Any

import pytest

from tests.golden.cases import Case, cases
from trdpgx import Report, Service
from trdpgx.report.formats.tsv import as_text, write, write_files
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.overview import OVERVIEW

pytestmark = pytest.mark.slow

CASES = cases()
TYPES: dict[str, tuple[type, ...]] = {"text": (str,), "texts": (tuple,), "integer": (int,), "number": (float, int), "boolean": (bool,)}


def read(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode()), delimiter="\t", quoting=csv.QUOTE_NONE))


def files(reports: list[Report]) -> dict[str, list[dict[str, str]]]:
    joined: dict[str, bytes] = {}
    for name, piece in write_files(reports):
        joined[name] = joined.get(name, b"") + piece
    return {name.removesuffix(".tsv"): read(text) for name, text in joined.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tables_hold_what_the_report_states(service: Service, case: Case) -> None:
    reports = case.reports(service)
    tables = files(reports)
    assert list(tables) == list(TABLES)
    samples = [report.input.sample for report in reports]
    assert [row["sample"] for row in tables["samples"]] == samples
    genes = [(report.input.sample, gene) for report in reports for gene in report.genes]
    for row, (sample, gene) in zip(tables["genes"], genes, strict=True):
        stated = gene.phenotype.code.value if gene.phenotype else ""
        assert (row["sample"], row["gene"], row["status"], row["phenotype"]) == (sample, gene.gene, gene.status, stated)
        assert row["diplotypes"] == ";".join(one.name for one in gene.diplotypes)
        assert (row["copy_number"] == "") == (gene.copy_number.value is None)
    variants = [one for report in reports for one in report.variants]
    for row, one in zip(tables["variants"], variants, strict=True):
        count = "" if one.effect_allele_count is None else str(one.effect_allele_count)
        assert (row["id"], row["genotype"], row["effect_allele_count"]) == (one.id, one.genotype or "", count)
    assert [row["rule_id"] for row in tables["considerations"]] == [one.rule_id for report in reports for one in report.considerations]
    sites = [(report.input.sample, one.site, one.state.value, ";".join(one.alleles)) for report in reports for one in report.genotypes]
    assert [(row["sample"], row["site"], row["state"], row["alleles"]) for row in tables["genotypes"]] == sites
    rare = [one.location for report in reports for one in report.rare_variants]
    assert [row["location"] for row in tables["rare_variants"] if row["undefined"] == "false"] == rare


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_have_the_type_of_their_column(service: Service, case: Case) -> None:
    for report in case.reports(service):
        for table in (OVERVIEW, *TABLES.values()):
            for row in table.rows(report):
                for value, kind, name in zip(row, table.kinds, table.names, strict=True):
                    assert value is None or type(value) in TYPES[kind], (table.name, name)
                for column, value in zip(table.columns, row[1:], strict=True):
                    assert value is not None or column.null, (table.name, column.name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_one_table_leaves_no_limit_out(service: Service, case: Case) -> None:
    for report in case.reports(service):
        table = read(b"".join(write([report])))
        kinds: dict[str, list[dict[str, str]]] = {}
        for row in table:
            kinds.setdefault(row["kind"], []).append(row)
        notes = [one.code for one in report.limitations]
        assert [row["name"] for row in kinds["limitation"]] == [*notes, "disclaimer"]
        assert [row["name"] for row in kinds.get("warning", [])] == [one.code for one in report.input.warnings]
        assert len(kinds.get("caveat", [])) == sum(len(gene.caveats) for gene in report.genes)
        for row, gene in zip(kinds["gene"], report.genes, strict=True):
            if gene.status == "no_call":
                assert (row["result"], row["phenotype"]) == ("", "")
                assert row["text"] == gene.no_call_reason


def test_nothing_for_no_report() -> None:
    assert b"".join(write([])) == b""
    assert list(write_files([])) == []


def test_several_reports_have_one_header(service: Service) -> None:
    case = next(one for one in CASES if one.name == "three-samples")
    reports = case.reports(service)
    for text in (b"".join(write(reports)), b"".join(piece for name, piece in write_files(reports) if name == "genes.tsv")):
        lines = text.decode().splitlines()
        assert sum(line.startswith("sample\t") for line in lines) == 1
        assert {line.partition("\t")[0] for line in lines[1:]} == {report.input.sample for report in reports}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-2-3", "'-2-3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "' =1"),
        ('"a', "'\"a"),
        ("a\tb\nc\r\nd\x85e\x00f\u2028g", "a b c d e f g"),
        (("=a", "b;c"), "'=a;b,c"),
        ((), ""),
        (None, ""),
        (0, "0"),
        (-1, "-1"),
        (False, "false"),
        (0.1 + 0.2, "0.3"),
        (1e-07, "1e-07"),
        ("*1/*2", "*1/*2"),
        ("5-HTTLPR", "5-HTTLPR"),
    ],
)
def test_no_text_acts_on_what_reads_it(value: Any, written: str) -> None:
    assert as_text(value) == written
