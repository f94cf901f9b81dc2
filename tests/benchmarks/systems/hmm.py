"""The acoustic model alone, by its own decoder and on one core, with the text taken as what is said.

Window after window: half a minute of audio with the words that the speech rate suggests, of which the
likeliest path so far is read before the end, its last seconds are dropped, and the next window goes on there.
Nothing tells it when the audio says other words.
"""

import wave
from collections.abc import Iterator
from typing import Any

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from alignment.engine.pronunciation import pronounce
from alignment.engine.spoken import readings
from tests.benchmarks.systems.worker import Job, serve, with_times

_RATE = 16_000
_FRAME = 0.01
_WINDOW = 30.0
_DROPPED = 4.0
_EXCESS = 1.35
"""Words offered to a window, of those that the mean speech rate puts there."""

_FEWEST = 12


def align_hmm(job: Job) -> dict[str, Any]:
    with wave.open(job.wav) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    written = [word for line in job.lines for word in line]
    parts = [(part, number) for number, word in enumerate(written) for part in readings(word, "en")[0]]
    parts = [(part, number) for part, number in parts if pronounce(part)]
    times: dict[int, tuple[float, float]] = {}
    for (_, number), start, end in _forced(samples, parts):
        times[number] = (times.get(number, (start,))[0], end)
    return with_times(job.lines, times)


def _forced(
    samples: NDArray[np.int16], parts: list[tuple[str, int]]
) -> Iterator[tuple[tuple[str, int], float, float]]:
    """Each part with its start and end in seconds."""
    decoder = pocketsphinx.Decoder(
        lm=None, beam=1e-60, pbeam=1e-40, wbeam=1e-60, bestpath=False, loglevel="FATAL"
    )
    per_second = len(parts) / (len(samples) / _RATE)
    at, begin = 0, 0.0
    while at < len(parts) and begin * _RATE < len(samples):
        window = samples[round(begin * _RATE) : round((begin + _WINDOW) * _RATE)]
        last = begin + _WINDOW >= len(samples) / _RATE
        count = len(parts) if last else max(_FEWEST, round(per_second * _WINDOW * _EXCESS))
        offered = parts[at : at + count]
        found = _path(decoder, window, [part for part, _ in offered])
        kept = found if last else [span for span in found if span[1] <= _WINDOW - _DROPPED]
        for part, (start, end) in zip(offered, kept, strict=False):
            yield part, begin + start, begin + end
        at += len(kept)
        begin += kept[-1][1] if kept and not last else _WINDOW


def _path(
    decoder: pocketsphinx.Decoder, samples: NDArray[np.int16], words: list[str]
) -> list[tuple[float, float]]:
    """Start and end of as many of the words as the likeliest path through the samples has reached."""
    for word in words:
        if decoder.lookup_word(word) is None:
            decoder.add_word(word, " ".join(pronounce(word)), True)
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    reached = [
        (s.start_frame * _FRAME, (s.end_frame + 1) * _FRAME)
        for s in decoder.seg() or ()
        if s.word[0] not in "<["
    ]
    decoder.end_utt()
    return reached


if __name__ == "__main__":
    serve(align_hmm)
