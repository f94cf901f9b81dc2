"""Values in words, and texts from elsewhere that stay text."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from alignment.app.look import day, markdown_free, picture, time_left
from alignment.library import Library
from tests.library.episodes import GIVEN, aligned, audio_file


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a few seconds left"),
        (24, "about 20 s left"),
        (56, "about 1 min left"),
        (130, "about 2 min left"),
        (2400, "about 40 min left"),
    ],
)
def test_the_time_left_in_words(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_days_in_words() -> None:
    assert (day("2023-03-27"), day("2023-03-27T10:00:00Z"), day("spring")) == (
        "27 March 2023",
        "27 March 2023",
        "spring",
    )


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_a_title_stays_text_in_markdown(title: str) -> None:
    shown = MarkdownIt("commonmark").render(markdown_free(title))

    text = "".join(_Text.of(shown)).replace("\u2060", "").strip()
    assert text == " ".join(title.split()).strip()
    assert not re.search(r"<(?!/?p>)\w", shown)


@pytest.mark.parametrize("title", [":smile:", "a :b: c :d:", "::x:"])
def test_a_title_names_no_emoji(title: str) -> None:
    plain = MarkdownIt("commonmark").render(markdown_free(title))

    assert not re.search(r":\w+:", "".join(_Text.of(plain)))


def test_an_episode_without_a_picture_has_a_drawing_of_its_own(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    one, other = (
        library.add(transcript=given, audio=audio_file(tmp_path), aligned=aligned())
        for given in (GIVEN, GIVEN + b"!")
    )

    assert picture(one) == picture(one) != picture(other)
    assert picture(one).count('class="now"') == 1
    assert picture(replace(one, thumbnail_name="thumbnail.jpg")).startswith("<img ")


class _Text(HTMLParser):
    """The text of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        parser.close()
        return parser.found
