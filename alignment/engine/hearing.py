"""What was heard in the windows that were listened to, and which of them to begin with.

Recognition costs ten times what forcing does, and where the text is what is said forcing needs no more of it
than a window now and then to hold on to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.windows import SAMPLE_EVERY, SHORT

__all__ = ["Hearing", "first_windows", "sample"]


def first_windows(windows: Sequence[Span]) -> list[Span]:
    """The windows to begin with: all of a short recording, of others a sample."""
    return list(windows) if sum(window.length for window in windows) <= SHORT else sample(windows)


def sample(windows: Sequence[Span]) -> list[Span]:
    """The brief windows, spread over the audio, and the last one."""
    return [*windows[:-1:SAMPLE_EVERY], *windows[-1:]]


@dataclass(frozen=True, eq=False)
class Hearing:
    """What was heard so far.

    windows: all that hold speech, in order. by_window: the words of those that were listened to.
    told: words that stand for those of windows that were not.
    """

    windows: Sequence[Span]
    by_window: Mapping[Span, Sequence[HeardWord]]
    told: Mapping[Span, Sequence[HeardWord]] = field(default_factory=dict)

    @cached_property
    def words(self) -> list[HeardWord]:
        """The words heard, and those told in their place, in order."""
        return [word for window in self.windows for word in self._of(window) or ()]

    @cached_property
    def breaks(self) -> list[int]:
        """Indices in `words` that windows were passed over just before, rising; len(words) for the last."""
        found: list[int] = []
        count = 0
        for window in self.windows:
            words = self._of(window)
            if words is not None:
                count += len(words)
            elif not found or found[-1] != count:
                found.append(count)
        return found

    def _of(self, window: Span) -> Sequence[HeardWord] | None:
        return self.by_window.get(window, self.told.get(window))

    def missed(self, spans: Iterable[Span]) -> list[Span]:
        """Windows that touch one of the spans and were not listened to, in order."""
        wanted = list(spans)
        return [
            window
            for window in self.windows
            if window not in self.by_window
            and any(window.start < span.end and span.start < window.end for span in wanted)
        ]
