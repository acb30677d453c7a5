"""Each block of docs/tutorial-cohort.md runs as it stands, but that the files of the 1000 Genomes Project come from this machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial-cohort.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FOLDER = ROOT.parent / "shared" / "real"
COHORT, LABELS = FOLDER / "1kgp_cohort3202_GRCh38.vcf.gz", FOLDER / "population_labels.tsv"
POPULATIONS = "20130606_g1k_3202_samples_ped_population.txt"


def mirror(folder: Path) -> Path:
    """Lay the files out as the project's server has them; the list of people has the columns of the project's own."""
    panel = folder / "working" / "20220422_3202_phased_SNV_INDEL_SV"
    panel.mkdir(parents=True)
    whole = panel / "whole.vcf.gz"
    shutil.copyfile(COHORT, whole)
    subprocess.run(["bcftools", "index", "--tbi", whole], check=True)
    for name in ("chr10", "chr19", "chr22"):
        path = panel / f"1kGP_high_coverage_Illumina.{name}.filtered.SNV_INDEL_SV_phased_panel.vcf.gz"
        path.symlink_to(whole)
        path.with_name(f"{path.name}.tbi").symlink_to(f"{whole}.tbi")
    none, sex = pl.lit(0), pl.when(pl.col("sex") == "male").then(1).otherwise(2)
    own = {"FatherID": none, "MotherID": none, "Sex": sex, "Population": "population", "Superpopulation": "superpopulation"}
    people = pl.read_csv(LABELS, separator="\t").select(FamilyID="sample", SampleID="sample", **own)
    people.write_csv(folder / POPULATIONS, separator=" ")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not COHORT.exists() or not LABELS.exists(), reason=f"there is no cohort of the 1000 Genomes Project in {FOLDER}")
@pytest.mark.skipif(shutil.which("bcftools") is None or shutil.which("curl") is None, reason="bcftools or curl is not here")
def test_the_tutorial_runs_and_has_its_figures(tmp_path: Path) -> None:
    server, folder = mirror(tmp_path / "server"), tmp_path / "own"
    folder.mkdir()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    printed = ""
    for language, block in BLOCKS:
        text = re.sub(r"^BASE=.*$", f"BASE={server}", block, flags=re.MULTILINE).replace("curl -sSfO $BASE", f"curl -sSfO file://{server}")
        command = ["bash", "-euo", "pipefail", "-c", text] if language == "sh" else [sys.executable, "-c", text]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (block, done.stderr)
        printed += done.stdout
    alleles = pl.read_parquet(folder / "frequencies" / "alleles.parquet")
    europeans = alleles.filter(pl.col("gene") == "CYP2C19", pl.col("group") == "EUR")
    assert f"({europeans['people'][0]} people)" in PAGE
    for allele in ("*2", "*17"):
        row = europeans.filter(pl.col("item") == allele).to_dicts()[0]
        shown = f"{row['frequency']:.1%} ({100 * row['low']:.1f} to {100 * row['high']:.1f})".replace("%", " %")
        assert f"| {allele} | {shown} |" in PAGE
        assert str(row["count"]) in printed
    assert set(europeans["item"]).isdisjoint({"*3"})
    assert len(alleles.filter(pl.col("gene") == "CYP2D6", pl.col("note").is_null(), pl.col("count") > 0)) == 0
    tested = pl.read_parquet(folder / "response" / "associations.parquet")
    assert tested["p"].is_not_null().any()
    assert "Most associations" in (folder / "response" / "notes.txt").read_text("utf-8")
