"""Word boundaries from Whisper's cross-attention to the known text, for words that have no pronunciation.

Coarser than forcing, on a 20 ms grid. Attention knows no pause: the words beside one take it in, and the path
begins with the sound, whatever that is. So words are cut at pauses: without the acoustic model, that brings
line starts of hand-labelled English within 50 ms of the truth from 46 to 85 %, and those beside pauses in a
German recording from 83 to 86 %. Words of no meaning in front of the text bring nothing more.
"""

from collections.abc import Sequence

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE, Audio, Span, as_floats
from alignment.engine.anchors import Recognizer
from alignment.engine.forcing import ForcedWord
from alignment.engine.grammar import Option
from alignment.engine.merged import SKIP_OTHER_HEARING
from alignment.engine.silences import find_silences

__all__ = ["attend"]

_LONGEST = 30 * SAMPLE_RATE
"""Samples that Whisper takes at once."""

_MOST_TOKENS = 440
_PAUSE = 0.12
"""Seconds of quiet that are no part of a word; the closure of a consonant is shorter."""

_UNSAID = 0.02
"""Probability of its tokens below which a word that nobody heard was not said."""


def attend(
    recognizer: Recognizer, language: str, samples: NDArray[np.int16], options: Sequence[Option]
) -> list[ForcedWord | None] | None:
    """Like `forcing.force`, by attention.

    Another hearing of a written word is left out. The score is the mean probability of the word's tokens.
    None for a chunk that is too long.
    """
    tokenizer = Tokenizer(recognizer.whisper.model.hf_tokenizer, True, task="transcribe", language=language)
    taken = [
        i for i, option in enumerate(options) if any(option.readings) and option.skip < SKIP_OTHER_HEARING
    ]
    tokens = [tokenizer.encode(" " + options[i].text.strip()) for i in taken]
    if not taken:
        return [None] * len(options)
    if len(samples) > _LONGEST or sum(map(len, tokens)) > _MOST_TOKENS:
        return None
    flat = [token for word in tokens for token in word]
    times, probabilities = recognizer.whisper.compute(lambda model: _times(model, tokenizer, samples, flat))
    edges = np.cumsum([0, *map(len, tokens)])
    silences = find_silences(Audio(samples, "").loudness(), _PAUSE)
    found: list[ForcedWord | None] = [None] * len(options)
    for index, first, last in zip(taken, edges[:-1], edges[1:], strict=True):
        score = float(probabilities[first:last].mean())
        if options[index].skip == 0 or score >= _UNSAID:
            span = _without_pause(Span(float(times[first]), float(times[last])), silences)
            found[index] = ForcedWord(span.start, span.end, score)
    return found


def _without_pause(word: Span, silences: Sequence[Span]) -> Span:
    """The longer part of a word that has a pause in it: attention knows no pause, a word takes it in."""
    for silence in silences:
        if silence.start < word.end and silence.end > word.start:
            before, after = silence.start - word.start, word.end - silence.end
            if max(before, after) <= 0:
                return word
            word = Span(word.start, silence.start) if before > after else Span(silence.end, word.end)
    return word


def _times(
    model: WhisperModel, tokenizer: Tokenizer, samples: NDArray[np.int16], tokens: list[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each token begins and the last ends, in seconds, shape (n + 1,); and the tokens' probabilities."""
    features = model.feature_extractor(as_floats(samples))
    frames = min(features.shape[-1], 3000)
    encoded = model.encode(pad_or_trim(features)[np.newaxis])
    (result,) = model.model.align(encoded, tokenizer.sot_sequence, [tokens], frames)
    token_of, time_of = np.array(result.alignments).T
    first_of = np.concatenate(([True], np.diff(token_of) > 0))
    times = time_of[first_of] / model.tokens_per_second
    times = np.concatenate((times, np.full(max(0, len(tokens) + 1 - len(times)), times[-1])))
    return times, np.array(result.text_token_probs)
