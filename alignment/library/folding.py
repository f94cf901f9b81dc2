"""Texts as they are compared: without accents, case and punctuation, as words between single spaces.

What is written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) becomes a word for each
character, so that any part of it is found as a run of words. The player folds by the same rules (search.js).
"""

import re
import unicodedata

__all__ = ["fold", "fold_places"]

_APOSTROPHES = "'’‘ʼ`´"
_PLAIN = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
"""Letters that Unicode does not take apart, as people type them."""
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class _Folds(dict[int, str | None]):
    """What each character becomes, found out once: letters, a space, or None for nothing."""

    def __missing__(self, code: int) -> str | None:
        folded = self[code] = _fold_character(chr(code)) or None
        return folded


def _fold_character(character: str) -> str:
    parts = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()):
        if part.isalnum():
            plain = _PLAIN.get(part, part)
            parts.append(f" {plain} " if _WITHOUT_SPACES.match(part) else plain)
        elif unicodedata.category(part)[0] != "M" and part not in _APOSTROPHES:
            parts.append(" ")
    return "".join(parts)


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The words of a text as they are compared, with a space between each two: "Così -- fan tutte" is
    "cosi fan tutte"."""
    return " ".join(text.translate(_FOLDS).split())


def fold_places(text: str) -> tuple[str, list[int]]:
    """The same, and for each character of it the place in the text that it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in _FOLDS[ord(character)] or "":
            if part != " " or (folded and folded[-1] != " "):
                folded.append(part)
                places.append(place)
    if folded and folded[-1] == " ":
        del folded[-1], places[-1]
    return "".join(folded), places
