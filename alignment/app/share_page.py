"""The page behind a shared link: its head for chats and search engines, and on to the player for people.

No script runs on it: a person's browser goes on by itself, and what does not finds a link.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote, urlencode

from alignment.app.share_picture import SIZE
from alignment.app.share_place import Place
from alignment.library import Episode
from alignment.media_types import audio_type
from alignment.wording import clock, length

__all__ = ["SITE", "Addresses", "missing_page", "page_headers", "share_page", "time_of"]

SITE = "Verbatime"
"""What the app calls itself."""

_FOLDER = Path(__file__).parent
_MOST_LETTERS = 300
"""Of a description; chats cut it at about as many."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of an episode at a place, absolute. base: of the app, with its closing slash."""

    base: str
    id: str
    place: Place | None = None

    @property
    def episode(self) -> str:
        """The share page of the episode, whatever the place."""
        return f"{self.base}s/{self.id}"

    @property
    def share(self) -> str:
        """The share page."""
        return self.episode + self._query

    @property
    def picture(self) -> str:
        """The picture of the place."""
        return f"{self.episode}/picture.png{self._query}"

    @property
    def embed(self) -> str:
        """The player alone, for a frame."""
        return f"{self.base}embed/{self.id}{self._query}"

    @property
    def audio(self) -> str:
        """The sound."""
        return f"{self.base}episodes/{self.id}/audio"

    @property
    def oembed(self) -> str:
        """What a page that embeds addresses asks."""
        return f"{self.base}oembed?{urlencode({'format': 'json', 'url': self.share})}"

    @property
    def _query(self) -> str:
        return f"?{self.place.query()}" if self.place else ""


def time_of(place: Place) -> str:
    """`12:34`, of a clip `12:34 – 12:50`."""
    return clock(place.start) + (f" – {clock(place.end)}" if place.end is not None else "")


def share_page(episode: Episode, at: Addresses) -> bytes:
    """The page, for its place if it has one. Its links are relative to where it is."""
    place, title = at.place, episode.title
    player = f"../listen?v={quote(episode.id)}" + (f"&{place.query()}" if place else "")
    forward = f'<meta http-equiv="refresh" content="0; url={escape(player)}">'
    head = [*what_unfurls(episode, at), forward]
    body = [f'<h1 dir="auto">{escape(title)}</h1>']
    if episode.source.channel:
        body.append(f'<p class="channel" dir="auto">{escape(episode.source.channel)}</p>')
    if place and place.quotation:
        body.append(f'<blockquote dir="auto">“{escape(place.quotation)}”</blockquote>')
        if place.speaker:
            body.append(f'<p class="speaker" dir="auto">— {escape(place.speaker)}</p>')
    listen = f"Listen from {time_of(place)}" if place else "Listen"
    body.append(f'<p class="go"><a href="{escape(player)}">{listen}</a></p>')
    return _page(f"{title} · {SITE}", head, body, episode.language or "en")


def what_unfurls(episode: Episode, at: Addresses) -> list[str]:
    """The elements of a page's head that chats, search engines and other sites read."""
    description = _description(episode, at.place)
    return [
        _named("description", description),
        # With its place: some chats lead to this address, and keep one card for each.
        f'<link rel="canonical" href="{escape(at.share)}">',
        '<link rel="alternate" type="application/json+oembed" '
        f'href="{escape(at.oembed)}" title="{escape(episode.title)}">',
        *_open_graph(episode, at, description),
        _named("twitter:card", "summary_large_image"),
        _named("twitter:title", episode.title),
        _named("twitter:description", description),
        _named("twitter:image", at.picture),
        _named("twitter:image:alt", _picture_in_words(episode, at.place)),
    ]


def missing_page(message: str, home: str = "../") -> bytes:
    """The page for an episode that is not there. message: a sentence for a person. home: of the library."""
    body = [
        "<h1>Not found</h1>",
        f"<p>{escape(message)}</p>",
        f'<p class="go"><a href="{home}">To the library</a></p>',
    ]
    return _page(f"Not found · {SITE}", ['<meta name="robots" content="noindex">'], body, "en")


def page_headers(frame_ancestors: str = "'none'") -> dict[str, str]:
    """What goes with both pages: nothing is run or loaded but their own style.

    frame_ancestors: which pages may show them in a frame, as a Content-Security-Policy says it.
    """
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {frame_ancestors}",
    }


def _open_graph(episode: Episode, at: Addresses, description: str) -> list[str]:
    values = [
        ("og:type", "article"),
        ("og:site_name", SITE),
        ("og:title", episode.title),
        ("og:description", description),
        ("og:url", at.share),
        ("og:image", at.picture),
        ("og:image:type", "image/png"),
        ("og:image:width", str(SIZE[0])),
        ("og:image:height", str(SIZE[1])),
        ("og:image:alt", _picture_in_words(episode, at.place)),
        ("og:audio", at.audio),
        ("og:audio:type", audio_type(episode.audio)),
    ]
    return [f'<meta property="{name}" content="{_attribute(value)}">' for name, value in values]


def _description(episode: Episode, place: Place | None) -> str:
    """What is said at the place, by whom and when; without one, what the episode is."""
    if place and place.quotation:
        said = f"“{_short(place.quotation)}”"
        return " ".join(part for part in (said, "—", _by(place)) if part)
    what = episode.source.description or " · ".join(
        part for part in (episode.source.channel, length(episode.duration)) if part
    )
    return f"From {time_of(place)}. {_short(what)}" if place else _short(what)


def _by(place: Place) -> str:
    return ", ".join(part for part in (place.speaker, time_of(place)) if part)


def _picture_in_words(episode: Episode, place: Place | None) -> str:
    if place and place.quotation:
        return f"“{_short(place.quotation)}” at {time_of(place)} of {_short(episode.title)}"
    return f"{_short(episode.title)}, with its waveform"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1].rstrip() + "…"


def _named(name: str, value: str) -> str:
    return f'<meta name="{name}" content="{_attribute(value)}">'


def _attribute(value: str) -> str:
    return escape(" ".join(value.split()))


@cache
def _style() -> str:
    return (_FOLDER / "share.css").read_text("utf-8")


def _page(name: str, head: list[str], body: list[str], language: str) -> bytes:
    page = Template((_FOLDER / "share.html").read_text("utf-8")).substitute(
        language=escape(language),
        name=escape(name),
        head="\n    ".join(head),
        style=_style(),
        body="\n      ".join(body),
    )
    return page.encode("utf-8", "replace")
