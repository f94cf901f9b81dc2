"""How words of other languages sound."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.engine import foreign
from alignment.engine.arpabet import PHONES
from alignment.engine.foreign import _RULES, Pronouncer
from tests.engine.espeak import requires_espeak

load = cache(Pronouncer)
"""Rules take a second to load."""


def sounds(text, language, load=load):
    return [" ".join(phones) for phones in load(language).pronounce(text.split())]


@pytest.fixture
def without_epitran(monkeypatch):
    monkeypatch.setattr(foreign, "find_spec", lambda name: None)


@pytest.fixture
def without_espeak(monkeypatch):
    monkeypatch.setattr(foreign.shutil, "which", lambda name: None)


def test_words_are_read_by_the_rules_of_their_language():
    pytest.importorskip("epitran", reason="not for this Python")

    assert sounds("schöner tochter zauber", "de") == ["SH ER N AH", "T AO HH T AH", "T S AW B AH"]
    assert sounds("l ombre c est moi", "fr") == ["L", "AO N B HH", "S", "EH S", "M W AA"]
    assert sounds("девочка", "ru") == ["D EY V OW CH K AA"]
    assert sounds("コー きょ", "ja") == ["K OW", "K OW"]


@pytest.mark.usefixtures("without_espeak")
def test_short_vowels_that_are_not_written_are_put_in():
    pytest.importorskip("epitran", reason="not for this Python")

    assert sounds("ذهب", "ar", Pronouncer) == ["DH AH HH AH B"]


@requires_espeak
def test_espeak_reads_words_whose_vowels_are_not_written():
    assert sounds("ذهب", "ar") == ["DH AA HH AA B"]


def test_a_name_in_latin_letters_among_other_script_is_read_as_english():
    pytest.importorskip("epitran", reason="not for this Python")

    assert sounds("google", "ja") == sounds("google", "ru") == ["G UW G AH L"]


@pytest.mark.usefixtures("without_espeak")
def test_without_rules_words_are_read_letter_by_letter():
    assert sounds("καλημέρα khaki", "el", Pronouncer) == ["K AA L IY M EY L AA", "HH AA K IY"]
    assert sounds("天 我", "zh", Pronouncer) == ["T IY AA N", "W OW"]


@pytest.mark.usefixtures("without_epitran", "without_espeak")
def test_without_epitran_words_are_read_letter_by_letter():
    assert sounds("schöner", "de", Pronouncer) == ["SH OW N EY L"]


@requires_espeak
@pytest.mark.usefixtures("without_epitran")
def test_espeak_reads_what_no_rules_are_for():
    assert sounds("καλημέρα κόσμε", "el", Pronouncer) == ["K AA L IY M EY L AA", "K OW S M EY"]
    assert sounds("天", "zh", Pronouncer) == ["T HH IY EH N"]
    assert sounds("beaucoup", "fr", Pronouncer) == ["B OW K UW"]


@requires_espeak
def test_espeak_reads_numbers_that_are_not_spelled_out():
    assert sounds("२१", "hi") == ["IH K IY S"]


def test_a_japanese_character_says_nothing_of_its_sound():
    assert sounds("今 日", "ja") == ["", ""]


@pytest.mark.usefixtures("without_espeak")
def test_a_number_that_nobody_spells_out_has_no_sound():
    assert sounds("21", "hi", Pronouncer) == [""]


@pytest.mark.parametrize("language", ["de", "el"])
def test_words_are_read_alike_alone_and_together(language):
    words = "haus 집 بيت σπίτι haus 21 casa".split()

    together = Pronouncer(language).pronounce(words)

    assert [load(language).pronounce([word])[0] for word in words] == together
    assert load(language).pronounce(words[::-1]) == together[::-1]


def test_all_the_rules_are_there():
    epitran = pytest.importorskip("epitran", reason="not for this Python")
    names = {path.stem for path in (Path(epitran.__file__).parent / "data" / "map").glob("*.csv")}

    assert {name for row in _RULES.values() for name in row.split()} <= names


letters = st.text(st.characters(categories=["Ll", "Lo", "Mn", "Nd"]), min_size=1, max_size=6)


@given(letters, st.sampled_from(["ru", "xx"]))
def test_whatever_is_written_sounds_of_phones_that_the_model_knows(word, language):
    (phones,) = load(language).pronounce([word.lower()])

    assert set(phones) <= PHONES
