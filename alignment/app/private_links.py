"""Links to a private episode that expire: whoever holds one may listen, and do nothing else.

A link carries a key, signed for this episode and its owner at a time. The server takes the key out of the
address at once and hands the browser cookies in its place, which scripts cannot read and which go to this
episode's routes and the page's connection alone. New salt for the episode, or a new secret of the server,
ends all of its links.
"""

import hashlib
import time
from collections.abc import Mapping
from itertools import islice

from itsdangerous import BadSignature, URLSafeTimedSerializer

from alignment.app.settings import Settings
from alignment.library import Episode

__all__ = ["COOKIE", "LIFETIME_S", "cookie_paths", "keys_in", "new_key", "time_left"]

LIFETIME_S = 7 * 24 * 3600
"""Seconds for which a link leads to its episode."""

COOKIE = "verbatime_key_"
"""What the names of the cookies begin with; the episode's id follows."""

_LONGEST_KEY = 200
_MOST = 20
"""Keys of one visitor that are looked at."""


def new_key(settings: Settings, episode: Episode, salt: str) -> str:
    """A key to the episode, good from now on for LIFETIME_S. salt: the episode's own, as it stands."""
    return str(_signer(settings, episode, salt).dumps(episode.id))


def time_left(settings: Settings, episode: Episode, salt: str, key: str) -> float:
    """Seconds for which the key still opens the episode; 0.0 for one that does not."""
    if not settings.secret or not 0 < len(key) <= _LONGEST_KEY:
        return 0.0
    signer = _signer(settings, episode, salt)
    try:
        id, made = signer.loads(key, max_age=LIFETIME_S, return_timestamp=True)
    except BadSignature:  # an expired one, too
        return 0.0
    return made.timestamp() + LIFETIME_S - time.time() if id == episode.id else 0.0


def keys_in(cookies: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The keys among a request's cookies, each with the id of its episode; none is proved yet."""
    found = ((name.removeprefix(COOKIE), value) for name, value in cookies.items() if name.startswith(COOKIE))
    return tuple(islice(found, _MOST))


def cookie_paths(settings: Settings, id: str) -> list[str]:
    """Where the cookie goes: to the episode's routes, and to the connection of the page."""
    return [f"{settings.path}episodes/{id}/", f"{settings.path}_stcore/stream"]


def _signer(settings: Settings, episode: Episode, salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        settings.secret,
        salt=f"listen {episode.id} {episode.owner} {salt}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
