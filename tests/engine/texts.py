"""Transcripts and heard words, written down shortly."""

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.merged import MergedText
from alignment.transcript import Segment, Transcript
from alignment.words import split_words

SECONDS_A_WORD = 0.5


def transcript(*lines: str) -> Transcript:
    return Transcript(tuple(Segment(n, line, words=split_words(line)) for n, line in enumerate(lines)))


def heard(text: str, start: float = 0.0) -> list[HeardWord]:
    """The words said evenly, one in half a second; "..." is a pause of five seconds."""
    words = []
    for word in text.split():
        if word == "...":
            start += 5
            continue
        words.append(HeardWord(word, start, start + SECONDS_A_WORD, 0.9))
        start += SECONDS_A_WORD
    return words


def merged(written: str, said: str) -> MergedText:
    return MergedText.of(transcript(*written.split("\n")), heard(said), "en")


def as_heard(text: MergedText) -> list[Span | None]:
    """Each slot where the recogniser heard it."""
    words = [None if slot.heard is None else text.heard[slot.heard] for slot in text.slots]
    return [word and Span(word.start, word.end) for word in words]
