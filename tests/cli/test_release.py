"""`trdpgx rules release` and `trdpgx reference release`: what they write, and that they write nothing for a folder with a fault."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trdpgx.cli.main import main
from trdpgx.knowledge.location import reference_directory, rules_directory
from trdpgx.knowledge.manifest import identify, verify

FOLDERS = {"rules": rules_directory, "reference": reference_directory}
BROKEN = {"rules": ("citations.yaml", "citations: [\n"), "reference": ("genes.csv", "gene,chromosome\n")}


def release(kind: str, folder: Path, name: str) -> Result:
    return CliRunner().invoke(main, [kind, "release", str(folder), "--name", name])


@pytest.fixture(params=["rules", "reference"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(kind: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDERS[kind](), tmp_path / kind))


@pytest.mark.parametrize("first", [False, True])
def test_a_release_names_the_files_as_they_are(kind: str, folder: Path, first: bool) -> None:
    (folder / "notes.md").write_text("A note.\n", "utf-8")
    if first:
        (folder / "release.yaml").unlink()
    else:
        assert identify(folder).release.endswith("+modified")
    answer = release(kind, folder, "2027.1")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout == f"{folder / 'release.yaml'}: release 2027.1, digest {identify(folder).digest}\n"
    assert identify(folder).release == "2027.1"
    assert verify(folder) == []


def test_a_folder_with_a_fault_is_not_released(kind: str, folder: Path) -> None:
    name, text = BROKEN[kind]
    (folder / name).write_text(text, "utf-8")
    before = (folder / "release.yaml").read_bytes()
    answer = release(kind, folder, "2027.1")
    assert answer.exit_code == 1
    assert name in answer.output
    assert (folder / "release.yaml").read_bytes() == before


def test_a_folder_that_is_none_of_them_keeps_no_release(kind: str, tmp_path: Path) -> None:
    assert release(kind, tmp_path, "2027.1").exit_code == 1
    assert not (tmp_path / "release.yaml").exists()


def test_a_name_that_reports_could_not_show_is_refused(kind: str, folder: Path) -> None:
    answer = release(kind, folder, "2027.1+modified")
    assert answer.exit_code == 1
    assert "the name of a release has letters" in answer.stderr
