"""Which of the captions that a site has are the transcript of a recording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Captions", "CaptionsAt", "choose_captions"]

_KINDS = (
    "json3",
    "vtt",
    "srv3",
    "ttml",
    "srt",
    "srv2",
    "srv1",
    "ass",
    "ssa",
    "sbv",
    "lrc",
    "json",
    "xml",
    "html",
)
"""By how much they say: YouTube's own first, with the time of each word and none of them twice."""

_NO_CAPTIONS = frozenset({"live_chat", "rechat", "danmaku", "comments"})


@dataclass(frozen=True, slots=True)
class CaptionsAt:
    """Captions that a site offers. language: as the site codes it. automatic: a machine wrote them."""

    address: str
    language: str | None
    automatic: bool


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions at hand: the file as it came, and what is known of it."""

    path: Path
    language: str | None
    automatic: bool


def choose_captions(info: Mapping[str, Any], wanted: str | None = None) -> CaptionsAt | None:
    """Of what yt-dlp found, the captions in a language, None for the recording's own; None without any.

    What people wrote comes before what a machine did, the original before a translation of it. Where nobody
    says which language is spoken and there are several, the first is taken.
    """
    language = wanted or info.get("language")
    for name, automatic in (("subtitles", False), ("automatic_captions", True)):
        offered = {
            code: formats for code, formats in (info.get(name) or {}).items() if code not in _NO_CAPTIONS
        }
        for code in sorted(offered, key=lambda code: _rank(code, language)):
            if language and _rank(code, language) > 3:
                break
            if address := _best(offered[code]):
                return CaptionsAt(address, code.removesuffix("-orig"), automatic)
    return None


def _rank(code: str, language: str | None) -> int:
    """How far from the language: the original of a machine's, the very code, a region of it, another."""
    if code.endswith("-orig"):
        return 0 if language is None or _same(code, language) else 4
    if language is None:
        return 2
    return 1 if code == language else 2 if _same(code, language) else 4


def _same(code: str, language: str) -> bool:
    return code.lower().replace("_", "-").split("-")[0] == language.lower().replace("_", "-").split("-")[0]


def _best(formats: Sequence[Mapping[str, Any]]) -> str | None:
    usable = [entry for entry in formats if entry.get("url") and entry.get("ext") in _KINDS]
    if not usable:
        return None
    return str(min(usable, key=lambda entry: _KINDS.index(entry["ext"]))["url"])
