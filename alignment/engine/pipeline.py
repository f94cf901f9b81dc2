"""The aligner: the stages in their order, from audio and text to a transcript with times."""

import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alignment.audio import Audio, Span, read_audio
from alignment.engine.anchors import HeardWord, Recognizer
from alignment.engine.attention import attend_all
from alignment.engine.chunks import Chunk, cut_chunks
from alignment.engine.confidence import MISHEARD, word_confidence
from alignment.engine.edges import EdgeFinder
from alignment.engine.forcing import ForcedWord, Option, force_all
from alignment.engine.lines import PlacedWord, timed_segments, untranscribed
from alignment.engine.misheard import misheard_words
from alignment.engine.matching import Slot, agreement, merge
from alignment.engine.models import DEFAULT_MODEL, Weights, find_weights
from alignment.engine.silences import find_silences
from alignment.engine.spoken import Reading, readings
from alignment.engine.windows import find_speech, find_windows
from alignment.errors import AudioError, TranscriptError
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Provenance, Transcript

__all__ = ["align"]

_WRONG_TRANSCRIPT = 0.12
"""Share of words heard in runs as they are written below which the text is of something else."""

_SKIP_UNHEARD = 1e-3
_SKIP_MISHEARD = 1e-8
_SKIP_UNWRITTEN = 0.5
"""How readily the grammar passes over a word that nothing was heard of, one that something else was heard in
place of, and one that is not written."""

_LETTERS_PER_SECOND = 14.0
_MOST_HASTE = 4.0
_GATE = 1.0
"""Seconds between forced and heard, in half of a chunk's words, from which forcing is not believed."""


def align(
    audio: Path | str | Audio,
    transcript: Transcript,
    *,
    model: str = DEFAULT_MODEL,
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
    checkpoints: Path | None = None,
) -> Transcript:
    """Put a time on every line and word of the transcript that is in the audio.

    model: a Whisper size, a hub's "owner/name" or a folder, see `models.find_weights`.
    language: ISO 639-1 code, None to hear it from the audio.
    checkpoints: a folder for what is finished, so that an interrupted run goes on where it was.

    The segments' texts come back unchanged and in order; a line that is not in the audio says so in its
    status and has no times. Raises AudioError where nobody speaks, TranscriptError where the text is of
    something else, ModelError where the weights cannot be had, and whatever `progress` raises.
    """
    if not any(segment.words for segment in transcript.segments):
        raise TranscriptError("The transcript has no words. Give a text with at least one line.")
    progress(Progress("Reading the audio"))
    sound = audio if isinstance(audio, Audio) else read_audio(audio)
    weights = find_weights(model, progress=progress)
    loudness = sound.loudness()
    heard, code = _listen(sound, loudness, weights, language, checkpoints, progress)
    work = _Work.of(transcript, heard, code)
    work.refuse_another_talk()
    chunks = cut_chunks(work.slots, heard, find_silences(loudness), sound.duration)
    forced = _force(sound, chunks, work, weights, progress)
    placed, said = _place(work, chunks, forced, EdgeFinder(loudness))
    aligned = replace(
        transcript,
        segments=timed_segments(transcript.segments, placed, sound.duration),
        language=code,
        duration=round(sound.duration, 3),
        provenance=_provenance(weights, sound, transcript),
        untranscribed=untranscribed(work.slots, heard, said),
    )
    aligned.check()
    return aligned


def _listen(
    audio: Audio,
    loudness: NDArray[np.float32],
    weights: Weights,
    language: str | None,
    checkpoints: Path | None,
    progress: ProgressCallback,
) -> tuple[list[HeardWord], str]:
    """What is heard in the audio, and in which language."""
    progress(Progress("Finding speech"))
    windows = find_windows(audio, find_speech(audio), loudness)
    if not windows:
        raise AudioError(
            "Nobody speaks in this audio. Give a recording of the talk that the transcript is of."
        )
    recognizer = Recognizer(weights)
    if language:
        recognizer.check_language(language)
    else:
        progress(Progress("Recognising the language"))
        language = recognizer.detect_language(audio, windows)
    checkpoint = None
    if checkpoints:
        checkpoints.mkdir(parents=True, exist_ok=True)
        checkpoint = checkpoints / f"heard-{audio.sha256[:16]}-{weights.sha256[:16]}-{language}.json"
    return recognizer.hear(audio, windows, language, checkpoint, progress), language


