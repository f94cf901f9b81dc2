"""How this app is served: to one person on one machine, or to others; read once from the environment.

    ALIGNMENT_HOSTED            1: others visit; they may listen, and do more only by right
    ALIGNMENT_ADDRESS           where they find it: https://talks.example.org/, perhaps with a path
    ALIGNMENT_HOSTS             the names it answers to; else the one in the address
    ALIGNMENT_SECRET            what its links and cookies are signed with, 32 characters or more
    ALIGNMENT_LOGIN_METADATA    of the OpenID provider: https://…/.well-known/openid-configuration
    ALIGNMENT_LOGIN_ID, ALIGNMENT_LOGIN_SECRET    what that provider knows this app by
    ALIGNMENT_MAY_ADD           who may add episodes: e-mail addresses, @domains, or * for all who sign in
    ALIGNMENT_EDITORS           who may change every public episode, written in the same way
    ALIGNMENT_PROXY             addresses of proxies whose X-Forwarded-* headers are believed
    ALIGNMENT_MOST_UPLOAD_MB, ALIGNMENT_MOST_HOURS, ALIGNMENT_MOST_JOBS, ALIGNMENT_MOST_JOBS_A_DAY
                                limits of a person: of an upload, of a recording, at a time, in 24 hours

Secrets are taken from nowhere else, and are no part of what a Settings shows of itself.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from alignment.errors import AlignmentError

__all__ = ["HOSTED", "Limits", "Login", "Settings", "SettingsError", "everybody"]

HOSTED = "ALIGNMENT_HOSTED"
everybody = "*"
"""In a list of people: whoever has signed in."""

_SHORTEST_SECRET = 32
_YES, _NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
_E_MAIL = re.compile(r"[^@\s,]*@[^@\s,]+\.[^@\s,]+|[^@\s,]*@localhost")
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]|\*")


class SettingsError(AlignmentError):
    """A setting in the environment is missing or cannot be used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one person. upload_bytes: of a file handed over. audio_s: seconds of a recording.

    jobs, jobs_a_day: at a time, and begun within 24 hours.
    """

    upload_bytes: int = 2048 << 20
    audio_s: float = 6 * 3600.0
    jobs: int = 2
    jobs_a_day: int = 20


@dataclass(frozen=True, slots=True)
class Login:
    """The OpenID provider that people sign in with. metadata: the address of its description."""

    metadata: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app is served.

    hosted: others visit, who may listen, and do more only by right; else everything is everybody's.
    address: where visitors find it, absolute, with its closing slash; "" where that is not known.
    hosts: the names that it answers to, none for all. secret: what links and cookies are signed with.
    adders, editors: e-mail addresses, @domains or `everybody`, in small letters.
    proxies: addresses whose X-Forwarded-* headers are believed.
    """

    hosted: bool = False
    address: str = ""
    hosts: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    login: Login | None = None
    adders: frozenset[str] = frozenset()
    editors: frozenset[str] = frozenset()
    proxies: tuple[str, ...] = ()
    limits: Limits = Limits()

    @property
    def encrypted(self) -> bool:
        """Whether visitors come by TLS, so that cookies may be kept to it."""
        return self.address.startswith("https:")

    @property
    def path(self) -> str:
        """Of the address: `/` or `/talks/`."""
        return urlsplit(self.address).path or "/"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings. Raises SettingsError, which names the variable and what to do."""
        given = os.environ if environment is None else environment
        hosts = tuple(_list(given, "ALIGNMENT_HOSTS"))
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise SettingsError(
                    f"ALIGNMENT_HOSTS names {host!r}. Give names without port, as talks.example.org "
                    "or *.example.org, with commas between them."
                )
        proxies = tuple(_list(given, "ALIGNMENT_PROXY"))
        for proxy in proxies:
            _check_network(proxy)
        if not _switched_on(given, HOSTED):
            return cls(hosts=hosts, proxies=proxies)
        address = _address(given)
        login = _login(given)
        adders, editors = _people(given, "ALIGNMENT_MAY_ADD"), _people(given, "ALIGNMENT_EDITORS")
        if (adders or editors) and login is None:
            raise SettingsError(
                "ALIGNMENT_MAY_ADD or ALIGNMENT_EDITORS names people, but nobody can sign in. "
                "Set ALIGNMENT_LOGIN_METADATA, ALIGNMENT_LOGIN_ID and ALIGNMENT_LOGIN_SECRET."
            )
        return cls(
            hosted=True,
            address=address,
            hosts=hosts or (urlsplit(address).hostname or "",),
            secret=_secret(given),
            login=login,
            adders=adders,
            editors=editors,
            proxies=proxies,
            limits=_limits(given),
        )


def _switched_on(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise SettingsError(f"{name} is {value!r}. Set it to 1, or leave it out.")
    return value in _YES


def _list(given: Mapping[str, str], name: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", given.get(name, "").lower()) if part]


def _people(given: Mapping[str, str], name: str) -> frozenset[str]:
    people = frozenset(_list(given, name))
    for person in people - {everybody}:
        if not _E_MAIL.fullmatch(person):
            raise SettingsError(
                f"{name} names {person!r}. Give e-mail addresses, @domains, or * for everybody who signs in, "
                "with commas between them."
            )
    return people


def _address(given: Mapping[str, str]) -> str:
    address = given.get("ALIGNMENT_ADDRESS", "").strip()
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(
            f"ALIGNMENT_ADDRESS is {address!r}. A hosted app needs the address that its visitors use, "
            "such as https://talks.example.org/."
        )
    return address.rstrip("/") + "/"


def _secret(given: Mapping[str, str]) -> str:
    secret = given.get("ALIGNMENT_SECRET", "")
    if len(secret) < _SHORTEST_SECRET:
        what = f"has {len(secret)} characters" if secret else "is not set"
        raise SettingsError(
            f"ALIGNMENT_SECRET {what}. A hosted app signs links and cookies with it: set it to at least "
            f'{_SHORTEST_SECRET} random characters, as `python -c "import secrets; '
            'print(secrets.token_hex())"` makes them.'
        )
    return secret


def _login(given: Mapping[str, str]) -> Login | None:
    names = ("ALIGNMENT_LOGIN_METADATA", "ALIGNMENT_LOGIN_ID", "ALIGNMENT_LOGIN_SECRET")
    values = [given.get(name, "").strip() for name in names]
    if not any(values):
        return None
    if missing := [name for name, value in zip(names, values, strict=True) if not value]:
        raise SettingsError(f"To sign in, {' and '.join(missing)} must be set, too.")
    parts = urlsplit(values[0])
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            f"ALIGNMENT_LOGIN_METADATA is {values[0]!r}. Give the address of the provider's description, "
            "which ends in /.well-known/openid-configuration."
        )
    return Login(*values)


def _check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise SettingsError(
            f"ALIGNMENT_PROXY names {text!r}. Give IP addresses or networks, such as 127.0.0.1 or "
            "10.0.0.0/8, with commas between them."
        ) from error


def _limits(given: Mapping[str, str]) -> Limits:
    usual = Limits()
    return Limits(
        upload_bytes=int(_number(given, "ALIGNMENT_MOST_UPLOAD_MB", usual.upload_bytes >> 20)) << 20,
        audio_s=_number(given, "ALIGNMENT_MOST_HOURS", usual.audio_s / 3600) * 3600,
        jobs=int(_number(given, "ALIGNMENT_MOST_JOBS", usual.jobs)),
        jobs_a_day=int(_number(given, "ALIGNMENT_MOST_JOBS_A_DAY", usual.jobs_a_day)),
    )


def _number(given: Mapping[str, str], name: str, usual: float) -> float:
    text = given.get(name, "").strip()
    if not text:
        return usual
    whole = name != "ALIGNMENT_MOST_HOURS"
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e6:
        raise SettingsError(f"{name} is {text!r}. Give a {'whole ' if whole else ''}number above 0.")
    return value
