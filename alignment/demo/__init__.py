"""The demo episode that comes with the package: two and a half minutes about listening with the text."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["DEMO", "Demo"]


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the files of the episode are, and what it is called.

    audio: AAC in m4a, mono.
    transcript: plain text, untimed, as a person would bring it.
    aligned: the same transcript with this project's own times (native JSON).
    truth: the exact times of its lines and words, as known from the synthesis.
    """

    title: str
    channel: str
    language: str
    audio: Path
    transcript: Path
    aligned: Path
    truth: Path


_FOLDER = Path(__file__).parent

DEMO = Demo(
    title="Listening with the text",
    channel="Verbatime",
    language="en",
    audio=_FOLDER / "audio.m4a",
    transcript=_FOLDER / "transcript.txt",
    aligned=_FOLDER / "aligned.json",
    truth=_FOLDER / "truth.json",
)
