"""Parquet: the tables of TSV with their types, whose columns state what they mean."""

import io
import json

import polars as pl
import pytest

from tests.golden.cases import Case, cases
from trdpgx import Service
from trdpgx.report.formats import parquet
from trdpgx.report.formats.vcf import FORMAT as VCF
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.frames import METADATA
from trdpgx.report.tables.overview import OVERVIEW
from trdpgx.report.vcf.header import encoded
from trdpgx.report.vcf.table import records_table

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "case", [one for one in cases() if one.name in {"rare", "three-samples", "nothing", "met"}], ids=lambda case: case.name
)
def test_every_value_comes_back(service: Service, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_BATCH", 2)
    reports = case.reports(service)
    files = dict(parquet.write_files(reports, knowledge=service.knowledge))
    tables = [*TABLES.values(), records_table(service.knowledge.reference)]
    assert list(files) == [f"{table.name}.parquet" for table in tables]
    contents = [*zip(tables, files.values(), strict=True), (OVERVIEW, b"".join(parquet.write(reports)))]
    for table, content in contents:
        frame = pl.read_parquet(io.BytesIO(content))
        rows = [tuple(list(one) if isinstance(one, tuple) else one for one in row) for report in reports for row in table.rows(report)]
        assert frame.columns == list(table.names)
        assert frame.rows() == rows


def test_an_empty_table_has_its_columns(service: Service) -> None:
    reports = next(one for one in cases() if one.name == "poor").reports(service)
    frame = pl.read_parquet(io.BytesIO(dict(parquet.write_files(reports, knowledge=service.knowledge))["rare_variants.parquet"]))
    assert (frame.height, frame.columns) == (0, list(TABLES["rare_variants"].names))
    assert frame.schema["reasons"] == pl.List(pl.String)


def test_the_columns_state_what_they_mean(service: Service) -> None:
    reports = next(one for one in cases() if one.name == "poor").reports(service)
    content = dict(parquet.write_files(reports, knowledge=service.knowledge))["variants.parquet"]
    about = json.loads(pl.read_parquet_metadata(io.BytesIO(content))[METADATA])
    assert list(about) == list(TABLES["variants"].names)
    assert "never 0" in about["effect_allele_count"]["null"]


def test_nothing_for_no_report(service: Service) -> None:
    assert (list(parquet.write([])), list(parquet.write_files([], knowledge=service.knowledge))) == ([], [])


@pytest.mark.parametrize("name", ["rare", "three-samples", "grch37", "cnv", "vep"])
def test_the_records_are_those_of_the_annotated_vcf(service: Service, name: str) -> None:
    reports = next(one for one in cases() if one.name == name).reports(service)
    frame = pl.read_parquet(io.BytesIO(dict(parquet.write_files(reports, knowledge=service.knowledge))["records.parquet"]))
    text = b"".join(VCF.with_knowledge(service.knowledge).answer(reports)).decode()
    header, *lines = [line.split("\t") for line in text.splitlines() if not line.startswith("##")]
    assert set(frame["sample"]) == set(header[9:])
    for number, sample in enumerate(header[9:], 9):
        own = {(row["chrom"], row["pos"], row["ref"]): row for row in frame.filter(pl.col("sample") == sample).iter_rows(named=True)}
        seen = [line for line in lines if line[number] != "./."]
        assert len(seen) == len(own)
        for line in seen:
            row = own[(line[0], int(line[1]), line[3])]
            entry = dict(zip(line[8].split(":"), line[number].split(":"), strict=False))
            info = dict(field.partition("=")[::2] for field in line[7].split(";"))
            assert (row["gt"] or ".").replace("|", "/").count("/") == entry["GT"].replace("|", "/").count("/")
            assert row["state"] == (None if (state := entry.get("TRDPGX_STATE", ".")) == "." else state)
            assert ",".join(map(encoded, row["call"])) == entry.get("TRDPGX_CALL", ".").replace(
                ".", "", entry.get("TRDPGX_CALL", ".") == "."
            )
            assert ",".join(map(encoded, row["site"])) == info.get("TRDPGX_SITE", "")
            assert set(row["gene"]) <= set(info.get("TRDPGX_GENE", "").split(","))
