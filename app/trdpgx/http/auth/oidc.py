"""Callers by signed tokens of one OpenID Connect issuer (RFC 7519, RFC 9068, RFC 8725 for what is refused)."""

import base64
import binascii
import json
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from trdpgx.http.auth.issuer_keys import IssuerKeys, PublicKey
from trdpgx.http.record import Caller
from trdpgx.model.access import SCOPES, AccessSettings
from trdpgx.model.printable import is_printable

_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""Types of token that authenticate a caller; a logout token has another."""
_KEY_TYPES: dict[str, type[Any]] = {"RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}
_LONGEST_NAME = 200
_MOST_KEYS = 8
"""Keys that are tried for a token that names none."""


class TokenAuthenticator:
    """Knows the callers by tokens of one issuer. Raises ``OSError`` and ``ValueError`` where a file of keys cannot be used."""

    def __init__(self, settings: AccessSettings) -> None:
        if settings.oidc_issuer is None or settings.oidc_audience is None or settings.oidc_jwks is None:
            raise ValueError("issuer, audience and keys have to be set")
        self._keys = IssuerKeys(settings.oidc_jwks, settings.oidc_refresh_seconds)
        self._settings = settings
        self._signatures = JWSRegistry(algorithms=list(settings.oidc_algorithms))
        self._claims = jwt.JWTClaimsRegistry(
            leeway=int(settings.oidc_leeway_seconds),
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def caller(self, token: str) -> Caller | None:
        """Return who the token is about, or ``None`` where it is not good. Raises ``UnknowableError``."""
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        kind = header.get("typ", "JWT")
        if algorithm not in self._settings.oidc_algorithms or not isinstance(kind, str) or kind.lower() not in _TYPES:
            return None
        if kid is not None and not isinstance(kid, str):
            return None
        for key in [key for key in await self._keys.named(kid) if _fits(key, algorithm)][:_MOST_KEYS]:
            claims = self._verified(token, key, algorithm)
            if claims is not None:
                return self._caller(claims)
        return None

    def _verified(self, token: str, key: PublicKey, algorithm: str) -> dict[str, Any] | None:
        try:
            claims = jwt.decode(token, key, algorithms=[algorithm], registry=self._signatures).claims
            self._claims.validate(claims)
        except (JoseError, ValueError, TypeError, OverflowError):
            return None
        return claims

    def _caller(self, claims: dict[str, Any]) -> Caller | None:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_NAME or not is_printable(subject):
            return None
        granted = claims.get(self._settings.oidc_scope_claim, ())
        words = granted.split() if isinstance(granted, str) else granted if isinstance(granted, list) else ()
        prefix = self._settings.oidc_scope_prefix
        scopes = frozenset(name for name in SCOPES if prefix + name in words)
        return Caller(sha256(subject.encode()).hexdigest()[:16], subject, scopes)


def _header(token: str) -> dict[str, Any]:
    """Return the header of a token, not verified yet; empty where it is malformed."""
    text = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


def _fits(key: PublicKey, algorithm: str) -> bool:
    """Whether a key is of the algorithm's type, and states no other algorithm."""
    stated = key.as_dict(private=False).get("alg")
    return isinstance(key, _KEY_TYPES[algorithm[:2]]) and stated in {None, algorithm}
