"""Written words as they are said: the usual reading first, the others on offer."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alignment.engine.pronunciation import fold, pronounce
from alignment.engine.spoken import read_text, readings


def said(word: str, language: str = "en") -> list[str]:
    return [" ".join(reading) for reading in readings(word, language)]


USUAL = {
    "plain words": [("kettle", "kettle"), ("naïve,", "naive"), ("“Café”", "cafe"), ("(don’t", "don't")],
    "years": [
        ("1785", "seventeen eighty five"), ("1905", "nineteen oh five"), ("1900", "nineteen hundred"),
        ("2026", "twenty twenty six"), ("1980s", "nineteen eighties"), ("’90s", "nineties"),
        ("mid-1990s", "mid nineteen nineties"), ("1745–1821", "seventeen forty five eighteen twenty one"),
    ],
    "numbers": [
        ("0", "zero"), ("71", "seventy one"), ("1,024", "one thousand and twenty four"),
        ("1,000,000", "one million"), ("3.14", "three point one four"), ("007", "zero zero seven"),
        ("12345678", "one two three four five six seven eight"), ("24/7", "twenty four seven"),
    ],
    "ordinals": [("1st", "first"), ("22nd", "twenty second"), ("21st-century", "twenty first century")],
    "fractions": [
        ("½", "one half"), ("3/4", "three quarters"), ("2½", "two and a half"),
        ("9/11", "nine eleven"),
    ],
    "money": [
        ("$1", "one dollar"), ("£20", "twenty pounds"), ("$3.50", "three dollars and fifty cents"),
        ("€2.5m", "two point five million euros"), ("$5bn", "five billion dollars"),
    ],
    "parts of money": [
        ("$.50", "fifty cents"), ("£5-10", "five to ten pounds"), ("$5-$10m", "five to ten million dollars"),
        ("¥500", "five hundred yen"), ("-$2", "minus two dollars"),
    ],
    "percent": [("50%", "fifty percent"), ("3.5%.", "three point five percent")],
    "below zero and below one": [
        ("-5", "minus five"), ("−3.5", "minus three point five"), ("(-5)", "minus five"),
        (".5", "point five"), ("...5", "point five"), (".25%", "point two five percent"),
    ],
    "dates": [
        ("2024-05-12", "may twelfth twenty twenty four"),
        ("12/05/1985", "december fifth nineteen eighty five"),
        ("25.12.1999", "december twenty fifth nineteen ninety nine"),
        ("45/13/1985", "forty five thirteen nineteen eighty five"),
    ],
    "telephones": [
        ("555-0123", "five five five oh one two three"),
        ("+1-555-123-4567", "plus one five five five one two three four five six seven"),
    ],
    "measures": [
        ("10km/h", "ten kilometers per hour"), ("60mph", "sixty miles per hour"),
        ("20°C", "twenty degrees celsius"), ("-40°F", "minus forty degrees fahrenheit"),
        ("5m²", "five square meters"), ("1.5x", "one point five times"),
    ],
    "times": [
        ("10:30", "ten thirty"), ("7:05", "seven oh five"), ("3pm", "three p m"),
        ("3:30p.m.", "three thirty p m"), ("10:00", "ten"), ("a.m.", "a m"),
    ],
    "sections": [
        ("3.9.1", "three point nine point one"), ("§3", "section three"), ("p.", "p"), ("pp.", "pages"),
    ],
    "roman numerals": [("XIV", "fourteen"), ("II", "two"), ("I", "i"), ("MIX", "mix")],
    "initials and acronyms": [
        ("J.R.R.", "j r r"), ("U.S.", "u s"), ("US", "u s"), ("NASA", "nasa"), ("CEOs", "c e o's"),
        ("Ph.D.", "p h d"), ("GPT-4", "g p t four"), ("MI5", "m i five"), ("us", "us"),
    ],
    "addresses": [
        ("example.org", "example dot org"), ("https://example.org/a", "example dot org slash a"),
        ("www.example.org", "w w w dot example dot org"), ("me@example.org", "me at example dot org"),
    ],
    "ranges": [("10-12", "ten twelve")],
    "units": [("5km", "five kilometers"), ("16GB", "sixteen gigabytes"), ("3GHz", "three gigahertz")],
    "signs": [
        ("&", "and"), ("R&D", "r and d"), ("AT&T", "a t and t"), ("A+", "a plus"), ("#1", "number one"),
        ("#quiet", "quiet"), ("20°", "twenty degrees"),
    ],
    "abbreviations": [
        ("Dr.", "doctor"), ("Mr", "mister"), ("St.", "saint"), ("etc.", "et cetera"), ("no.", "no"),
    ],
    "compounds": [
        ("co-founder", "co founder"), ("twenty-one", "twenty one"), ("YouTube", "you tube"),
        ("mother-in-law", "mother in law"), ("and/or", "and or"), ("snake_case", "snake case"),
    ],
    "not said": [("—", ""), ("-", ""), ("…", ""), ('"', ""), ("™", ""), ("house²", "house")],
    "digits that no rule knows": [("1,5", "one five"), ("5'10\"", "five ten"), ("٧", "seven")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [pytest.param(*pair, id=f"{kind}: {pair[0]}") for kind, pairs in USUAL.items() for pair in pairs],
)
def test_the_usual_reading_comes_first(written, expected):
    assert said(written)[0] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1785", "one thousand seven hundred eighty five"),
        ("1066", "ten sixty six"),
        ("2005", "two thousand five"),
        ("105", "one oh five"),
        ("250", "two fifty"),
        ("$3.50", "three fifty"),
        ("$5", "five"),
        ("million", "million dollars"),
        ("12", "the twelfth of"),
        ("-5", "negative five"),
        ("-5", "five"),
        (".5", "zero point five"),
        ("12/05/1985", "the twelfth of may nineteen eighty five"),
        ("12/05/1985", "twelve five nineteen eighty five"),
        ("555-0123", "five five five zero one two three"),
        ("100-2000", "one hundred to two thousand"),
        ("20°C", "twenty degrees"),
        ("60mph", "sixty miles an hour"),
        ("10:00", "ten o'clock"),
        ("3.9.1", "three nine one"),
        ("3.5", "three dot five"),
        ("½", "a half"),
        ("1/2", "one two"),
        ("XIV", "the fourteenth"),
        ("IV", "i v"),
        ("1745-1821", "seventeen forty five to eighteen twenty one"),
        ("10-12", "ten to twelve"),
        ("p.", "page"),
        ("No.", "number"),
        ("St.", "street"),
        ("Dr.", "drive"),
        ("NASA", "n a s a"),
        ("IT", "it"),
        ("4K", "four k"),
        ("100m", "one hundred meters"),
        ("6ft", "six foot"),
        ("#quiet", "hashtag quiet"),
        ("and/or", "and slash or"),
        ("e.g.", "e g"),
        ("www.example.org", "www dot example dot org"),
    ],
)
def test_the_other_ways_to_say_it_are_on_offer(written, expected):
    assert expected in said(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("An invitation from Alexander I", "the first"),
        ("George V,", "the fifth"),
        ("Chapter X.", "ten"),
        ("pages 7 -23", "to twenty three"),
    ],
)
def test_the_word_before_suggests_how_a_word_is_said(written, expected):
    assert expected in [" ".join(reading) for reading in read_text(written.split(), "en")[-1]]


@pytest.mark.parametrize("written", ["what I", "Chapter. I", "I", "minus -23", "Mark 5"])
def test_elsewhere_the_same_word_is_read_as_ever(written):
    words = written.split()

    assert read_text(words, "en") == [readings(word, "en") for word in words]


anything = st.text(max_size=12)
number_like = st.text(alphabet="0123456789.,:'/-–%$£€kmstndrhapMXIV#&°²½ ", min_size=1, max_size=10)
numbers = st.from_regex(r"[$£]?\d{1,25}([.,:/-]\d{1,4}){0,3}(%|st|th|s|bn|k|m|am|pm|km)?", fullmatch=True)


@given(anything | number_like | numbers, st.sampled_from(["en", "de", "fr", "ja", "xx"]))
@example("9" * 5000, "en")
@example("9" * 400 + "th", "en")
@example("$" + "9" * 400 + ".50", "en")
@example("K" + "K", "en")
@example("5\u212a", "en")
@example("0,K", "en")
def test_whatever_is_written_has_a_few_readings_of_folded_words(written, language):
    found = readings(written, language)

    assert 1 <= len(found) <= 6
    assert len(set(found)) == len(found)
    for reading in found:
        for part in reading:
            assert part and not re.search(r"\s", part)
            assert fold(part) == part or language != "en"


@given(numbers | st.integers(0, 10**9).map(str))
def test_no_digit_is_left_unsaid_in_english(written):
    for reading in readings(written, "en"):
        assert reading
        assert all(pronounce(part) for part in reading)
        assert not re.search(r"\d", " ".join(reading))


@given(st.integers(0, 9_999_999))
def test_thousands_commas_change_nothing(number):
    assert readings(f"{number:,}", "en") == readings(str(number), "en")


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=8))
def test_folding_twice_changes_nothing_more(word):
    assert fold(fold(word)) == fold(word)
