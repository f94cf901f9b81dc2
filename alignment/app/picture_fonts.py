"""Fonts to draw text with, and whether they have all of its letters: none is ever drawn as a box.

The first choice are the typefaces of the pages, which Streamlit carries; then those that systems have.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from PIL import ImageFont, features

__all__ = ["Drawable", "Family", "drawable", "font", "is_right_to_left"]

Family = Literal["serif", "sans"]
Drawable = tuple[str, str]
"""A text, and the file of a typeface that has all of its letters."""

_OWN = {"serif": "SourceSerifVariable-Roman*", "sans": "SourceSansVF-Upright*"}
_SYSTEM = {
    "serif": ("NotoSerif-Regular.ttf", "DejaVuSerif.ttf", "NotoSerifCJK-Regular.ttc", "Songti.ttc"),
    "sans": ("NotoSans-Regular.ttf", "DejaVuSans.ttf"),
}
_SYSTEM_FOR_SCRIPTS = (
    "NotoSansCJK-Regular.ttc",
    "DroidSansFallbackFull.ttf",
    "wqy-microhei.ttc",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "Arial Unicode.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
    "GeezaPro.ttc",
    "Kohinoor.ttc",
    "segoeui.ttf",
    "msyh.ttc",
    "YuGothR.ttc",
    "malgun.ttf",
    "Nirmala.ttc",
    "LeelawUI.ttf",
)
_NO_CHARACTER = "\U0010ffff"
_SYMBOLS = {"So", "Sk", "Co", "Cn", "Cs", "Cc"}
"""What a quotation can do without where no typeface has it: pictures, and what is no character."""
_SPACE_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?…”])")
_UNSEEN = {"Zs", "Zl", "Zp", "Cf", "Cc"}


def drawable(text: str, family: Family) -> Drawable | None:
    """The text with a typeface that has it all, without the little pictures in it if those are what none has.

    None where a letter of it is in no typeface, or where its script is more than can be drawn here.
    """
    without = "".join(
        character
        for character in text
        if unicodedata.category(character) not in _SYMBOLS and character not in "\ufe0e\ufe0f\u200d"
    )
    without = _SPACE_BEFORE_STOP.sub("", without)
    for given in (" ".join(text.split()), " ".join(without.split())):
        if not given or (_needs_shaping(given) and not _can_shape()):
            continue
        letters = {letter for letter in given if unicodedata.category(letter) not in _UNSEEN}
        for face in _faces(family):
            if all(_has(face, letter) for letter in letters):
                return given, face
    return None


@lru_cache(maxsize=64)
def font(face: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """The typeface in a size (pixels) and, where it has more than one, a weight (400 is regular)."""
    font = ImageFont.truetype(face, size)
    try:
        axes = font.get_variation_axes()
    except (OSError, NotImplementedError):
        return font
    wanted = {b"Weight": weight, b"Optical Size": size}
    values = []
    for axis in axes:
        lowest, highest = axis["minimum"] or 0, axis["maximum"] or 0
        asked = wanted.get(axis["name"] or b"", axis["default"] or 0)
        values.append(float(min(max(asked, lowest), highest)))
    font.set_variation_by_axes(values)
    return font


def is_right_to_left(text: str) -> bool:
    """Whether its first letter with a direction goes from right to left."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((found in {"R", "AL"} for found in directions if found in {"L", "R", "AL"}), False)


@cache
def _faces(family: Family) -> tuple[str, ...]:
    names = (*_SYSTEM[family], *_SYSTEM["sans"], *_SYSTEM_FOR_SCRIPTS)
    return tuple(face for face in (*_own(family), *names) if _can_be_read(face))


def _own(family: Family) -> tuple[str, ...]:
    """Found beside Streamlit's pages, without loading Streamlit."""
    streamlit = find_spec("streamlit")
    if streamlit is None or streamlit.origin is None:
        return ()
    media = Path(streamlit.origin).parent / "static" / "static" / "media"
    return tuple(str(path) for path in media.glob(_OWN[family]))


def _can_be_read(face: str) -> bool:
    try:
        return bool(font(face, 24, 400).getmask("a").size)
    except OSError:
        return False


@cache
def _can_shape() -> bool:
    return bool(features.check("raqm"))


def _needs_shaping(text: str) -> bool:
    """Whether letters change with their neighbours, stand on each other, or run from right to left."""
    return any(
        unicodedata.bidirectional(letter) in {"R", "AL"} or unicodedata.category(letter) in {"Mn", "Mc"}
        for letter in text
    )


@lru_cache(maxsize=8192)
def _has(face: str, letter: str) -> bool:
    return _look(face, letter) != _look(face, _NO_CHARACTER)


@lru_cache(maxsize=8192)
def _look(face: str, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font(face, 24, 400).getmask(letter)
    return mask.size, bytes(mask)
