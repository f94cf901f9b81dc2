"""What the tests of the engine share: the demo with its known times, and the models, loaded once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from alignment.audio import Audio, Span, read_audio
from alignment.demo import DEMO
from alignment.engine.anchors import Recognizer, recognizer_with
from alignment.engine.models import Weights, find_weights
from alignment.engine.pipeline import align
from alignment.engine.windows import find_speech, find_windows
from alignment.formats import read_transcript
from alignment.progress import Progress
from alignment.transcript import Transcript
from tests.conftest import MadeOnce

AlignHeard = Callable[..., Transcript]
"""Takes audio, transcript and perhaps the language."""


@dataclass(frozen=True)
class Known:
    """Lines and words of the demo with their known times."""

    lines: list[dict[str, Any]]
    words: list[dict[str, Any]]

    def line(self, text: str) -> Span:
        found = next(line for line in self.lines if line["text"] == text)
        return Span(found["start"], found["end"])

    def words_within(self, span: Span) -> list[dict[str, Any]]:
        return [word for word in self.words if span.start <= word["start"] and word["end"] <= span.end]


@dataclass(frozen=True)
class Run:
    """One alignment of the demo, what it told of its progress, and the folder with its checkpoints."""

    result: Transcript
    progress: list[Progress]
    checkpoints: Path


@pytest.fixture(scope="session")
def known() -> Known:
    truth = json.loads(DEMO.truth.read_text(encoding="utf-8"))
    return Known(truth["lines"], truth["words"])


@pytest.fixture(scope="session")
def demo_audio() -> Audio:
    return read_audio(DEMO.audio)


@pytest.fixture(scope="session")
def demo_text() -> Transcript:
    return read_transcript(DEMO.transcript)


@pytest.fixture(scope="session")
def weights() -> Weights:
    return find_weights("base")


@pytest.fixture(scope="session")
def recognizer(weights: Weights) -> Recognizer:
    """Alignments take it, too, as long as it is held here."""
    return recognizer_with(weights)


@pytest.fixture(scope="session")
def windows(demo_audio: Audio) -> list[Span]:
    return find_windows(demo_audio, find_speech(demo_audio), demo_audio.loudness())


@pytest.fixture(scope="session")
def demo_run(made_once: MadeOnce, recognizer: Recognizer, demo_audio: Audio, demo_text: Transcript) -> Run:
    """The demo, aligned once. What was heard is in its checkpoints: other texts cost no second hearing."""

    def make(checkpoints: Path) -> Run:
        told: list[Progress] = []
        return Run(
            align(demo_audio, demo_text, progress=told.append, checkpoints=checkpoints), told, checkpoints
        )

    return made_once("demo-run", make)


@pytest.fixture(scope="session")
def align_heard(recognizer: Recognizer, shared_folder: Path) -> AlignHeard:
    """Align, and keep what is heard in a sound for other texts, whichever process of the run has them."""

    def align_heard(audio: Audio, transcript: Transcript, language: str | None = None) -> Transcript:
        with FileLock(shared_folder / f"{audio.sha256}.lock"):
            return align(audio, transcript, language=language, checkpoints=shared_folder / "heard")

    return align_heard
