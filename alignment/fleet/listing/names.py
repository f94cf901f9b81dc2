"""What the name of a file tells: its kind, the recording that it belongs to, its language."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from alignment.formats.language_codes import is_known_language, language_code

__all__ = [
    "MEDIA_SUFFIXES",
    "TRANSCRIPT_SUFFIXES",
    "Reading",
    "folded",
    "in_natural_order",
    "is_media",
    "is_transcript",
    "readings",
]

MEDIA_SUFFIXES = tuple(
    ".m4a .mp3 .opus .ogg .oga .spx .aac .m4b .m4r .f4a .wav .flac .aif .aiff .aifc .caf .au .alac .ape .wv "
    ".wma .amr .3ga .ac3 .mp2 .mpga .mka .weba .dss .ds2 "
    ".mp4 .m4v .webm .mkv .mov .avi .mpg .mpeg .mts .m2ts .wmv .flv .f4v .ogv .3gp .3g2 .asf .vob".split()
)
"""How recordings that FFmpeg reads are called, sound before films: of two forms of one recording the first is
taken."""

TRANSCRIPT_SUFFIXES = tuple(
    # What people write as a text, with the words as they want them.
    ".txt .text .md .markdown .docx "
    # Captions and what recognisers make, by how much they tell.
    ".vtt .ttml .dfxp .srt .ass .ssa .smi .sami .sbv .json3 .srv3 .srv2 .srv1 .lrc .textgrid .json .csv .tsv "
    ".xml "
    # What may be about the recording as well: its page, its book, its slides.
    ".html .htm .xhtml .epub .pdf".split()
)
"""How transcripts are called; of several for one recording the first is taken."""

_WORDS = frozenset(
    "transcript transcription captions caption subtitles subtitle subs cc sdh forced auto text labels".split()
)
"""What may stand behind the name of a recording in that of its transcript, beside a language."""

_ABOUT = (".info.json", ".live_chat.json")
"""What yt-dlp writes beside a recording, and nobody says in it."""

_MARKS = " ._-"
_TAG = re.compile(r"[a-z]{2,3}(?:[-_](?:[a-z]{2,8}|\d{3}))*+|[a-z]{4,12}", re.ASCII)
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the name of a transcript: the name of its recording, without suffix, and the rest.

    language: ISO 639-1, where the rest names one. original: whether it says that it is the one spoken.
    """

    stem: str
    language: str | None = None
    original: bool = False


def is_media(name: str) -> bool:
    """Whether a file of this name is a recording."""
    return PurePath(name).suffix.lower() in MEDIA_SUFFIXES


def is_transcript(name: str) -> bool:
    """Whether a file of this name may be a transcript."""
    return PurePath(name).suffix.lower() in TRANSCRIPT_SUFFIXES and not name.lower().endswith(_ABOUT)


def folded(name: str) -> str:
    """The same for names that people take for the same: whatever their case, and how accents are coded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def in_natural_order(path: Path) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Sorts as people do: folder by folder, whatever the case, "Talk 2" before "Talk 10"."""
    return tuple(_natural(part) for part in path.parts)


def readings(name: str) -> Iterator[Reading]:
    """The ways to read a transcript's name, the longest name of a recording first.

    `talk.mp3.en.vtt` is of talk.mp3.en, of talk.mp3 and of talk.
    """
    stem = PurePath(name).stem
    for found in _cut(stem):
        yield found
        if is_media(found.stem):
            yield Reading(PurePath(found.stem).stem, found.language, found.original)


def _cut(stem: str) -> Iterator[Reading]:
    yield Reading(stem)
    for place in range(len(stem) - 1, 0, -1):
        if stem[place] in _MARKS and (label := _label(stem[place], stem[place + 1 :])) is not None:
            yield Reading(stem[:place].rstrip(), label.language, label.original)


def _label(mark: str, text: str) -> Reading | None:
    """What is behind the name of a recording, with no name; None where it is part of that."""
    language, original = None, False
    is_apart = mark != " " or text.startswith(("(", "["))  # "Talk it" is no talk in Italian
    for part in folded(text).strip("()[] ").split("."):
        if part in _WORDS:
            continue
        if not is_apart or (code := _language(part)) is None:
            return None
        language, original = code, part.endswith(("-orig", "_orig"))
    return Reading("", language, original)


def _language(part: str) -> str | None:
    code = language_code(part) if _TAG.fullmatch(part) else None
    return code if code and is_known_language(code) else None


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = enumerate(_DIGITS.split(folded(text)))
    return tuple((1, 0, part) if place % 2 == 0 else (0, int(part), part) for place, part in parts if part)
