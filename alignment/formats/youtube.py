"""What YouTube's formats of captions share: events, each with a time and a line or a piece of one.

Captions by hand are an event a line. Automatic ones roll: words come one by one into a window of two lines,
an event stays until the line below it is full, and a line may come in several events, each appended to the
last.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from alignment.formats.cues import one_block
from alignment.formats.joining import Piece, timed_words
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Word
from alignment.words import is_blank, split_words

__all__ = ["RUBY", "Event", "lines"]

RUBY = frozenset({2, 4, 5})
"""The kinds of ruby (`rb` of a pen) that are no text of their own: brackets, and readings on either side."""


@dataclass(frozen=True, slots=True)
class Event:
    """Text that appears at `start` and is gone at `end`, both in seconds.

    pieces: their starts are from the start of the recording, None where they come with the piece before.
    window: where it appears. appended: whether it goes on behind what stands in its window already, unless a
        line break parts them.
    """

    start: float | None
    end: float | None
    pieces: tuple[Piece, ...]
    window: str = ""
    appended: bool = False

    @property
    def text(self) -> str:
        """What the event says."""
        return "".join(piece.text for piece in self.pieces)


def lines(events: Iterable[Event]) -> tuple[Segment, ...]:
    """A segment for every event that has text and is not appended to one, by start time.

    Where words have times, each ends where the next one starts, or with its event, and each line ends where
    the next one starts, at the latest: how long it stays in the window tells nothing of when it is said.
    """
    spoken = [line for group in _joined(events) if not is_blank((line := _line(group)).text)]
    rolling = any(line.times_words for line in spoken)
    starts = sorted(line.start for line in spoken if line.start is not None)
    return arranged(_segment(line, _after(starts, line.start), rolling) for line in spoken)


@dataclass(frozen=True, slots=True)
class _Line:
    """pieces: with their starts, and the ends of their events. times_words: whether some start later."""

    text: str
    start: float | None
    end: float | None
    pieces: tuple[Piece, ...]
    times_words: bool


def _line(events: Sequence[Event]) -> _Line:
    start = latest = events[0].start
    pieces: list[Piece] = []
    for event in events:
        for number, piece in enumerate(event.pieces):
            given = event.start if piece.start is None and number == 0 else piece.start
            if given is not None and latest is not None and given > latest:
                latest = given
            pieces.append(Piece(piece.text, latest, event.end, confidence=piece.confidence))
    return _Line(
        text="".join(piece.text for piece in pieces),
        start=start,
        end=max((event.end for event in events if event.end is not None), default=None),
        pieces=tuple(pieces),
        times_words=latest != start,
    )


def _segment(line: _Line, following: float | None, rolling: bool) -> Segment:
    """following: when the next line starts."""
    end = following if line.end is None else line.end
    if rolling and following is not None and end is not None:
        end = min(end, following)
    if end is None:
        end = line.start
    words: tuple[Word, ...] = ()
    if line.times_words:
        words = timed_words(line.text, _with_ends(line.pieces, end))
    elif len(split_words(line.text)) == 1:
        words = timed_words(line.text, [replace(line.pieces[0], text=line.text, end=end)])
    return Segment(0, one_block(line.text), line.start, end, words=words)


def _with_ends(pieces: Sequence[Piece], end: float | None) -> list[Piece]:
    """Each piece ends where the next one starts; or with its event, or with the line, if that is earlier."""
    limits = [*(piece.start for piece in pieces[1:]), end]
    ends = [
        limit if piece.end is None or limit is None else min(limit, piece.end)
        for piece, limit in zip(pieces, limits, strict=True)
    ]
    return [
        Piece(piece.text, piece.start, end, confidence=piece.confidence)
        for piece, end in zip(pieces, ends, strict=True)
    ]


def _joined(events: Iterable[Event]) -> list[list[Event]]:
    """The events of each line: those that are appended stand with the one that they are appended to."""
    groups: list[list[Event]] = []
    unfinished: dict[str, list[Event]] = {}
    for event in events:
        text = event.text
        goes_on = event.appended and not text.startswith("\n")
        before = unfinished.get(event.window) if goes_on else None
        if before is not None:
            before.append(event)
        elif not is_blank(text):
            unfinished[event.window] = [event]
            groups.append(unfinished[event.window])
        if text.endswith("\n"):
            unfinished.pop(event.window, None)
    return groups


def _after(starts: Sequence[float], start: float | None) -> float | None:
    """The first of `starts` that is later than `start`."""
    place = bisect_right(starts, start) if start is not None else len(starts)
    return starts[place] if place < len(starts) else None