@dataclass(frozen=True)
class _Work:
    """The words of both sides and how they belong together.

    spoken: the readings of each written word. slots: the merged sequence.
    """

    language: str
    words: list[str]
    spoken: list[tuple[Reading, ...]]
    heard: list[HeardWord]
    heard_spoken: list[tuple[Reading, ...]]
    slots: list[Slot]

    @classmethod
    def of(cls, transcript: Transcript, heard: list[HeardWord], language: str) -> "_Work":
        words = [word.text for word in transcript.words()]
        spoken = [readings(word, language) for word in words]
        heard_spoken = [readings(word.text, language) for word in heard]
        slots = merge([said[0] for said in spoken], [said[0] for said in heard_spoken])
        return cls(language, words, spoken, heard, heard_spoken, slots)

    def refuse_another_talk(self) -> None:
        """Raise TranscriptError where hardly anything that is written was heard."""
        share = agreement(self.slots)
        if share < _WRONG_TRANSCRIPT:
            sample = " ".join(word.text for word in self.heard[:12])
            raise TranscriptError(
                f"This transcript is not of this audio: only {share:.0%} of its words are heard there. "
                f'The audio begins "{sample} ..." (heard as {self.language}). Check that text and audio '
                "belong together; where the language was heard wrongly, name it with --language."
            )

    def options(self, chunk: Chunk) -> list[Option]:
        """The chunk's grammar, one option per slot."""
        numbers = range(chunk.first_slot, chunk.last_slot)
        return [self._option(number, chunk) for number in numbers]

    def _option(self, number: int, chunk: Chunk) -> Option:
        slot = self.slots[number]
        if slot.written is None:
            assert slot.heard is not None
            return Option(self.heard[slot.heard].text, self.heard_spoken[slot.heard][:2], _SKIP_UNWRITTEN)
        text, spoken = self.words[slot.written], self.spoken[slot.written]
        if slot.heard is not None:
            return Option(text, spoken)
        first, last = self._unheard_run(number, chunk)
        if not self._has_room(first, last):
            return Option(text, ())
        beside = [self.slots[i] for i in (first - 1, last) if chunk.first_slot <= i < chunk.last_slot]
        misheard = any(neighbour.written is None for neighbour in beside)
        return Option(text, spoken, _SKIP_MISHEARD if misheard else _SKIP_UNHEARD)

    def _unheard_run(self, number: int, chunk: Chunk) -> tuple[int, int]:
        """First and end of the run of slots around `number` in which nothing was heard."""
        first = last = number
        while first > chunk.first_slot and self.slots[first - 1].heard is None:
            first -= 1
        while last < chunk.last_slot and self.slots[last].heard is None:
            last += 1
        return first, last

    def _has_room(self, first: int, last: int) -> bool:
        """Whether the run's words could be said in the time between the matched words around it."""
        before, after = first - 1, last
        while before >= 0 and self.slots[before].written is None:
            before -= 1
        while after < len(self.slots) and self.slots[after].written is None:
            after += 1
        start = self._heard_at(before).end if before >= 0 else 0.0
        end = self._heard_at(after).start if after < len(self.slots) else float("inf")
        letters = sum(len(self.words[self.slots[i].written or 0]) for i in range(first, last))
        return letters / _LETTERS_PER_SECOND <= _MOST_HASTE * max(0.0, end - start) + 2.0

    def _heard_at(self, number: int) -> HeardWord:
        heard = self.slots[number].heard
        assert heard is not None
        return self.heard[heard]


def _force(
    audio: Audio, chunks: Sequence[Chunk], work: _Work, weights: Weights, progress: ProgressCallback
) -> list[list[ForcedWord | None] | None]:
    """What the acoustic model, or attention, finds in each chunk; None where it finds no way through."""
    tasks = [(audio.excerpt(chunk.span), work.options(chunk)) for chunk in chunks]
    if work.language == "en":
        results = force_all(tasks, os.cpu_count() or 1)
    else:
        results = attend_all(Recognizer(weights), work.language, tasks)
    found = []
    began = time.monotonic()
    for number, result in enumerate(results, start=1):
        found.append(result)
        eta = (time.monotonic() - began) / number * (len(tasks) - number)
        progress(Progress("Placing the words", number / len(tasks), eta))
    return found


def _place(
    work: _Work, chunks: Sequence[Chunk], forced: Sequence[list[ForcedWord | None] | None], edges: EdgeFinder
) -> tuple[list[PlacedWord | None], list[Span | None]]:
    """Where each written word is, and where each slot was said."""
    placed: list[PlacedWord | None] = [None] * len(work.words)
    said: list[Span | None] = [None] * len(work.slots)
    for chunk, found in zip(chunks, forced, strict=True):
        slots = work.slots[chunk.first_slot : chunk.last_slot]
        for offset, span in enumerate(_spans(chunk, slots, work.heard, found, edges)):
            slot = slots[offset]
            said[chunk.first_slot + offset] = span
            if span and slot.written is not None:
                heard = None if slot.heard is None else work.heard[slot.heard]
                placed[slot.written] = PlacedWord(span, word_confidence(slot, heard, span))
    for slot_number, span in misheard_words(work.slots, said, work.words, work.heard):
        placed[work.slots[slot_number].written or 0] = PlacedWord(span, MISHEARD)
    return placed, said


def _spans(
    chunk: Chunk,
    slots: Sequence[Slot],
    heard: Sequence[HeardWord],
    found: list[ForcedWord | None] | None,
    edges: EdgeFinder,
) -> list[Span | None]:
    """Where each slot of a chunk was said: as forced, or as heard where forcing failed or went astray."""
    as_heard = [None if s.heard is None else Span(heard[s.heard].start, heard[s.heard].end) for s in slots]
    start = chunk.span.start
    spans = [Span(start + word.start, start + word.end) if word else None for word in found or ()]
    if found is None or _astray(spans, as_heard):
        spans = as_heard
    refined = iter(edges.refine([span for span in spans if span], chunk.span))
    return [next(refined) if span else None for span in spans]


def _astray(spans: Sequence[Span | None], as_heard: Sequence[Span | None]) -> bool:
    distances = [abs(a.middle - b.middle) for a, b in zip(spans, as_heard, strict=True) if a and b]
    return bool(distances) and float(np.median(distances)) > _GATE


def _provenance(weights: Weights, audio: Audio, transcript: Transcript) -> Provenance:
    text = "\n".join(segment.text for segment in transcript.segments)
    return Provenance(
        engine=f"verbatime {version('verbatime')}",
        model=weights.name,
        model_sha256=weights.sha256,
        audio_sha256=audio.sha256,
        transcript_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
