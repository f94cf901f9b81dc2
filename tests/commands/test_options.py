"""Options that several commands take, as people write them."""

import pytest

from alignment.commands.options import language_given


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("auto", None),
        ("AUTO", None),
        ("de", "de"),
        ("EN", "en"),
        ("English", "en"),
        ("en-GB", "en"),
        ("yue", "yue"),  # a code of Whisper's own
        ("jw", "jw"),
        ("klingon", "klingon"),
    ],
)
def test_a_language_is_taken_by_code_tag_or_name(text, code):
    assert language_given(text) == code
