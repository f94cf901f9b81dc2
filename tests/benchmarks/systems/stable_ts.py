"""Stable-ts `align` (github.com/jianfch/stable-ts) with the same weights, its defaults otherwise."""

import importlib.machinery
import sys
import types
from typing import Any

from tests.benchmarks.systems.worker import Job, lay_on_lines, serve

# Stable-ts imports torchaudio for audio at other rates than 16 kHz; what there is does not fit this torch.
_torchaudio = types.ModuleType("torchaudio")
_torchaudio.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = _torchaudio

import stable_whisper  # noqa: E402
from faster_whisper import decode_audio  # noqa: E402


def align_stable_ts(job: Job) -> dict[str, Any]:
    model = stable_whisper.load_faster_whisper(job.weights, device="cpu", compute_type="int8")
    text = " ".join(word for line in job.lines for word in line)
    result = model.align(decode_audio(job.audio), text, language=job.language, verbose=None)
    tokens = [(word.word, float(word.start), float(word.end)) for word in result.all_words()]
    return lay_on_lines(job.lines, tokens)


if __name__ == "__main__":
    serve(align_stable_ts)
