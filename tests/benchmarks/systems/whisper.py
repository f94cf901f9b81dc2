"""Faster-whisper's own word times, given to the words of the text that they match; the others get none."""

from typing import Any

from faster_whisper import BatchedInferencePipeline, WhisperModel

from alignment.engine.matching import merge
from alignment.engine.spoken import readings
from tests.benchmarks.systems.worker import Job, serve, with_times


def align_whisper(job: Job) -> dict[str, Any]:
    model = WhisperModel(job.weights, device="cpu", compute_type="int8")
    segments, _ = BatchedInferencePipeline(model).transcribe(
        job.audio,
        language=job.language,
        beam_size=1,
        batch_size=8,
        word_timestamps=True,
        without_timestamps=True,
    )
    heard = [word for segment in segments for word in segment.words or ()]
    written = [word for line in job.lines for word in line]
    slots = merge(
        [readings(word, job.language)[0] for word in written],
        [readings(word.word.strip(), job.language)[0] for word in heard],
    )
    times = {
        slot.written: (heard[slot.heard].start, heard[slot.heard].end)
        for slot in slots
        if slot.written is not None and slot.heard is not None
    }
    return with_times(job.lines, times)


if __name__ == "__main__":
    serve(align_whisper)
