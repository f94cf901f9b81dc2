"""The JSON of speech recognisers: words find their places in texts, hostile files are refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import FORMATS, read_transcript, write
from alignment.formats.decoding import decode
from alignment.formats.joining import Piece
from alignment.formats.language_codes import language_code
from alignment.formats.recognised import are_words, as_line, placed, spaced
from tests.formats.test_files import FILES

RECOGNISERS = ["podcast", "deepgram", "assemblyai", "aws", "rev", "whisper"]


def times(segment):
    return {word.text: (word.start, word.end) for word in segment.words}


def test_words_are_found_in_the_text_though_punctuation_and_other_words_stand_between():
    text = "“The lamp” — 1858 — is lit, [beep] Bo."
    words = [Piece(word, float(n), n + 0.5) for n, word in enumerate(["The", "lamp", "is", "lit", "Bo"])]

    assert times(as_line(Piece(text, 0.0, 9.0), words)) == {
        "“The": (0.0, 0.5),
        "lamp”": (1.0, 1.5),
        "—": (None, None),
        "1858": (None, None),
        "is": (2.0, 2.5),
        "lit,": (3.0, 3.5),
        "[beep]": (None, None),
        "Bo.": (4.0, 4.5),
    }


def test_a_word_that_is_not_in_the_text_is_not_taken_for_a_part_of_another():
    line = as_line(Piece("the lamp is lit", 0.0, 9.0), [Piece("am", 0.0, 1.0), Piece("lit", 1.0, 2.0)])

    assert times(line) == {
        "the": (None, None),
        "lamp": (None, None),
        "is": (None, None),
        "lit": (1.0, 2.0),
    }


@given(st.text("ab灯 ,.«»-"), st.lists(st.text("ab灯 ,.«»-", max_size=4), max_size=9))
def test_the_pieces_of_a_text_make_up_that_text(text, words):
    pieces = placed(text, [Piece(word, 0.0, 1.0) for word in words])

    assert "".join(piece.text for piece in pieces) == text


@given(st.lists(st.text("abé", min_size=1, max_size=5), max_size=9))
def test_the_words_of_a_text_are_all_found_in_it(words):
    pieces = [Piece(word, float(number), number + 1.0) for number, word in enumerate(words)]

    line = as_line(Piece(", ".join(words), 0.0, 9.0), pieces)

    assert [word.start for word in line.words] == [piece.start for piece in pieces]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["The", "lamp", ",", "he", "said", "(", "aloud", ")", "."], "The lamp, he said (aloud)."),
        ([" The", " light", "house", "."], " The lighthouse."),
        (["灯", "塔", "，", "OK", "吗", "？"], "灯塔，OK吗？"),
        (["등대", "불이", "켜졌다"], "등대 불이 켜졌다"),
        (["père\n", "phare"], "père phare"),
        ([" ", ""], ""),
    ],
)
def test_words_are_joined_as_they_are_written(words, text):
    assert "".join(piece.text for piece in spaced([Piece(word, 0.0, 1.0) for word in words])) == text


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["The", "lamp", "is", "lit", "at", "dusk", "each", "day."], True),
        (["今晚", "，", "灯塔", "的", "灯", "很", "亮", "。"], True),
        (["The lamp"] * 99, False),
        (["今晚灯塔的灯很亮。"] * 99, False),
        (["Aye.", "No."], False),
        ([], False),
    ],
)
def test_words_are_told_from_lines(texts, expected):
    assert are_words(texts) is expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("english", "en"),
        ("Haitian Creole", "ht"),
        ("en-US", "en"),
        ("pt_br", "pt"),
        ("cmn-Hans-CN", "zh"),
        ("jw", "jv"),
        ("haw", None),
        ("multi", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_are_known_by_name_and_tag(name, code):
    assert language_code(name) == code


FIRST = [
    (name, path)
    for name in RECOGNISERS
    for path in sorted((FILES / name).glob("*"))
    if path.with_name(f"{path.name}.read").exists() and path.read_bytes()[:1] in b"{["
]


@pytest.mark.parametrize(("name", "path"), FIRST, ids=lambda value: getattr(value, "name", value))
@pytest.mark.parametrize("value", ["9" * 5000, "[" * 100_000, "NaN", "-Infinity", "1e999", "[1e5}", "tru"])
def test_a_hostile_value_is_refused(name, path, value):
    text = decode(path.read_bytes())
    hostile = text[:1] + (f'"x": {value}, ' if text[0] == "{" else f"{value}, ") + text[1:]

    with pytest.raises(TranscriptError, match="JSON"):
        FORMATS[name].read(hostile)


@settings(max_examples=20)
@given(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["nan", "inf", "1e999", [], [[]], {}, [{}], [None], 10**400])
)
def test_any_value_anywhere_is_refused_or_read_as_what_can_be_kept(value):
    for name, path in FIRST:
        content = json.loads(decode(path.read_bytes()))
        for changed in _with(content, value):
            try:
                assert write(read_transcript(json.dumps(changed) + "\n"), "json")
            except TranscriptError as error:
                assert str(error), name


def _with(content, value):
    """The content with `value` for each of its fields in turn, and for those of the first of each list."""
    if isinstance(content, dict):
        for key, old in content.items():
            yield {**content, key: value}
            yield from ({**content, key: new} for new in _with(old, value))
    elif isinstance(content, list) and content:
        yield from ([new, *content[1:]] for new in _with(content[0], value))
