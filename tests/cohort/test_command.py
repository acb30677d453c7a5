"""The command: exit codes, TSV and whole reports, and Dask where it is not installed."""

import json
import sys
from pathlib import Path
from typing import Any

import click
import polars as pl
import pytest
from backports import zstd
from click.testing import CliRunner

from tests.cohort.files import lines, names, write
from trdpgx.cli.cohort import cohort
from trdpgx.cohort import plan
from trdpgx.cohort.tables import NAMES


def test_tables_as_text_and_whole_reports(tmp_path: Path) -> None:
    path = write(tmp_path / "cohort.vcf", ["=cmd()", "<script>", "C"], lines(3))
    folder = tmp_path / "tables"
    done = CliRunner().invoke(cohort, [str(path), "-o", str(folder), "--tsv", "--reports"])
    assert done.exit_code == 0, done.output
    for name in NAMES:
        rows = (folder / f"{name}.tsv").read_text("utf-8").splitlines()
        frame = pl.read_parquet(folder / name / "part-*.parquet")
        assert rows[0].split("\t") == frame.columns
        assert len(rows) == frame.height + 1
    assert (folder / "samples.tsv").read_text("utf-8").splitlines()[1].startswith("'=cmd()\t")
    reports = [json.loads(line) for line in zstd.decompress((folder / "reports" / "part-000000.ndjson.zst").read_bytes()).splitlines()]
    assert [report["input"]["sample"] for report in reports] == ["=cmd()", "<script>", "C"]
    run = json.loads((folder / "run.json").read_bytes())
    assert run["complete"] is True
    assert run["tables"]["samples"] == 3
    assert run["knowledge"]["rules_release"] == reports[0]["knowledge"]["rules_release"]


def test_exit_codes(tmp_path: Path) -> None:
    path = write(tmp_path / "cohort.vcf", names(2), lines(2))
    assert CliRunner().invoke(cohort, [str(path), "none.vcf", "-o", str(tmp_path / "one")]).exit_code == 65
    assert CliRunner().invoke(cohort, [str(path), "-o", str(tmp_path / "one")]).exit_code == 65, "another run"
    assert CliRunner().invoke(cohort, ["-", "-o", str(tmp_path / "two")]).exit_code == 2
    assert CliRunner().invoke(cohort, ["-o", str(tmp_path / "two")]).exit_code == 2


def test_dask_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(cohort, ["none.vcf", "-o", str(tmp_path / "tables"), "--scheduler", "local"])
    assert done.exit_code == 2
    assert "trdpgx[dask]" in done.output


def test_a_terminal_gets_a_bar_over_what_is_left_and_a_log_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BLOCK", 2)
    path, folder = write(tmp_path / "cohort.vcf", names(5), lines(5)), tmp_path / "tables"
    lengths: list[int] = []
    bar = click.progressbar

    def watched(length: int, **options: Any) -> Any:
        lengths.append(length)
        return bar(length=length, **options)

    monkeypatch.setattr(click, "progressbar", watched)
    done = CliRunner().invoke(cohort, [str(path), "-o", str(folder)])
    assert (done.exit_code, lengths) == (0, [])
    assert done.stderr.count("\n") == 1
    monkeypatch.setattr("trdpgx.cli.cohort._is_terminal", lambda: True)
    for table, part in (("samples", 1), ("samples", 2)):
        (folder / table / f"part-{part:06d}.parquet").unlink()
    assert CliRunner().invoke(cohort, [str(path), "-o", str(folder)]).exit_code == 0
    assert lengths == [4]
