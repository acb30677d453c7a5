"""Detached signatures of reports: an operator signs the bytes of a report, and checks them when the report comes back.

A signature is a JWS in compact form without its payload (RFC 7515, appendix F), by Ed25519 (RFC 8037, RFC 9864). Keys are JWK
(RFC 7517); ``kid`` is the thumbprint of the key (RFC 7638).
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import deserialize_compact, detach_content, serialize_compact

from trdpgx.model.problem import InputError
from trdpgx.reannotation.problems import BAD_SIGNATURE, SIGNATURE_REQUIRED

ALGORITHM: Literal["Ed25519"] = "Ed25519"
Check = Callable[[bytes, str | None], None]
"""A function of bytes and their signature that raises ``InputError`` unless a trusted key made the signature."""
_LONGEST = 4_096
"""Characters of a signature; one has some 200."""


class KeyFileError(ValueError):
    """A file without a usable key."""


def new_key() -> tuple[str, str]:
    """Return a new private key and its public half as JSON."""
    key = OKPKey.generate_key(ALGORITHM)
    names = {"alg": ALGORITHM, "use": "sig", "kid": key.thumbprint()}
    private, public = ({**key.as_dict(private=whole), **names} for whole in (True, False))
    return json.dumps(private, indent=1) + "\n", json.dumps(public, indent=1) + "\n"


def read_keys(path: Path) -> Sequence[OKPKey]:
    """Return the Ed25519 keys of a JWK or a JWK set. Raises ``KeyFileError``, which never quotes the file, and ``OSError``."""
    try:
        document = json.loads(path.read_bytes())
        entries = document.get("keys", [document])
        keys = [OKPKey.import_key({name: entry[name] for name in ("kty", "crv", "x", "d") if name in entry}) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        raise KeyFileError("it is no JSON Web Key, and no set of them") from None
    if not keys or any(key.curve_name != ALGORITHM for key in keys):
        raise KeyFileError(f"not every key in it is of {ALGORITHM}, or there is none")
    return keys


def check_of(path: Path) -> Check:
    """Return what checks signatures by the keys of a file. Raises ``KeyFileError`` and ``OSError``."""
    return partial(check, trusted=read_keys(path))


def sign(content: bytes, key: OKPKey) -> str:
    """Return the detached signature of these bytes. Raises ``KeyFileError`` where the key is the public half."""
    if not key.is_private:
        raise KeyFileError("it holds the public half of a key alone")
    return detach_content(serialize_compact({"alg": ALGORITHM, "kid": key.thumbprint()}, content, key, algorithms=[ALGORITHM]))


def check(content: bytes, signature: str | None, *, trusted: Sequence[OKPKey]) -> None:
    """Raise ``InputError`` unless the bytes have a signature by one of the keys."""
    if not signature:
        raise InputError(SIGNATURE_REQUIRED, "There is no signature.")
    if len(signature) <= _LONGEST and ".." in signature:
        for key in trusted:
            try:
                deserialize_compact(signature.strip().encode("ascii"), key, algorithms=[ALGORITHM], payload=content)
            except (JoseError, ValueError):
                continue
            return
    raise InputError(BAD_SIGNATURE, f"{len(trusted)} {'key is' if len(trusted) == 1 else 'keys are'} trusted here.")
