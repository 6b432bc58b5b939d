"""Which hosts may be reached, decided on the address that is actually connected to.

A feed's contract, a redirect or a "next page" link may name any host; a name may resolve to anything, and to
something else a second later. So the decision is made where the socket is opened: the name is resolved once, every
address it resolves to is checked, and the connection goes to one of those very addresses (never to the name
again). Nothing is sent to an address that was not checked.

Without permission only globally reachable unicast addresses are allowed (IANA special-purpose registries, as known
to Python's `ipaddress`). With permission, loopback and private networks are added. Link-local addresses (where
clouds keep their metadata services), multicast, unspecified and reserved addresses stay closed always. IPv4
addresses inside IPv6 ones (mapped, 6to4, NAT64, Teredo) count as the IPv4 address they lead to.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

import urllib3.util.connection
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]
"""From host name and port to its addresses as text. Raises `socket.gaierror` for an unknown name."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
"""Metadata services of cloud hosts that lie outside the link-local range."""


class AddressRefused(Exception):
    """A host resolved to an address that must not be reached. Carries words for the person who wrote the contract."""


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses of `host` as the system resolves it. Raises `socket.gaierror` if there are none."""
    family = urllib3.util.connection.allowed_gai_family()
    found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def effective_address(text: str) -> IPAddress:
    """Return the address that a packet to `text` ends at: the IPv4 address where one is wrapped in IPv6."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def refusal(text: str, *, allow_private: bool) -> str | None:
    """Return why an address may not be reached, in plain words, or None where it may."""
    address = effective_address(text)
    if address in _METADATA or address.is_link_local:
        return "a link-local or metadata address"
    if address.is_multicast:
        return "a multicast address"
    if address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return "a reserved address"
    if address.is_global or (allow_private and (address.is_loopback or address.is_private)):
        return None
    return "a loopback address" if address.is_loopback else "a private or special-purpose address"


@dataclass(frozen=True)
class AddressRule:
    """Who may be reached in one pull.

    `private_hosts`: the host names (lower case) for which private and loopback addresses are allowed: those of the
    feed's own contract when it, or the installation, allows private addresses. A redirect or a link to any other
    host must lead to a public address, so that an allowed private source cannot send us around its network.
    """

    private_hosts: frozenset[str] = frozenset()
    resolve: Resolver = field(default=system_resolver)

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of `host`, all of them checked. Raises `AddressRefused`, `socket.gaierror`."""
        found = self.resolve(host.strip("[]"), port)
        for text in found:
            why = refusal(text, allow_private=host.strip("[]").lower() in self.private_hosts)
            if why is not None:
                raise AddressRefused(f"The host {host} leads to {text}, {why}, which must not be reached.")
        return found


class GuardedAdapter(HTTPAdapter):
    """A transport for `requests` whose connections obey an `AddressRule`. Redirects and retries are not its part."""

    def __init__(self, rule: AddressRule) -> None:
        self._rule = rule
        self._opened: WeakSet[HTTPConnection] = WeakSet()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Build the pools as `requests` does and give them connections that check before they connect."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _guarded_pools(self._rule, self._opened)

    def interrupt(self) -> None:
        """Break all connections off, from another thread: whoever waits for an answer gets an error at once."""
        for connection in list(self._opened):
            waiting = connection.sock
            if waiting is not None:
                with suppress(OSError):
                    waiting.shutdown(socket.SHUT_RDWR)


def _guarded_pools(rule: AddressRule, opened: WeakSet[HTTPConnection]) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            opened.add(self)
            return _checked_socket(self, rule)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            opened.add(self)
            return _checked_socket(self, rule)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _checked_socket(connection: HTTPConnection, rule: AddressRule) -> socket.socket:
    """Open the socket of a connection to a checked address; errors are those urllib3 itself would raise."""
    try:
        addresses = rule.addresses(connection.host, connection.port or 0)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    except AddressRefused as error:
        raise NewConnectionError(connection, str(error)) from error
    return _first_reachable(connection, addresses)


def _first_reachable(connection: HTTPConnection, addresses: list[str]) -> socket.socket:
    last: OSError = OSError("the name has no address")
    for address in addresses:
        try:
            return urllib3.util.connection.create_connection(
                (address, connection.port or 0),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except OSError as error:
            last = error
    if isinstance(last, TimeoutError):
        raise ConnectTimeoutError(connection, "no answer from any address of this host") from last
    raise NewConnectionError(connection, "no address of this host accepts the connection") from last
