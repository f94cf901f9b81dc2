"""The recordings that benchmarks measure on: those of the `shared` folder beside the repository."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import imageio_ffmpeg

from alignment.engine.models import find_weights
from alignment.formats import read_transcript
from tests.benchmarks.systems.worker import Job
from tests.shared_data import SHARED, Recording, shared_recording

__all__ = ["LANGUAGES", "MeasuredRecording", "missing_data", "recordings"]

LANGUAGES = {
    "hand-labelled-words": "en",
    "talking-book": "en",
    "interview": "en",
    "french-poems": "fr",
    "german-ode": "de",
}
"""Language of each recording, in the order of the report."""


@dataclass(frozen=True, slots=True)
class MeasuredRecording:
    """A recording under its name. duration: seconds of audio."""

    name: str
    language: str
    recording: Recording
    duration: float

    @property
    def has_no_line_times(self) -> bool:
        """Whether nobody knows when its lines begin, or only in which clip."""
        truth = self.recording.truth
        return truth is None or truth["kind"] == "clips"

    def job(self, folder: Path) -> Path:
        """Write what a system's script needs into the folder; the job's file."""
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        wav = folder / "audio.wav"
        command = [ffmpeg, "-loglevel", "error", "-y", "-i", str(self.recording.audio)]
        subprocess.run([*command, "-ac", "1", "-ar", "16000", str(wav)], check=True)
        transcript = read_transcript(self.recording.transcript)
        job = Job(
            audio=str(self.recording.audio),
            wav=str(wav),
            transcript=str(self.recording.transcript),
            language=self.language,
            lines=[[word.text for word in segment.words] for segment in transcript.segments],
            weights=str(find_weights("base").folder),
            ffmpeg=ffmpeg,
        )
        file = folder / "job.json"
        file.write_text(json.dumps(asdict(job)), "utf-8")
        return file


def missing_data(names: Sequence[str]) -> str | None:
    """What is not there of the data of that name, or None if all is."""
    needed = [SHARED / "score.py", *(SHARED / "data" / name for name in names)]
    missing = [str(path.relative_to(SHARED.parent)) for path in needed if not path.exists()]
    return ", ".join(missing) or None


def recordings(names: Sequence[str]) -> list[MeasuredRecording]:
    """The recordings of those names."""
    found = []
    for name in names:
        recording = shared_recording(name)
        with av.open(str(recording.audio)) as container:
            duration = (container.duration or 0) / av.time_base
        found.append(MeasuredRecording(name, LANGUAGES[name], recording, duration))
    return found
