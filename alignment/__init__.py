"""Audio-aligned transcripts: put a time on every line and word of a transcript, and listen with the text.

from alignment import align, fetch, read_transcript, write

transcript = read_transcript(Path("talk.txt"))
audio = fetch("https://example.org/talk", Path("talk"))
aligned = align(audio.path, transcript)
Path("talk.vtt").write_text(write(aligned, "vtt"), "utf-8")
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alignment.engine.pipeline import align
    from alignment.errors import AlignmentError
    from alignment.formats import read_transcript, write
    from alignment.library import Library
    from alignment.sources import FetchedAudio, fetch
    from alignment.transcript import Segment, Transcript, Word

__all__ = [
    "AlignmentError",
    "FetchedAudio",
    "Library",
    "Segment",
    "Transcript",
    "Word",
    "align",
    "fetch",
    "read_transcript",
    "write",
]

_HOMES = {
    "AlignmentError": "alignment.errors",
    "FetchedAudio": "alignment.sources",
    "Library": "alignment.library",
    "Segment": "alignment.transcript",
    "Transcript": "alignment.transcript",
    "Word": "alignment.transcript",
    "align": "alignment.engine.pipeline",
    "fetch": "alignment.sources",
    "read_transcript": "alignment.formats",
    "write": "alignment.formats",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: the recogniser and the downloader are heavy."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
