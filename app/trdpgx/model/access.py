"""Settings of access to the service: callers, quotas, proxies, metrics and audit. docs/settings.md lists each setting (``TRDPGX_...``).

The HTTP process alone reads these: neither the supervisor nor a worker gets them.
"""

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator, model_validator

from trdpgx.model.environment import Environment

SCOPES = ("report", "read", "metrics")
"""What a caller may be allowed: to have reports made, to read the knowledge and the description, to read the metrics."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures of tokens that can be allowed: those whose key is not a secret of ours (RFC 7518, section 3.1; RFC 8037)."""


def _split(value: object) -> object:
    """Return the words of a text with commas; anything else as it is."""
    return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class AccessSettings(Environment):
    """The settings of the HTTP process that face its callers. A quota of 0 is none."""

    auth: Literal["none", "keys", "oidc"] | None = None
    """Who may call: `none` (everybody), `keys` (`TRDPGX_KEYS`), `oidc` (tokens). Required if other machines can reach `TRDPGX_HOST`."""
    keys: Path | None = None
    """File of keys that `trdpgx keys new` writes. A change takes effect with the next request."""
    oidc_issuer: str | None = None
    """`iss` that a token must have."""
    oidc_audience: str | None = None
    """`aud` that a token must have."""
    oidc_jwks: str | None = None
    """Public keys of the issuer (JWKS): a file, or an https URL that they are fetched from."""
    oidc_algorithms: Words = ("RS256", "ES256")
    """Algorithms that a token may be signed with, joined by commas."""
    oidc_leeway_seconds: float = Field(default=60.0, ge=0, le=600)
    """Seconds by which the clocks of issuer and service may differ."""
    oidc_refresh_seconds: float = Field(default=3_600.0, ge=1)
    """Seconds after which keys are fetched again; a token with an unknown key fetches them at once, at most twice a minute."""
    oidc_scope_claim: str = "scope"
    """Claim that lists the scopes of a token: words separated by spaces, or a list."""
    oidc_scope_prefix: str = ""
    """Prefix that the issuer puts before `report`, `read` and `metrics`."""
    rate_seconds: int = Field(default=60, gt=0, le=86_400)
    """Seconds over which the following quotas of requests and bytes are counted."""
    rate_requests: int = Field(default=0, ge=0)
    """Requests of one key."""
    rate_bytes: int = Field(default=0, ge=0)
    """Bytes that one key may send."""
    rate_uploads: int = Field(default=0, ge=0)
    """Uploads of one key at the same time."""
    rate_address_requests: int = Field(default=0, ge=0)
    """Requests from one address; an IPv6 address counts as its network of 64 bits."""
    rate_address_bytes: int = Field(default=0, ge=0)
    """Bytes from one address."""
    rate_address_uploads: int = Field(default=0, ge=0)
    """Uploads from one address at the same time."""
    rate_address_connections: int = Field(default=0, ge=0)
    """Connections from one address at the same time; trusted proxies are not counted."""
    connections: int = Field(default=1_000, gt=0)
    """Connections at the same time (fewer if file descriptors are few); beyond them, connections that wait for their client are closed."""
    redis_url: str | None = None
    """Redis in which several containers count requests and bytes together (`redis://`, `rediss://`); needs `pip install trdpgx[redis]`."""
    trusted_proxies: Words = ()
    """Addresses or networks of the proxies whose `X-Forwarded-For` is trusted, joined by commas."""
    public_url: str | None = None
    """URL at which clients see the service, with the path that a proxy adds: links and the `type` of problems begin with it."""
    path_prefix: str = ""
    """The path alone, if `TRDPGX_PUBLIC_URL` is not set. Requests are accepted with this path and, if a proxy strips it, without."""
    allowed_hosts: Words = ()
    """Host names that requests may name, joined by commas; `*.example.org` includes all subdomains. Default: every name."""
    cors_origins: Words = ()
    """Origins whose pages may use the service from a browser, joined by commas."""
    metrics_port: int | None = Field(default=None, ge=1, le=65_535)
    """Separate port for `/metrics`, without a key. Default: `/metrics` is on the port of the service and needs the scope `metrics`."""
    metrics_host: str = "127.0.0.1"
    """Address that this port listens on."""
    audit: str = "off"
    """Destination of the audit, a JSON line for each request that needs a scope: `off`, `stdout`, `stderr`, or a file to append to."""

    @field_validator("oidc_algorithms")
    @classmethod
    def _known_algorithms(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names or not set(names) <= set(ALGORITHMS):
            raise ValueError(f"choose from {', '.join(ALGORITHMS)}")
        return names

    @field_validator("oidc_jwks")
    @classmethod
    def _safe_source(cls, source: str) -> str:
        parts = urlsplit(source)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise ValueError("keys are fetched over https, or from this machine")
        return source

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            ip_network(name, strict=False)
        return names

    @field_validator("public_url")
    @classmethod
    def _address(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError("write a URL such as https://example.org/trdpgx")
        return address.rstrip("/")

    @field_validator("path_prefix")
    @classmethod
    def _path(cls, path: str) -> str:
        if path and (not path.startswith("/") or not set(path) <= _IN_A_PATH):
            raise ValueError("write a path such as /trdpgx")
        return path.rstrip("/")

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if origin != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError("write origins such as https://example.org, without a path")
        return origins

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.auth == "keys" and self.keys is None:
            raise ValueError("TRDPGX_AUTH=keys needs TRDPGX_KEYS, the file that `trdpgx keys new` writes")
        if self.auth == "oidc" and not (self.oidc_issuer and self.oidc_audience and self.oidc_jwks):
            raise ValueError("TRDPGX_AUTH=oidc needs TRDPGX_OIDC_ISSUER, TRDPGX_OIDC_AUDIENCE and TRDPGX_OIDC_JWKS")
        if self.public_url and self.path_prefix and urlsplit(self.public_url).path != self.path_prefix:
            raise ValueError("TRDPGX_PATH_PREFIX is not the path of TRDPGX_PUBLIC_URL; the latter is enough")
        return self


_IN_A_PATH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on an address or a name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
