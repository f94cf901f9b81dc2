"""Faster and slower speech of the same pitch."""

import subprocess

import imageio_ffmpeg
import numpy as np

from alignment.audio import SAMPLE_RATE
from tests.mutations.recording import Recording

__all__ = ["at_speed"]


def at_speed(recording: Recording, factor: float) -> Recording:
    """As a player plays it at that speed (FFmpeg's atempo). factor: 0.5 to 2."""
    raw = ["-f", "f32le", "-ac", "1", "-ar", str(SAMPLE_RATE)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *raw, "-i", "-"]
    command += ["-filter:a", f"atempo={factor}", *raw, "-"]
    done = subprocess.run(command, input=recording.samples.tobytes(), stdout=subprocess.PIPE, check=True)
    return recording.retimed(np.frombuffer(done.stdout, np.float32), lambda moment: moment / factor)
