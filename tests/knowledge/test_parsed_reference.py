"""The reference as it was read when the package was built: the same as from its tables, and passed over where anything has changed."""

import shutil
from pathlib import Path

import msgspec
import pytest

from trdpgx.knowledge.built_file import write_built
from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference import parsed
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.parsed import parsed_reference, write_parsed_reference
from trdpgx.model.library import ReferenceLibrary

REFERENCE = load_reference()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reference") / "parsed.msgpack"
    write_parsed_reference(REFERENCE, path)
    return path


def test_the_reference_is_that_of_the_tables(written: Path) -> None:
    read = parsed_reference(written)
    assert read is not None
    assert plain(read) == plain(REFERENCE)


def plain(value: object) -> object:
    """Return a value with the types of all that it holds, in its order, as tuples that can be compared."""
    if isinstance(value, msgspec.Struct):
        return type(value), *(plain(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return dict, *((plain(key), plain(of)) for key, of in value.items())
    if isinstance(value, tuple):
        return type(value), *map(plain, value)
    return type(value), value


def test_what_does_not_fit_is_passed_over(written: Path, tmp_path: Path) -> None:
    content = written.read_bytes()
    first, _, library = content.partition(b"\n")
    other = tmp_path / "other.msgpack"
    assert parsed_reference(other) is None
    for damaged in (b"", first, first + b"\n", content[:-1], content + b"\x00", b"0" * 64 + content[64:]):
        other.write_bytes(damaged)
        assert parsed_reference(other) is None
    for wrong in (b"", b"\xc0", library[:-1], library.replace(b"\xa3pos", b"\xa3sop", 1), library.replace(b"\xa6GRCh37", b"\xa6GRCh36", 1)):
        write_built(other, first[:64].decode(), wrong)
        assert parsed_reference(other) is None


def test_it_is_passed_over_where_the_code_that_reads_has_changed(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = tuple(Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in parsed._CODE)
    monkeypatch.setattr(parsed, "_CODE", folders)
    assert parsed_reference(written) is not None
    copied = tuple(Path(shutil.copytree(folder, tmp_path / "changed" / folder.name)) for folder in folders)
    module = tmp_path / "changed" / "reference" / "codon.py"
    module.write_text(module.read_text("utf-8") + "\n", "utf-8")
    monkeypatch.setattr(parsed, "_CODE", copied)
    assert parsed_reference(written) is None


def test_it_is_passed_over_where_a_table_has_changed(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(reference_directory(), tmp_path / "reference"))
    monkeypatch.setattr(parsed, "reference_directory", lambda: folder)
    assert parsed_reference(written) is not None
    table = folder / "must_see.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    assert parsed_reference(written) is None


def test_another_name_of_the_release_is_read(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(reference_directory(), tmp_path / "reference"))
    release = folder / "release.yaml"
    release.write_text(release.read_text("utf-8").replace(f"release: '{REFERENCE.release}'", "release: '2099.1'"), "utf-8")
    monkeypatch.setattr(parsed, "reference_directory", lambda: folder)
    read = parsed_reference(written)
    assert isinstance(read, ReferenceLibrary)
    assert read.release == "2099.1"
