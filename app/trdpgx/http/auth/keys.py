"""Callers by the file of keys, which is read again when it changes: a revoked key is refused from the next request on."""

import hmac
import logging
from pathlib import Path

from trdpgx.http.auth.callers import UnknowableError
from trdpgx.http.auth.key_file import KeyEntry, KeyListError, digest_of, read_keys, today
from trdpgx.http.record import Caller

_log = logging.getLogger("trdpgx.access")


class KeyAuthenticator:
    """Knows the callers of one file. Raises ``KeyListError`` where it cannot be read at the start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = self._stat()
        self._entries: tuple[KeyEntry, ...] | None = read_keys(path)

    async def caller(self, token: str) -> Caller | None:
        """Return whose key it is. Every entry is compared in constant time, whichever matches. Raises ``UnknowableError``."""
        digest, day = digest_of(token), today()
        matches = [entry for entry in self._present() if hmac.compare_digest(entry.sha256, digest)]
        valid = [entry for entry in matches if entry.state(day) == "good"]
        return Caller(valid[0].id, valid[0].name, frozenset(valid[0].scopes)) if valid else None

    def _present(self) -> tuple[KeyEntry, ...]:
        version = self._stat()
        if version != self._version:
            self._version = version
            try:
                self._entries = read_keys(self._path)
            except KeyListError as error:
                self._entries = None
                _log.critical("the file of keys cannot be used, so no key is accepted: %s", error)
            else:
                _log.info("the file of keys has changed: it has %d keys", len(self._entries))
        if self._entries is None:
            raise UnknowableError("the file of keys cannot be used")
        return self._entries

    def _stat(self) -> tuple[int, int, int, int] | None:
        try:
            facts = self._path.stat()
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_size, facts.st_ino, facts.st_mode
