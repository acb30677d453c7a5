"""The nf-core module as far as it can be tested without Nextflow, the pre-commit hook, and MultiQC over what ``--multiqc`` writes."""

import csv
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.tools import EXAMPLE, ROOT, TRDPGX, run_tool

MODULE = ROOT / "integrations" / "nf-core" / "modules" / "nf-core" / "trdpgx" / "annotate"


def block(name: str) -> str:
    """Return the bash of ``script:`` or ``stub:``, with the values that Nextflow would write into it."""
    text = (MODULE / "main.nf").read_text()
    (lines,) = re.findall(rf'^    {name}:$.*?"""\n(.*?)"""', text, re.MULTILINE | re.DOTALL)
    values = {"${prefix}": "test", "$args": "--require CYP2C19", "$vcf": "synthetic.vcf"}
    for variable, value in values.items():
        lines = lines.replace(variable, value)
    return lines.replace("\\\\", "\\")


@pytest.mark.parametrize("name", ["script", "stub"])
def test_the_lines_of_the_nf_core_module_make_its_outputs(tmp_path: Path, name: str) -> None:
    shutil.copy(EXAMPLE, tmp_path / "synthetic.vcf")
    environment = {**os.environ, "PATH": f"{TRDPGX.parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "-euo", "pipefail", "-c", block(name)], check=True, cwd=tmp_path, env=environment)
    assert (tmp_path / "test.trdpgx.json").exists()
    assert (tmp_path / "test_trdpgx_mqc" / "trdpgx_general_stats_mqc.json").exists()
    version = subprocess.run(
        ["bash", "-c", "trdpgx --version | sed 's/.* //'"], capture_output=True, text=True, check=True, env=environment
    )
    assert version.stdout.strip() in (MODULE / "tests" / "main.nf.test.snap").read_text()


def test_meta_has_the_outputs_of_the_module() -> None:
    read: dict[str, Any] = yaml.safe_load((MODULE / "meta.yml").read_text())
    text = (MODULE / "main.nf").read_text()
    assert list(read["output"]) == re.findall(r"emit: (\w+)", text)
    assert [next(iter(entry)) for entry in read["input"][0]] == ["meta", "vcf"]
    assert read["topics"]["versions"] == read["output"]["versions_trdpgx"]


def test_pre_commit_runs_the_hook(tmp_path: Path) -> None:
    rules = tmp_path / "ours"
    (rules / "our-rules").mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", rules], check=True)
    (rules / "our-rules" / "wrong.yaml").write_text("rules:\n  - id: wrong\n")
    subprocess.run(["git", "-C", rules, "add", "."], check=True)
    (rules / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: local\n  hooks:\n  - id: check\n    name: check\n    language: system\n    types: [yaml]\n"
        f"    pass_filenames: false\n    entry: {TRDPGX} rules check\n    args: [our-rules]\n"
    )
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
    assert (hook["entry"], hook["pass_filenames"]) == ("trdpgx rules check", False)
    run_tool("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml", folder=tmp_path)
    shown = run_tool("pre-commit", "run", "--all-files", folder=rules, code=1)
    assert "wrong.yaml" in shown


def test_multiqc_shows_reports_of_several_runs_on_one_page(tmp_path: Path) -> None:
    for name, more in (("one", ()), ("two", ("--absent", "reference"))):
        text = EXAMPLE.read_text().replace("SYNTHETIC-1", name)
        (tmp_path / f"{name}.vcf").write_text(text.rstrip("\n") if name == "two" else text)
        subprocess.run(
            [
                TRDPGX,
                "annotate",
                tmp_path / f"{name}.vcf",
                *more,
                "-o",
                tmp_path / "out.json",
                "--input-name",
                "run 7",
                "--multiqc",
                tmp_path / "qc" / name,
            ],
            check=True,
        )
    shown = run_tool("multiqc", "--strict", "--no-version-check", "--no-ansi", "--outdir", "page", "qc", folder=tmp_path)
    assert "WARNING" not in shown
    data = tmp_path / "page" / "multiqc_data"
    general = list(csv.DictReader((data / "multiqc_general_stats.txt").read_text().splitlines(), delimiter="\t"))
    assert [row["Sample"] for row in general] == ["run 7: one", "run 7: two"]
    assert sum(len(column) > 0 for column in general[0]) == 7
    sites = list(csv.DictReader((data / "multiqc_trdpgx_sites_plot.txt").read_text().splitlines(), delimiter="\t"))
    assert [row["Sample"] for row in sites] == ["run 7: one", "run 7: two"]
    colours = list(csv.DictReader((data / "multiqc_trdpgx_phenotype_heatmap_plot.txt").read_text().splitlines(), delimiter="\t"))
    assert {row["Sample"]: row["CYP2C9"] for row in colours}["run 7: one"] in {"", "None"}
    assert "trdpgx\t0.1.0" in (data / "multiqc_software_versions.txt").read_text()
    page = (tmp_path / "page" / "multiqc_report.html").read_text()
    assert not [word for word in ("escitalopram", "*2/*2", "*1/*4") if word in page]


def test_reftrace_reads_the_nf_core_module_and_reports_no_fault(tmp_path: Path) -> None:
    shutil.copytree(MODULE, tmp_path / "module")
    printed = run_tool("reftrace", "info", "modules", "-d", tmp_path / "module", folder=tmp_path)
    read = json.loads(printed[printed.index("{") : printed.rindex("}") + 1])
    ((module,), left) = read["modules"], read["unresolved_includes"]
    assert ([process["name"] for process in module["processes"]], left) == (["TRDPGX_ANNOTATE"], [])
    run_tool("reftrace", "generate", folder=tmp_path)
    assert "error" not in run_tool("reftrace", "lint", "-d", tmp_path / "module", folder=tmp_path).lower()


def test_multiqc_shows_a_cohort(tmp_path: Path) -> None:
    text = EXAMPLE.read_text()
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.vcf").write_text(text.replace("SYNTHETIC-1", name))
    files = [str(tmp_path / f"{name}.vcf") for name in ("one", "two", "three")]
    subprocess.run([TRDPGX, "cohort", *files, "-o", tmp_path / "tables"], check=True)
    subprocess.run([TRDPGX, "frequencies", tmp_path / "tables", "-o", tmp_path / "frequencies", "--multiqc", tmp_path / "qc"], check=True)
    shown = run_tool("multiqc", "--strict", "--no-version-check", "--no-ansi", "--outdir", "page", "qc", folder=tmp_path)
    assert "WARNING" not in shown
    data = tmp_path / "page" / "multiqc_data"
    rates = list(csv.DictReader((data / "multiqc_trdpgx_cohort_call_rates_table.txt").read_text().splitlines(), delimiter="\t"))
    assert {"CYP2C19", "CYP2D6"} <= {row["Sample"] for row in rates}
    called = {row["Sample"]: float(next(value for key, value in row.items() if key.lower().endswith("called"))) for row in rates}
    assert called["CYP2C19"] == 100
    phenotypes = (data / "multiqc_trdpgx_cohort_phenotypes_plot.txt").read_text()
    assert "CYP2C19" in phenotypes
    page = (tmp_path / "page" / "multiqc_report.html").read_text()
    assert not [name for name in ("one.vcf", "SYNTHETIC-1") if name in page]
