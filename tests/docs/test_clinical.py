"""docs/clinical.md: its commands are run, and each line of output that it shows is one of the real output, in that order."""

import contextlib
import io
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from trdpgx.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clinical.md").read_text("utf-8")
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OUTPUTS: dict[str, str] = {}


def output(command: str) -> str:
    words = shlex.split(command)
    if words[0] != "trdpgx":
        return subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout  # noqa: S602
    if command not in OUTPUTS:
        OUTPUTS[command] = CliRunner().invoke(main, words[1:]).output
    return OUTPUTS[command]


def plain(text: str) -> str:
    return " ".join(text.split())


def test_every_line_is_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shown = 0
    for block in _CONSOLE.finditer(PAGE):
        for step in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            command, *lines = step.splitlines()
            left = plain(output(command))
            for piece in (part for line in lines for part in line.split("...") if part.strip()):
                before, found, left = left.partition(plain(piece))
                assert found, (command, piece, before[:2_000])
                shown += 1
    assert shown >= 18


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = _PYTHON.findall(PAGE)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {})  # noqa: S102 - the page's own example
    assert printed.getvalue() == "I\n"
