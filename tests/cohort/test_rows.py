"""Every row of a cohort's tables equals the report of that one person."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.bcftools import needs_bcftools
from tests.cohort.files import columns, lines, names, service, write
from trdpgx import annotate, cohort
from trdpgx.cohort import CohortTables, plan
from trdpgx.cohort.tables import NAMES
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.report import Report
from trdpgx.report.tables import TABLES

_OF_ONE_REPORT = {"report_id", "created_at", "input_name"}


def hold_equal(tables: CohortTables, reports: Sequence[Report], *, without: frozenset[str] = frozenset()) -> None:
    """Hold every row of every table against the reports, column by column."""
    shared = {name: table for name, table in TABLES.items() if name in NAMES}
    frames = {name: getattr(tables, name) for name in shared} | {"considerations": tables.full_considerations()}
    for name, table in shared.items():
        left_out = without | _OF_ONE_REPORT if name == "samples" else without
        wanted = [column for column in table.names if column not in left_out]
        rows = []
        for report in reports:
            made = [dict(zip(table.names, row, strict=True)) for row in table.rows(report)]
            rows += [tuple(list(v) if isinstance(v := row[column], tuple) else v for column in wanted) for row in made]
        assert sorted(frames[name].select(wanted).rows(), key=repr) == sorted(rows, key=repr), name


@pytest.mark.parametrize("rich", [False, True], ids=["genotypes alone", "depths, phase sets and filters"])
@pytest.mark.parametrize("options", [Options(), Options(absent=AbsentOption.REFERENCE, all_candidates=True)], ids=["missing", "reference"])
def test_rows_are_those_of_the_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, rich: bool, options: Options) -> None:
    monkeypatch.setattr(plan, "BLOCK", 17)
    path = write(tmp_path / "cohort.vcf.gz", names(60), lines(60, rich=rich))
    tables = cohort.call(path, options=options, service=service())
    assert tables.errors.is_empty()
    assert tables.samples["sample"].to_list() == names(60)
    hold_equal(tables, annotate(path, options=options, service=service()))


def test_single_files_have_the_rows_of_their_reports(tmp_path: Path) -> None:
    records = lines(12, seed=3)
    paths = [write(tmp_path / f"{name}.vcf", [name], [columns(record, [at]) for record in records]) for at, name in enumerate(names(12))]
    tables = cohort.call(paths, service=service())
    hold_equal(tables, [report for path in paths for report in annotate(path, service=service())])


def test_files_by_chromosome_are_one_input(tmp_path: Path) -> None:
    records = lines(20, seed=4, rich=True)
    whole = write(tmp_path / "whole.vcf", names(20), records)
    turned = list(reversed(range(20)))
    paths = []
    for chrom in ("1", "7", "10", "11", "19", "22"):
        own = [record for record in records if record.startswith(f"chr{chrom}\t")]
        order = turned if chrom == "19" else list(range(20))
        paths.append(write(tmp_path / f"{chrom}.vcf", [names(20)[at] for at in order], [columns(record, order) for record in own]))
    split = cohort.call(paths, service=service())
    hold_equal(split, annotate(whole, service=service()), without=frozenset({"input_sha256"}))
    assert split.samples["records"].unique().to_list() == [len(records)]


def test_the_order_of_samples_and_the_numbers_of_phase_sets_change_nothing(tmp_path: Path) -> None:
    records = lines(30, seed=5, rich=True)
    order = list(reversed(range(30)))
    one = cohort.call(write(tmp_path / "one.vcf", names(30), records), service=service())
    other = [columns(record, order).replace(":100:", ":12345:").replace(":7:", ":9:") for record in records]
    two = cohort.call(write(tmp_path / "two.vcf", [names(30)[at] for at in order], other), service=service())
    for name in ("genes", "variants", "considerations", "rare_variants"):
        frames = [getattr(tables, name) for tables in (one, two)]
        assert sorted(frames[0].rows(), key=repr) == sorted(frames[1].rows(), key=repr), name


def test_unseen_is_null_and_every_gene_has_a_row(tmp_path: Path) -> None:
    path = write(tmp_path / "one.vcf", names(2), lines(2, chroms=("10",)))
    tables = cohort.call(path, service=service())
    genes = service().knowledge.reference.genes
    assert tables.genes.group_by("sample").len()["len"].to_list() == [len(genes)] * 2
    uncalled = tables.genes.filter(pl.col("gene") == "CYP2D6")
    assert uncalled["status"].to_list() == ["no_call"] * 2
    assert uncalled["phenotype"].to_list() == [None] * 2
    unseen = tables.variants.filter(pl.col("state") == "absent")
    assert unseen["effect_allele_count"].null_count() == unseen.height > 0


@needs_bcftools
def test_a_bcf_with_its_index_has_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BLOCK", 8)
    text = write(tmp_path / "cohort.vcf", names(20), [record for record in lines(20, seed=11) if "\tGT\t" in record])
    filters = "".join(f'##FILTER=<ID={name},Description="x">\n' for name in ("LowQual",)) + (
        '##INFO=<ID=AF,Number=A,Type=Float,Description="x">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="x">\n'
    )
    text.write_text(text.read_text().replace("#CHROM", filters + "#CHROM"))
    bcf = tmp_path / "cohort.bcf"
    subprocess.run(["bcftools", "view", "-Ob", "-o", bcf, text], check=True, capture_output=True)
    subprocess.run(["bcftools", "index", bcf], check=True, capture_output=True)
    read = cohort.call(bcf, service=service())
    fetched = cohort.call(bcf, by_index=True, service=service())
    assert read.errors.is_empty()
    assert fetched.errors.is_empty()
    hold_equal(read, annotate(bcf, service=service()))
    for name in ("genes", "variants", "considerations"):
        assert getattr(read, name).equals(getattr(fetched, name)), name
