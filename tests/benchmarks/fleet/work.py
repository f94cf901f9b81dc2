"""A worker that does recordings one after another into a library, and says what each part of it took.

    python -m tests.benchmarks.fleet.work JOBS.json ROWS

JOBS.json: {"library": folder, "recordings": [{"audio", "transcript", "seconds"}, ...]}. ROWS gets a line of
JSON for each: processor seconds by part, of this process and of all that it starts; "wall" beside them.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import alignment
from alignment.library import Library
from alignment.library.index import INDEX, Index
from alignment.progress import Progress
from tests.benchmarks.measuring import processor_seconds


class CpuWatch:
    """Adds up the processor seconds of this session's processes, part by part."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._part = ""
        self._before = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._part:
            self.part(progress.stage)

    def part(self, name: str) -> None:
        """End the part that is under way, and begin another."""
        now = processor_seconds(os.getsid(0))
        if self._part:
            self.parts[self._part] = self.parts.get(self._part, 0.0) + now - self._before
        self._part, self._before = name, now


def main(jobs: Path, rows: Path) -> None:
    """Do all recordings of the file."""
    wanted = json.loads(jobs.read_text())
    library = Library(wanted["library"])
    for recording in wanted["recordings"]:
        watch, began = CpuWatch(), time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            watch.part("fetch")
            fetched = alignment.fetch(Path(recording["audio"]), Path(folder))
            given = Path(recording["transcript"])
            aligned = alignment.align(
                fetched.path, alignment.read_transcript(given), language="en", progress=watch
            )
            watch.part("add")
            episode = library.add(transcript=given.read_bytes(), audio=fetched.path, aligned=aligned)
        wall = time.perf_counter() - began
        watch.part("peaks")
        library.peaks(episode.id)
        watch.part("index")
        Index(library).update()
        watch.part("")
        sizes = {path.name: path.stat().st_size for path in episode.folder.iterdir() if path.is_file()}
        index = (library.root / INDEX).stat().st_size
        row = {
            "seconds": recording["seconds"],
            "wall": wall,
            "parts": watch.parts,
            "sizes": sizes,
            "index": index,
            "lines": episode.lines,
        }
        with rows.open("a") as file:
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
