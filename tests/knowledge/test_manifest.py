"""Digests: a changed, added or lost file of a release is found, whatever the order and the times of the files."""

import hashlib
import os
from pathlib import Path

import pytest

from trdpgx.knowledge import manifest
from trdpgx.knowledge.location import reference_directory

FILES = {"b.csv": b"gene\nCYP2D6\n", "a.csv": b"gene\nCYP2C19\n", "deep/c.md": b"# Sources\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    manifest.write(tmp_path, "2026.11", "2026-11-23")
    return tmp_path


def problems(folder: Path) -> list[str]:
    return [f"{finding.file}: {finding.message}" for finding in manifest.verify(folder)]


def test_the_bundled_reference_is_as_released() -> None:
    assert manifest.verify(reference_directory()) == []


def test_a_written_release_verifies(folder: Path) -> None:
    assert problems(folder) == []
    assert manifest.identify(folder).release == "2026.11"


def test_the_digest_is_that_of_sha256sum_lines(folder: Path) -> None:
    lines = "".join(f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}\n" for name in sorted(FILES))
    assert manifest.identify(folder).digest == hashlib.sha256(lines.encode()).hexdigest()


def test_the_digest_does_not_depend_on_times_or_the_order_of_writing(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "deep").mkdir()
    for name in sorted(FILES, reverse=True):
        (other / name).write_bytes(FILES[name])
        os.utime(other / name, (1, 1))
    assert manifest.write(other, "x").digest == manifest.identify(folder).digest


@pytest.mark.parametrize("name", ["", "2026 4", "2026.4+modified", "-x", "a/b"])
def test_a_name_that_a_report_could_not_show_is_refused(folder: Path, name: str) -> None:
    before = (folder / "release.yaml").read_bytes()
    with pytest.raises(manifest.ReleaseError, match=r"such as 2026\.4$"):
        manifest.write(folder, name)
    assert (folder / "release.yaml").read_bytes() == before


@pytest.mark.parametrize("name", FILES)
def test_any_changed_byte_is_found(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    for position in range(len(content)):
        content[position] ^= 1
        (folder / name).write_bytes(content)
        assert problems(folder) == [f"{name}: the file differs from the release"]
        content[position] ^= 1
    (folder / name).write_bytes(content)
    assert problems(folder) == []


def test_a_lost_file_is_found(folder: Path) -> None:
    (folder / "a.csv").unlink()
    assert problems(folder) == ["a.csv: the file is missing"]
    assert manifest.identify(folder).release == "2026.11+modified"


@pytest.mark.parametrize("name", ["new.csv", "deep/release.yaml", ".hidden"])
def test_an_added_file_is_found(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    assert problems(folder) == [f"{name}: the file is not part of the release"]


def test_an_edited_digest_is_found(folder: Path) -> None:
    path = folder / "release.yaml"
    path.write_text(path.read_text("utf-8").replace("digest: ", "digest: 0"), "utf-8")
    assert problems(folder) == ["release.yaml: the digest over all files does not follow from the digests of the files"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "the file is missing"),
        (b"a: [", "not valid YAML"),
        (b"- 1\n", "not a mapping of keys to values"),
        (b"release: 2026.11\n", "'release', 'digest' or 'files' is missing or of the wrong type"),
    ],
)
def test_a_release_file_that_cannot_be_used_is_one_finding(folder: Path, content: bytes | None, message: str) -> None:
    path = folder / "release.yaml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert problems(folder) == [f"release.yaml: {message}"]
    with pytest.raises(ValueError, match=r"^release.yaml:1: "):
        manifest.identify(folder)
