"""One recording of a batch."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.disk import digest, identifier

if TYPE_CHECKING:
    from alignment.library.jobs import TextSource

__all__ = ["BatchItem"]


@dataclass(frozen=True, slots=True)
class BatchItem:
    """A recording, and where its text comes from.

    title: what the table and the report call it.
    audio: an address that `fetch` takes (an episode of a feed as `feed#id`), or an absolute path.
    transcript: the file with its text; None where it comes with the source, or is to be recognised.
    recognise: whether, without a transcript, what is said is its text, and not the source's own captions.
    language: ISO 639-1, None to find out. length: seconds, where its list tells.
    """

    title: str
    audio: str
    transcript: Path | None = None
    language: str | None = None
    length: float | None = None
    recognise: bool = False

    @property
    def text(self) -> "TextSource":
        """Where its text comes from, as a `JobRequest` has it."""
        if self.transcript is not None:
            return "given"
        return "recognised" if self.recognise else "captions"

    def key(self, model: str) -> str:
        """What this piece of work is known by: the same audio, text, language and model have the same key.

        Raises OSError where the transcript cannot be read.
        """
        text = "" if self.transcript is None else digest(self.transcript)
        return identifier(self.audio, self.text, text, model, self.language or "")
