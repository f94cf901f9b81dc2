"""Words that come one by one, joined into lines: none lost, each with its own time."""

from hypothesis import given
from hypothesis import strategies as st

from alignment.formats.joining import Piece, lines_of, timed_words
from alignment.transcript import Word
from alignment.words import WHITE_SPACE


def test_a_word_that_the_end_of_a_line_parts_has_its_time_in_both():
    pieces = [Piece("The keeper climbs the stairs of the tower to the lamp of the lighthouse ", None, None)]

    first, second = lines_of([*pieces, Piece("lamplight—candlelight", 1.0, 2.0)])

    assert first.text.endswith("the lighthouse lamplight—")
    assert first.words[-1] == Word("lamplight—", 1.0, 2.0)
    assert (second.text, second.words) == ("candlelight", (Word("candlelight", 1.0, 2.0),))


def test_a_line_lasts_as_long_as_its_pieces_though_their_words_have_no_time():
    line, *_ = lines_of([Piece("今晚", 0.5, 0.9), Piece("亮", 0.9, 1.2), Piece("灯塔", 1.2, 1.6)])

    assert (line.start, line.end) == (0.5, 1.6)
    assert line.words == (Word("今"), Word("晚"), Word("亮", 0.9, 1.2), Word("灯"), Word("塔"))


def test_a_piece_of_very_many_words_takes_no_longer_than_its_length_asks_for():
    text = "ship " * 20_000

    assert timed_words(text, [Piece(text, 0.0, 1.0)]) == (Word("ship"),) * 20_000
    assert sum(len(line.words) for line in lines_of([Piece(text, 0.0, 1.0)])) == 20_000


@given(st.lists(st.text(alphabet="ab —。，」’. 灯", min_size=1, max_size=40), max_size=30))
def test_every_character_of_the_pieces_is_in_the_lines(texts):
    pieces = [Piece(text, float(number), number + 0.5) for number, text in enumerate(texts)]

    lines = lines_of(pieces)

    def visible(text):
        return "".join(character for character in text if character not in WHITE_SPACE)

    assert visible("".join(line.text for line in lines)) == visible("".join(texts))
    assert ["".join(word.text for word in line.words) for line in lines] == [
        visible(line.text) for line in lines
    ]
