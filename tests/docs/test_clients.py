"""The commands and the program of docs/clients.md run against a service."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.servers import Server, running
from tests.reannotation.reports import golden

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (curl .*)$", PAGE, re.MULTILINE)
PROGRAM, AGAIN = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "examples" / "synthetic.vcf", tmp_path / "genome.vcf")
    shutil.copy(ROOT / "examples" / "context.json", tmp_path)
    (tmp_path / "old.json").write_bytes(golden("poor")[0])
    (tmp_path / "cyrius.tsv").write_text("CYP2D6\t*1/*4\n")
    (tmp_path / "panel.bed").write_text("chr10\t94750000\t94900000\n")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_gives_a_report(command: str, server: Server, folder: Path) -> None:
    own = command.replace("http://127.0.0.1:8000", server.base).replace("curl ", "curl --silent --show-error --noproxy '*' ", 1)
    subprocess.run(["sh", "-c", own], check=True, cwd=folder, timeout=120)
    (made,) = folder.glob("report.*")
    text = made.read_text("utf-8")
    assert {".json": '"schema_version"', ".html": "<!DOCTYPE html>", ".tsv": "SYNTHETIC-1"}[made.suffix].lower() in text.lower()


def test_the_program_prints_phenotypes_and_a_problem(server: Server, folder: Path) -> None:
    printed = run(PROGRAM, server, folder)
    assert "CYP2C19" in printed
    assert "415 The input is not a VCF or BCF file." in printed


def test_the_program_for_earlier_reports_prints_that_nothing_has_changed(server: Server, folder: Path) -> None:
    assert run(AGAIN, server, folder).splitlines()[0].endswith("changed: False")


def run(program: str, server: Server, folder: Path) -> str:
    own = program.replace("http://127.0.0.1:8000", server.base)
    done = subprocess.run([sys.executable, "-c", own], cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout
