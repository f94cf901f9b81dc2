"""A telephone line: 300 to 3400 Hz, 8 bits."""

import numpy as np

from alignment.audio import SAMPLE_RATE
from tests.mutations.recording import Recording

__all__ = ["over_telephone"]

_LOWEST, _HIGHEST = 300.0, 3400.0
_MU = 255.0
"""Of the mu-law of telephony (ITU-T G.711)."""


def over_telephone(recording: Recording) -> Recording:
    """As it sounds over a telephone."""
    spectrum = np.fft.rfft(recording.samples)
    hertz = np.fft.rfftfreq(len(recording.samples), 1 / SAMPLE_RATE)
    spectrum[(hertz < _LOWEST) | (hertz > _HIGHEST)] = 0
    narrow = np.clip(np.fft.irfft(spectrum, len(recording.samples)), -1, 1)
    pressed = np.sign(narrow) * np.log1p(_MU * np.abs(narrow)) / np.log1p(_MU)
    coarse = np.round(pressed * 127) / 127
    return recording.with_sound(np.sign(coarse) * np.expm1(np.abs(coarse) * np.log1p(_MU)) / _MU)
