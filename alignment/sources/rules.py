"""What may be fetched for whoever asks: from where, and how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from alignment.sources.limits import NO_LIMITS, Limits

__all__ = ["PERSONAL", "PUBLIC", "FetchRules", "Reach", "rules_named"]


class Reach(Enum):
    """From where is fetched."""

    EVERYWHERE = "everywhere"
    """From wherever the person's own computer reaches, their own network included."""
    PUBLIC = "public"
    """From the internet alone: strangers ask, and must not see the network that the server stands in."""


@dataclass(frozen=True, slots=True)
class FetchRules:
    """also_public: networks ("192.0.2.0/24") that count as part of the internet although they are not."""

    reach: Reach = Reach.EVERYWHERE
    limits: Limits = NO_LIMITS
    also_public: tuple[str, ...] = ()


PERSONAL = FetchRules()
"""For an app that only its owner uses."""

PUBLIC = FetchRules(
    Reach.PUBLIC,
    Limits(
        bytes=2 << 30,
        seconds=6 * 3600.0,
        text_bytes=16 << 20,
        patience_s=2 * 3600.0,
        bytes_a_second=2_000.0,
    ),
)
"""For one that strangers use."""

_NAMED: Mapping[str, FetchRules] = {"personal": PERSONAL, "public": PUBLIC}


def rules_named(name: str = "personal") -> FetchRules:
    """The rules with the name that a setting gives, `personal` or `public`. Raises ValueError for another."""
    if name not in _NAMED:
        raise ValueError(f"There are no rules of fetching named {name!r}; choose {' or '.join(_NAMED)}.")
    return _NAMED[name]
