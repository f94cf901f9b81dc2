"""Where the recordings with known times come from: the demo that ships, and the measuring data beside the
repository, which a test has to ask for with `requires_shared_data`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from alignment.audio import SAMPLE_RATE, Span, as_floats, read_audio
from alignment.demo import DEMO
from tests.mutations.recording import KnownLine, Recording, Samples
from tests.shared_data import shared_recording

__all__ = ["demo", "foreign_speech", "hand_labelled_words", "interview", "talking_book"]


@cache
def demo() -> Recording:
    """Two and a half minutes by two synthetic voices; line starts to 20 ms, words to 35 ms."""
    return _known(DEMO.audio, json.loads(DEMO.truth.read_text("utf-8")))


@cache
def interview() -> Recording:
    """44 minutes in 569 sentences by a synthetic voice in two pitches; starts to 50 ms."""
    return _shared("interview")


@cache
def talking_book() -> Recording:
    """22 minutes by a human narrator; starts to 50 ms where a line is verbatim."""
    return _shared("talking-book")


@cache
def hand_labelled_words() -> Recording:
    """50 seconds by six people, with noise between the utterances; words to 10 ms."""
    return _shared("hand-labelled-words")


def foreign_speech(name: str, span: Span) -> Samples:
    """A stretch of "german-ode" or "french-poems"."""
    return as_floats(read_audio(shared_recording(name).audio).excerpt(span))


def _shared(name: str) -> Recording:
    found = shared_recording(name)
    if found.truth is None:
        raise LookupError(f"Nobody knows the times of {name}.")
    return _known(found.audio, found.truth)


def _known(file: Path, truth: Mapping[str, Any]) -> Recording:
    audio = read_audio(file)
    words = _word_starts([line["text"].split() for line in truth["lines"]], truth.get("words", ()))
    lines = tuple(
        KnownLine(line["text"], line["start"], line["end"], verbatim=line["verbatim"], word_starts=starts)
        for line, starts in zip(truth["lines"], words, strict=True)
    )
    return Recording(as_floats(audio.samples[: round(audio.duration * SAMPLE_RATE)]), lines)


def _word_starts(
    lines: Sequence[Sequence[str]], known: Sequence[Mapping[str, Any]]
) -> list[tuple[float | None, ...]]:
    """The start of each word of each line. known: words in order, among which those without a sound lack."""
    if not known:
        return [()] * len(lines)
    at = 0
    found = []
    for line in lines:
        starts = []
        for word in line:
            is_next = at < len(known) and known[at]["text"] == word
            starts.append(known[at]["start"] if is_next else None)
            at += is_next
        found.append(tuple(starts))
    if at != len(known):
        raise LookupError(f"The words from {known[at]['text']!r} on are in no line.")
    return found
