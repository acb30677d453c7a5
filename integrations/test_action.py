"""The GitHub action: schema, linter, and its steps in bash, with names that a shell would interpret."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.tools import EXAMPLE, ROOT, TRDPGX, run_tool

ACTION = ROOT / "integrations" / "github-action" / "action.yml"
WORKFLOW = ACTION.with_name("workflow-example.yml")


def test_the_schemas_hold(tmp_path: Path) -> None:
    run_tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION, folder=tmp_path)
    run_tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW, folder=tmp_path)


@pytest.mark.skipif(shutil.which("npx") is None, reason="there is no npm here")
def test_action_validator_finds_nothing(tmp_path: Path) -> None:
    packages = [f"--package=@action-validator/{part}@0.6.0" for part in ("cli", "core")]
    environment = {**os.environ, "npm_config_cache": str(tmp_path / "npm")}
    for path in (ACTION, WORKFLOW):
        command = ["npx", "--yes", *packages, "--", "action-validator", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)
        if "npm error network" in done.stderr:
            pytest.skip("action-validator cannot be fetched from the package index")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    shutil.copy(WORKFLOW, tmp_path / ".github" / "workflows" / "pharmacogenes.yml")
    shutil.copy(ACTION, tmp_path / "action.yml")
    run_tool("zizmor", "--offline", tmp_path, folder=tmp_path)


def test_zizmor_finds_a_pasted_input(tmp_path: Path) -> None:
    planted = ACTION.read_text().replace('arguments=(--format "$FORMAT"', 'arguments=(--format "${{ inputs.format }}"')
    (tmp_path / "action.yml").write_text(planted)
    assert "template-injection" in run_tool("zizmor", "--offline", tmp_path, folder=tmp_path, code=14)


def steps() -> list[dict[str, Any]]:
    read: dict[str, Any] = yaml.safe_load(ACTION.read_text())
    return list(read["runs"]["steps"])


def run_step(folder: Path, inputs: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run the lines that make reports as GitHub would, with the defaults of the action."""
    defaults = {name: str(value.get("default", "")) for name, value in yaml.safe_load(ACTION.read_text())["inputs"].items()}
    values = {**defaults, **inputs}
    step = steps()[1]
    environment = {name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()}
    program = folder / "runner" / "trdpgx" / "bin"
    program.mkdir(parents=True)
    (program / "trdpgx").symlink_to(TRDPGX)
    (folder / "step.sh").write_text(step["run"])
    environment |= {"RUNNER_TEMP": str(folder / "runner"), "GITHUB_OUTPUT": str(folder / "output"), "PATH": os.environ["PATH"]}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", folder / "step.sh"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)


@pytest.mark.parametrize("name", ["a b;$(touch x).vcf", "`touch x`.vcf", "-o.vcf", "'\"$HOME.vcf"])
def test_names_do_not_act(tmp_path: Path, name: str) -> None:
    shutil.copy(EXAMPLE, tmp_path / name)
    done = run_step(tmp_path, {"files": f"{name}\n\n", "require": "CYP2C19", "multiqc": "q c"})
    assert (done.returncode, (tmp_path / "output").read_text()) == (0, "exit-code=0\n"), done.stderr
    assert (tmp_path / "reports.json").exists()
    assert (tmp_path / "q c" / "trdpgx_mqc_versions.yml").exists()
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("inputs", "code", "words"),
    [
        ({"require": "CYP2C9"}, 4, "CYP2C9 was not called"),
        ({"fail-on": "warning;touch x"}, 2, "is not one of"),
        ({"files": "cut.vcf.gz"}, 65, "[truncated]"),
        ({"files": ""}, 2, "nothing to report on"),
    ],
)
def test_the_step_fails_with_the_code_of_the_command(tmp_path: Path, inputs: dict[str, str], code: int, words: str) -> None:
    shutil.copy(EXAMPLE, tmp_path / "one.vcf")
    subprocess.run(f"gzip -c one.vcf | head -c 2000 > {tmp_path}/cut.vcf.gz", shell=True, check=True, cwd=tmp_path)  # noqa: S602
    done = run_step(tmp_path, {"files": "one.vcf", **inputs})
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert (tmp_path / "output").read_text() == f"exit-code={code}\n"
