"""Progress of long work, as events that go up from the stage at work to whoever shows them."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Progress", "ProgressCallback", "ignore_progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is.

    stage: what is being done, in words for a person ("Fetching audio", "Listening").
    fraction: share of this stage that is done, 0 to 1, or None where it cannot be known.
    eta_s: seconds until the end of this stage, or None where it cannot be known.
    detail: one more fact worth showing ("12.4 of 40 MB, 1.2 MB/s"), or "".
    """

    stage: str
    fraction: float | None = None
    eta_s: float | None = None
    detail: str = ""


ProgressCallback = Callable[[Progress], None]
"""Called from the working thread, often. Raising `Cancelled` in it stops the work."""


def ignore_progress(progress: Progress) -> None:
    """Show nothing; the default wherever a callback is taken."""
