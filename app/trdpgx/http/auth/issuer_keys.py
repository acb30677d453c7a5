"""The public keys of an issuer (JWKS, RFC 7517), from a file or from the URL that the operator names."""

import asyncio
import http.client
import json
import logging
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from trdpgx.http.auth.callers import UnknowableError
from trdpgx.model.regular_file import read_regular

PublicKey = RSAKey | ECKey | OKPKey
_KINDS = ("RSA", "EC", "OKP")
"""Types of public key. A shared secret (``oct``) is refused: a token could otherwise be signed with a public key as the secret."""
_LARGEST = 1024 * 1024
_FETCH_SECONDS = 5.0
_AGAIN_SECONDS = 30.0
"""Seconds from one fetch to the next where a token names a key that is not known, or a fetch has failed."""

_log = logging.getLogger("trdpgx.access")


class IssuerKeys:
    """The keys of an issuer. ``refresh`` is the age in seconds at which they are fetched again."""

    def __init__(self, source: str, refresh: float) -> None:
        """Read the keys where ``source`` is a file. Raises ``OSError`` and ``ValueError``; a URL is fetched with the first token."""
        self._source = source
        self._refresh = refresh
        self._remote = source.startswith(("https://", "http://"))
        self._keys: Sequence[PublicKey] = ()
        self._read_at = self._tried_at = float("-inf")
        self._version: tuple[int, ...] = ()
        self._fetching: asyncio.Task[None] | None = None
        if not self._remote:
            self._version = self._stat()
            self._keys = parse_keys(self._read_file())

    async def named(self, kid: str | None) -> Sequence[PublicKey]:
        """Return the keys that a token may be signed with: those of its id, or all of them where it names none."""
        await self._refresh_keys(missing=False)
        keys = self._matching(kid)
        if not keys:
            await self._refresh_keys(missing=True)
            keys = self._matching(kid)
        return keys

    def _matching(self, kid: str | None) -> Sequence[PublicKey]:
        return [key for key in self._keys if kid is None or key.as_dict(private=False).get("kid") == kid]

    async def _refresh_keys(self, *, missing: bool) -> None:
        """Read the keys where they are old or one is missing, but not too often. Raises ``UnknowableError`` where there are none.

        One fetch runs at a time, and only a token whose key is missing waits for it: a slow issuer delays no other request.
        """
        if self._remote:
            now = time.monotonic()
            due = missing or now - self._read_at >= self._refresh
            failed = self._tried_at > self._read_at
            idle = self._fetching is None or self._fetching.done()
            if idle and due and now - self._tried_at >= (_AGAIN_SECONDS if missing or failed else 0):
                self._tried_at = now
                self._fetching = asyncio.create_task(self._fetch())
            if self._fetching is not None and not self._fetching.done() and (missing or not self._keys):
                await asyncio.wait((self._fetching,), timeout=_FETCH_SECONDS)
        elif self._stat() != self._version:
            self._version = self._stat()
            self._replace_keys(self._read_file)
        if not self._keys:
            raise UnknowableError("the keys of the issuer are not there")

    async def _fetch(self) -> None:
        content = await asyncio.get_running_loop().run_in_executor(None, fetch, self._source)
        if content is not None:
            self._replace_keys(lambda: content)

    def _replace_keys(self, read: Callable[[], bytes]) -> None:
        try:
            self._keys = parse_keys(read())
        except (OSError, ValueError) as error:
            _log.error("the keys of the issuer cannot be used: %s", type(error).__name__)
            if not self._remote:
                self._keys = ()
        else:
            self._read_at = time.monotonic()

    def _read_file(self) -> bytes:
        return read_regular(Path(self._source), _LARGEST)

    def _stat(self) -> tuple[int, ...]:
        try:
            status = Path(self._source).stat()
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino


def parse_keys(content: bytes) -> list[PublicKey]:
    """Return the keys for signatures of a JWKS. Raises ``ValueError``. Other keys than public ones for signatures are ignored."""
    try:
        document = json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("it is no set of keys")
    keys: list[PublicKey] = []
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("kty") not in _KINDS or entry.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(entry)
        except (JoseError, ValueError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            keys.append(key)
    if not keys:
        raise ValueError("it has no public key for signatures")
    return keys


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: the operator has named one URL."""

    def redirect_request(self, *_: Any) -> None:
        return None


def fetch(address: str) -> bytes | None:
    """Return the content of a URL, or ``None`` with a line in the log if it cannot be fetched."""
    try:
        with urllib.request.build_opener(_NoRedirect).open(address, timeout=_FETCH_SECONDS) as answer:
            content, until = bytearray(), time.monotonic() + _FETCH_SECONDS
            while len(content) <= _LARGEST and (piece := answer.read1(_LARGEST)):
                content += piece
                if time.monotonic() > until:
                    raise TimeoutError
    except (OSError, http.client.HTTPException) as error:
        _log.error("the keys of the issuer cannot be fetched: %s", type(error).__name__)
        return None
    if len(content) > _LARGEST:
        _log.error("the keys of the issuer cannot be fetched: the answer is over %d bytes", _LARGEST)
        return None
    return bytes(content)
