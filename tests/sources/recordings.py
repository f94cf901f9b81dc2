"""Recordings made for the tests, in any format, with clicks at known times; and where these are heard."""

import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
from av.audio.fifo import AudioFifo
from numpy.typing import NDArray

Samples = NDArray[np.float64]

CLICKS = (0.5, 1.0, 3.25, 4.125, 5.5)
SECONDS = 6.0
CLICK_S = 0.005
HEARD_RATE = 16_000


def click_track(rate: int, seconds: float = SECONDS) -> Samples:
    """Silence with a short tone of 3 kHz centred on each of CLICKS."""
    samples = np.zeros(round(rate * seconds))
    length = round(rate * CLICK_S)
    click = 0.9 * np.sin(2 * np.pi * 3000 * np.arange(length) / rate) * np.hanning(length)
    for centre in CLICKS:
        begin = round(centre * rate) - length // 2
        samples[begin : begin + length] = click
    return samples


def murmur(rate: int, seconds: float) -> Samples:
    """Noise that comes and goes, so that encoders have something to write."""
    noise = np.random.default_rng(7).normal(0, 0.15, round(rate * seconds))
    return noise * (1 + np.sin(2 * np.pi * 0.7 * np.arange(noise.size) / rate)) / 2


def write_recording(
    path: Path,
    samples: Samples,
    rate: int,
    codec: str,
    *,
    container: str | None = None,
    film: bool = False,
    late_s: float = 0.0,
    options: dict[str, str] | None = None,
) -> Path:
    """Encode mono samples with PyAV. film: with a picture track; late_s: where the sound's clock begins."""
    with av.open(str(path), "w", format=container, options=options or {}) as made:
        stream = made.add_stream(codec, rate=rate, layout="mono")
        stream.codec_context.format = stream.codec.audio_formats[0]
        if film:
            write_pictures(made)
        size = 0 if codec.startswith("pcm") else 960 if codec == "libopus" else 1024
        for position, frame in pieces(samples, rate, stream.codec_context.format.name, size or 4096):
            frame.pts, frame.time_base = position + round(late_s * rate), Fraction(1, rate)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return path


def write_pictures(made: av.container.OutputContainer) -> None:
    pictures = made.add_stream("mpeg4", rate=5, width=64, height=48, pix_fmt="yuv420p")
    for number in range(5 * round(SECONDS)):
        picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 4, np.uint8), format="rgb24")
        picture.pts, picture.time_base = number, Fraction(1, 5)
        made.mux(pictures.encode(picture))
    made.mux(pictures.encode(None))


def pieces(samples: Samples, rate: int, form: str, size: int) -> Iterator[tuple[int, av.AudioFrame]]:
    """Frames of `size` samples in an encoder's sample format, each with its position."""
    whole = av.AudioFrame.from_ndarray(samples.astype(np.float32)[None, :], format="fltp", layout="mono")
    whole.sample_rate = rate
    fifo = AudioFifo()
    for frame in av.AudioResampler(form, "mono", rate).resample(whole):
        frame.pts = None
        fifo.write(frame)
    position = 0
    while (frame := fifo.read(size, partial=True)) is not None:
        yield position, frame
        position += frame.samples


def heard_by_pyav(path: Path) -> Samples:
    """Decoded as the recogniser does it: frame after frame, whatever their timestamps."""
    resampler = av.AudioResampler("flt", "mono", HEARD_RATE)
    parts = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            frame.pts = None
            parts += resampler.resample(frame)
    parts += resampler.resample(None)
    return np.concatenate([part.to_ndarray().ravel() for part in parts]).astype(np.float64)


def heard_by_ffmpeg(path: Path) -> Samples:
    """Decoded by another program, which goes by the timestamps."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path)]
    command += ["-ac", "1", "-ar", str(HEARD_RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<f4").astype(float)


def click_times(heard: Samples) -> list[float]:
    """Where the energy around each of CLICKS has its centre, in seconds; NaN where nothing is heard."""
    found = []
    for centre in CLICKS:
        begin = round((centre - 0.2) * HEARD_RATE)
        energy = heard[begin : begin + round(0.4 * HEARD_RATE)] ** 2
        loud = energy.max() > 0.01
        found.append(
            (begin + np.average(np.arange(energy.size), weights=energy)) / HEARD_RATE if loud else np.nan
        )
    return found
