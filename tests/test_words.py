"""Words: nothing lost, nothing twice, useful pieces in every script."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alignment.words import is_blank, separator, split_words

SPACE = re.compile(r"[\s\u200b\ufeff]")


def words_of(text):
    return [word.text for word in split_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The kettle, they said, sang.", ["The", "kettle,", "they", "said,", "sang."]),
        ("no\u00a0break\u202fspace\u3000wide", ["no", "break", "space", "wide"]),
        ("\ufeffmark\u200bless", ["mark", "less"]),
        ("cafe\u0301s don't — cost 3.50", ["cafe\u0301s", "don't", "—", "cost", "3.50"]),
        ("", []),
        (" \u00a0\n\u200b", []),
        ("…", ["…"]),
    ],
)
def test_white_space_of_every_kind_separates_words(text, expected):
    assert words_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天我们听。", ["今", "天", "我", "们", "听。"]),
        ("他说:「好!」", ["他", "说:", "「好!」"]),
        ("我用Python3.5写(慢)", ["我", "用", "Python3.5", "写", "(慢)"]),
        ("我爱cafe\u0301店", ["我", "爱", "cafe\u0301", "店"]),
        ("有$5吗", ["有", "$5", "吗"]),
        ("きょうは、ラーメン", ["きょ", "う", "は、", "ラー", "メ", "ン"]),
        ("か\u3099っこう", ["か\u3099っ", "こ", "う"]),
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("เราไปเที่ยว", ["เรา", "ไป", "เที่", "ย", "ว"]),
        ("ພາສາລາວ", ["ພາ", "ສາ", "ລາ", "ວ"]),
        ("မြန်မာစကား", ["မြန်", "မာ", "စ", "ကား"]),
        ("ភាសាខ្មែរ", ["ភា", "សា", "ខ្មែ", "រ"]),
        ("한국어는 띄어 쓴다", ["한국어는", "띄어", "쓴다"]),
    ],
)
def test_scripts_without_spaces_split_at_what_is_read_aloud(text, expected):
    assert words_of(text) == expected


@given(st.text() | st.text(alphabet="a1 .,(「」。中かーเทีម្\u200b\u200d\u0301\u00a0👩👍\ufe0e"))
@example("\u0301中")
@example("((中")
@example("👩\u200d👧中")
def test_every_character_that_is_not_white_space_is_in_exactly_one_word_in_order(text):
    words = words_of(text)

    assert "".join(words) == SPACE.sub("", text)
    assert all(words)
    assert is_blank(text) == (not words)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_scripts_with_spaces_split_at_white_space_only(text):
    assert words_of(text) == SPACE.sub(" ", text).split()


@pytest.mark.parametrize(
    ("left", "right", "between"),
    [
        ("lamp", "is", " "),
        ("lit.", "It", " "),
        ("灯", "塔", ""),
        ("亮。", "Ada", ""),
        ("ไฟ", "ดี", ""),
        ("한국", "어", " "),
        ("3", "5", " "),
    ],
)
def test_words_are_put_together_with_a_space_where_they_would_become_one(left, right, between):
    assert separator(left, right) == between
