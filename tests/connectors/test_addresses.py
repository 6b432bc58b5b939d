"""Which hosts may be reached, decided on the address that is connected to."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.addresses import AddressRefused, AddressRule, Resolver, refusal
from connectors.failures import PullFailure
from tests.connectors.support import fetcher
from tests.http_server import Answer, serving


def leads_to(*addresses: str) -> Resolver:
    """A name service that knows one answer."""

    def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


@pytest.mark.parametrize("text", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_may_be_reached(text: str) -> None:
    assert refusal(text, allow_private=False) is None


PRIVATE = ["127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.1.1", "::1", "fd12::1", "::ffff:192.168.0.1"]
CLOSED = [
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
    "224.0.0.1",
    "ff02::1",
    "0.0.0.0",
    "::",
    "240.0.0.1",
    "255.255.255.255",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::ffff:169.254.169.254",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_need_permission(text: str) -> None:
    assert refusal(text, allow_private=False)
    assert refusal(text, allow_private=True) is None


@pytest.mark.parametrize("text", CLOSED)
def test_metadata_multicast_and_reserved_addresses_stay_closed(text: str) -> None:
    assert refusal(text, allow_private=True)
    assert refusal(text, allow_private=False)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_inside_ipv6(address: ipaddress.IPv4Address) -> None:
    mapped, nat64 = f"::ffff:{address}", str(ipaddress.IPv6Address("64:ff9b::") + int(address))
    for allow in (False, True):
        plain = refusal(str(address), allow_private=allow)
        assert refusal(mapped, allow_private=allow) == plain
        assert refusal(nat64, allow_private=allow) == plain


@given(st.ip_addresses())
def test_permission_never_closes_and_nothing_private_is_open_without_it(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if refusal(str(address), allow_private=False) is None:
        assert refusal(str(address), allow_private=True) is None
        assert not address.is_private
        assert not address.is_loopback


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    rule = AddressRule(resolve=leads_to("8.8.8.8", "10.0.0.1"))
    with pytest.raises(AddressRefused, match=r"leads to 10\.0\.0\.1, a private"):
        rule.addresses("mixed.example", 443)


def test_permission_is_for_named_hosts_only() -> None:
    rule = AddressRule(frozenset({"inside.example"}), resolve=leads_to("10.0.0.1"))
    assert rule.addresses("INSIDE.example", 80) == ["10.0.0.1"]
    with pytest.raises(AddressRefused):
        rule.addresses("other.example", 80)


def test_a_name_that_resolves_to_loopback_is_refused_before_anything_is_sent() -> None:
    with serving({"/": lambda _: Answer(b"[]")}) as server:
        url = f"http://rebind.example:{server.port}/"
        way = fetcher(url, allow_private_addresses=False, resolve=leads_to("127.0.0.1"))
        with way, pytest.raises(PullFailure) as raised:
            way.get(url)
    assert (raised.value.kind, raised.value.code) == ("permanent", "MC00-PULL-ADDRESS-REFUSED")
    assert "allow_private_addresses" in raised.value.remedy
    assert server.requests == []


def test_a_name_that_changes_its_address_is_connected_to_the_one_that_was_checked() -> None:
    """The name leads to the allowed host first and elsewhere afterwards; it is resolved once per connection."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with serving({"/": lambda _: Answer(b"[]")}) as server:
        url = f"http://changing.example:{server.port}/"
        with fetcher(url, resolve=resolve) as way:
            assert way.get(url).body.read() == b"[]"
    assert asked == ["changing.example"]
    assert server.requests[0].headers["host"] == f"changing.example:{server.port}"


def test_loopback_is_refused_without_permission() -> None:
    with serving({"/": lambda _: Answer(b"[]")}) as server:
        way = fetcher(server.url(), allow_private_addresses=False)
        with way, pytest.raises(PullFailure, match="a loopback address"):
            way.get(way.url)
    assert server.requests == []


def test_the_installation_may_allow_private_addresses() -> None:
    with (
        serving({"/": lambda _: Answer(b"[]")}) as server,
        fetcher(server.url(), private=True, allow_private_addresses=False) as way,
    ):
        assert way.get(way.url).status == 200


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "permanent"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), "transient"),
    ],
)
def test_names_that_cannot_be_resolved(error: socket.gaierror, kind: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise error

    with fetcher("https://nowhere.example/", resolve=resolve) as way, pytest.raises(PullFailure) as raised:
        way.get(way.url)
    assert (raised.value.kind, raised.value.code) == (kind, "MC00-PULL-NAME-UNKNOWN")


def test_a_port_where_nobody_listens_is_transient() -> None:
    with serving() as server:
        url = server.url()
    with fetcher(url) as way, pytest.raises(PullFailure, match="Connection refused") as raised:
        way.get(url)
    assert (raised.value.kind, raised.value.code) == ("transient", "MC00-PULL-CONNECTION")


def test_the_next_address_of_a_host_is_tried() -> None:
    with serving({"/": lambda _: Answer(b"[]")}) as server:
        url = f"http://two.example:{server.port}/"
        with fetcher(url, resolve=leads_to("127.0.0.2", "127.0.0.1")) as way:
            assert way.get(url).status == 200
