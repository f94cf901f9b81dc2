"""What a format is to the rest of the package, and the error for what is in none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from alignment.errors import TranscriptError
from alignment.transcript import Transcript

__all__ = ["Format", "not_a_transcript"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a transcript down.

    name: what `alignment export --to` takes; also the usual suffix of its files, without the dot.
    description: its name for a person.
    recognises: whether a text is in this format, by its content; called only where `read` is set.
    read: raises TranscriptError on a text that is damaged. Line ends are "\\n" in what it is given; it may
        leave `Segment.words` empty where it knows nothing of them that the text does not say.
    write: raises TranscriptError where the format cannot hold the transcript. The times that it is given
        have passed `Transcript.check`.
    """

    name: str
    description: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Transcript] | None = None
    write: Callable[[Transcript], str] | None = None


def not_a_transcript(found: str) -> TranscriptError:
    """The error for what is no transcript; `found` is a sentence, without its dot, that says what it is."""
    return TranscriptError(
        f"{found}. Expected the text of a transcript: the words that are said, a caption or a paragraph to "
        "a line, or captions with times. Paste that text, or give a file that holds it."
    )
