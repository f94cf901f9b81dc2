"""Times that the transcript brings with it, taken for a first guess in place of listening."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.errors import TranscriptError
from alignment.transcript import Segment, Transcript

__all__ = ["told_words"]


def told_words(transcript: Transcript, windows: Sequence[Span]) -> dict[Span, list[HeardWord]]:
    """The words of a timed transcript as if heard at their cues' times, by the window that they begin in.

    Words without times of their own share their cue in proportion to their length. Raises TranscriptError
    where lines have no times.
    """
    timed = [segment for segment in transcript.segments if segment.words]
    untimed = [segment for segment in timed if segment.start is None or segment.end is None]
    if untimed:
        raise TranscriptError(
            f"{len(untimed)} of {len(timed)} lines have no times, so they cannot be anchors. "
            "Give subtitles such as SRT or WebVTT, or take the anchors from the audio."
        )
    told: dict[Span, list[HeardWord]] = {window: [] for window in windows}
    ends = [window.end for window in windows]
    for cue in _without_overlap(timed):
        for word in cue:
            told[windows[min(bisect_left(ends, word.start), len(windows) - 1)]].append(word)
    return told


def _without_overlap(timed: Sequence[Segment]) -> Iterator[list[HeardWord]]:
    starts = [segment.start or 0.0 for segment in timed]
    for segment, (start, next_start) in zip(timed, pairwise((*starts, float("inf"))), strict=True):
        yield _spread(segment, Span(start, max(start, min(segment.end or start, next_start))))


def _spread(segment: Segment, cue: Span) -> list[HeardWord]:
    shares = cue.divided([len(word.text) for word in segment.words])
    return [
        HeardWord(word.text, share.start, share.end, 1.0)
        for word, share in zip(segment.words, shares, strict=True)
    ]
