"""The header ``Content-Digest`` of a request (RFC 9530): digests of the body, as its sender states them."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Any

from trdpgx.http.problems.kinds import CONTENT_DIGEST
from trdpgx.model.problem import InputError

_ITEM = re.compile(r"\s*([a-z0-9*_.-]+)\s*=\s*:([A-Za-z0-9+/=]*):\s*")
_ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


class StatedDigest:
    """The digests that a body must have; none where no header states one. A malformed header raises ``InputError``."""

    def __init__(self, headers: Sequence[str]) -> None:
        stated: dict[str, tuple[Any, bytes]] = {}
        for item in ",".join(headers).split(",") if headers else ():
            match = _ITEM.fullmatch(item)
            if match is None:
                raise InputError(CONTENT_DIGEST, "The header does not follow RFC 9530.")
            if match[1] in _ALGORITHMS:
                # The last of several counts (RFC 9651, section 4.2.2), and only one of each algorithm is computed.
                stated[match[1]] = _ALGORITHMS[match[1]](), _decoded(match[2])
        if headers and not stated:
            raise InputError(CONTENT_DIGEST, "The header has neither sha-256 nor sha-512.")
        self._stated = list(stated.values())

    def take(self, piece: bytes) -> None:
        """Add the next bytes of the body."""
        for digest, _ in self._stated:
            digest.update(piece)

    def check(self) -> None:
        """Raise ``InputError`` where the whole body has another digest."""
        if not all(hmac.compare_digest(digest.digest(), stated) for digest, stated in self._stated):
            raise InputError(CONTENT_DIGEST, "The digest is not that of the bytes that arrived.")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise InputError(CONTENT_DIGEST, "The header does not follow RFC 9530.") from None
