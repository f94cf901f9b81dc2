"""Podcast feeds (RSS, Atom): their episodes, each with its audio, its chapters and its transcript.

An episode is named by the feed's address with its place (#1 is the newest) or its id behind "#".
"""

import calendar
import html
import io
import re
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from alignment.clock import parse_time
from alignment.errors import FetchError
from alignment.sources.media import plain, plain_lines
from alignment.transcript import Chapter, Source

__all__ = ["FeedEpisode", "choose_episode", "is_feed", "read_chapters", "read_feed"]

_LISTED = 5
"""Episodes that an error names."""

_TAG = re.compile(r"<(?:/p|br|/li|/div)[^<>]{0,200}>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]{1,2000}>")


@dataclass(frozen=True, slots=True)
class FeedEpisode:
    """id: the feed's own. audio, transcript, chapters, picture: their addresses; `source` has the chapters
    that the feed itself lists."""

    id: str
    title: str
    audio: str
    source: Source
    transcript: str | None = None
    chapters: str | None = None
    picture: str | None = None


def is_feed(content: bytes) -> bool:
    """Whether this begins as a feed does."""
    return re.search(rb"<(?:rss|feed|rdf:RDF)[\s>]", content[:4096]) is not None


def read_feed(content: bytes, address: str) -> tuple[FeedEpisode, ...]:
    """The episodes that have audio, in the feed's order; relative addresses are joined to the feed's own."""
    parsed = feedparser.parse(io.BytesIO(content), response_headers={"content-location": address})
    episodes = (_episode(entry, parsed.feed, address) for entry in parsed.entries)
    return tuple(episode for episode in episodes if episode)


def choose_episode(episodes: Sequence[FeedEpisode], wanted: str, address: str) -> FeedEpisode:
    """The episode with this id, or number in the feed from 1; the first for "".

    Raises FetchError, which lists some episodes, where there is none.
    """
    if not episodes:
        raise FetchError(f"{address} is a feed without any episode that can be heard. Give another feed.")
    if not wanted:
        return episodes[0]
    for episode in episodes:
        # feedparser joins an id that is no address to the feed's own.
        if episode.id == wanted or episode.id.endswith(f"/{wanted}"):
            return episode
    if wanted.isdecimal() and 1 <= int(wanted) <= len(episodes):
        return episodes[int(wanted) - 1]
    some = "; ".join(f"{number} {episode.title}" for number, episode in enumerate(episodes[:_LISTED], 1))
    more = f" and {len(episodes) - _LISTED} more" if len(episodes) > _LISTED else ""
    raise FetchError(
        f"The feed {address} has no episode {wanted!r}. It has {some}{more}; name one by number."
    )


def read_chapters(content: Any) -> tuple[Chapter, ...]:
    """Chapters from a podcast's JSON of them (https://github.com/Podcastindex-org/podcast-namespace)."""
    found = content.get("chapters") if isinstance(content, dict) else None
    chapters = []
    for chapter in found if isinstance(found, list) else ():
        start = chapter.get("startTime") if isinstance(chapter, dict) else None
        title = plain(chapter.get("title")) if isinstance(chapter, dict) else None
        if title and chapter.get("toc") is not False and isinstance(start, int | float) and start >= 0:
            chapters.append(Chapter(float(start), title))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start))


def _episode(entry: Any, feed: Any, address: str) -> FeedEpisode | None:
    audio = next((link for link in entry.get("enclosures", ()) if _is_sound(link)), None)
    if audio is None:
        return None
    published = entry.get("published_parsed")
    title = plain(entry.get("title")) or "Untitled"
    return FeedEpisode(
        id=str(entry.get("id") or audio["href"]),
        title=title,
        audio=urllib.parse.urljoin(address, audio["href"]),
        source=Source(
            id=plain(entry.get("id")),
            url=_web_address(entry.get("link"), address),
            channel=plain(feed.get("title")),
            length=parse_time(str(entry.get("itunes_duration") or "")) or None,
            published=_day(published) if published else None,
            description=_text(entry),
            chapters=tuple(_listed_chapters(entry)),
        ),
        transcript=_address_in(entry, "podcast_transcript", address),
        chapters=_address_in(entry, "podcast_chapters", address),
        picture=_web_address((entry.get("image") or feed.get("image") or {}).get("href"), address),
    )


def _is_sound(link: Any) -> bool:
    kind = str(link.get("type") or "audio/")
    return bool(link.get("href")) and kind.startswith(("audio/", "video/", "application/octet-stream"))


def _address_in(entry: Any, name: str, address: str) -> str | None:
    found = entry.get(name)
    return _web_address(found.get("url"), address) if isinstance(found, dict) else None


def _web_address(text: Any, base: str) -> str | None:
    if not isinstance(text, str) or not text:
        return None
    joined = urllib.parse.urljoin(base, text)
    return joined if joined.startswith(("http://", "https://")) else None


def _text(entry: Any) -> str | None:
    """The episode's description without its markup."""
    given = entry.get("summary") or ""
    return plain_lines(html.unescape(_ANY_TAG.sub("", _TAG.sub("\n", given))))


def _day(parsed: time.struct_time) -> str:
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC).date().isoformat()


def _listed_chapters(entry: Any) -> list[Chapter]:
    found = entry.get("psc_chapters") or {}
    return [
        Chapter(chapter["start_parsed"].total_seconds(), title)
        for chapter in found.get("chapters", ())
        if chapter.get("start_parsed") is not None and (title := plain(chapter.get("title")))
    ]
