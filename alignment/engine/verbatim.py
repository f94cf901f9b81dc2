"""Whether a text is what is said although the recogniser makes nothing of it: the acoustic model has a say.

Whisper base hardly understands some languages and voices. A text that is said word for word still fits the
sound far better than its own words in any other order do, in whatever language: 12 texts in as many languages
had at most 0.7 times the score of the best other order, where any way led through that (see `proof.UNFIT`).
"""

import random
from dataclasses import replace

from alignment.audio import Span
from alignment.engine.chunks import Chunk
from alignment.engine.forcing import Found
from alignment.engine.merged import MergedText
from alignment.engine.placing import Placer
from alignment.engine.proof import UNFIT
from alignment.progress import ProgressCallback
from alignment.transcript import Segment, Transcript

__all__ = ["said_word_for_word"]

_LONGEST = 600.0
"""Seconds of audio that are forced in one piece."""

_FEWEST_WORDS = 12
"""Fewer fit anything."""

_OTHER_ORDERS = 4
_BETTER = 0.85
"""Share of the score of the best of its other orders that a text may have."""


def said_word_for_word(
    transcript: Transcript, language: str, speech: Span, placer: Placer, progress: ProgressCallback
) -> tuple[MergedText, list[Chunk]] | None:
    """The text without anything heard, and one chunk that holds it all, if the sound bears it out.

    speech: from the first word in the audio to the last.
    """
    words = list(transcript.words())
    if speech.length > _LONGEST or len(words) < _FEWEST_WORDS:
        return None

    def forced(order: Transcript) -> tuple[MergedText, list[Chunk], float]:
        text = MergedText.of(order, [], language, [0])
        chunk = Chunk(speech, 0, len(text.slots))
        (found,) = placer.force(text, [chunk], "Comparing text and sound", progress)
        return text, [chunk], _score(found)

    text, chunks, score = forced(transcript)
    for seed in range(_OTHER_ORDERS):
        if score <= UNFIT:
            return None
        other = tuple(random.Random(seed).sample(words, len(words)))
        if score <= _BETTER * forced(replace(transcript, segments=(Segment(0, "", words=other),)))[2]:
            return None
    return text, chunks


def _score(found: Found) -> float:
    """Mean score of the words by time, minus infinity where there is no way through."""
    words = [word for word in found or () if word]
    length = sum(word.end - word.start for word in words)
    return sum(word.score * (word.end - word.start) for word in words) / length if length else float("-inf")
