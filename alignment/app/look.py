"""How things look and read on the pages: the style sheet, and values in words."""

import html
import re
from datetime import date
from functools import cache
from pathlib import Path

import streamlit as st

from alignment.library import Episode

__all__ = [
    "NAME",
    "in_words",
    "length",
    "markdown_free",
    "page",
    "picture",
    "style",
    "time_left",
]

NAME = "Verbatime"

_ICON = ":material/format_quote:"
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=])")
_EMOJI_NAME = re.compile(r":(?=\w+:)")


def page(title: str = "") -> None:
    """Name the page in the browser's title bar, and give it its style. title: "" for the library."""
    st.set_page_config(page_title=f"{title} · {NAME}" if title else NAME, page_icon=_ICON, layout="wide")
    st.html(style())


@cache
def style() -> str:
    """The style sheet, as an element."""
    return f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"


def length(seconds: float) -> str:
    """A duration as people say it: `2 h 5 min`, `44 min`, `38 s`."""
    if seconds < 60:
        return f"{max(round(seconds), 0)} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def time_left(seconds: float) -> str:
    """How long it will still take, no more exact than it can be known."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 55:
        return f"about {round(seconds, -1):.0f} s left"
    return f"about {length(seconds)} left"


def in_words(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 line`, `1,204 lines`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def markdown_free(text: str) -> str:
    """The text, so that Streamlit's Markdown shows it as it is: no emphasis, links, emoji or maths."""
    apart = _EMOJI_NAME.sub(":\u2060", " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", apart)


def picture(episode: Episode) -> str:
    """The episode's picture as HTML, or a drawing of its own: lines of text, some of them heard already."""
    if episode.thumbnail is not None:
        address = html.escape(f"episodes/{episode.id}/thumbnail")
        return f'<img class="vt-picture" src="{address}" alt="" loading="lazy">'
    return _drawing(episode.id)


def day(iso: str) -> str:
    """A date as people write it: `27 March 2023`; as given where it is no ISO date."""
    try:
        when = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{when.day} {when:%B} {when.year}"


def _drawing(id: str) -> str:
    """Ragged lines of words, drawn from the id, with one word marked."""
    seed = [ord(letter) for letter in id]
    words, marked = [], (2, seed[0] % 3)
    for row in range(5):
        x = 40.0
        for column in range(6):
            width = 18 + (seed[(row * 5 + column * 3) % len(seed)] * (row + 2 * column + 3)) % 42
            if x + width > 280 - (seed[row] % 4) * 14:
                break
            kind = "now" if (row, column) == marked else "heard" if row < marked[0] else "word"
            words.append(
                f'<rect class="vt-{kind}" x="{x}" y="{38 + row * 24}" width="{width}" height="9" rx="4.5"/>'
            )
            x += width + 9
    return f'<svg class="vt-picture" viewBox="0 0 320 180" aria-hidden="true">{"".join(words)}</svg>'
