"""This project's aligner, as `alignment align` calls it, with the seconds that each of its stages takes."""

import json
import time
from pathlib import Path
from typing import Any

import alignment
from alignment.progress import Progress
from tests.benchmarks.systems.worker import Job, serve


class Stopwatch:
    """A progress callback that adds up the seconds from one stage's first event to the next stage's."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._since = "Before the first stage", time.perf_counter()

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._stage:
            self.stop()
            self._stage = progress.stage

    def stop(self) -> None:
        """Count what has gone by for the stage at work."""
        now = time.perf_counter()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._since = now


def align_ours(job: Job) -> dict[str, Any]:
    stopwatch = Stopwatch()
    transcript = alignment.read_transcript(Path(job.transcript))
    aligned = alignment.align(job.audio, transcript, language=job.language, progress=stopwatch)
    stopwatch.stop()
    written: dict[str, Any] = json.loads(alignment.write(aligned, "json"))
    return {**written, "stages": stopwatch.seconds}


if __name__ == "__main__":
    # Before the clock starts; and here, so that the aligner's own processes, which import this file too, do
    # without the recogniser as they do under the command line.
    import alignment.engine.pipeline

    serve(align_ours)
