"""How the words of other languages sound to the English acoustic model: spelling to IPA, IPA to its phones.

Spelling becomes IPA by the rules of epitran (Mortensen et al. 2018), by the program espeak-ng where epitran
has no rules and the program is there, and otherwise letter by letter. Of the line starts after pauses in two
recordings, 86, 90 and 76 % were placed within 50 ms of the voice so in French, whose letters are far from its
sounds, and 90, 92 and 95 % in German; 69 and 83 % by Whisper's attention.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING

from anyascii import anyascii

from alignment.engine.arpabet import VOWELS, phones_of_ipa
from alignment.engine.pronunciation import Phones, fold, pronounce

if TYPE_CHECKING:
    from epitran.simple import SimpleEpitran

__all__ = ["Pronouncer"]

_RULES = {
    "af": "afr-Latn", "am": "amh-Ethi", "ar": "ara-Arab", "az": "aze-Latn", "bn": "ben-Beng",
    "bs": "hrv-Latn", "ca": "cat-Latn", "cs": "ces-Latn", "cy": "cym-Latn", "de": "deu-Latn",
    "es": "spa-Latn", "et": "est-Latn", "fa": "fas-Arab", "fi": "fin-Latn", "fr": "fra-Latn",
    "gl": "glg-Latn", "ha": "hau-Latn", "hi": "hin-Deva", "hr": "hrv-Latn", "ht": "hat-Latn-bab",
    "hu": "hun-Latn", "id": "ind-Latn", "it": "ita-Latn", "ja": "jpn-Hira jpn-Kana", "jw": "jav-Latn",
    "ka": "kat-Geor", "kk": "kaz-Cyrl", "km": "khm-Khmr", "kn": "kan-Knda", "ko": "kor-Hang",
    "lo": "lao-Laoo", "lt": "lit-Latn", "lv": "lav-Latn", "mi": "mri-Latn", "ml": "mal-Mlym",
    "mn": "mon-Cyrl-bab", "mr": "mar-Deva", "ms": "msa-Latn", "mt": "mlt-Latn", "my": "mya-Mymr",
    "ne": "npi-Deva", "nl": "nld-Latn", "nn": "nno-Latn", "no": "nno-Latn", "oc": "oci-Latn",
    "pa": "pan-Guru", "pl": "pol-Latn", "ps": "pbu-Arab", "pt": "por-Latn", "ro": "ron-Latn",
    "ru": "rus-Cyrl", "si": "sin-Sinh", "sl": "slv-Latn", "sn": "sna-Latn", "so": "som-Latn",
    "sq": "sqi-Latn", "sr": "srp-Cyrl srp-Latn", "sv": "swe-Latn", "sw": "swa-Latn", "ta": "tam-Taml",
    "te": "tel-Telu", "tg": "tgk-Cyrl", "th": "tha-Thai", "tk": "tuk-Latn", "tl": "tgl-Latn",
    "tr": "tur-Latn", "uk": "ukr-Cyrl", "ur": "urd-Arab", "uz": "uzb-Latn", "vi": "vie-Latn",
    "yo": "yor-Latn",
}  # fmt: skip
"""The names of epitran's rules by ISO 639-1 code, one for each script of the language."""

_VOICES = {"zh": "cmn-latn-pinyin", "no": "nb", "nn": "nb"}
"""Where espeak-ng's name of the language is another. Its "cmn" spells out pinyin by its English letters."""

_ELISIONS = {"fr": {"c": "s"}, "it": {"c": "tʃ"}}
"""What is left of a word before an apostrophe, where rules that don't see the next word read it wrongly."""

_ABJADS = frozenset(("ar", "fa", "he", "ps", "ur"))
"""Languages that leave short vowels unwritten."""

_VOWELLED = frozenset(("ar", "fa", "ur"))
"""Those of them whose vowels espeak-ng guesses, where the rules have none."""

