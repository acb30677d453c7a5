"""Parquet: the tables of TSV with their types, whose columns state what they mean."""

import io
import json
from collections.abc import Iterator

import polars as pl
import pytest

from tests.golden.cases import Case, cases
from trdpgx import Service
from trdpgx.report.formats import parquet
from trdpgx.report.tables import TABLES
from trdpgx.report.tables.frames import METADATA
from trdpgx.report.tables.overview import OVERVIEW


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with Service() as opened:
        yield opened


@pytest.mark.parametrize(
    "case", [one for one in cases() if one.name in {"rare", "three-samples", "nothing", "met"}], ids=lambda case: case.name
)
def test_every_value_comes_back(service: Service, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_BATCH", 2)
    reports = case.reports(service)
    files = dict(parquet.write_files(reports))
    assert list(files) == [f"{name}.parquet" for name in TABLES]
    contents = [*zip(TABLES.values(), files.values(), strict=True), (OVERVIEW, b"".join(parquet.write(reports)))]
    for table, content in contents:
        frame = pl.read_parquet(io.BytesIO(content))
        rows = [tuple(list(one) if isinstance(one, tuple) else one for one in row) for report in reports for row in table.rows(report)]
        assert frame.columns == list(table.names)
        assert frame.rows() == rows


def test_an_empty_table_has_its_columns(service: Service) -> None:
    reports = next(one for one in cases() if one.name == "poor").reports(service)
    frame = pl.read_parquet(io.BytesIO(dict(parquet.write_files(reports))["rare_variants.parquet"]))
    assert (frame.height, frame.columns) == (0, list(TABLES["rare_variants"].names))
    assert frame.schema["reasons"] == pl.List(pl.String)


def test_the_columns_state_what_they_mean(service: Service) -> None:
    reports = next(one for one in cases() if one.name == "poor").reports(service)
    content = dict(parquet.write_files(reports))["variants.parquet"]
    about = json.loads(pl.read_parquet_metadata(io.BytesIO(content))[METADATA])
    assert list(about) == list(TABLES["variants"].names)
    assert "never 0" in about["effect_allele_count"]["null"]


def test_nothing_for_no_report() -> None:
    assert (list(parquet.write([])), list(parquet.write_files([]))) == ([], [])
