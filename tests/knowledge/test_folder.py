"""Folders that an operator names: not there, empty, or with files that must not be opened. Each is refused in a line, by every way in."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from trdpgx.cli.main import main
from trdpgx.knowledge.folder import MAX_FILE_BYTES, FolderError
from trdpgx.knowledge.load import load_knowledge
from trdpgx.knowledge.location import reference_directory
from trdpgx.model.settings import Settings
from trdpgx.pipeline import Service

pytestmark = pytest.mark.slow

RULE = "rules: []\n"


def _write(name: str, content: str) -> Callable[[Path], None]:
    return lambda folder: (folder.mkdir(), (folder / name).write_text(content))[0]


def _link(target: str) -> Callable[[Path], None]:
    return lambda folder: (folder.mkdir(), (folder / "a.yaml").symlink_to(target))[0]


def _pipe(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / "a.yaml")


def _large(folder: Path) -> None:
    folder.mkdir()
    with (folder / "a.yaml").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)


FOLDERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "not there": (lambda folder: None, "is not there"),
    "a file": (lambda folder: folder.write_text(RULE), "is no folder"),
    "empty": (lambda folder: folder.mkdir(), "holds no .yaml file"),
    "a link that leads nowhere": (lambda folder: folder.symlink_to("/nowhere/at/all"), "is not there"),
    "only a release": (_write("release.yaml", "release: x\n"), "holds no .yaml file"),
    "only other files": (_write("README.md", "# rules\n"), "holds no .yaml file"),
    "another ending": (lambda folder: (_write("a.yaml", RULE)(folder), (folder / "b.yml").write_text(RULE)), "must end in .yaml"),
    "a pipe": (_pipe, "not a regular file"),
    "a folder with a file's name": (lambda folder: (folder / "a.yaml").mkdir(parents=True), "not a regular file"),
    "a device": (_link("/dev/zero"), "not a regular file"),
    "a link in it that leads nowhere": (_link("/nowhere"), "not a regular file"),
    "a link to itself": (_link("a.yaml"), "not a regular file"),
    "a large file": (_large, "more than"),
    "brackets": (_write("a.yaml", "[" * 100_000), "nested more than"),
    "closed brackets": (_write("a.yaml", "[" * 5_000 + "]" * 5_000), "nested more than"),
    "braces": (_write("a.yaml", "{a: " * 3_000), "nested more than"),
    "indented": (_write("a.yaml", "".join(" " * depth + "a:\n" for depth in range(3_000))), "nested more than"),
    "dashes": (_write("a.yaml", "- " * 50_000 + "x\n"), "nested more than"),
    "less deep": (_write("a.yaml", "[" * 400 + "]" * 400), "nested more than"),
    "a long number": (_write("a.yaml", "a: " + "9" * 100_000), "cannot be read"),
    "a deep release": (
        lambda folder: (_write("a.yaml", RULE)(folder), (folder / "release.yaml").write_text("[" * 100_000)),
        "release.yaml",
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_of_rules_that_cannot_be_used_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, message = FOLDERS[name]
    folder = tmp_path / "own"
    make(folder)
    with pytest.raises(ValueError, match=message) as raised:
        Service(Settings(rules=folder))
    assert len(str(raised.value)) < 2_000
    monkeypatch.setenv("TRDPGX_RULES", str(folder))
    for command in (["rules", "check"], ["rules", "test"], ["annotate", "examples/synthetic.vcf"]):
        stated = CliRunner().invoke(main, command)
        assert stated.exit_code == 1, command
        assert isinstance(stated.exception, SystemExit)
        assert message in stated.output


@pytest.mark.parametrize("name", ["not there", "a file", "empty", "only other files"])
def test_a_reference_folder_that_cannot_be_used_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "own"
    FOLDERS[name][0](folder)
    with pytest.raises(FolderError, match="the reference folder"):
        load_knowledge(folder)
    monkeypatch.setenv("TRDPGX_REFERENCE", str(folder))
    for command in (["rules", "check"], ["rules", "show", "CYP2D6"], ["annotate", "examples/synthetic.vcf"]):
        stated = CliRunner().invoke(main, command)
        assert stated.exit_code == 1
        assert "the reference folder" in stated.output
        assert isinstance(stated.exception, SystemExit)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sites.csv", ",10,", ",ten,"),
        ("variants.csv", "verified: ", "sure: "),
        ("transcripts/exons.csv", "gene,", "genes,"),
        ("transcripts/exons.csv", "1", "one"),
        ("transcripts/transcripts.csv", "gene", "GENE"),
        ("transcripts/transcripts.csv", "+", "plus"),
        ("alleles.csv", "*", "\x00"),
    ],
)
def test_a_bad_row_of_a_reference_is_stated_in_a_line(
    file: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(reference_directory(), folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    monkeypatch.setenv("TRDPGX_REFERENCE", str(folder))
    for command in (["rules", "check"], ["rules", "test"], ["rules", "show", "CYP2D6"], ["annotate", "examples/synthetic.vcf"]):
        stated = CliRunner().invoke(main, command)
        assert stated.exit_code == 1
        assert isinstance(stated.exception, SystemExit), stated.exception
        assert "cannot be read:\n" in stated.output
        assert len(stated.output.splitlines()) == 2


def test_links_to_files_elsewhere_are_read(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept.yaml", tmp_path / "own"
    kept.write_text(RULE)
    folder.mkdir()
    (folder / "a.yaml").symlink_to(kept)
    with pytest.raises(ValueError, match="domain") as raised:
        load_knowledge(None, folder)
    assert "regular" not in str(raised.value)
