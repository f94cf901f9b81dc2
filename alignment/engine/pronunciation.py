"""How English words sound: the acoustic model's dictionary, and letter-to-sound rules for words outside it.

Sounds are the 39 ARPAbet phones of the CMU dictionary that comes with pocketsphinx. The rules aim at the
right number and kind of sounds, which is what the place of a word's edges depends on, not at an accent.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pocketsphinx

__all__ = ["Phones", "fold", "in_dictionary", "pronounce", "pronunciations"]

Phones = tuple[str, ...]

_DICTIONARY = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))


def fold(word: str) -> str:
    """Lower case without accents or other marks: the spelling that words are compared and looked up by."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.translate(_FOLDED)


_FOLDED = str.maketrans(
    {
        "’": "'",
        "ʼ": "'",
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "þ": "th",
        "ð": "d",
    }
)


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, list[Phones]]:
    """The ways to say each word, the usual one first."""
    entries: dict[str, list[Phones]] = {}
    with _DICTIONARY.open(encoding="utf-8") as lines:
        for line in lines:
            word, *phones = line.split()
            entries.setdefault(word.partition("(")[0], []).append(tuple(phones))
    return entries


def _usual(word: str) -> Phones | None:
    """How a word of the dictionary is said as a rule."""
    ways = _dictionary().get(word)
    return ways[0] if ways else None


def in_dictionary(word: str) -> bool:
    """Whether the acoustic model's dictionary knows the (folded) word."""
    return word in _dictionary()


def pronunciations(word: str) -> Sequence[Phones]:
    """The ways to say a (folded) word, the usual one first; none for a word without a letter in it."""
    if known := _dictionary().get(word):
        return known
    phones = pronounce(word)
    return [phones] if phones else []


@lru_cache(maxsize=20_000)
def pronounce(word: str) -> Phones:
    """The phones of a (folded) word; never empty for a word with a letter in it.

    Known words come from the dictionary, compounds and inflections from their parts, the rest from rules.
    """
    known = _usual(word)
    if known:
        return known
    return _inflected(word) or _compound(word) or _by_rule(word)


def _inflected(word: str) -> Phones | None:
    """A known stem with a plural, possessive or past ending."""
    for ending in ("'s", "s'", "s", "'d", "ed", "d", "'ll"):
        stem = _usual(word.removesuffix(ending)) if word.endswith(ending) else None
        if stem:
            return stem + _ending_sound(ending, stem[-1])
    return None


def _ending_sound(ending: str, last: str) -> Phones:
    if ending == "'ll":
        return ("AH", "L")
    if ending in ("'d", "ed", "d"):
        return ("AH", "D") if last in ("T", "D") else ("T",) if last in _VOICELESS else ("D",)
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return ("AH", "Z")
    return ("S",) if last in _VOICELESS else ("Z",)


_VOICELESS = frozenset(("P", "T", "K", "F", "TH", "S", "SH", "CH"))


def _compound(word: str) -> Phones | None:
    """Two known words of four letters or more written as one."""
    for cut in range(len(word) - 4, 3, -1):
        head, tail = _usual(word[:cut]), _usual(word[cut:])
        if head and tail:
            return head + tail
    return None


