"""Snakemake and CWL: the tool runs in them, gives what the command gives, and fails where a demand is not met."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from integrations.tools import EXAMPLE, ROOT, TRDPGX, run_tool

SNAKEMAKE = ROOT / "integrations" / "snakemake"
CWL = ROOT / "integrations" / "cwl" / "trdpgx-annotate.cwl"


def steady(path: Path) -> Any:
    """Return reports without what differs between two runs."""
    return [{key: value for key, value in one.items() if key not in {"report_id", "created_at"}} for one in json.loads(path.read_text())]


def by_command(folder: Path) -> Any:
    subprocess.run([TRDPGX, "annotate", EXAMPLE, "--output", folder / "own.json"], check=True)
    return steady(folder / "own.json")


def workflow(folder: Path) -> None:
    text = (SNAKEMAKE / "bio" / "trdpgx" / "annotate" / "test" / "Snakefile").read_text()
    (folder / "Snakefile").write_text(text.replace("master/", f"file://{SNAKEMAKE}/"))
    shutil.copy(EXAMPLE, folder / "synthetic.vcf")


def test_snakemake_runs_the_wrapper(tmp_path: Path) -> None:
    workflow(tmp_path)
    run_tool("snakemake", "--cores", "1", folder=tmp_path)
    assert steady(tmp_path / "reports" / "synthetic.json") == by_command(tmp_path)
    assert (tmp_path / "qc" / "synthetic" / "trdpgx_sites_mqc.json").exists()
    assert (tmp_path / "reports" / "tables" / "genes.tsv").exists()


def test_snakemake_finds_nothing_in_the_workflow(tmp_path: Path) -> None:
    workflow(tmp_path)
    assert "Congratulations" in run_tool("snakemake", "--lint", folder=tmp_path)


def test_snakemake_fails_where_a_gene_was_not_called(tmp_path: Path) -> None:
    workflow(tmp_path)
    snakefile = tmp_path / "Snakefile"
    snakefile.write_text(snakefile.read_text().replace('"CYP2D6"', '"CYP2C9"'))
    run_tool("snakemake", "--cores", "1", "reports/synthetic.json", folder=tmp_path, code=1)
    assert "CYP2C9 was not called" in (tmp_path / "logs" / "synthetic.log").read_text()
    assert not (tmp_path / "reports" / "synthetic.json").exists()


def test_cwltool_validates_and_runs_the_tool(tmp_path: Path) -> None:
    run_tool("cwltool", "--validate", CWL, folder=tmp_path)
    odd = tmp_path / "a b;$(touch x).vcf"
    shutil.copy(EXAMPLE, odd)
    arguments = (
        "--no-container",
        "--outdir",
        tmp_path / "out",
        CWL,
        "--vcf",
        odd,
        "--require",
        "CYP2C19",
        "--report_name",
        "synthetic.json",
    )
    made = run_tool("cwltool", "--relax-path-checks", *arguments, folder=tmp_path)
    assert '"class": "Directory"' in made
    assert steady(tmp_path / "out" / "synthetic.json") == by_command(tmp_path)
    assert not list(tmp_path.rglob("x"))


def test_cwltool_fails_where_a_gene_was_not_called(tmp_path: Path) -> None:
    arguments = ("--no-container", "--outdir", tmp_path / "out", CWL, "--vcf", EXAMPLE, "--require", "CYP2C9")
    assert "CYP2C9 was not called" in run_tool("cwltool", *arguments, folder=tmp_path, code=1)
