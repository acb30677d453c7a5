"""Checks of the folders that an operator names: they exist, have the files that are expected, and these are safe to open.

A missing folder is an error: without it, reports would lack the rules that the operator counts on.
"""

from pathlib import Path

from trdpgx.knowledge.manifest import RELEASE_FILE
from trdpgx.model.errors import TrdpgxError

MAX_FILE_BYTES = 8 * 2**20
"""The most bytes that a file of rules may have; the largest of the bundled ones has 30,000."""


class FolderError(TrdpgxError, ValueError):
    """A folder cannot be used. The message names it and the reason; the names of folders are the operator's own."""


def rule_files(directory: Path) -> dict[str, Path]:
    """Return the YAML files of a folder of rules and its subfolders, by path within it and in that order. Raises ``FolderError``."""
    _check(directory, "the folder of rules")
    files = {path.relative_to(directory).as_posix(): path for path in sorted(directory.rglob("*.yaml"))}
    if not files.keys() - {RELEASE_FILE}:
        raise FolderError(f"the folder of rules {directory} holds no .yaml file")
    return files


def unread_files(directory: Path) -> list[str]:
    """Return files that look like rules and are not read, because of their ending."""
    return sorted(
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.suffix.lower() in {".yml", ".yaml"} and path.suffix != ".yaml"
    )


def fault_of(path: Path) -> str | None:
    """Return why a file of rules is not to be opened: a pipe may never end, a device neither."""
    if not path.is_file():
        return "not a regular file, or a link that leads nowhere"
    if path.stat().st_size > MAX_FILE_BYTES:
        return f"the file has more than {MAX_FILE_BYTES} bytes"
    return None


def check_reference(directory: Path, names: tuple[str, ...]) -> None:
    """Raise ``FolderError`` unless the folder holds one of the files ``names``."""
    _check(directory, "the reference folder")
    if not any((directory / name).is_file() for name in names):
        raise FolderError(f"the reference folder {directory} holds none of: {', '.join(names)}")


def _check(directory: Path, what: str) -> None:
    if not directory.exists():
        raise FolderError(f"{what} {directory} is not there")
    if not directory.is_dir():
        raise FolderError(f"{what} {directory} is no folder")
