"""Connect to the internet, never to what is inside the network that a server stands in.

An address that a stranger gives may lead inside in many ways: as a name that resolves so, now or at the
second look; as 2130706433 or 0x7f.1; behind a redirect; in a playlist, a feed, a page. All of them end at one
place, the connection of a socket, so that is where the check is: a name is resolved once, every answer is
looked at, and the socket is connected to the very numbers that were looked at. There is no second resolution
that could answer something else.
"""

import socket
from collections.abc import Iterable
from contextlib import closing
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from alignment.errors import FetchError

__all__ = ["check_port", "connect", "leads_inside", "refusal"]

_LEAST_FREE_PORT = 1024
_WEB_PORTS = (80, 443)

_INSIDE = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # of providers; Alibaba's metadata, too
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's services for the machine itself
        "169.254.0.0/16",  # metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays into 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_INTERNET_6 = ip_network("2000::/3")
_INSIDE_6 = tuple(
    ip_network(network)
    for network in (
        "2001::/23",  # Teredo, benchmarks, ORCHID: nobody's recordings
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
)
_NAT64 = ip_network("64:ff9b::/96")  # how a network without IPv4 reaches it (RFC 6052)


def leads_inside(address: str, also_public: Iterable[str] = ()) -> bool:
    """Whether an IP address is anything but one of the internet's, by the registries of IANA.

    also_public: networks that count as the internet's although they are not.
    """
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if any(number in ip_network(network) for network in also_public):
        return False
    if isinstance(number, IPv6Address):
        if number in _NAT64:
            return leads_inside(str(IPv4Address(int(number) & 0xFFFFFFFF)))
        return number not in _INTERNET_6 or any(number in network for network in _INSIDE_6)
    return not number.is_global or any(number in network for network in _INSIDE)


def refusal(called: str) -> FetchError:
    """The error for what leads inside."""
    return FetchError(
        f"{called} leads to an address inside this network; a public server does not fetch those. "
        "Give an address that everybody can reach, or the audio file instead."
    )


def check_port(port: int, called: str) -> None:
    """Raise FetchError for a port below 1024 that is not the web's: mail, shells and their like answer there.

    The higher ones stay open, for radio stations and small podcasts are there.
    """
    if port not in _WEB_PORTS and port < _LEAST_FREE_PORT:
        raise FetchError(
            f"{called} is at port {port}, where no recordings are; "
            "give an address at port 80, 443 or one from 1024 up."
        )


def connect(
    host: str,
    port: int,
    timeout: float | None,
    *,
    called: str,
    also_public: Iterable[str] = (),
    options: Iterable[tuple[Any, ...]] = (),
) -> socket.socket:
    """A TCP connection to a host of the internet, its name resolved and looked at here.

    One answer that leads inside is enough to refuse the name: no honest one has such. So is this machine's
    own address, whatever it is, for what listens there may be closed to the world outside.
    timeout: seconds for each attempt. called: what errors call it. options: for `setsockopt`.
    Raises FetchError where it is refused, OSError where it cannot be reached.
    """
    check_port(port, called)
    also_public = tuple(also_public)
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for family, _, _, _, place in answers:
        number = str(place[0])
        counted = any(ip_address(number.partition("%")[0]) in ip_network(network) for network in also_public)
        if leads_inside(number, also_public) or (not counted and _is_own(family, place)):
            raise refusal(called)
    trouble: OSError | None = None
    for family, kind, protocol, _, place in answers:
        try:
            return _connected(socket.socket(family, kind, protocol), place, timeout, options)
        except OSError as error:
            trouble = error
    raise trouble or OSError(f"{host} has no address")


def _connected(
    connection: socket.socket, place: Any, timeout: float | None, options: Iterable[tuple[Any, ...]]
) -> socket.socket:
    try:
        for option in options:
            connection.setsockopt(*option)
        connection.settimeout(timeout)
        connection.connect(place)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_own(family: int, place: Any) -> bool:
    """Whether the address is of this machine: the way to it then begins there (UDP sends nothing yet)."""
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(place)
        except OSError:  # no way there; the connection will say so
            return False
        return bool(probe.getsockname()[0] == place[0])
