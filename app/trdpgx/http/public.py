"""The service behind proxies: its public address, the hosts that requests may be for, and the client that a proxy speaks to."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.types import Scope

from trdpgx.model.access import AccessSettings


class PublicAddress(NamedTuple):
    """``base`` comes before the path of a link, ``prefix`` before that of a request whose proxy does not strip it."""

    base: str = ""
    prefix: str = ""

    @classmethod
    def of(cls, settings: AccessSettings) -> "PublicAddress":
        """Return what the settings state."""
        if settings.public_url:
            return cls(settings.public_url, urlsplit(settings.public_url).path)
        return cls(settings.path_prefix, settings.path_prefix)

    @property
    def documentation(self) -> str:
        """URL of the page for people, relative to `/service-info` where no address is set: the Host header of a request is never used."""
        return f"{self.base}/docs" if self.base else "docs"

    @property
    def server(self) -> str:
        """Server in the OpenAPI description, relative to it where no address is set."""
        return f"{self.base}/" if self.base else "."


def route_path(scope: Scope) -> str:
    """Return the path of a request without the prefix, as the routes see it."""
    path, prefix = str(scope["path"]), str(scope.get("root_path", ""))
    if not prefix or not path.startswith(prefix):
        return path
    rest = path[len(prefix) :]
    return rest if not rest or rest.startswith("/") else path


_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


class Hosts:
    """The host names that requests may be for. With none, all of them."""

    def __init__(self, settings: AccessSettings) -> None:
        own = urlsplit(settings.public_url).hostname if settings.public_url else None
        self._names = {name.lower() for name in (*settings.allowed_hosts, own) if name} if settings.allowed_hosts else set()

    def allow(self, headers: Sequence[str]) -> bool:
        """Whether a request has one Host header, with an allowed name and perhaps a port (RFC 9112, section 3.2)."""
        if not self._names:
            return True
        match = _HOST.fullmatch(headers[0]) if len(headers) == 1 else None
        if match is None:
            return False
        host = match[1].lower().strip("[]")
        above = {f"*{host[position:]}" for position, letter in enumerate(host) if letter == "."}
        return host in self._names or bool(above & self._names)


class Proxies:
    """The proxies whose ``X-Forwarded-For`` is trusted."""

    def __init__(self, settings: AccessSettings) -> None:
        self._networks: Sequence[IPv4Network | IPv6Network] = [ip_network(name, strict=False) for name in settings.trusted_proxies]

    def trusts(self, peer: str) -> bool:
        """Whether an address is that of a trusted proxy."""
        address = _parse(peer)
        return address is not None and any(address in network for network in self._networks)

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """Return the address that a request comes from: the last one in ``X-Forwarded-For`` that is not a trusted proxy.

        An IPv6 address counts as its network of 64 bits, which one sender usually has. A malformed address ends the search.
        """
        address = _parse(peer)
        hops = [hop.strip() for header in forwarded for hop in header.split(",")]
        while address is not None and hops and any(address in network for network in self._networks):
            before = _parse(hops.pop())
            if before is None:
                break
            address = before
        if isinstance(address, IPv6Address):
            return str(ip_network((address, 64), strict=False))
        return "-" if address is None else str(address)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address without port and brackets; an IPv4 address in IPv6 is what it stands for."""
    bare = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
