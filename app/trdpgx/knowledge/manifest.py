"""Releases and digests of ``reference/`` and ``rules/``: which files they hold and whether one of them has changed.

``release.yaml`` names the release, its day, the SHA-256 of every other file of the folder (subfolders too) and one digest over all of
them. The digest over all is the SHA-256 of the lines that ``sha256sum`` prints for the files in the order of their paths; it depends on
names and contents alone.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from trdpgx.knowledge.finding import Finding
from trdpgx.model.errors import TrdpgxError

RELEASE_FILE = "release.yaml"
_HEADER = "# Written by `trdpgx rules release` or `trdpgx reference release`; `verify` compares the files with it.\n"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NUMBERED = re.compile(r"([0-9]{4})\.([0-9]{1,6})")
_MODIFIED = "+modified"
_FILE = re.compile(r"  ([\w./-]+): ([0-9a-f]{64})\n")
_WRITTEN = re.compile(
    rf"(?:#.*\n)*release: '?(?P<release>{_NAME.pattern})'?\n(?:date: .*\n)?digest: (?P<digest>[0-9a-f]{{64}})\n"
    rf"files:\n(?P<files>(?:{_FILE.pattern})+)"
)
"""The form in which ``write`` writes; a file of another form is read as YAML."""


class ReleaseError(TrdpgxError, ValueError):
    """A folder names no release, or a release cannot have this name. The message gives the reason."""


class Release(Struct, frozen=True):
    """What a folder is: the name of its release, with ``+modified`` where a file differs from it, and the digest of what is there."""

    release: str
    digest: str


class _ReleaseRecord(Struct, frozen=True):
    """The content of ``release.yaml``. ``files`` is keyed by path, with the SHA-256 in hexadecimal."""

    release: str
    digest: str
    files: Mapping[str, str]


def file_digests(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of every file but the top ``release.yaml``, keyed by its path within the folder, in the order of the paths."""
    paths = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    paths.pop(RELEASE_FILE, None)
    return {name: _sha256(paths[name]) for name in sorted(paths)}


def _sha256(path: Path) -> str:
    """Return the digest of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_over(files: Mapping[str, str]) -> str:
    """Return the one digest over the digests of all files."""
    lines = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def identify(directory: Path) -> Release:
    """Return the release of a folder and the digest of its files as they are now. Raises ``ReleaseError`` where no release is named."""
    record = _read(directory)
    if isinstance(record, Finding):
        raise ReleaseError(str(record))
    digest = digest_over(file_digests(directory))
    return Release(record.release if digest == record.digest else record.release + _MODIFIED, digest)


def verify(directory: Path) -> list[Finding]:
    """Compare a folder with its ``release.yaml``; an empty list means that every file is as released."""
    record = _read(directory)
    if isinstance(record, Finding):
        return [record]
    actual = file_digests(directory)
    findings = [Finding(name, 1, "the file is missing") for name in record.files if name not in actual]
    findings += [Finding(name, 1, "the file is not part of the release") for name in actual if name not in record.files]
    changed = (name for name in actual if name in record.files and record.files[name] != actual[name])
    findings += [Finding(name, 1, "the file differs from the release") for name in changed]
    if record.digest != digest_over(record.files):
        findings.append(Finding(RELEASE_FILE, 1, "the digest over all files does not follow from the digests of the files"))
    return sorted(findings)


def write(directory: Path, release: str, date: str | None = None) -> Release:
    """Write ``release.yaml`` for the files as they are now. ``date`` is ``YYYY-MM-DD`` (default: today, UTC). Raises ``ReleaseError``."""
    if not _NAME.fullmatch(release):
        raise ReleaseError("the name of a release has letters, digits, '.', '_' and '-' only, such as 2026.4")
    files = file_digests(directory)
    digest = digest_over(files)
    day = date or datetime.now(UTC).date().isoformat()
    import yaml  # noqa: PLC0415 (a start does without)

    body = yaml.safe_dump({"release": release, "date": day, "digest": digest, "files": files}, sort_keys=False, width=200)
    (directory / RELEASE_FILE).write_text(_HEADER + body, "utf-8")
    return Release(release, digest)


def check_next(directory: Path, release: str) -> None:
    """Raise ``ReleaseError`` unless a name is that of the folder's release, or the next of its series.

    After ``2026.6`` come ``2026.7`` and ``2027.1``. A folder whose release is no such number may take any name.
    """
    record = _read(directory)
    present = None if isinstance(record, Finding) else _NUMBERED.fullmatch(record.release)
    if present is None:
        return
    year, number = int(present[1]), int(present[2])
    names = (present[0], f"{year}.{number + 1}", f"{year + 1}.1")
    if release not in names:
        raise ReleaseError(f"the release is {names[0]}, its next one is {names[1]}, and {names[2]} in the next year: give one of them")


@contextmanager
def releasing(directory: Path, release: str) -> Iterator[Release]:
    """Write ``release.yaml``, and restore the file if the block raises, so that what a check refuses is not released."""
    path = directory / RELEASE_FILE
    before = path.read_bytes() if path.is_file() else None
    made = write(directory, release)
    try:
        yield made
    except BaseException:
        path.unlink() if before is None else path.write_bytes(before)
        raise


def _read(directory: Path) -> _ReleaseRecord | Finding:
    """Return the content of ``release.yaml``, or why it cannot be used."""
    path = directory / RELEASE_FILE
    if not path.is_file():
        return Finding(RELEASE_FILE, 1, "the file is missing")
    content = path.read_bytes()
    if written := _WRITTEN.fullmatch(content.decode("utf-8", errors="replace")):  # the parser takes as long to import as a tenth of numpy
        return _ReleaseRecord(written["release"], written["digest"], dict(_FILE.findall(written["files"])))
    import yaml  # noqa: PLC0415

    from trdpgx.knowledge.yaml_document import is_too_deep  # noqa: PLC0415

    try:
        text = content.decode("utf-8")
        record = None if is_too_deep(text) else yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return Finding(RELEASE_FILE, 1, "not valid YAML")
    if not isinstance(record, dict):
        return Finding(RELEASE_FILE, 1, "not a mapping of keys to values")
    release, digest, files = (record.get(key) for key in ("release", "digest", "files"))
    if not (isinstance(release, str) and isinstance(digest, str) and isinstance(files, dict)):
        return Finding(RELEASE_FILE, 1, "'release', 'digest' or 'files' is missing or of the wrong type")
    return _ReleaseRecord(release, digest, {str(name): str(value) for name, value in files.items()})
