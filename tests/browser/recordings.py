"""Audio and transcripts with known times, made on the spot."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000


@dataclass(frozen=True)
class AudioClip:
    """An audio file whose every sound is known. onsets_s: where each of its tones starts."""

    path: Path
    duration_s: float
    onsets_s: tuple[float, ...]


def make_tones(path: Path, *, duration_s: float, every_s: float) -> AudioClip:
    """Write `path` (m4a or opus by its ending): silence with a 20 ms tone of 1 kHz every `every_s` s.

    The first tone starts at 0.5 s. The tones begin at full strength, so that their onset is one sample.
    """
    samples = np.zeros(round(duration_s * RATE), dtype=np.float32)
    tone = 0.5 * np.cos(2 * np.pi * 1000 * np.arange(round(0.02 * RATE)) / RATE).astype(np.float32)
    onsets = [float(onset) for onset in np.arange(0.5, duration_s - 0.5, every_s)]
    for onset in onsets:
        first = round(onset * RATE)
        samples[first : first + len(tone)] = tone
    encode(path, samples)
    return AudioClip(path, duration_s, tuple(onsets))


def encode(path: Path, samples: NDArray[np.float32]) -> None:
    """Encode mono samples at 48 kHz as AAC in m4a or as Opus, as the ending of `path` says."""
    codec = {".m4a": "aac", ".opus": "libopus"}[path.suffix]
    options = {"movflags": "faststart"} if path.suffix == ".m4a" else {}
    container_format = {".m4a": "mp4", ".opus": "ogg"}[path.suffix]
    with av.open(str(path), "w", format=container_format, options=options) as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.layout = "mono"  # type: ignore[union-attr]
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
        frame.sample_rate = RATE
        frame.pts = 0
        resampler = av.AudioResampler(
            format=stream.format.name,  # type: ignore[union-attr]
            layout="mono",
            rate=RATE,
            frame_size=stream.frame_size or 960,  # type: ignore[union-attr]
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))  # type: ignore[union-attr]
        container.mux(stream.encode(None))  # type: ignore[union-attr]


TEXT = """
slow river carries small boats under the old bridge while people talk about weather bread music
and the long road home through fields of quiet barley where nobody hurries anymore today
"""
WORDS = TEXT.split()


def make_transcript(
    lines: int,
    *,
    line_s: float = 2.0,
    words: int = 5,
    lines_per_turn: int = 4,
    title: str = "A river in the afternoon",
) -> dict[str, Any]:
    """The native JSON of a transcript: line n starts at n * line_s; its words share its time.

    The last word of a line is its number.
    """
    segments = []
    for number in range(lines):
        start = number * line_s
        step = line_s / words
        chosen = [WORDS[(number * words + index) % len(WORDS)] for index in range(words)]
        chosen[0] = chosen[0].capitalize()
        chosen[-1] = f"{number}."
        segments.append(
            {
                "id": number,
                "text": " ".join(chosen),
                "start": start,
                "end": start + line_s,
                "speaker": ("Ada", "Ben")[(number // lines_per_turn) % 2],
                "turn": number // lines_per_turn,
                "status": "aligned",
                "confidence": 0.95,
                "words": [
                    {"text": word, "start": start + index * step, "end": start + (index + 1) * step}
                    for index, word in enumerate(chosen)
                ],
            }
        )
    return {
        "version": 1,
        "language": "en",
        "duration": lines * line_s,
        "title": title,
        "source": {"channel": "Riverside Radio"},
        "segments": segments,
        "untranscribed": [],
    }
