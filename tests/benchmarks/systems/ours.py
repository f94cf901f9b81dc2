"""This project's aligner, as `alignment align` calls it."""

import json
from pathlib import Path
from typing import Any

from alignment.engine.pipeline import align
from alignment.formats import read_transcript, write
from tests.benchmarks.systems.worker import Job, serve


def align_ours(job: Job) -> dict[str, Any]:
    aligned = align(job.audio, read_transcript(Path(job.transcript)), language=job.language)
    parsed: dict[str, Any] = json.loads(write(aligned, "json"))
    return parsed


if __name__ == "__main__":
    serve(align_ours)
