"""What a GPU brings, on a machine with one: `python -m tests.benchmarks.gpu AUDIO TRANSCRIPT [--model NAME]`.

First the recogniser alone, over every window of the recording, on the cores and in each way that a GPU can do
it; then whole alignments, stage by stage, and how far the two results lie apart. Prints a page to be kept.
"""

import argparse
import gc
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from pathlib import Path

import alignment
from alignment.audio import Audio, Span, read_audio
from alignment.engine.anchors import Recognizer
from alignment.engine.device import DEVICE, Device, cores, device_to_use
from alignment.engine.models import DEFAULT_MODEL, Weights, find_weights
from alignment.engine.whisper import Whisper
from alignment.engine.windows import find_speech, find_windows
from alignment.progress import ignore_progress
from alignment.transcript import Transcript
from tests.benchmarks.machine import commit, describe_machine
from tests.benchmarks.systems.ours import Stopwatch
from tests.benchmarks.tables import markdown_table

_COMPUTE_TYPES = ("float16", "int8_float16", "int8", "float32", "bfloat16")
_WORKERS, _WINDOWS = (1, 2, 4), (1, 8, 16)


@dataclass(frozen=True, slots=True)
class Heard:
    """words: as they were heard. first_s: until the first window was. all_s: for all of them, afterwards."""

    words: list[str]
    first_s: float
    all_s: float
    gpu_mib: int


def main() -> None:
    arguments = _arguments()
    if device_to_use().name != "cuda":
        raise SystemExit("CTranslate2 sees no GPU here, so there is nothing to measure.")
    weights = find_weights(arguments.model)
    audio = read_audio(arguments.audio)
    print(f"# A GPU\n\nCommit {commit()}. {describe_machine()}. {_gpu_name()}. Whisper {weights.name}.\n")
    print(f"## Listening to all of {arguments.audio.name}, {audio.duration:.0f} s\n")
    print(_listening(audio, weights))
    print("\n## Whole alignments\n")
    print(_aligning(arguments.audio, arguments.transcript, arguments.model))


def _listening(audio: Audio, weights: Weights) -> str:
    windows = find_windows(audio, find_speech(audio), audio.loudness())
    recognizer = Recognizer(weights)
    rows: list[Sequence[str]] = []
    reference: list[str] = []
    for device in [cores(), *_ways()]:
        heard = _hear(recognizer, device, audio, windows)
        reference = reference or heard.words
        same = SequenceMatcher(None, reference, heard.words, autojunk=False).ratio()
        rows.append(
            (
                f"{device.name}, {device.compute_type}",
                str(device.workers),
                str(device.windows),
                f"{heard.first_s:.2f} s",
                f"{heard.all_s:.2f} s",
                f"{audio.duration / heard.all_s:.0f}",
                f"{heard.gpu_mib} MiB",
                f"{same:.2%}",
            )
        )
    header = ("device", "workers", "windows", "first", "all", "times real time", "GPU memory", "same words")
    return markdown_table(header, rows)


def _ways() -> Iterator[Device]:
    """What differs by workers and windows, for the type that is used; then the other types."""
    used = device_to_use()
    for workers, windows in product(_WORKERS, _WINDOWS):
        yield Device("cuda", used.compute_type, workers, 1, windows)
    for compute_type in _COMPUTE_TYPES:
        if compute_type != used.compute_type:
            yield Device("cuda", compute_type, used.workers, 1, used.windows)


def _hear(recognizer: Recognizer, device: Device, audio: Audio, windows: Sequence[Span]) -> Heard:
    recognizer.whisper = Whisper(recognizer.weights.folder, device)
    began = time.perf_counter()
    recognizer.hear(audio, windows[:1], "en", None, ignore_progress)
    first = time.perf_counter()
    heard = recognizer.hear(audio, windows, "en", None, ignore_progress)
    words = [word.text for window in windows for word in heard[window]]
    return Heard(words, first - began, time.perf_counter() - first, _gpu_memory())


def _aligning(audio: Path, transcript: Path, model: str) -> str:
    given = alignment.read_transcript(transcript)
    results: list[Transcript] = []
    stages: list[dict[str, float]] = []
    for device in ("cpu", "cuda"):
        os.environ[DEVICE] = device
        gc.collect()  # else what the one has loaded may serve the other
        stopwatch = Stopwatch()
        results.append(alignment.align(audio, given, model=model, language="en", progress=stopwatch))
        stopwatch.stop()
        stages.append(stopwatch.seconds)
    names = list(dict.fromkeys(name for each in stages for name in each))
    rows = [(name, *(f"{each.get(name, 0.0):.1f} s" for each in stages)) for name in names]
    total = ("together", *(f"{sum(each.values()):.1f} s" for each in stages))
    return f"{markdown_table(('stage', 'cores', 'GPU'), [*rows, total])}\n\n{_difference(*results)}"


def _difference(one: Transcript, other: Transcript) -> str:
    pairs = list(zip(one.segments, other.segments, strict=True))
    both = [(a.start, b.start) for a, b in pairs if a.start is not None and b.start is not None]
    apart = [abs(a - b) for a, b in both]
    return (
        f"{len(pairs)} lines, {len(both)} placed by both; {sum(far > 0.05 for far in apart)} start more than "
        f"50 ms apart, {max(apart, default=0.0) * 1000:.0f} ms at most."
    )


def _gpu_name() -> str:
    return _ask_driver("name")


def _gpu_memory() -> int:
    """MiB that are taken, by whomever."""
    return int(_ask_driver("memory.used"))


def _ask_driver(what: str) -> str:
    command = ["nvidia-smi", f"--query-gpu={what}", "--format=csv,noheader,nounits", "--id=0"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("audio", type=Path)
    parser.add_argument("transcript", type=Path)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    return parser.parse_args()


if __name__ == "__main__":
    main()
