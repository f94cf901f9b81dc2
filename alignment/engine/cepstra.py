"""What the acoustic model hears: mel-frequency cepstra of a chunk with their slopes, 100 frames a second.

The model was trained on features of exactly this kind, those of CMU Sphinx: the constants are those of the
model's own `feat.params` and of the Sphinx front end, noise removal included.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE

__all__ = ["CENTRE", "FRAME", "features", "mel_cepstra"]

FRAME = 0.01
"""Seconds from one frame to the next."""

_WINDOW = 410
"""Samples that a frame looks at."""

CENTRE = (_WINDOW / SAMPLE_RATE - FRAME) / 2
"""Seconds by which the midst of a frame's window lies after the midst of its cell of the grid."""

_SHIFT = round(FRAME * SAMPLE_RATE)
_TRANSFORM = 512
_PREEMPHASIS = 0.97
_LOWEST, _HIGHEST, _FILTERS = 130.0, 6800.0, 25
_CEPSTRA, _LIFTER = 13, 22
_LEAST_POWER = 1e-4
_PART = 500
"""Frames whose spectra are in memory at once."""

_CONTEXT = 3
"""Frames on each side that the slopes look at."""


def features(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Cepstra less their mean, their slopes and the slopes' slopes, shape (3, frames, 13).

    samples: int16, shape (n,), 16 kHz mono. Frame k looks at the 410 samples from sample 160 k on.
    """
    cepstra = mel_cepstra(samples)
    voiced = cepstra[cepstra[:, 0] >= 0]
    cepstra -= voiced.mean(axis=0) if len(voiced) else 0.0
    return _with_slopes(cepstra.astype(np.float32))


def mel_cepstra(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Of each frame the shape of its spectrum, noise removed, shape (frames, 13); see `features`."""
    return np.asarray(np.log(_without_noise(_mel_power(samples)) + _LEAST_POWER) @ _cosines())


def _mel_power(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Shape (frames, 25); the last frame may reach beyond the end."""
    wave = samples.astype(np.float64)
    wave[1:] -= _PREEMPHASIS * wave[:-1]
    count = max(1, -(-(len(wave) - _WINDOW) // _SHIFT) + 1) if len(wave) else 0
    wave = np.pad(wave, (0, max(_WINDOW, (count - 1) * _SHIFT + _WINDOW) - len(wave)))
    frames = np.lib.stride_tricks.sliding_window_view(wave, _WINDOW)[::_SHIFT][:count]
    power = np.empty((count, _FILTERS))
    for first in range(0, count, _PART):
        spectrum = np.fft.rfft(frames[first : first + _PART] * np.hamming(_WINDOW), _TRANSFORM)
        power[first : first + _PART] = (spectrum.real**2 + spectrum.imag**2) @ _filters()
    return power


@lru_cache(maxsize=1)
def _filters() -> NDArray[np.float64]:
    """Triangles of equal area, evenly spaced by pitch, their corners on the grid; shape (257, 25)."""
    step = SAMPLE_RATE / _TRANSFORM
    mel = np.linspace(_mel(_LOWEST), _mel(_HIGHEST), _FILTERS + 2)
    corners = np.floor(700 * (10 ** (mel / 2595) - 1) / step + 0.5) * step
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    hertz = np.arange(_TRANSFORM // 2 + 1)[:, None] * step
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    return np.asarray(np.maximum(np.minimum(rising, falling), 0) * 2 / (high - low))


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float64]:
    """From logarithms of power to lifted cepstra, shape (25, 13)."""
    order = np.arange(_CEPSTRA)
    cosines = np.cos(np.pi / _FILTERS * np.outer(np.arange(_FILTERS) + 0.5, order)) * np.sqrt(2 / _FILTERS)
    cosines[:, 0] /= np.sqrt(2)
    return np.asarray(cosines * (1 + _LIFTER / 2 * np.sin(np.pi * order / _LIFTER)))


_SMOOTHED, _RISING, _FALLING = 0.7, 0.995, 0.5
_MASK_FADES, _MASKED = 0.85, 0.2
_MOST_GAIN = 20.0
_TINY = 1e-30
_NEIGHBOURS = 4


def _without_noise(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """The power that stands out of a slowly rising floor, band by band; masked right after a peak.

    Of Sphinx (after Kim and Stern's power-normalised cepstra); it goes forward only, and starts afresh here.
    """
    if not len(power):
        return power
    levels, gains = np.empty_like(power), np.empty_like(power)
    smooth, noise, floor = power[0].copy(), power[0] / _MOST_GAIN, power[0] / _MOST_GAIN
    peak = np.zeros(power.shape[1])
    for now, row in enumerate(power):
        smooth = _SMOOTHED * smooth + (1 - _SMOOTHED) * row
        noise = _envelope(noise, smooth)
        signal = np.maximum(smooth - noise, 1.0)
        floor = _envelope(floor, signal)
        peak *= _MASK_FADES
        masked = np.where(signal < _MASK_FADES * peak, peak * _MASKED, signal)
        peak = np.maximum(peak, signal)
        levels[now], gains[now] = smooth, np.maximum(masked, floor)
    gains = np.clip(gains / np.maximum(levels, _TINY), 1 / _MOST_GAIN, _MOST_GAIN)
    return power * (gains @ _neighbours())


def _envelope(floor: NDArray[np.float64], level: NDArray[np.float64]) -> NDArray[np.float64]:
    """The floor a step on: it rises slowly, and falls fast."""
    above = level - floor
    return np.asarray(floor + np.minimum((1 - _RISING) * above, (1 - _FALLING) * above))


@lru_cache(maxsize=1)
def _neighbours() -> NDArray[np.float64]:
    """The mean over a band and up to four on each side of it, shape (25, 25)."""
    bands = np.arange(_FILTERS)
    near = (np.abs(bands[:, None] - bands) <= _NEIGHBOURS).astype(np.float64)
    return np.asarray(near / near.sum(axis=0))


def _with_slopes(cepstra: NDArray[np.float32]) -> NDArray[np.float32]:
    count = len(cepstra)
    if not count:
        return np.empty((3, 0, _CEPSTRA), np.float32)
    wide = np.pad(cepstra, ((_CONTEXT, _CONTEXT), (0, 0)), mode="edge")

    def later(frames: int) -> NDArray[np.float32]:
        return wide[_CONTEXT + frames : _CONTEXT + frames + count]

    return np.stack([cepstra, later(2) - later(-2), later(3) - later(-1) - later(1) + later(-3)])
