"""A transcript where there is none: what the recogniser hears, in lines."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from alignment.audio import Span, read_audio
from alignment.engine.anchors import HeardWord, recognizer_with
from alignment.engine.models import DEFAULT_MODEL, find_weights
from alignment.engine.pipeline import heard_checkpoint, spoken_language
from alignment.engine.unheard import hear_out
from alignment.engine.windows import find_speech, find_windows
from alignment.errors import AudioError
from alignment.formats.joining import Piece, lines_of
from alignment.formats.ordering import arranged
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Transcript
from alignment.words import separator

__all__ = ["recognise"]


def recognise(
    audio: Path,
    *,
    model: str = DEFAULT_MODEL,
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
    checkpoints: Path | None = None,
) -> Transcript:
    """What is said in the audio, with rough times: `align` puts exact ones.

    The parameters are those of `align`, which takes up what is kept in the same folder of checkpoints.
    Raises AudioError where nobody speaks, ModelError where the weights cannot be had.
    """
    progress(Progress("Reading the audio"))
    sound = read_audio(audio)
    recognizer = recognizer_with(find_weights(model, progress=progress))
    progress(Progress("Finding speech"))
    speech = find_speech(sound)
    windows = find_windows(sound, speech, sound.loudness())
    if not windows:
        raise AudioError("Nobody speaks in this audio, so there is nothing to write down.")
    code = spoken_language(language, recognizer, sound, windows, progress)
    checkpoint = heard_checkpoint(checkpoints, sound, recognizer, code)

    def hear(some: Sequence[Span]) -> dict[Span, list[HeardWord]]:
        return recognizer.hear(sound, some, code, checkpoint, progress)

    heard = hear_out(windows, hear, speech)
    words = [word for window in windows for word in heard[window]]
    segments = arranged(lines_of(_pieces(words)))
    if not segments:
        raise AudioError("The recogniser heard no word in this audio, so there is nothing to write down.")
    return Transcript(segments, language=code, duration=round(sound.duration, 3), origin="recognised")


def _pieces(words: Sequence[HeardWord]) -> Iterator[Piece]:
    for before, word in zip([None, *words], words, strict=False):
        between = separator(before.text, word.text) if before else ""
        yield Piece(between + word.text, word.start, word.end)