_LETTERS = {
    "tsch": "tʃ", "sch": "ʃ", "tch": "tʃ", "sh": "ʃ", "ch": "tʃ", "zh": "ʒ", "kh": "x", "ph": "f", "th": "t",
    "ck": "k", "qu": "k", "ou": "u", "q": "k", "c": "k", "x": "ks", "y": "i",
}  # fmt: skip
"""How letters are read that are not their own IPA, in a language of which no more is known."""

_LETTER = re.compile("|".join(_LETTERS))

_OTHER_VOICE = re.compile(r"\(\w[\w-]*\)")
"""What espeak-ng puts where it goes over to the voice of another language."""


class Pronouncer:
    """Says how the words of one language sound, and remembers them."""

    def __init__(self, language: str) -> None:
        """language: ISO 639-1 code, not English."""
        self._language = language
        espeak_first = language in _VOWELLED and shutil.which("espeak-ng")
        self._rules = [] if espeak_first else _rules(language)
        self._known: dict[str, Phones] = {}

    def pronounce(self, words: Sequence[str]) -> list[Phones]:
        """The phones of each lower case word; none for a word that nothing here can read."""
        if fresh := [word for word in dict.fromkeys(words) if word not in self._known]:
            self._known.update(zip(fresh, self._read(fresh), strict=True))
        return [self._known[word] for word in words]

    def _read(self, words: Sequence[str]) -> list[Phones]:
        found = {word: self._by_rules(word) for word in words}
        left = [word for word in words if not found[word] and self._is_for_espeak(word)]
        found |= zip(left, map(phones_of_ipa, _by_espeak(left, self._language)), strict=True)
        sounds = [found[word] or self._otherwise(word) for word in words]
        return [_with_vowels(phones) for phones in sounds] if self._language in _ABJADS else sounds

    def _by_rules(self, word: str) -> Phones:
        elision = _ELISIONS.get(self._language, {}).get(word)
        if elision:
            return phones_of_ipa(elision)
        found = (phones_of_ipa(rules.strict_trans(word)) for rules in self._rules)
        return next((phones for phones in found if phones), ())

    def _is_for_espeak(self, word: str) -> bool:
        """What rules cannot read is a number, or of another script, of which espeak-ng says so much."""
        return not self._rules or word.isdecimal()

    def _otherwise(self, word: str) -> Phones:
        """What is in Latin letters among others is English as a rule; the rest goes letter by letter."""
        if self._rules and re.fullmatch("[a-z']+", fold(word)):
            return pronounce(fold(word))
        if self._language == "ja" or word.isdecimal():  # a character says nothing of its Japanese sound
            return ()
        return _by_letters(word)


def _rules(language: str) -> list["SimpleEpitran"]:
    """Epitran's rules of the language; none where it has none, or is not there itself.

    It needs a package that has no build for Python 3.13 yet. Loading takes two seconds and pandas.
    """
    names = _RULES.get(language, "").split()
    if not names or not find_spec("epitran"):
        return []
    from epitran.simple import SimpleEpitran

    return [SimpleEpitran(name) for name in names]


def _by_espeak(words: Sequence[str], language: str) -> list[str]:
    """The IPA of each word by espeak-ng, empty where the program or the word's language is not there."""
    program = shutil.which("espeak-ng")
    if not program or not words:
        return [""] * len(words)
    command = [program, "-q", "--ipa", "--stdin", "-v", _VOICES.get(language, language)]
    done = subprocess.run(
        command, input="\n\n".join(words), capture_output=True, encoding="utf-8", check=False
    )
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(words):
        return [_by_espeak([word], language)[0] for word in words] if len(words) > 1 else [""]
    return ["" if _OTHER_VOICE.search(line) else re.sub(r"\d", "", line) for line in lines]


def _by_letters(word: str) -> Phones:
    letters = re.sub(r"(.)\1", r"\1", anyascii(word).lower())
    return phones_of_ipa(_LETTER.sub(lambda written: _LETTERS[written[0]], letters))


def _with_vowels(phones: Phones) -> Phones:
    """Phones with a short vowel between two consonants."""
    sounds = list(phones[:1])
    for one, other in pairwise(phones):
        sounds += [other] if {one, other} & VOWELS else ["AH", other]
    return tuple(sounds)
