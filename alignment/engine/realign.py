"""Aligns some lines of a transcript again, between those that stay where they are."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from alignment.audio import Audio, Span, read_audio
from alignment.corrections import Found, Realign
from alignment.disk import digest
from alignment.engine.models import DEFAULT_MODEL
from alignment.engine.pipeline import align
from alignment.errors import TranscriptError
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Passage, Segment, Transcript, Word

__all__ = ["realign"]


def realign(
    audio: Path | Audio,
    transcript: Transcript,
    first: int,
    last: int,
    *,
    fixed: Collection[int] = (),
    model: str = DEFAULT_MODEL,
    progress: ProgressCallback = ignore_progress,
) -> Realign:
    """Look for lines anew in the audio between their neighbours.

    first, last: indices of the first and the last segment to look for.
    fixed: ids of segments whose times are known; they stay as they are, and so does the order around them.

    Lines that lie between two fixed ones are one stretch, in the order of the text. Each is aligned together
    with the line before and the one after it, which keep the times that they have: so it is known where
    their own words are. Raises TranscriptError where there is nothing to look for, and what `align` raises.
    """
    segments = transcript.segments
    stretches = list(_stretches(segments, first, last, fixed))
    if not stretches:
        raise TranscriptError(
            "Where these lines are, or that they are not in the audio, was said by hand. Undo that first."
        )
    sound = audio if isinstance(audio, Audio) else read_audio(audio)
    found: dict[int, Found] = {}
    spans: list[Span] = []
    untranscribed: list[Passage] = []
    for number, lines in enumerate(stretches, 1):
        which = f"{number} of {len(stretches)}" if len(stretches) > 1 else ""
        search = _Search(sound, transcript, lines)
        aligned = align(
            search.audio(),
            search.text(),
            model=model,
            language=transcript.language,
            progress=partial(_told, progress, which),
        )
        spans.append(search.between)
        found |= search.found(aligned)
        untranscribed += search.besides(aligned)
    return Realign(
        segments[first].id,
        found=tuple(found.get(segment.id) for segment in segments[first : last + 1]),
        spans=tuple((span.start, span.end) for span in spans),
        untranscribed=tuple(untranscribed),
    )


def _stretches(segments: Sequence[Segment], first: int, last: int, fixed: Collection[int]) -> Iterator[range]:
    """The indices between those that stay, run by run."""
    start = None
    for at in range(first, last + 2):
        stays = at > last or segments[at].id in fixed
        if stays and start is not None:
            yield range(start, at)
            start = None
        elif not stays and start is None:
            start = at


class _Search:
    """Lines that follow each other, and where to look for them.

    between: the stretch of audio that they are in, after the start of the line before and before the start of
    the one after.
    """

    def __init__(self, sound: Audio, transcript: Transcript, lines: range) -> None:
        segments = transcript.segments
        before = (segments[at] for at in reversed(range(lines.start)))
        after = (segments[at] for at in range(lines.stop, len(segments)))
        self._left = next((segment for segment in before if segment.start is not None), None)
        self._right = next((segment for segment in after if segment.start is not None), None)
        self._sound = sound
        self._transcript = transcript
        self._lines = segments[lines.start : lines.stop]
        start = 0.0 if self._left is None else self._left.start or 0.0
        end = sound.duration if self._right is None else self._right.end or sound.duration
        self._whole = Span(start, max(start, min(end, sound.duration)))
        until = end if self._right is None else self._right.start or end
        self.between = Span(start, max(start, min(until, self._whole.end)))

    def audio(self) -> Audio:
        """The stretch, and the lines around it."""
        samples = self._sound.excerpt(self._whole)
        return Audio(samples, digest(samples.tobytes()))

    def text(self) -> Transcript:
        """The lines, and those around them, without times."""
        context = [
            *([self._left] if self._left else []),
            *self._lines,
            *([self._right] if self._right else []),
        ]
        return replace(
            self._transcript,
            segments=tuple(_untimed(segment) for segment in context),
            duration=None,
            provenance=None,
            untranscribed=(),
        )

    def found(self, aligned: Transcript) -> dict[int, Found]:
        """Where the lines are, by their ids."""
        first = 1 if self._left else 0
        lines = aligned.segments[first : first + len(self._lines)]
        return {line.id: self._placed(line) for line in lines}

    def besides(self, aligned: Transcript) -> list[Passage]:
        """What is said between them and not written."""
        passages = (
            replace(passage, start=self._time(passage.start), end=self._time(passage.end))
            for passage in aligned.untranscribed
        )
        return [passage for passage in passages if passage.end > passage.start]

    def _placed(self, line: Segment) -> Found:
        words = tuple(
            (self._time_or_none(word.start), self._time_or_none(word.end), word.confidence)
            for word in line.words
        )
        return Found(
            self._time_or_none(line.start),
            self._time_or_none(line.end),
            line.status or "not_in_audio",
            line.confidence,
            words,
        )

    def _time_or_none(self, time: float | None) -> float | None:
        return None if time is None else self._time(time)

    def _time(self, time: float) -> float:
        """A time of the excerpt in the whole audio, no further than the lines that stay."""
        return round(min(max(time + self._whole.start, self.between.start), self.between.end), 3)


def _untimed(segment: Segment) -> Segment:
    words = tuple(Word(word.text) for word in segment.words)
    return replace(segment, start=None, end=None, status=None, confidence=None, words=words)


def _told(progress: ProgressCallback, which: str, event: Progress) -> None:
    progress(replace(event, detail=event.detail or which))
