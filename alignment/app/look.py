"""How things look and read on the pages: the style sheet, and values in words."""

import html
import re
from datetime import date
from functools import cache
from pathlib import Path

import streamlit as st

from alignment.app import service
from alignment.app.discretion import without_paths
from alignment.library import Episode
from alignment.wording import length

__all__ = [
    "NAME",
    "day",
    "markdown_free",
    "page",
    "picture",
    "style",
    "time_left",
]

NAME = "Verbatime"

# A file of our own: Streamlit fetches the picture of a Material icon from another host.
_ICON = str(Path(__file__).with_name("icon.svg"))
_ABOUT = (
    f"**{NAME}** puts a time on every line and word of a transcript, and plays the audio in step with it."
)
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=])")
_EMOJI_NAME = re.compile(r":(?=\w+:)")


def page(title: str = "") -> None:
    """Name the page in the browser's title bar, and give it its style. title: "" for the library."""
    st.set_page_config(
        page_title=f"{title} · {NAME}" if title else NAME,
        page_icon=_ICON,
        layout="wide",
        menu_items={"About": _ABOUT},  # with an entry the menu is shown, and in it the choice of a theme
    )
    st.html(style())


@cache
def style() -> str:
    """The style sheet, as an element."""
    return f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"


def time_left(seconds: float) -> str:
    """How long it will still take, no more exact than it can be known."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 55:
        return f"about {round(seconds, -1):.0f} s left"
    return f"about {length(60 * round(seconds / 60))} left"


def markdown_free(text: str) -> str:
    """The text, so that Streamlit's Markdown shows it as it is: no emphasis, links, emoji or maths."""
    if service.settings().hosted:
        text = without_paths(text, service.whole_library().root)
    apart = _EMOJI_NAME.sub(":\u2060", " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", apart)


def picture(episode: Episode) -> str:
    """The episode's picture as HTML, or a drawing of its own: lines of text, some of them heard already."""
    if episode.thumbnail is not None:
        address = html.escape(f"episodes/{episode.id}/thumbnail")
        return f'<img class="page-picture" src="{address}" alt="" loading="lazy">'
    return _drawing(episode.id)


def day(iso: str) -> str:
    """A date as people write it: `27 March 2023`; as given where it is no ISO date."""
    try:
        when = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{when.day} {when:%B} {when.year}"


def _drawing(id: str) -> str:
    """A page of text whose words are as long as the id's letters have it, heard as far as one of them."""
    letters = [ord(letter) for letter in id]
    now = (1 + letters[0] % 3, letters[1] % 3)
    rows = []
    for row in range(5):
        widths = [
            7 + (letters[(5 * row + 3 * word) % len(letters)] * (row + 2 * word + 3)) % 21
            for word in range(7)
        ]
        while sum(widths) + 3 * len(widths) > 100 - letters[row] % 4 * 5:
            widths.pop()
        rows.append("".join(_word(width, (row, word), now) for word, width in enumerate(widths)))
    return '<div class="page-picture">' + "".join(f"<span>{row}</span>" for row in rows) + "</div>"


def _word(width: int, place: tuple[int, int], now: tuple[int, int]) -> str:
    kind = "now" if place == now else "heard" if place < now else ""
    return f'<i class="{kind}" style="width:{width}%"></i>'