# Letter-to-sound rules, tried in order at each place: (letters, what must follow as a pattern, phones).
_V = "[aeiouy]"
_RULES: tuple[tuple[str, str, str], ...] = (
    ("tion", "", "SH AH N"), ("sion", "", "ZH AH N"), ("cian", "$", "SH AH N"), ("tia", "", "SH AH"),
    ("cia", "", "SH AH"), ("ture", "$", "CH ER"), ("sch", "", "SH"), ("tch", "", "CH"),
    ("ough", "$", "OW"), ("eigh", "", "EY"), ("igh", "", "AY"), ("augh", "", "AO"), ("eau", "", "OW"),
    ("aux", "$", "OW"), ("eux", "$", "OW"), ("ieu", "", "Y UW"), ("uy", "$", "W IY"), ("chr", "", "K R"),
    ("ch", "", "CH"), ("ck", "", "K"), ("sh", "", "SH"), ("th", "", "TH"), ("ph", "", "F"),
    ("wh", "", "W"), ("gh", "$", ""), ("gh", "t", ""), ("gh", "", "G"), ("kn", "", "N"), ("wr", "", "R"),
    ("ps", "", "S"), ("pn", "", "N"), ("ng", "$", "NG"), ("ng", "[^aeiouy]", "NG"), ("nk", "", "NG K"),
    ("qu", "", "K W"), ("q", "", "K"), ("dg", "[ei]", "JH"), ("sce", "", "S EH"), ("sci", "", "S AY"),
    ("cc", "[eiy]", "K S"), ("c", "[eiy]", "S"), ("c", "", "K"), ("g", "[eiy]", "JH"), ("g", "", "G"),
    ("zz", "", "T S"), ("tz", "", "T S"), ("cz", "", "CH"), ("sz", "", "SH"), ("zh", "", "ZH"),
    ("kh", "", "K"), ("x", "", "K S"), ("bb", "", "B"), ("dd", "", "D"), ("ff", "", "F"),
    ("gg", "", "G"), ("ll", "", "L"), ("mm", "", "M"), ("nn", "", "N"), ("pp", "", "P"), ("rr", "", "R"),
    ("ss", "", "S"), ("tt", "", "T"), ("vv", "", "V"), ("ee", "", "IY"), ("ea", "", "IY"),
    ("ie", "", "IY"), ("ei", "", "AY"), ("ey", "$", "IY"), ("oo", "", "UW"), ("oa", "", "OW"),
    ("oe", "", "OW"), ("ou", "", "UW"), ("ow", "$", "OW"), ("ow", "", "AW"), ("oi", "", "OY"),
    ("oy", "", "OY"), ("ai", "", "EY"), ("ay", "", "EY"), ("au", "", "AO"), ("aw", "", "AO"),
    ("ew", "", "UW"), ("eu", "", "Y UW"), ("ue", "$", "UW"), ("ui", "", "UW IY"), ("er", "$", "ER"),
    ("er", "[^aeiouy]", "ER"), ("ir", "[^aeiouy]", "ER"), ("ur", "[^aeiouy]", "ER"),
    ("ar", "[^aeiouy]", "AA R"), ("or", "", "AO R"), ("a", "[^aeiouy]e$", "EY"),
    ("e", "[^aeiouy]e$", "IY"), ("i", "[^aeiouy]e$", "AY"), ("o", "[^aeiouy]e$", "OW"),
    ("u", "[^aeiouy]e$", "UW"), ("e", "$", ""), ("es", "$", "Z"), ("ed", "$", "D"), ("a", "$", "AH"),
    ("i", "$", "IY"), ("o", "$", "OW"), ("y", "$", "IY"), ("y", _V, "Y"), ("y", "", "IH"),
    ("a", "", "AE"), ("e", "", "EH"), ("i", "", "IH"), ("o", "", "AA"), ("u", "", "AH"), ("b", "", "B"),
    ("d", "", "D"), ("f", "", "F"), ("h", _V, "HH"), ("h", "", ""), ("j", "", "JH"), ("k", "", "K"),
    ("l", "", "L"), ("m", "", "M"), ("n", "", "N"), ("p", "", "P"), ("r", "", "R"), ("s", "", "S"),
    ("t", "", "T"), ("v", "", "V"), ("w", "", "W"), ("z", "", "Z"),
)  # fmt: skip
_BY_LETTER = {
    letter: [
        (len(text), re.compile(text + (f"(?={after})" if after else "")), tuple(phones.split()))
        for text, after, phones in _RULES
        if text[0] == letter
    ]
    for letter in "abcdefghijklmnopqrstuvwxyz"
}


def _by_rule(word: str) -> Phones:
    letters = re.sub("[^a-z]", "", word)
    phones: list[str] = []
    at = 0
    while at < len(letters):
        for length, pattern, sounds in _BY_LETTER[letters[at]]:
            if pattern.match(letters, at):
                phones += sounds
                at += length
                break
    if not phones and letters:  # a word of silent letters alone: say its first one
        phones = list(_dictionary()[letters[0]][0])
    return tuple(phones)
