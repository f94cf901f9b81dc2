"""What fetching gave, and the note of it that lets a repeated call end at once."""

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment.sources.captions import Captions
from alignment.transcript import Chapter, Source

__all__ = ["FetchedAudio", "keep_receipt", "read_receipt"]

_NAME = "fetched.json"
_VERSION = 2


@dataclass(frozen=True, slots=True)
class FetchedAudio:
    """Audio at hand, with what its source says about it.

    path: the file that browsers play, .m4a (AAC) or .webm (Opus), in the directory given to `fetch`.
    thumbnail: a JPEG, PNG, GIF or WebP picture in the same directory, where the source has one.
    duration: seconds, of the audio itself; `source.length` is what the source claims.
    captions: in the same directory, where they were asked for and the source has some.
    """

    path: Path
    title: str
    source: Source
    thumbnail: Path | None
    duration: float
    captions: Captions | None = None


def keep_receipt(fetched: FetchedAudio, directory: Path, wanted: str) -> None:
    """Note that `wanted` has been fetched into `directory`."""
    note = {
        "version": _VERSION,
        "wanted": wanted,
        "audio": fetched.path.name,
        "bytes": fetched.path.stat().st_size,
        "title": fetched.title,
        "source": dataclasses.asdict(fetched.source),
        "thumbnail": fetched.thumbnail.name if fetched.thumbnail else None,
        "duration": fetched.duration,
        "captions": _described(fetched.captions),
    }
    part = directory / f"{_NAME}.tmp"
    with part.open("w", encoding="utf-8") as file:
        json.dump(note, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(directory / _NAME)


def read_receipt(directory: Path, wanted: str) -> FetchedAudio | None:
    """What an earlier call fetched, if it was the same thing and its file is there and whole."""
    try:
        note = json.loads((directory / _NAME).read_text(encoding="utf-8"))
        path = directory / note["audio"]
        if (note["version"], note["wanted"], note["bytes"]) != (_VERSION, wanted, path.stat().st_size):
            return None
        thumbnail = directory / note["thumbnail"] if note["thumbnail"] else None
        captions = _captions(note["captions"], directory)
        source = _source(note["source"])
        return FetchedAudio(path, note["title"], source, thumbnail, note["duration"], captions)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _described(captions: Captions | None) -> dict[str, Any] | None:
    return {**dataclasses.asdict(captions), "path": captions.path.name} if captions else None


def _captions(fields: dict[str, Any] | None, directory: Path) -> Captions | None:
    return Captions(**{**fields, "path": directory / fields["path"]}) if fields else None


def _source(fields: dict[str, Any]) -> Source:
    chapters = tuple(Chapter(**chapter) for chapter in fields["chapters"])
    return Source(**{**fields, "chapters": chapters})
