"""What a page that shows our addresses embeds for one of them (https://oembed.com)."""

from html import escape
from urllib.parse import parse_qs, unquote, urlsplit

from alignment.app.share_page import SITE, Addresses
from alignment.app.share_picture import SIZE
from alignment.library import Episode

__all__ = ["embedding", "named_episode", "whole_number"]

_WIDTH, _HEIGHT = 640, 480
_MOST_PIXELS = 100_000
_CACHE_S = 3600


def named_episode(address: str, base: str) -> tuple[str, dict[str, str]] | None:
    """The id of the episode that one of our own addresses leads to, and its query; None for any other.

    base: the app's absolute address, with its closing slash. The scheme may be another: who copies an address
    may have come by another way.
    """
    try:
        given, own = urlsplit(address), urlsplit(base)
        query = {name: values[0] for name, values in parse_qs(given.query).items()}
    except ValueError:
        return None
    if given.scheme not in {"http", "https"} or given.netloc.lower() != own.netloc.lower():
        return None
    if not given.path.startswith(own.path):
        return None
    parts = unquote(given.path.removeprefix(own.path)).split("/")
    if parts in (["listen"], [""]) and query.get("v"):
        return query["v"], query
    if len(parts) == 2 and parts[0] in {"s", "embed"} and parts[1]:
        return parts[1], query
    return None


def whole_number(text: str | None) -> int | None:
    """The pixels of a `maxwidth` or `maxheight`, None where none is given. Raises ValueError."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text)):
        raise ValueError(f"{text!r} is no number of pixels; give a whole one from 1 to {_MOST_PIXELS - 1:,}.")
    return min(int(text), _MOST_PIXELS)


def embedding(
    episode: Episode, at: Addresses, most_wide: int | None, most_high: int | None
) -> dict[str, object]:
    """The answer for an episode at a place: a frame with the player, no larger than is asked for."""
    width, height = min(_WIDTH, most_wide or _WIDTH), min(_HEIGHT, most_high or _HEIGHT)
    frame = (
        f'<iframe src="{escape(at.embed)}" width="{width}" height="{height}" title="{escape(episode.title)}" '
        'style="border:0" allow="autoplay; clipboard-write" loading="lazy" allowfullscreen></iframe>'
    )
    value: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": SITE,
        "provider_url": at.base,
        "title": episode.title,
        "html": frame,
        "width": width,
        "height": height,
        "cache_age": _CACHE_S,
    }
    if episode.source.channel:
        value["author_name"] = episode.source.channel
    # The picture has one size; the consumer may not be given a larger one than it asks for.
    if SIZE[0] <= (most_wide or SIZE[0]) and SIZE[1] <= (most_high or SIZE[1]):
        value |= {"thumbnail_url": at.picture, "thumbnail_width": SIZE[0], "thumbnail_height": SIZE[1]}
    return value
