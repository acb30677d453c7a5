"""What the description states about who may call: the one scheme that the settings ask for, and the scope of each operation."""

from collections.abc import Mapping
from typing import Any

from trdpgx.http.auth.callers import OPEN, scope_of
from trdpgx.model.access import AccessSettings

SCHEME = "key"
"""The name of the scheme."""


def security_scheme(access: AccessSettings) -> dict[str, str] | None:
    """Return the security scheme, or ``None`` where everybody may call."""
    if access.auth == "keys":
        return {"type": "http", "scheme": "bearer", "description": "A key that the operator of the service has given out."}
    if access.auth == "oidc":
        address = f"{(access.oidc_issuer or '').rstrip('/')}/.well-known/openid-configuration"
        return {"type": "openIdConnect", "openIdConnectUrl": address, "description": "A token of the operator's issuer, as Bearer."}
    return None


def secure(path: str, method: str, operation: dict[str, Any], scheme: Mapping[str, str] | None) -> None:
    """State which scope an operation needs (OpenAPI 3.1, security requirement), or that it needs none."""
    if scheme is None:
        return
    operation["security"] = [] if path in OPEN else [{SCHEME: [scope_of(path, method.upper())]}]
