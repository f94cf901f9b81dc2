"""IPA to the phones of the acoustic model."""

import csv
from pathlib import Path

import pocketsphinx
import pytest

from alignment.engine.arpabet import _BY_EAR, _NEAREST, PHONES, phones_of_ipa

IPA_OF_PHONES = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "B": "b", "CH": "t͡ʃ", "D": "d", "DH": "ð", "EH": "ɛ",
    "ER": "ɹ̩", "EY": "e", "F": "f", "G": "ɡ", "HH": "h", "IH": "ɪ", "IY": "i", "JH": "d͡ʒ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ŋ", "OW": "o", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "UH": "ʊ", "UW": "u", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("ˈʃøːnɐ", "SH ER N AH"),
        ("t͡saʊ̯bɐ", "T S AW B AH"),
        ("bɔ̃ʒuʁ", "B AO N ZH UW HH"),
        ("betn̩", "B EY T AH N"),
        ("tɕ͈a", "CH AA"),
        ("d͡ʒ", "JH"),
        ("nɐ̃w̃", "N AW"),
        ("ma5 ma˥˩", "M AA M AA"),
        ("ʔ", ""),
        ("«42»", ""),
    ],
)
def test_sounds_become_phones(ipa, phones):
    assert " ".join(phones_of_ipa(ipa)) == phones


def test_every_phone_is_one_of_the_acoustic_model():
    model = set(Path(pocketsphinx.get_model_path("en-us/en-us/mdef")).read_bytes().split(b"\0"))

    assert model >= {phone.encode() for phone in PHONES}
    assert len(PHONES) == 39


def test_the_table_has_the_nearest_phones_by_articulatory_features():
    panphon = pytest.importorskip("panphon", reason="comes with epitran, which is not for this Python")
    features = panphon.FeatureTable()
    phones = {phone: features.fts(ipa) for phone, ipa in IPA_OF_PHONES.items()}

    for phone, letters in _NEAREST.items():
        for letter in set(letters.split()) - {"g"}:  # the letter of the keyboard, which is not IPA
            away = {each: features.fts(letter).weighted_distance(other) for each, other in phones.items()}
            assert away[phone] == min(away.values()), letter


def test_every_sound_that_the_rules_of_any_language_give_has_a_phone():
    epitran = pytest.importorskip("epitran", reason="not for this Python")
    panphon = pytest.importorskip("panphon")
    features = panphon.FeatureTable()
    silent = set(_BY_EAR[""].split())

    for table in (Path(epitran.__file__).parent / "data" / "map").glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as lines:
            sounds = {sound for row in list(csv.reader(lines))[1:] for sound in features.ipa_segs(row[1])}
        unheard = [sound for sound in sounds if not phones_of_ipa(sound) and sound[0].isalpha()]
        assert {sound[0] for sound in unheard} <= silent | set("ʱʲˤˀ"), table
