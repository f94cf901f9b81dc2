"""Lists of podcasts (OPML), as podcast apps export them."""

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from alignment.errors import ListingError, TranscriptError
from alignment.formats.xml_text import local_name, parsed

__all__ = ["FeedNamed", "feeds_named", "is_opml"]

_SCHEMES = ("feed:", "itpc:", "pcast:", "podcast:")
"""How podcast apps write https where they want to be the ones to open it."""


@dataclass(frozen=True, slots=True)
class FeedNamed:
    """A feed that a list names. title: "" where it has none."""

    address: str
    title: str


def is_opml(text: str) -> bool:
    """Whether a text begins as a list of podcasts does."""
    return "<opml" in text[:4096].lower()


def feeds_named(text: str, path: Path) -> tuple[FeedNamed, ...]:
    """The feeds in a list, groups and all, in its order, each once. path: what errors call it.

    Raises ListingError for what is damaged, and where it names no feed.
    """
    try:
        root = parsed(text, "OPML")
    except TranscriptError as error:
        raise ListingError(
            f"{path} is a damaged list of podcasts: {_why(error)}. Export it once more from the podcast app."
        ) from error
    feeds: dict[str, FeedNamed] = {}
    for outline in root.iter():
        members = {name.lower(): value.strip() for name, value in map(_as_text, outline.attrib.items())}
        if local_name(outline).lower() == "outline" and (address := members.get("xmlurl")):
            title = members.get("title") or members.get("text") or ""
            feeds.setdefault(address, FeedNamed(_for_the_web(address), title))
    if not feeds:
        raise ListingError(
            f"{path} names no feed. Expected a list of podcasts, as podcast apps export it: each an outline "
            "with the address of its feed as xmlUrl."
        )
    return tuple(feeds.values())


def _why(error: TranscriptError) -> str:
    cause = error.__cause__
    if isinstance(cause, etree.XMLSyntaxError):
        return f"line {cause.lineno}, {(cause.msg or 'it is no XML').rstrip('.')}"
    return "it defines entities of its own, which no such list needs"


def _as_text(member: tuple[object, object]) -> tuple[str, str]:
    return str(member[0]), str(member[1])


def _for_the_web(address: str) -> str:
    for scheme in _SCHEMES:
        if address.lower().startswith(scheme):
            rest = address[len(scheme) :].lstrip("/")
            return rest if rest.startswith(("http://", "https://")) else f"https://{rest}"
    return address
