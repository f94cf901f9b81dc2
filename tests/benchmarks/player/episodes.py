"""The two episodes that the player is measured on: the interview, and three hours made on the spot."""

import math
import struct
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment.disk import read_json
from tests.benchmarks.peers import ROOT
from tests.browser.recordings import make_transcript
from tests.shared_data import shared_recording

__all__ = ["Measured", "interview", "three_hours"]

LINES, WORDS, HOURS = 15_000, 10, 3

_RATE = 8000
_PIECE_S = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """An episode to measure with: the native JSON and the audio."""

    name: str
    transcript: dict[str, Any]
    audio: Path


def interview(folder: Path) -> Measured:
    """The interview of the measuring data, aligned. Raises LookupError where the data is not there."""
    recording = shared_recording("interview")
    aligned = folder / "interview.json"
    command = [sys.executable, "-m", "alignment", "align"]
    subprocess.run(
        [*command, str(recording.audio), str(recording.transcript), "-o", str(aligned)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return Measured("interview", read_json(aligned), recording.audio)


def three_hours(folder: Path) -> Measured:
    """15,000 lines of ten words, one after the other, over a quiet tone."""
    seconds = HOURS * 3600
    transcript = make_transcript(LINES, line_s=seconds / LINES, words=WORDS, lines_per_turn=8)
    path = folder / "three-hours.wav"
    tone = (round(900 * math.sin(2 * math.pi * 220 * n / _RATE)) for n in range(_PIECE_S * _RATE))
    piece = b"".join(struct.pack("<h", sample) for sample in tone)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        for _ in range(seconds // _PIECE_S):
            out.writeframes(piece)
    return Measured("three hours", transcript, path)
