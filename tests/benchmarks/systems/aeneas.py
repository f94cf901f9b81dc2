"""Aeneas (github.com/readbeyond/aeneas): lines, then the words in each, by time warping against espeak."""

import tempfile
import wave
from pathlib import Path
from typing import Any

from aeneas.audiofile import AudioFile
from aeneas.exacttiming import TimeValue
from aeneas.executetask import ExecuteTask
from aeneas.runtimeconfiguration import RuntimeConfiguration
from aeneas.task import Task

from tests.benchmarks.systems.worker import Job, lay_on_lines, serve

_LANGUAGES = {"en": "eng", "fr": "fra", "de": "deu"}


class _WavTask(Task):
    """Learns the length of its audio without an ffprobe program."""

    def _populate_audio_file(self) -> None:
        if self.audio_file_path_absolute is None:  # while the task is being made
            return
        with wave.open(self.audio_file_path_absolute) as file:
            seconds = file.getnframes() / file.getframerate()
        self.audio_file = AudioFile(self.audio_file_path_absolute)
        self.audio_file.audio_length = TimeValue(f"{seconds:.6f}")


def align_aeneas(job: Job) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        # A paragraph to a line, with one sentence in it: the format has three levels.
        text.write_text("\n\n".join(" ".join(line) for line in job.lines), "utf-8")
        task = _WavTask(
            f"task_language={_LANGUAGES[job.language]}|is_text_type=mplain|os_task_file_format=json"
        )
        task.text_file_path_absolute = str(text)
        task.audio_file_path_absolute = job.wav
        settings = RuntimeConfiguration(f"ffmpeg_path={job.ffmpeg}|allow_unlisted_languages=True")
        ExecuteTask(task, rconf=settings).execute()
    leaves = [leaf for leaf in task.sync_map_leaves() if leaf.is_regular]
    return lay_on_lines(job.lines, [(leaf.text, float(leaf.begin), float(leaf.end)) for leaf in leaves])


if __name__ == "__main__":
    serve(align_aeneas)
