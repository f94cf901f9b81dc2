"""The library for others' programs: as a podcast feed (RSS 2.0), and as a site map of its share pages.

The feed has the elements of iTunes and of Podcasting 2.0 (https://podcasting2.org/docs/podcast-namespace),
so that a podcast app shows transcript and chapters.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from alignment.app.share_page import SITE, Addresses
from alignment.formats.xml_text import printable
from alignment.library import Episode
from alignment.media_types import audio_type
from alignment.transcript import Chapter

__all__ = ["CHAPTERS_TYPE", "chapters_value", "feed", "site_map"]

CHAPTERS_TYPE = "application/json+chapters"

_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST_ADDRESSES = 50_000
"""That a site map may hold."""
# The one that most apps take stands last: some remember only one.
_TRANSCRIPTS = (("podcast", "application/json"), ("vtt", "text/vtt"))


def feed(episodes: Sequence[Episode], base: str) -> bytes:
    """A feed of the episodes, in their order. base: the app's absolute address, with its closing slash.

    An episode's date is that of its coming into the library: then those who follow the feed can hear it.
    """
    root = etree.Element("rss", version="2.0", nsmap={"itunes": _ITUNES, "podcast": _PODCAST, "atom": _ATOM})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", SITE)
    _add(channel, "link", base)
    _add(channel, "description", "Recordings to listen to with their text.")
    etree.SubElement(
        channel, f"{{{_ATOM}}}link", href=f"{base}feed.xml", rel="self", type="application/rss+xml"
    )
    languages = Counter(episode.language for episode in episodes if episode.language)
    if languages:
        _add(channel, "language", languages.most_common(1)[0][0])
    if episodes:
        _add(channel, "lastBuildDate", format_datetime(max(episode.added for episode in episodes)))
    for episode in episodes:
        _add_item(channel, episode, base)
    return _document(root)


def site_map(episodes: Sequence[tuple[Episode, float]], base: str) -> bytes:
    """The share pages of the episodes, each with the time of its last change, seconds since 1970."""
    root = etree.Element("urlset", nsmap={None: _SITEMAP})
    for episode, changed in episodes[:_MOST_ADDRESSES]:
        url = etree.SubElement(root, "url")
        _add(url, "loc", Addresses(base, episode.id).episode)
        _add(url, "lastmod", datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds"))
    return _document(root)


def chapters_value(chapters: Sequence[Chapter]) -> dict[str, object]:
    """Chapters as podcast apps fetch them."""
    listed = [{"startTime": chapter.start, "title": chapter.title} for chapter in chapters]
    return {"version": "1.2.0", "chapters": listed}


def _add_item(channel: etree._Element, episode: Episode, base: str) -> None:
    at = Addresses(base, episode.id)
    item = etree.SubElement(channel, "item")
    _add(item, "title", episode.title)
    _add(item, "link", at.episode)
    etree.SubElement(item, "guid", isPermaLink="false").text = episode.id
    _add(item, "pubDate", format_datetime(episode.added))
    if episode.source.description:
        _add(item, "description", episode.source.description)
    if episode.source.channel:
        _add(item, f"{{{_ITUNES}}}author", episode.source.channel)
    _add(item, f"{{{_ITUNES}}}duration", str(round(episode.duration)))
    if episode.thumbnail:
        etree.SubElement(item, f"{{{_ITUNES}}}image", href=f"{base}episodes/{episode.id}/thumbnail")
    kind, size = audio_type(episode.audio), str(episode.audio_bytes)
    etree.SubElement(item, "enclosure", url=at.audio, length=size, type=kind)
    for name, kind in _TRANSCRIPTS:
        transcript = etree.SubElement(
            item, f"{{{_PODCAST}}}transcript", url=f"{base}e/{episode.id}.{name}", type=kind
        )
        if episode.language:
            transcript.set("language", printable(episode.language))
    if episode.source.chapters:
        address = f"{base}e/{episode.id}/chapters.json"
        etree.SubElement(item, f"{{{_PODCAST}}}chapters", url=address, type=CHAPTERS_TYPE)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = printable(text)


def _document(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
