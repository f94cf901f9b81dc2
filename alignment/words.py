"""Where one word ends and the next begins, in any script, with no character lost.

A word is what a player marks and an aligner times. In most scripts that is what stands between white space.
Scripts written without spaces have no such marks, and one "word" per sentence would be useless: there the
pieces are the smallest that are read aloud on their own, a character in Chinese, a character with its small
kana and length marks in Japanese, a cluster of consonant, vowels and tone marks in Thai, Lao, Khmer and
Burmese. Punctuation goes with the piece that it follows, an opening bracket with the one that it precedes.
"""

import re
import unicodedata
from collections.abc import Iterator

from alignment.transcript import Word

__all__ = ["WHITE_SPACE", "is_blank", "separator", "split_words", "word_texts"]

WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\ufeff"
"""Every character that stands between words, the no-break spaces among them.

U+200B separates words in Khmer and Thai typing, U+FEFF is a byte order mark left in the text.
"""

_TOKEN = re.compile(f"[^{re.escape(WHITE_SPACE)}]+")

_HAN = (
    r"\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_BOPOMOFO = r"\u3105-\u312f\u31a0-\u31bf"
_KANA = r"\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
# Small kana and length, voicing and repetition marks: they have no beat without the kana before them.
_KANA_TAIL = (
    r"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶー"
    r"\u3099-\u309e\u30fd\u30fe\u31f0-\u31ff\uff67-\uff70\uff9e\uff9f"
)
_VARIATION = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BURMESE_LETTER = r"\u1000-\u102a\u103f\u1050-\u1055"
_KHMER_LETTER = r"\u1780-\u17b3"

# A letter with what cannot be read without it. In Burmese a consonant that loses its vowel (asat, U+103A) or
# is stacked on the next (virama, U+1039) closes the syllable before it; in Khmer U+17D2 subjoins the next.
_CLUSTERS = (
    rf"[{_HAN}{_BOPOMOFO}][{_VARIATION}]*",
    rf"[{_KANA}][{_KANA_TAIL}{_VARIATION}]*",
    r"[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e30-\u0e3a\u0e45-\u0e4e]*",
    r"[\u0ec0-\u0ec4]?[\u0e81-\u0eae\u0edc-\u0edf][\u0eb0-\u0ebd\u0ec6-\u0ece]*",
    rf"[{_BURMESE_LETTER}](?:[\u102b-\u1038\u103a-\u103e\u1056-\u1059]|\u1039[\u1000-\u1021]"
    r"|[\u1000-\u1021](?=\u1037?\u103a|\u1039))*",
    rf"[{_KHMER_LETTER}](?:\u17d2[{_KHMER_LETTER}]|[\u17b4-\u17d1\u17d3\u17dd])*",
)
_UNSPACED = (
    rf"{_HAN}{_BOPOMOFO}{_KANA}\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf"
    r"\u1000-\u103f\u1050-\u1059\u1780-\u17d3\u17dd"
)
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ATOM = re.compile("|".join((*_CLUSTERS, f"[{_UNSPACED}]", f"[^{_UNSPACED}]+")))


def split_words(text: str) -> tuple[Word, ...]:
    """The words of `text`, in order, without times.

    Every character that is not WHITE_SPACE is in exactly one word.
    """
    return tuple(map(Word, word_texts(text)))


def word_texts(text: str) -> list[str]:
    """The same words as they are written."""
    tokens = _TOKEN.findall(text)
    if not _HAS_UNSPACED.search(text):
        return tokens
    return [piece for token in tokens for piece in _pieces(token)]


def is_blank(text: str) -> bool:
    """Whether `text` holds no word at all."""
    return _TOKEN.search(text) is None


def separator(left: str, right: str) -> str:
    """What to write between two words put together to a text: a space, or nothing in a script without.

    It is nothing where the two are two words all the same.
    """
    return "" if len(word_texts(left + right)) == len(word_texts(left)) + len(word_texts(right)) else " "


def _pieces(token: str) -> list[str]:
    if not _HAS_UNSPACED.search(token):
        return [token]
    pieces: list[list[str]] = []
    opening: list[str] = []
    for atom in _atoms(token):
        if _stands_alone(atom):
            pieces.append([*opening, atom])
            opening = []
        elif opening or not pieces or _opens(atom):
            opening.append(atom)
        else:
            pieces[-1].append(atom)
    if not pieces:
        return [token]
    pieces[-1] += opening
    return ["".join(piece) for piece in pieces]


def _atoms(token: str) -> Iterator[str]:
    """Clusters, and between them runs of other scripts ("Python3.5"), their outer punctuation apart."""
    for atom in _ATOM.findall(token):
        if _HAS_UNSPACED.match(atom):
            yield atom
            continue
        first, last = 0, len(atom)
        while first < last and not _stands_alone(atom[first]):
            first += 1
        while last > first and not _stands_alone(atom[last - 1]):
            # A combining accent belongs to the letter before it.
            if unicodedata.category(atom[last - 1]).startswith("M"):
                break
            last -= 1
        yield from atom[:first]
        if first < last:
            yield atom[first:last]
        yield from atom[last:]


def _stands_alone(atom: str) -> bool:
    """Whether the atom is a letter or digit, with whatever hangs on it: not a mark, punctuation or symbol."""
    return unicodedata.category(atom[0])[0] in "LN"


def _opens(mark: str) -> bool:
    return unicodedata.category(mark) in {"Ps", "Pi", "Sc"} or mark in "¿¡#@"
