"""IPA to the phones of the English acoustic model: each sound to the English one that is most like it.

Nearest by articulatory features (Mortensen et al. 2016, "PanPhon"; `panphon.Segment.weighted_distance`).
The table was computed with it once and for all; a test computes it anew. `_BY_EAR` holds what differs: sounds
that are two English ones, and those that the features put far from what they sound like. For these the
acoustic model was asked, with a choice of phones for each in recordings of French and German.
"""

import re
import unicodedata
from functools import lru_cache

__all__ = ["PHONES", "VOWELS", "phones_of_ipa"]

_NEAREST = {
    "AA": "a ɑ", "AE": "æ", "AH": "ʌ ə ɜ ɤ", "AO": "ɔ", "B": "b ɓ", "D": "d ɖ ɗ", "DH": "ð", "EH": "ɛ",
    "EY": "e", "F": "f ɸ", "G": "g ɡ ɣ ɢ ɠ", "HH": "h ɦ ʀ", "IH": "ɪ ʏ", "IY": "i", "K": "k q",
    "L": "l r ɾ ɫ ɭ ɽ", "M": "m ɱ", "N": "n ɳ", "NG": "ŋ ɴ", "OW": "o", "P": "p", "R": "ɹ", "S": "s",
    "SH": "ʃ ɕ ʂ ç ɧ", "T": "t ʈ", "TH": "θ", "UH": "ʊ", "UW": "u y ʉ", "V": "v β", "W": "w ɥ ʍ",
    "Y": "j ɰ", "Z": "z", "ZH": "ʒ ʑ ʐ",
}  # fmt: skip
"""Phone: the IPA letters that it is the nearest to."""

_BY_EAR = {
    "AO": "ɒ", "AH": "ɐ ɘ", "AE": "ɶ", "EH": "œ ɞ", "ER": "ø ɚ ɝ", "IH": "ɨ", "UH": "ɯ ɵ",
    "HH": "x χ ħ ʁ ʜ", "K": "c", "P": "ʘ", "B": "ʙ", "T": "ǀ ǁ ǂ ǃ", "L": "ɮ ʟ ɺ", "R": "ɻ", "V": "ʋ ⱱ",
    "Y": "ʝ", "": "ʔ ʕ ʡ ʢ", "N Y": "ɲ", "L Y": "ʎ", "SH L": "ɬ", "D Y": "ɟ ʄ",
    "AW": "aʊ au aw ʌu ʌʊ ɐ̃w̃ ɔu ɑu", "AY": "aɪ ai aj ɑɪ ɑi ɑj œy œɥ ɐɪ ʌɪ", "EY": "eɪ ei ej ɛɪ ɛi ɛj",
    "OW": "oʊ ou ow", "OY": "ɔɪ ɔi ɔj oɪ oi oj ɔʏ ɔø", "CH": "tʃ tɕ tʂ ʈʂ", "JH": "dʒ dʑ dʐ ɖʐ",
    "T S": "ts", "D Z": "dz", "P F": "pf",
}  # fmt: skip

_PHONES = {
    unicodedata.normalize("NFD", ipa): tuple(phones.split())
    for table in (_NEAREST, _BY_EAR)
    for phones, row in table.items()
    for ipa in row.split()
}
_LONGEST = max(map(len, _PHONES))

_NASAL, _SYLLABIC = "\u0303", "\u0329"

PHONES = frozenset(phone for phones in _PHONES.values() for phone in phones)
"""The phones that the model knows and IPA may become."""

VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
"""Of the phones those that are vowels."""

_MARK = re.compile(r"[\u0300-\u0302\u0304-\u0328\u032a-\u036f\u02b0-\u02ff\u200d'.]")
"""Length, stress, tone, aspiration, place and ties; not nasality, not what makes a consonant a syllable."""


@lru_cache(maxsize=50_000)
def phones_of_ipa(ipa: str) -> tuple[str, ...]:
    """The ARPAbet phones nearest to the sounds of an IPA transcription; what is no IPA is passed over.

    A nasal vowel is a vowel and N, a consonant that is a syllable has AH before it.
    """
    text = _MARK.sub("", unicodedata.normalize("NFD", ipa.lower()))
    phones: list[str] = []
    at = 0
    while at < len(text):
        length = next((n for n in range(_LONGEST, 0, -1) if text[at : at + n] in _PHONES), 0)
        if length:
            found = _PHONES[text[at : at + length]]
            if text[at + length : at + length + 1] == _SYLLABIC:
                found = ("AH", *found)
            elif text[at + length : at + length + 1] == _NASAL and found[-1] in VOWELS:
                found = (*found, "N")
            phones += found
        at += max(1, length)
    return tuple(phones)
