"""How much is fetched and taken in: bytes, seconds of sound, time that is waited, speed."""

from dataclasses import dataclass
from pathlib import Path

from alignment.errors import AudioError, FetchError, TranscriptError
from alignment.wording import clock

__all__ = ["NO_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one recording may cost; None stands for no limit.

    bytes: of the recording, and of all that is received while it is fetched. seconds: of its sound.
    text_bytes: of a transcript, given or fetched. patience_s: for the whole fetch, in seconds.
    bytes_a_second: the least that a download may bring, on the average of half a minute of waiting for it.
    """

    bytes: int | None = None
    seconds: float | None = None
    text_bytes: int | None = None
    patience_s: float | None = None
    bytes_a_second: float | None = None

    def check_size(self, size: int, called: str) -> None:
        """Raise FetchError where `size` bytes are more than a recording may have."""
        if self.bytes is not None and size > self.bytes:
            raise FetchError(
                f"{called} is larger than {_megabytes(self.bytes)}, the most that is taken here. "
                "Give a smaller file, its sound alone for example."
            )

    def check_length(self, seconds: float, called: str) -> None:
        """Raise AudioError where a recording is longer than it may be."""
        if self.seconds is not None and seconds > self.seconds:
            raise AudioError(
                f"{called} is longer than {clock(round(self.seconds))}, the most that is taken here. "
                "Give a part of it."
            )

    def check_text(self, path: Path) -> None:
        """Raise TranscriptError where the file of a transcript is larger than it may be."""
        if self.text_bytes is not None and path.stat().st_size > self.text_bytes:
            raise TranscriptError(
                f"The transcript is larger than {_megabytes(self.text_bytes)}, the most that is taken here. "
                "Give it without what does not belong to this recording."
            )

    def too_late(self, called: str) -> FetchError:
        """The error for a fetch that takes longer than anyone waits."""
        return FetchError(
            f"Fetching {called} took longer than {clock(round(self.patience_s or 0))}, the most that is "
            "waited here. Try again later, or give the audio file instead."
        )

    def too_slow(self, called: str) -> FetchError:
        """The error for a server that hardly sends."""
        return FetchError(
            f"The server of {called} sends fewer than {self.bytes_a_second or 0:,.0f} bytes a second. "
            "Try again later, or give the audio file instead."
        )


NO_LIMITS = Limits()
"""A personal app's: whoever runs it decides each time."""


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB" if count >= 1e6 else f"{count:,} bytes"
