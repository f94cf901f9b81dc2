"""What is said in other languages: numbers, signs, and the parts of words, with their accents."""

import pytest
from faster_whisper.tokenizer import _LANGUAGE_CODES
from hypothesis import given
from hypothesis import strategies as st

from alignment.engine.spoken import readings


def said(written, language):
    return [" ".join(reading) for reading in readings(written, language)]


@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("21", "fr", "vingt et un"),
        ("1785", "de", "siebzehnhundertfünfundachtzig"),
        ("1999", "es", "mil novecientos noventa y nueve"),
        ("21", "ru", "двадцать один"),
        ("١٢", "ar", "اثنا عشر"),
        ("3,5", "de", "drei komma fünf"),
        ("3,14", "fr", "trois virgule un quatre"),
        ("1.234", "es", "mil doscientos treinta y cuatro"),
        ("2.500,5", "pt", "dois mil e quinhentos vírgula cinco"),
        ("1,234", "ko", "천이백삼십사"),
        ("10:30", "de", "zehn dreißig"),
        ("3.10.1990", "it", "tre dieci millenovecentonovanta"),
        ("50%", "fr", "cinquante pour cent"),
        ("€5", "de", "fünf euro"),
        ("5€", "de", "fünf euro"),
        ("Müller&Söhne", "de", "müller und söhne"),
        ("1er", "fr", "premier"),
        ("3º", "es", "tercero"),
        ("5-й", "ru", "пятый"),
        ("XIV", "fr", "quatorze"),
        ("XIXe", "fr", "dix neuvième"),
        ("5", "xx", "5"),
        ("21", "hi", "21"),
    ],
)
def test_numbers_and_signs_are_spelled_out_as_the_language_says_them(written, language, expected):
    assert said(written, language)[0] == expected


@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("1785", "de", "eintausendsiebenhundertfünfundachtzig"),
        ("3.", "de", "dritte"),
        ("3,14", "fr", "trois virgule quatorze"),
        ("Louis", "fr", "louis"),
        ("XIV", "fr", "quatorzième"),
        ("MIX", "fr", "mix"),
    ],
)
def test_other_ways_to_say_it_are_on_offer(written, language, expected):
    assert expected in said(written, language)


@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("Straße,", "de", "straße"),
        ("peut-être", "fr", "peut être"),
        ("«L’été»", "fr", "l été"),
        ("e\u0301te\u0301", "fr", "été"),
        ("—", "de", ""),
        ("Dr.", "fr", "dr"),
        ("हिन्दी।", "hi", "हिन्दी"),
        ("الولــد؟", "ar", "الولد"),
        ("می\u200cخواهم", "fa", "میخواهم"),
        ("읽습니다.", "ko", "읽습니다"),
        ("水。", "zh", "水"),
        ("今天", "zh", "今 天"),
        ("5%", "zh", "百 分 之 5"),
        ("Python3.5", "zh", "python 3 点 5"),
        ("きょうは", "ja", "きょ う は"),
        ("เราไป", "th", "เรา ไป"),
    ],
)
def test_words_keep_their_accents_and_fall_into_what_is_read_on_its_own(written, language, expected):
    assert said(written, language) == [expected]


languages = st.sampled_from(sorted(set(_LANGUAGE_CODES) - {"en"}))
words = st.text(max_size=10) | st.text(alphabet="0123456789.,:-%€$°+&XIVerº'", min_size=1, max_size=9)


@given(words, languages)
def test_every_word_has_a_reading_of_parts_that_are_words(word, language):
    found = readings(word, language)

    assert found
    for part in (part for reading in found for part in reading):
        assert any(character.isalnum() for character in part) or not part.isascii()
        assert not any(map(str.isspace, part))
