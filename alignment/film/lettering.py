"""Which font can write a text, and how wide it is in it.

The first choice is Source Sans, which Streamlit brings for its pages: Latin, Greek and Cyrillic. Other
scripts need a font of this computer, and the first one that has every letter is taken.
"""

import importlib.util
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont, features

from alignment.errors import FilmError

__all__ = ["Lettering", "is_right_to_left", "lettering_for", "plain"]

Weight = Literal["Regular", "Semibold"]

_BESIDE_LETTERS = "\u200c\u200d\u200e\u200f"
"""Not printable, but what many scripts are joined and ordered by."""
_NO_CHARACTER = "\U0010ffff"
_PROBE_SIZE = 24
_UNLIKE = ("italic", "oblique", "mono", "cond", "thin", "light", "black", "serif", "emoji", "symbol")
"""In the name of a font's file: what other words on a card are not set in, if there is another one."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """A font. path: of its file; None for the small one that Pillow brings, which has ASCII alone."""

    path: Path | None

    def at(self, size: int, weight: Weight = "Semibold") -> ImageFont.FreeTypeFont:
        """The font in a size in pixels; the weight as far as the file has it."""
        return _font(self.path, size, weight)

    def lacks(self, text: str) -> set[str]:
        """The characters of a text that it cannot write."""
        font = _probe(self.path)
        nothing = _shape(font, _NO_CHARACTER)
        return {
            character
            for character in set(text)
            if not (character.isspace() or character in _BESIDE_LETTERS)
            and _shape(font, character) == nothing
        }

    def writable(self, text: str) -> str:
        """The text on one line, without what it cannot write."""
        lacking = self.lacks(text)
        return " ".join("".join(character for character in text if character not in lacking).split())


def lettering_for(text: str, font: Path | None = None) -> Lettering:
    """A font with every letter and digit of the text; signs, emoji among them, may be missing in it.

    font: the one to take, None for any. Raises FilmError where there is none.
    """
    letters = "".join(character for character in set(text) if _is_letter(character))
    if any(map(_needs_shaping, letters)) and not (features.check("raqm") and features.check("fribidi")):
        raise FilmError(
            "The script of this text cannot be drawn here: Pillow has no libraqm with FriBiDi. Install these "
            "libraries, or write captions beside an audio clip instead."
        )
    if font:
        chosen = Lettering(font)
        _check_font(font)
        if lacking := chosen.lacks(letters):
            raise FilmError(f"The font {font} lacks {_shown(lacking)}. Name another one with --font.")
        return chosen
    for chosen in map(Lettering, _candidates()):
        if not chosen.lacks(letters):
            return chosen
    lacking = min((Lettering(path).lacks(letters) for path in (_of_the_pages(), None)), key=len)
    raise FilmError(
        f"No font on this computer has every letter of this text, such as {_shown(lacking)}. Install one for "
        "the script, from the Noto fonts for example (on the command line, --font names a file)."
    )


def plain(text: str) -> str:
    """The text on one line, without anything that is no character: fit for a picture or a tag."""
    known = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return " ".join("".join(map(_printable, known)).split())


def is_right_to_left(text: str) -> bool | None:
    """Whether the first letter of a text belongs to a script that is written so; None where it has none."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return None


def _printable(character: str) -> str:
    if character.isprintable() or character in _BESIDE_LETTERS:
        return character
    return "" if unicodedata.category(character) == "Cf" else " "


def _candidates() -> Iterator[Path | None]:
    yield _of_the_pages()
    yield None
    yield from _of_this_computer()


@lru_cache(maxsize=1)
def _of_the_pages() -> Path | None:
    """Source Sans as Streamlit serves it, found without loading Streamlit."""
    found = importlib.util.find_spec("streamlit")
    if not (found and found.origin):
        return None
    media = Path(found.origin).parent / "static" / "static" / "media"
    return next(iter(sorted(media.glob("SourceSans*Upright*.woff2"))), None)


@lru_cache(maxsize=1)
def _of_this_computer() -> tuple[Path, ...]:
    """The fonts of the system and of the person, those first that look like the others on a card."""

    def unlikeness(path: Path) -> tuple[int, bool, str]:
        name = path.stem.lower()
        return sum(word in name for word in _UNLIKE), "bold" not in name, name

    files = {
        file
        for folder in _font_folders()
        for file in _files_under(folder)
        if file.suffix.lower() in {".ttf", ".otf", ".ttc"}
    }
    return tuple(sorted(filter(_opens, files), key=unlikeness))


def _font_folders() -> Iterable[Path]:
    home = Path.home()
    if sys.platform == "win32":
        return (
            Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
            home / "AppData/Local/Microsoft/Windows/Fonts",
        )
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    kept = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    return (*(Path(folder) / "fonts" for folder in [kept, *data.split(os.pathsep)]), home / ".fonts")


def _files_under(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):  # passes over what cannot be read
        yield from (Path(parent) / name for name in names)


def _opens(path: Path) -> bool:
    try:
        _probe(path)
    except (OSError, ValueError):
        return False
    return True


def _check_font(path: Path) -> None:
    if not _opens(path):
        raise FilmError(f"{path} is no font that can be read. Name a .ttf, .otf or .woff2 file with --font.")


@lru_cache(maxsize=512)
def _probe(path: Path | None) -> ImageFont.FreeTypeFont:
    """The font for single letters, without any shaping."""
    if path is None:
        font = ImageFont.load_default(_PROBE_SIZE)
        assert isinstance(font, ImageFont.FreeTypeFont)
        return font
    return ImageFont.truetype(str(path), _PROBE_SIZE, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _font(path: Path | None, size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    if path is None:
        font = ImageFont.load_default(size)
        assert isinstance(font, ImageFont.FreeTypeFont)
        return font
    font = ImageFont.truetype(str(path), size)
    try:
        names = font.get_variation_names()
    except OSError:  # it comes in one weight
        return font
    if weight.encode() in names:
        font.set_variation_by_name(weight)
    return font


def _shape(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN" or _is_mark_of_its_own(character)


def _is_mark_of_its_own(character: str) -> bool:
    """A vowel sign or the like, which a text cannot be read without; accents a font may put together."""
    return unicodedata.category(character) in {"Mc", "Mn"} and not unicodedata.name(character, "").startswith(
        ("COMBINING", "VARIATION")
    )


def _needs_shaping(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL"} or _is_mark_of_its_own(character)


def _shown(characters: Iterable[str]) -> str:
    """A few of them for a person to read."""
    return ", ".join(f"{character!r}" for character in sorted(characters)[:3])
