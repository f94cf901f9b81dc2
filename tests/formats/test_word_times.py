"""Words from pieces of text that have times: syllables, words, phrases."""

from alignment.formats.joining import Piece, timed_words
from alignment.transcript import Word


def test_a_word_lasts_from_its_first_piece_to_its_last():
    pieces = (Piece("The ", 1.0, 1.2), Piece("light", 1.2, 1.5), Piece("house", 1.5, 2.0))

    assert timed_words("The lighthouse", pieces) == (Word("The", 1.0, 1.2), Word("lighthouse", 1.2, 2.0))


def test_a_piece_of_several_words_times_none_of_them():
    pieces = (Piece("The lamp ", 1.0, 2.0), Piece("is", 2.0, 2.1), Piece("n't lit", 2.1, 3.0))

    assert timed_words("The lamp isn't lit", pieces) == (
        Word("The"),
        Word("lamp"),
        Word("isn't"),
        Word("lit"),
    )


def test_one_piece_may_hold_a_whole_book():
    book = "lamp " * 100_000

    assert set(timed_words(book, (Piece(book, 0.0, 1.0),))) == {Word("lamp")}
