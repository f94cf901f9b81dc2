"""Measures what one worker costs: by recording, by part, in the library and in a store of objects."""

import json
import logging
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from alignment.library import Library
from tests.benchmarks.library import make_episode
from tests.benchmarks.machine import commit, describe_machine
from tests.benchmarks.measuring import Cost, run
from tests.benchmarks.recordings import missing_data, recordings
from tests.library.episodes import GIVEN, aligned, audio_file
from tests.library.stores import bucket, machine, s3_server

__all__ = ["measure", "store_requests"]

_RECORDINGS = ("interview", "talking-book")
_LENGTHS_S = (60.0, 300.0, 900.0)
"""Of the beginnings that are aligned beside the whole: from them the fixed cost of an episode is told."""
_EPISODES = 40
"""That are put into the store; what the last of them takes is what is kept."""
_SCANNED = 1_000
_LINES = 200
_COLOURS = re.compile(r"\x1b\[\d+m")


@dataclass(frozen=True, slots=True)
class Cut:
    """The beginning of a recording with its text. seconds: its length."""

    audio: Path
    transcript: Path
    seconds: float


def cuts(name: str, folder: Path) -> list[Cut]:
    """Beginnings of a recording of the measuring data, and the whole of it."""
    (whole,) = recordings([name])
    truth = whole.recording.truth
    if truth is None:
        raise LookupError(f"Nobody knows when the lines of {name} begin.")
    found = []
    for seconds in _LENGTHS_S:
        said = [line for line in truth["lines"] if _end(line) < seconds]
        audio = folder / f"{name}-{seconds:.0f}{whole.recording.audio.suffix}"
        transcript = audio.with_suffix(".txt")
        transcript.write_text("\n".join(line["text"] for line in said), "utf-8")
        source = ["-i", str(whole.recording.audio), "-t", str(seconds), "-vn"]
        copied = [] if audio.suffix == ".flac" else ["-c", "copy"]
        ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
        subprocess.run([*ffmpeg, *source, *copied, str(audio)], check=True)
        found.append(Cut(audio, transcript, seconds))
    return [*found, Cut(whole.recording.audio, whole.recording.transcript, whole.duration)]


def _end(line: dict[str, Any]) -> float:
    known = [line.get("end"), *(line.get("clip") or [])[1:]]
    return max((float(time) for time in known if time is not None), default=0.0)


def measure() -> dict[str, Any]:
    """Everything that is measured, as it is kept. Raises LookupError where the measuring data are not."""
    if missing := missing_data(_RECORDINGS):
        raise LookupError(f"Nothing can be measured: {missing} is not beside the repository.")
    before = {"commit": commit(), "machine": describe_machine()}
    work: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="verbatime-fleet-") as place:
        for name in _RECORDINGS:
            made = cuts(name, Path(place))
            rows, cost = _work(made, Path(place, name))
            alone = [_work([cut], Path(place, f"{name}-alone"))[1].peak_bytes for cut in made[-1:]]
            work[name] = {
                "rows": rows,
                "cpu_s": cost.cpu_s,
                "peak_bytes": cost.peak_bytes,
                "peak_alone_bytes": alone[0],
                "source_bytes": made[-1].audio.stat().st_size,
            }
            print(json.dumps(work[name]), flush=True)
    return {
        **before,
        "work": work,
        "requests": store_requests(),
        "scan_s": scan_seconds(),
        "ledger_s": ledger_seconds(),
    }


def _work(made: Sequence[Cut], library: Path) -> tuple[list[dict[str, Any]], Cost]:
    """What a worker says of each, and what the whole process took."""
    library.mkdir(exist_ok=True)
    jobs, said = library.with_suffix(".json"), library.with_suffix(".said")
    listed = [
        {"audio": str(cut.audio), "transcript": str(cut.transcript), "seconds": cut.seconds} for cut in made
    ]
    jobs.write_text(json.dumps({"library": str(library), "recordings": listed}))
    cost = run([sys.executable, "-m", "tests.benchmarks.fleet.work", str(jobs), str(said)])
    return [json.loads(line) for line in said.read_text().splitlines()], cost


def store_requests() -> dict[str, Any]:
    """Requests to an S3 by kind.

    add: for one more episode. open: for a library on a new machine. bring: for each episode that others have
    added, at the first look of a machine that has none of them yet.
    """
    with (
        s3_server() as endpoint,
        _counted() as seen,
        bucket(endpoint) as address,
        tempfile.TemporaryDirectory() as place,
    ):
        folder = Path(place)
        library = machine(address, folder / "one")
        for number in range(_EPISODES):
            audio = audio_file(folder, f"{number}.wav", seconds=0.2, pitch_hz=200.0 + number)
            seen.clear()
            library.add(transcript=GIVEN, audio=audio, aligned=aligned(f"Tale {number}"))
        added = dict(seen)
        seen.clear()
        other = machine(address, folder / "other")
        opened = dict(seen)
        seen.clear()
        other.refresh()
        brought = {kind: count / _EPISODES for kind, count in seen.items()}
        return {"add": added, "open": opened, "bring": brought}


def scan_seconds() -> float:
    """Processor seconds for each episode of a list of all episodes, their descriptions read."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, "library")
        (root / "episodes").mkdir(parents=True)
        for number in range(_SCANNED):
            make_episode(root, number)
        library = Library(root)
        began = time.process_time()
        count = len(library.episodes())
        return (time.process_time() - began) / count


def ledger_seconds() -> float:
    """Seconds until a line that is put behind a file is on this disk; the median."""
    took = []
    with tempfile.TemporaryFile(dir=Path.cwd()) as file:
        for _ in range(_LINES):
            began = time.perf_counter()
            file.write(b"." * 400 + b"\n")
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took)


@contextmanager
def _counted() -> Iterator[Counter[str]]:
    """Requests to the servers of this process since the last `clear`, by their kind."""
    seen: Counter[str] = Counter()

    class Count(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            line = _COLOURS.sub("", record.getMessage()).partition('"')[2]
            method, _, rest = line.partition(" ")
            seen["LIST" if method == "GET" and "list-type" in rest else method] += 1

    log, handler = logging.getLogger("werkzeug"), Count()
    level, passes_on = log.level, log.propagate
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
    try:
        yield seen
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = passes_on
