"""How words sound: known ones, those made of known ones, and any other."""

import pocketsphinx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alignment.engine.pronunciation import fold, in_dictionary, pronounce


@pytest.fixture(scope="module")
def decoder() -> pocketsphinx.Decoder:
    return pocketsphinx.Decoder(lm=None, loglevel="FATAL")


def sound(word: str) -> str:
    return " ".join(pronounce(word))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Kettle", "kettle"), ("naïve", "naive"), ("nai\u0308ve", "naive"), ("Straße", "strasse"),
        ("Œuvre", "oeuvre"), ("Łódź", "lodz"), ("don’t", "don't"), ("ﬁne", "fine"), ("ℋat", "hat"),
        ("Søren", "soren"), ("İzmir", "izmir"),
    ],
)  # fmt: skip
def test_words_are_compared_without_case_accents_and_ligatures(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("tea", "T IY"),
        ("listen", "L IH S AH N"),
        ("don't", "D OW N T"),
        ("w", "D AH B AH L Y UW"),
    ],
)
def test_known_words_sound_as_the_dictionary_says(word, phones):
    assert in_dictionary(word)
    assert sound(word) == phones


@pytest.mark.parametrize(
    ("word", "stem", "ending"),
    [
        ("toboggan's", "toboggan", "Z"),
        ("bookshelf's", "bookshelf", "S"),
        ("toothbrush's", "toothbrush", "AH Z"),
        ("telescope'd", "telescope", "T"),
        ("doctor'll", "doctor", "AH L"),
    ],
)
def test_an_ending_takes_its_sound_from_the_last_sound_of_the_stem(word, stem, ending):
    assert not in_dictionary(word)
    assert sound(word) == f"{sound(stem)} {ending}"


@pytest.mark.parametrize(
    ("word", "parts"), [("beeskettle", ("bees", "kettle")), ("waterpaper", ("water", "paper"))]
)
def test_two_known_words_written_as_one_sound_as_both(word, parts):
    assert not in_dictionary(word)
    assert sound(word) == " ".join(map(sound, parts))


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("fleep", "F L IY P"),
        ("brottage", "B R AA T EY JH"),
        ("phrake", "F R EY K"),
        ("knorsch", "N AO R SH"),
        ("zhiang", "ZH IH AE NG"),
        ("nightle", "N AY T L"),
        ("rrr", "R R"),
    ],
)
def test_letters_of_unknown_words_become_sounds_by_rule(word, phones):
    assert not in_dictionary(word)
    assert sound(word) == phones


def test_a_word_of_silent_letters_is_said_as_its_first_letter():
    assert sound("hhh") == sound("h")


def test_what_has_no_latin_letter_has_no_sound():
    assert pronounce("水") == pronounce("12") == pronounce("") == ()


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=14).filter(lambda w: w.strip("'"))
)
@example("e")
@example("gh")
@example("he")
@example("ehe")
def test_every_latin_word_has_sounds_that_the_acoustic_model_knows(decoder, word):
    phones = pronounce(word)

    assert phones
    if not decoder.lookup_word(word):
        decoder.add_word(word, " ".join(phones), True)
        assert decoder.lookup_word(word) == " ".join(phones)
    assert len(phones) <= 4 * len(word) + 12  # the name of a single letter may be long: "w"


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1, max_size=10))
def test_words_with_european_letters_have_sounds_once_they_are_folded(word):
    assert pronounce(fold(word)) or not any(letter in "abcdefghijklmnopqrstuvwxyz" for letter in fold(word))
