"""Each block of docs/recipes.md runs as it stands, one after the other in one folder."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", (ROOT / "docs" / "recipes.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
PRINTS = {
    "CYP2C9 is missing": "CYP2C9 is missing",
    "--drug citalopram": "CPIC\t2023\tStrong\tall\tconsider_alternative",
    'select(.status == "no_call")': "CYP2C9: No site that defines an allele was seen.",
    "\\tgene\\t": "CYP2C19\tcalled\t*2/*2\tPM",
    "shares.sort": "not_stated",
    "group_by(.gene)": '"PM": 3',
    'batch.ndjson") as': "batch-7",
}
"""What some blocks print."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recipes")
    text = (ROOT / "examples" / "synthetic.vcf").read_text("utf-8")
    (made / "genome.vcf").write_text(text)
    lines = [line.split("\t") for line in text.splitlines()]
    wide = [[*line, *line[-1:], *line[-1:]] if len(line) > 1 else line for line in lines]
    cohort = "\n".join("\t".join(line) for line in wide) + "\n"
    (made / "cohort.vcf").write_text(cohort.replace("SYNTHETIC-1\tSYNTHETIC-1\tSYNTHETIC-1", "TRIO-1\tTRIO-2\tTRIO-3"))
    return made


@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq here")
@pytest.mark.parametrize(("language", "block"), BLOCKS, ids=[str(number) for number, _ in enumerate(BLOCKS, 1)])
def test_a_recipe_runs(folder: Path, language: str, block: str) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "-euo", "pipefail", "-c", block] if language == "sh" else [sys.executable, "-c", block]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "--output" in block or "diff" in block
    for part, printed in PRINTS.items():
        if part in block:
            assert printed in done.stdout


def test_the_page_has_what_the_test_looks_for() -> None:
    assert all(any(part in block for _, block in BLOCKS) for part in PRINTS)
