"""What files call a language, as its code of two letters."""

import pytest

from alignment.formats import read_transcript
from alignment.formats.language_codes import is_known_language, language_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("en", "en"),
        (" EN-gb ", "en"),
        ("pt_BR", "pt"),
        ("cmn-Hans-CN", "zh"),
        ("ger", "de"),
        ("English", "en"),
        ("haitian creole", "ht"),
        ("English (US)", "en"),
        ("iw", "he"),
        ("tlh", None),
        ("Klingon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_known_by_its_name_its_tag_or_its_codes(name, code):
    assert language_code(name) == code


def test_a_code_of_two_letters_is_not_yet_a_language():
    assert language_code("qq") == "qq"
    assert not is_known_language("qq")
    assert is_known_language("de")


@pytest.mark.parametrize("tag", ["deu", "DE-at"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.vtt", "WEBVTT\nLanguage: {}\n\n00:01.000 --> 00:02.000\nGuten Tag.\n"),
        ("a.lrc", "[la:{}]\n[00:01.00]Guten Tag.\n"),
        (
            "a.ass",
            "[Script Info]\nScriptType: v4.00+\nLanguage: {}\n\n[Events]\nFormat: Start, End, Text\n"
            "Dialogue: 0:00:01.00,0:00:02.00,Guten Tag.\n",
        ),
        (
            "a.ttml",
            '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="{}"><body><div>'
            '<p begin="1s" end="2s">Guten Tag.</p></div></body></tt>',
        ),
        ("a.md", "---\nlanguage: {}\n---\n\n# Gruß\n\nGuten Tag.\n"),
        ("a.html", '<html lang="{}"><body><p>Guten Tag.</p></body></html>'),
    ],
)
def test_every_format_says_it_alike(tmp_path, name, text, tag):
    path = tmp_path / name
    path.write_text(text.format(tag), "utf-8")

    assert read_transcript(path).language == "de"
