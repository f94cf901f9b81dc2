"""Listen to a sample of the audio, and to more where its sound does not bear out that the text is said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.chunks import Chunk
from alignment.engine.hearing import Hearing
from alignment.engine.merged import MergedText
from alignment.engine.placing import Placer
from alignment.engine.proof import Proof
from alignment.engine.verbatim import said_word_for_word
from alignment.progress import ProgressCallback
from alignment.transcript import Transcript

__all__ = ["listen"]

_DEPARTURE = 3
"""Words by which what was heard and what is written differ in length, from which the speaker departs from the
text: then what is said nearby is listened to as well."""

_MADE_UP = 3
"""Words more that may be made up where nobody listened further: the recogniser ends what is cut off."""

_NEARBY = 30.0
"""Seconds."""

_TELLING = 100
"""Words of a sample that tell something."""

_SHORT = 120.0
"""Seconds of audio that may be forced once more for that: in one piece it takes long."""

_NOTHING = 0.02
"""Share of words heard in runs as they are written, below which two texts have nothing in common."""


def listen(
    transcript: Transcript,
    language: str,
    windows: Sequence[Span],
    first: Sequence[Span],
    told: Mapping[Span, Sequence[HeardWord]],
    hear: Callable[[Sequence[Span]], dict[Span, list[HeardWord]]],
    question: Callable[[MergedText], None],
    cut: Callable[[MergedText], list[Chunk]],
    placer: Placer,
    proof: Proof,
    progress: ProgressCallback,
) -> tuple[MergedText, list[Chunk]]:
    """What is heard and written as one sequence, and its chunks, each listened to or borne out by its sound.

    windows: all that hold speech. first: those to begin with. told: words that stand for those of windows as
    long as nobody listens to them. hear: gives the words of each of some windows. question: raises where what
    was heard first speaks against what is taken for granted. cut: gives the chunks of a sequence. Raises
    TranscriptError where the text is of something else.
    """
    by_window: dict[Span, list[HeardWord]] = {}
    wanted = list(first)
    while True:
        by_window |= hear(wanted)
        hearing = Hearing(windows, by_window, told)
        text = MergedText.of(transcript, hearing.words, language, hearing.breaks)
        if wanted == list(first):
            question(text)
        if alone := _text_alone(transcript, text, windows, placer, proof, progress):
            return alone
        if text.is_of_another_talk:
            wanted = hearing.missed(windows)
            if not wanted or _is_hopeless(text):
                text.refuse_another_talk()
            continue
        chunks = cut(text)
        wanted = hearing.missed(_departures(text))
        wanted = wanted or hearing.missed(_unproved(text, chunks, hearing, placer, proof, progress))
        if not wanted:
            return text, chunks


def _text_alone(
    transcript: Transcript,
    text: MergedText,
    windows: Sequence[Span],
    placer: Placer,
    proof: Proof,
    progress: ProgressCallback,
) -> tuple[MergedText, list[Chunk]] | None:
    """The text without what was heard, where the recogniser understands little and the sound bears it out."""
    speech = Span(windows[0].start, windows[-1].end)
    if not text.is_of_another_talk and (text.is_understood or speech.length > _SHORT):
        return None
    alone = said_word_for_word(transcript, text.language, speech, placer, progress)
    if alone is None or text.is_of_another_talk:
        return alone
    nobody_heard = Hearing(windows, {})
    return None if any(_unproved(*alone, nobody_heard, placer, proof, progress)) else alone


def _is_hopeless(text: MergedText) -> bool:
    """Whether a sample tells enough: of a text as long as itself it would hold something."""
    return len(text.words) >= len(text.heard) >= _TELLING and text.agreement < _NOTHING


def _departures(text: MergedText) -> Iterator[Span]:
    """Where the speaker was heard to say more or less than is written."""
    last = 0.0
    for matched, run in groupby(
        text.slots, key=lambda slot: slot.written is not None and slot.heard is not None
    ):
        slots = list(run)
        heard = [text.heard[slot.heard] for slot in slots if slot.heard is not None]
        if not matched:
            written = sum(slot.written is not None for slot in slots)
            listened = all(slot.listened for slot in slots)
            departure = abs(len(heard) - written) if listened else len(heard) - _MADE_UP
            if departure >= _DEPARTURE:
                end = heard[-1].end if heard else last
                yield Span((heard[0].start if heard else last) - _NEARBY, end + _NEARBY)
        last = heard[-1].end if heard else last


def _unproved(
    text: MergedText,
    chunks: Sequence[Chunk],
    hearing: Hearing,
    placer: Placer,
    proof: Proof,
    progress: ProgressCallback,
) -> Iterator[Span]:
    """Where forcing the text upon what nobody listened to does not turn out well."""
    unheard = [chunk for chunk in chunks if hearing.missed([chunk.span])]
    found = placer.force(text, unheard, "Comparing text and sound", progress)
    yield from proof.doubtful([(chunk.span, words) for chunk, words in zip(unheard, found, strict=True)])
