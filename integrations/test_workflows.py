"""Snakemake and CWL: the tool gives what the command gives, and fails if a gene was not called."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from integrations.tools import EXAMPLE, ROOT, TRDPGX, run_tool

SNAKEMAKE = ROOT / "integrations" / "snakemake"
CWL = ROOT / "integrations" / "cwl" / "trdpgx-annotate.cwl"


def steady(path: Path) -> Any:
    """Return reports without the fields that differ between two runs."""
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


def pipeline(folder: Path, **config: Any) -> None:
    shutil.copytree(SNAKEMAKE / "pipeline", folder, dirs_exist_ok=True)
    stated = yaml.safe_load((folder / "config.yaml").read_text())
    stated |= {"wrapper": f"file://{SNAKEMAKE}/bio/trdpgx/annotate", **config}
    (folder / "config.yaml").write_text(yaml.safe_dump(stated))
    (folder / "genomes").mkdir(exist_ok=True)
    for name in ("one", "two"):
        (folder / "genomes" / f"{name}.vcf.gz").write_bytes(gzip.compress(EXAMPLE.read_bytes()))


def test_the_pipeline_collects_a_page_of_all_genomes(tmp_path: Path) -> None:
    pipeline(tmp_path)
    assert "Congratulations" in run_tool("snakemake", "--lint", folder=tmp_path)
    run_tool("snakemake", "--cores", "1", folder=tmp_path, beside=("multiqc",))
    page = (tmp_path / "qc" / "multiqc_report.html").read_text()
    assert all(f"{name}: SYNTHETIC-1" in page for name in ("one", "two"))
    assert json.loads((tmp_path / "reports" / "two.json").read_text())[0]["input"]["name"] == "two"


def test_the_pipeline_fails_on_a_file_that_is_cut_off_and_on_a_gene_that_was_not_called(tmp_path: Path) -> None:
    pipeline(tmp_path)
    cut = tmp_path / "genomes" / "two.vcf.gz"
    cut.write_bytes(cut.read_bytes()[:-40])
    run_tool("snakemake", "--cores", "1", "--keep-going", folder=tmp_path, code=1, beside=("multiqc",))
    assert "[truncated]" in (tmp_path / "logs" / "two.log").read_text()
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["one.json"]
    pipeline(tmp_path, require=["CYP2C9"])
    run_tool("snakemake", "--cores", "1", "--keep-going", folder=tmp_path, code=1, beside=("multiqc",))
    assert "CYP2C9 was not called" in (tmp_path / "logs" / "one.log").read_text()
    assert not (tmp_path / "qc" / "multiqc_report.html").exists()


def test_the_ending_of_the_output_is_the_format(tmp_path: Path) -> None:
    workflow(tmp_path)
    snakefile = tmp_path / "Snakefile"
    rule = snakefile.read_text().partition("rule tables")[0]
    for ending, start in ((".fhir.json", '{"resourceType"'), (".vcf", "##fileformat"), (".tsv", "")):
        text = rule.replace("{sample}.json", f"{{sample}}{ending}").replace("synthetic.json", f"synthetic{ending}")
        snakefile.write_text(text.replace('        "reports/tables",\n', ""))
        run_tool("snakemake", "--cores", "1", folder=tmp_path)
        assert (tmp_path / "reports" / f"synthetic{ending}").read_text().startswith(start)


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
