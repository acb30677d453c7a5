"""What MultiQC shows: no number where nothing was called, no drug, no genotype, and names that do not act in a page.

`make integrations` runs MultiQC itself over such files.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from tests.golden.cases import Case, cases
from trdpgx import Report, Service
from trdpgx.cli.main import main
from trdpgx.model.gene import Phenotype
from trdpgx.report.multiqc import MultiqcContent

CASES = cases()
EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


def content_of(reports: list[Report]) -> dict[str, Any]:
    content = MultiqcContent()
    for report in reports:
        content.add(report)
    return {name: yaml.safe_load(text) if name.endswith("yml") else json.loads(text) for name, text in content.files()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_shown_is_what_reports_state(service: Service, case: Case) -> None:
    reports = case.reports(service)
    files = content_of(reports)
    table = files["trdpgx_phenotypes_mqc.json"]["data"]
    colours = files.get("trdpgx_phenotype_heatmap_mqc.json", {"data": {}})["data"]
    samples = list(table)
    assert len(samples) == len(reports)
    assert samples == list(files["trdpgx_general_stats_mqc.json"]["data"]) == list(files["trdpgx_sites_mqc.json"]["data"])
    for sample, report in zip(samples, reports, strict=True):
        for gene in report.genes:
            shown = table[sample][gene.gene]
            if gene.phenotype is None:
                assert (shown, colours.get(sample, {}).get(gene.gene)) == ("-", None)
            else:
                assert shown == gene.phenotype.code.value + " (assumed)" * gene.assumed
        assert sum(files["trdpgx_sites_mqc.json"]["data"][sample].values()) == sum(gene.sites.total for gene in report.genes)
        text = json.dumps(files)
        names = {drug.name for drug in report.drugs} | {one.name for gene in report.genes for one in gene.diplotypes}
        assert [name for name in names if f'"{name}"' in text or name in text] == []
    assert ("trdpgx_warnings_mqc.json" in files) == any(report.input.warnings for report in reports)
    assert files["trdpgx_mqc_versions.yml"]["trdpgx rules"] == reports[0].knowledge.rules_release


def test_names_differ_and_do_not_act(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "poor").reports(service)
    hostile = report.model_copy(update={"input": report.input.model_copy(update={"sample": "<script>alert('1')</script>"})})
    files = content_of([report, hostile, report])
    named = report.model_copy(update={"input": report.input.model_copy(update={"name": "batch 7"})})
    name = report.input.sample
    assert list(content_of([named])["trdpgx_sites_mqc.json"]["data"]) == [f"batch 7: {name}"]
    assert list(files["trdpgx_sites_mqc.json"]["data"]) == [name, "_script_alert(_1_)__script_", f"{name} (2)"]


def test_only_other_phenotypes_than_normal_are_marked(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "poor").reports(service)
    headers = content_of([report])["trdpgx_phenotypes_mqc.json"]["headers"]
    marked = {rule["s_eq"].removesuffix(" (assumed)") for rules in headers["CYP2C19"]["cond_formatting_rules"].values() for rule in rules}
    assert marked == {code.value for code in Phenotype} - {"NM", "Indeterminate", "No result"}


def test_nothing_for_no_report() -> None:
    assert content_of([]) == {}


def test_the_command_writes_the_files_beside_its_reports(tmp_path: Path) -> None:
    folder = tmp_path / "qc" / "one"
    done = CliRunner().invoke(main, ["annotate", str(EXAMPLE), "--format", "ndjson", "--multiqc", str(folder)])
    assert json.loads(done.stdout)["input"]["sample"] == "SYNTHETIC-1"
    assert {path.name for path in folder.iterdir()} >= {"trdpgx_general_stats_mqc.json", "trdpgx_mqc_versions.yml"}
    none = CliRunner().invoke(main, ["annotate", str(tmp_path / "none.vcf"), "--multiqc", str(tmp_path / "other")])
    assert (none.exit_code, (tmp_path / "other").exists()) == (65, False)
