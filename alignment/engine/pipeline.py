"""The aligner: the stages in their order, from audio and text to a transcript with times."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alignment.audio import Audio, read_audio
from alignment.disk import digest
from alignment.engine.anchors import HeardWord, Recognizer
from alignment.engine.chunks import cut_chunks
from alignment.engine.edges import EdgeFinder
from alignment.engine.lines import placed_words, timed_segments, untranscribed
from alignment.engine.merged import MergedText
from alignment.engine.models import DEFAULT_MODEL, Weights, find_weights
from alignment.engine.placing import place
from alignment.engine.silences import find_silences
from alignment.engine.windows import find_speech, find_windows
from alignment.errors import AudioError, TranscriptError
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Provenance, Transcript

__all__ = ["align"]


def align(
    audio: Path | str | Audio,
    transcript: Transcript,
    *,
    model: str = DEFAULT_MODEL,
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
    checkpoints: Path | None = None,
) -> Transcript:
    """Put a time on every line and word of the transcript that is in the audio.

    model: a Whisper size, a hub's "owner/name" or a folder, see `models.find_weights`.
    language: ISO 639-1 code, None to hear it from the audio.
    checkpoints: a folder for what is finished, so that an interrupted run goes on where it was.

    The segments' texts come back unchanged and in order; a line that is not in the audio says so in its
    status and has no times. Raises AudioError where nobody speaks, TranscriptError where the text is of
    something else, ModelError where the weights cannot be had, and whatever `progress` raises.
    """
    if not any(segment.words for segment in transcript.segments):
        raise TranscriptError("The transcript has no words. Give a text with at least one line.")
    progress(Progress("Reading the audio"))
    sound = audio if isinstance(audio, Audio) else read_audio(audio)
    recognizer = Recognizer(find_weights(model, progress=progress))
    loudness = sound.loudness()
    heard, code = _listen(sound, loudness, recognizer, language, checkpoints, progress)
    text = MergedText.of(transcript, heard, code)
    text.refuse_another_talk()
    chunks = cut_chunks(text.slots, heard, find_silences(loudness), sound.duration)
    said = EdgeFinder(loudness).refine(place(sound, text, chunks, recognizer, progress))
    aligned = replace(
        transcript,
        segments=timed_segments(transcript.segments, placed_words(text, said), sound.duration),
        language=code,
        duration=round(sound.duration, 3),
        provenance=_provenance(recognizer.weights, sound, transcript),
        untranscribed=untranscribed(text, said),
    )
    aligned.check()
    return aligned


def _listen(
    audio: Audio,
    loudness: NDArray[np.float32],
    recognizer: Recognizer,
    language: str | None,
    checkpoints: Path | None,
    progress: ProgressCallback,
) -> tuple[list[HeardWord], str]:
    """What is heard in the audio, and in which language."""
    progress(Progress("Finding speech"))
    windows = find_windows(audio, find_speech(audio), loudness)
    if not windows:
        raise AudioError(
            "Nobody speaks in this audio. Give a recording of the talk that the transcript is of."
        )
    if language:
        recognizer.check_language(language)
    else:
        progress(Progress("Recognising the language"))
        language = recognizer.detect_language(audio, windows)
    checkpoint = None
    if checkpoints:
        checkpoints.mkdir(parents=True, exist_ok=True)
        checkpoint = (
            checkpoints / f"heard-{audio.sha256[:16]}-{recognizer.weights.sha256[:16]}-{language}.json"
        )
    return recognizer.hear(audio, windows, language, checkpoint, progress), language


def _provenance(weights: Weights, audio: Audio, transcript: Transcript) -> Provenance:
    text = "\n".join(segment.text for segment in transcript.segments)
    return Provenance(
        engine=f"verbatime {version('verbatime')}",
        model=weights.name,
        model_sha256=weights.sha256,
        audio_sha256=audio.sha256,
        transcript_sha256=digest(text.encode("utf-8", "surrogatepass")),
    )
