"""Which font writes what, and where words stand in it."""

import pytest
from hypothesis import given, settings

from alignment.errors import FilmError
from alignment.film import SHAPES, lettering
from alignment.film.lettering import Lettering, lettering_for, plain
from alignment.film.pages import pages_of
from alignment.transcript import Segment, Transcript, Word
from tests.formats.strategies import timed

HEBREW = "שלום עולם"


def spoken(text: str) -> Transcript:
    words = tuple(Word(word, n / 2, n / 2 + 0.4) for n, word in enumerate(text.split()))
    return Transcript((Segment(0, text, 0.0, len(words) / 2, words=words),), duration=len(words) / 2)


@pytest.fixture
def without_other_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer on which no font is installed."""
    monkeypatch.setattr(lettering, "_of_this_computer", lambda: ())


def test_the_font_of_the_pages_writes_latin_greek_and_cyrillic(without_other_fonts: None):
    text = "Größe, œuvre, Łódź, “été” – Ωμέγα, Ёлка?"

    chosen = lettering_for(text)

    assert chosen.path is not None and chosen.path.name.startswith("SourceSans")
    assert chosen.writable(text) == text


def test_without_it_english_is_written_in_what_pillow_brings(
    without_other_fonts: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lettering, "_of_the_pages", lambda: None)

    assert lettering_for("Plain words, 1 to 9!") == Lettering(None)


def test_letters_that_no_font_has_are_told(without_other_fonts: None):
    with pytest.raises(FilmError, match=r"every letter of this text, such as '日', '本', '語'\. Install one"):
        lettering_for("In 日本語")


def test_a_font_that_is_named_has_to_have_the_letters():
    mine = lettering_for("a").path
    assert mine is not None

    assert lettering_for("Größe", mine) == Lettering(mine)
    with pytest.raises(FilmError, match=r"lacks '語'\. Name another one with --font"):
        lettering_for("語", mine)


def test_signs_that_the_font_lacks_are_left_out(without_other_fonts: None):
    text = "Bees 🐝 and ⟁ honey"

    assert lettering_for(text).writable(plain(text)) == "Bees and honey"


def test_other_scripts_are_written_in_a_font_of_this_computer():
    try:
        chosen = lettering_for(HEBREW)
    except FilmError as error:
        pytest.skip(f"no font for Hebrew here: {error}")

    (page,) = pages_of(spoken(f"{HEBREW} Tel Aviv 42"), SHAPES["16:9"], chosen)

    right_to_left = sorted(page.words, key=lambda word: -word.x)
    # Words of the other direction keep their own order among themselves.
    assert [word.text for word in right_to_left] == [*HEBREW.split(), "42", "Aviv", "Tel"]
    assert right_to_left[0].right <= SHAPES["16:9"].width - SHAPES["16:9"].margin + 20


def test_a_word_that_is_wider_than_the_picture_makes_its_page_smaller(without_other_fonts: None):
    shape = SHAPES["1:1"]
    (page,) = pages_of(spoken("https://example.org/a-very-long-address-indeed"), shape, lettering_for("a"))

    assert page.size < shape.letters
    assert page.words[0].left >= shape.margin - 15
    assert page.words[-1].right <= shape.width - shape.margin + 15


def test_a_word_is_lit_until_the_next_one_but_not_through_a_pause():
    words = (Word("Now", 0.0, 0.3), Word("then", 0.45, 0.6), Word("come", 1.3, 1.6))
    talk = Transcript((Segment(0, "Now then come", 0.0, 1.6, words=words),), duration=2.0)

    (page,) = pages_of(talk, SHAPES["16:9"], lettering_for("a"))

    times = [(word.start, round(word.end, 3)) for word in page.words]
    assert times == [(0.0, 0.45), (0.45, 0.95), (1.3, 1.95)]


@settings(max_examples=60, deadline=None)
@given(timed(untimed=True))
def test_whatever_is_said_pages_come_in_turn_and_their_words_share_no_place(transcript: Transcript):
    pages = pages_of(transcript, SHAPES["9:16"], lettering_for("a"))

    ends = [0.0, *(time for page in pages for time in (page.start, page.end))]
    assert ends == sorted(ends)
    for page in pages:
        for before, after in zip(page.words, page.words[1:], strict=False):
            assert before.bottom <= after.top or before.right <= after.left
        assert all(word.start <= word.end for word in page.words)
