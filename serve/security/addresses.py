"""Which addresses are this machine's own, and which proxies are believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final, TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network

Scope: TypeAlias = Mapping[str, Any]
"""What the server says of a request (ASGI)."""


_FORWARDING: Final = (b"forwarded", b"via", b"x-real-ip")
"""What a proxy adds to a request that it sends on, besides ``x-forwarded-…``."""


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Say whether an address is reached from this machine only; a name other than localhost is not."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def networks(written: str) -> tuple[Network, ...]:
    """Read addresses and networks written with commas between them: ``10.0.0.5, 10.1.0.0/16``.

    Raises
    ------
    ValueError
        If one of them is no address and no network.
    """
    return tuple(ip_network(part.strip()) for part in written.split(",") if part.strip())


def arrived_at_loopback(scope: Scope) -> bool:
    """Say whether a request arrived at an address that only this machine reaches.

    The settings say where the service means to listen; whoever started the server may have said
    otherwise. So the address a request really arrived at is looked at.
    """
    server = scope.get("server")
    # A server on a file socket states no port: only this machine reaches it.
    return server is None or server[1] is None or is_loopback(server[0])


def named_as_this_machine(scope: Scope) -> bool:
    """Say whether a request calls this machine by a name that only it has.

    A browser can be led to send here what a page elsewhere wants, under a name of that page's own.
    """
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return all(is_loopback(_without_port(host)) for host in hosts)


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def came_from_here(scope: Scope) -> bool:
    """Say whether a request was sent on this machine, by a program and not through a proxy on it.

    A proxy is told by the headers that it adds; one that adds none cannot be told from a program.
    """
    client = scope.get("client")
    here = arrived_at_loopback(scope) and (client is None or is_loopback(client[0]))
    return here and not any(
        name in _FORWARDING or name.startswith(b"x-forwarded-") for name, _ in scope["headers"]
    )


def came_from(scope: Scope, trusted: Sequence[Network]) -> bool:
    """Say whether a request was sent by one of these addresses itself."""
    client = scope.get("client")
    if client is None:
        return False
    try:
        address = ip_address(client[0])
    except ValueError:
        return False
    return any(address in network for network in trusted)
