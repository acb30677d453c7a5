"""rules/README.md, followed literally: every command of its ten minutes is run, every file is written as it stands there."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from trdpgx.cli.main import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "rules" / "README.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def steps() -> Iterator[tuple[str, str]]:
    section = README.split("## Ten minutes", 1)[1].split("\n## ", 1)[0]
    yield from ((match[1], match[2]) for match in _BLOCK.finditer(section))


def run(command: str) -> tuple[int, str]:
    """Run one command line: ours in this process, with its settings, and any other through the shell."""
    words = shlex.split(command)
    settings = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    rest = words[len(settings) :]
    if rest[0] != "trdpgx":
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
        return done.returncode, done.stdout + done.stderr
    result = CliRunner().invoke(main, rest[1:], env=settings)
    return result.exit_code, result.output


def test_every_step_does_what_it_states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("reference", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    ran = written = 0
    for kind, text in steps():
        if kind == "yaml":
            first = re.match(r"# (\S+)\n", text)
            assert first is not None, text
            (tmp_path / first[1]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / first[1]).write_text(text, "utf-8")
            written += 1
            continue
        commands = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
        for command, *expected in (part.splitlines() for part in commands):
            code, output = run(command)
            findings = any("still to be written" in line or line.endswith("yaml...") for line in expected)
            assert code == (1 if findings else 0), (command, output)
            for line in expected:
                assert all(part in output for part in line.split("...")), (command, output)
            ran += 1
    assert (ran, written) == (26, 6)


def test_what_the_table_of_files_names_is_there() -> None:
    table = README.split("| file |", 1)[1].split("\n\n", 1)[0]
    for name in re.findall(r"`([\w.]+[/\w.]*)`", table.replace("`none.yaml`", "").replace("`+modified`", "")):
        if not name.startswith("trdpgx."):
            assert (ROOT / "rules" / name).exists(), name


def test_every_field_of_the_examples_is_one(tmp_path: Path) -> None:
    """The examples of tables, rules and entries are pieces of rule files: as files they keep the schema."""
    pieces = [match[2] for match in _BLOCK.finditer(README.split("\n## A guideline is a table", 1)[1].split("\n## Caveats", 1)[0])]
    assert len(pieces) == 3
    folder = tmp_path / "pieces"
    folder.mkdir()
    head = "domain: pharmacodynamic\nsource: {name: CPIC, design: guideline, citation: bousman-2023}\nverified: here\n"
    for number, piece in enumerate(pieces):
        (folder / f"{number}.yaml").write_text(head + piece, "utf-8")
    output = CliRunner().invoke(main, ["rules", "check", str(folder)]).output
    assert "unknown field" not in output
    assert "Input should be" not in output
