"""The file of keys: the SHA-256 of each, its name, its scopes and its dates, but no key itself.

A key is 256 random bits, so that its digest needs no salt and no slow function: the key cannot be guessed from it.
"""

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Literal

from pydantic import Field, ValidationError

from trdpgx.model.base import Model
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.regular_file import read_regular

PREFIX = "trdpgx_"
"""What a key begins with, so that secret scanners recognise it."""
_LARGEST = 16 * 2**20


class KeyListError(TrdpgxError):
    """The file of keys cannot be used. The message states why."""


class KeyEntry(Model):
    """One key, by its digest."""

    id: str = Field(pattern=r"^[0-9a-f]{8}$")
    """Random name of the key, in logs and counters."""
    name: str = Field(min_length=1, max_length=100)
    """Who has it, in the operator's words; in the audit alone."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scopes: tuple[Literal["report", "read", "metrics"], ...]
    created: date
    expires: date | None = None
    """Last day on which it is valid (UTC)."""
    revoked: date | None = None

    def state(self, today: date) -> str:
        """Return whether it is ``good``, ``expired`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires < today else "good"


class KeyList(Model):
    """What the file holds."""

    keys: tuple[KeyEntry, ...] = ()


def digest_of(key: str) -> str:
    """Return the digest that stands for a key."""
    return sha256(key.encode()).hexdigest()


def new_key(name: str, scopes: tuple[str, ...], expires: date | None) -> tuple[str, KeyEntry]:
    """Return a new key and its entry. Raises ``pydantic.ValidationError``."""
    key = PREFIX + secrets.token_urlsafe(32)
    entry = {"id": secrets.token_hex(4), "name": name, "sha256": digest_of(key), "scopes": scopes, "created": today(), "expires": expires}
    return key, KeyEntry.model_validate(entry)


def today() -> date:
    """Return the date in UTC."""
    return datetime.now(UTC).date()


def read_keys(path: Path) -> tuple[KeyEntry, ...]:
    """Return the entries. Raises ``KeyListError`` where it cannot be read, is no list of keys, or others could have written it."""
    try:
        content = read_regular(path, _LARGEST, own_alone=True)
    except OSError as error:
        raise KeyListError(error.strerror or "it cannot be opened") from None
    try:
        keys = KeyList.model_validate_json(content).keys
    except ValidationError:
        raise KeyListError("it is not what `trdpgx keys new` writes") from None
    if len({key.id for key in keys}) < len(keys):
        raise KeyListError("two keys have the same id")
    return keys


def change_keys(path: Path, change: Callable[[tuple[KeyEntry, ...]], tuple[KeyEntry, ...]]) -> None:
    """Replace the entries by what ``change`` makes of them, in one step, while no other command does. A new file is its owner's alone.

    Raises ``KeyListError``, and what ``change`` raises; the file is as it was then.
    """
    target = path.resolve()
    try:
        with _locked(target.parent):
            there = target.exists()
            content = KeyList(keys=change(read_keys(target) if there else ())).model_dump_json(indent=2, exclude_none=True) + "\n"
            handle, draft = mkstemp(prefix=f".{target.name}.", dir=target.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    if there:
                        facts = target.stat()
                        os.fchmod(file.fileno(), stat.S_IMODE(facts.st_mode))
                        if (facts.st_uid, facts.st_gid) != (os.geteuid(), os.getegid()):
                            os.fchown(file.fileno(), facts.st_uid, facts.st_gid)
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(draft, target)
            except BaseException:
                os.unlink(draft)
                raise
    except OSError as error:
        raise KeyListError(error.strerror or "it cannot be written") from None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
