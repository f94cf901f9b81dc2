"""What a format is to the rest of the package, and the errors for what is damaged or in none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from alignment.errors import TranscriptError
from alignment.transcript import Transcript

__all__ = ["Format", "damaged", "not_a_transcript"]

Content = TypeVar("Content", str, bytes)


@dataclass(frozen=True, slots=True)
class Format(Generic[Content]):
    """One way to write a transcript down: as text, or as the bytes of a file that is no text.

    name: what `alignment export --to` takes.
    description: its name for a person.
    recognises: whether something is in this format, by its content; called only where `read` is set.
    read: raises TranscriptError on what is damaged. Line ends are "\\n" in a text that it is given; it may
        leave `Segment.words` empty where it knows nothing of them that the text does not say.
    write: raises TranscriptError where the format cannot hold the transcript. The times that it is given
        have passed `Transcript.check`.
    words: whether it holds times of words. speakers: whether it names who speaks. untimed: whether it shows
    lines without times, too.
    suffix: how names of its files end, with the dot; by default its own name. media_type: for HTTP.
    """

    name: str
    description: str
    recognises: Callable[[Content], bool]
    read: Callable[[Content], Transcript] | None = None
    write: Callable[[Transcript], Content] | None = None
    words: bool = False
    speakers: bool = False
    untimed: bool = False
    suffix: str = ""
    media_type: str = "text/plain"

    def __post_init__(self) -> None:
        if not self.suffix:
            object.__setattr__(self, "suffix", f".{self.name}")


def not_a_transcript(found: str) -> TranscriptError:
    """The error for what is no transcript; `found` is a sentence, without its dot, that says what it is."""
    return TranscriptError(
        f"{found}. Expected the text of a transcript: the words that are said, a caption or a paragraph to "
        "a line, or captions with times. Paste that text, or give a file that holds it."
    )


def damaged(kind: str, line: int, why: str) -> TranscriptError:
    """The error for a format that is known and cannot be read. line: where, from 1."""
    return TranscriptError(
        f"This {kind} is damaged at line {line}: {why.rstrip('.')}. Expected the whole file, as the program "
        "that made it wrote it; mend that line, or save the text alone and give that."
    )
