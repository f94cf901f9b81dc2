"""The aligner: the stages in their order, from audio and text to a transcript with times."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from alignment.audio import Audio, Span, read_audio
from alignment.disk import digest
from alignment.engine.aligners import aligner
from alignment.engine.anchors import HeardWord, Recognizer, recognizer_with
from alignment.engine.captions import told_words
from alignment.engine.chunks import cut_chunks
from alignment.engine.edges import EdgeFinder
from alignment.engine.evidence import silent_words
from alignment.engine.hearing import first_windows
from alignment.engine.lines import placed_words, timed_segments, untranscribed
from alignment.engine.listening import Listener, openings
from alignment.engine.matching import Slot
from alignment.engine.merged import MergedText
from alignment.engine.models import DEFAULT_MODEL, Weights, find_weights
from alignment.engine.other_language import refuse_other_language
from alignment.engine.placing import Placer, Said
from alignment.engine.proof import Proof
from alignment.engine.silences import find_silences
from alignment.engine.unheard import hear_out
from alignment.engine.windows import find_speech, find_windows
from alignment.errors import AudioError, TranscriptError
from alignment.heap import share_one_heap
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Provenance, Segment, Transcript

__all__ = ["Anchors", "ShowOpening", "align", "heard_checkpoint", "spoken_language"]

Anchors = Literal["audio", "captions"]
ShowOpening = Callable[[Transcript], None]


def align(
    audio: Path | str | Audio,
    transcript: Transcript,
    *,
    model: str = DEFAULT_MODEL,
    language: str | None = None,
    anchors: Anchors = "audio",
    progress: ProgressCallback = ignore_progress,
    show_opening: ShowOpening | None = None,
    checkpoints: Path | None = None,
) -> Transcript:
    """Put a time on every line and word of the transcript that is in the audio.

    model: a Whisper size, a hub's "owner/name" or a folder, see `models.find_weights`.
    language: ISO 639-1 code, None to hear it from the audio.
    anchors: where first guesses come from: "audio" listens; "captions" begins with the times that the
    transcript brings, and listens only where the sound does not bear them out.
    show_opening: called while the work goes on, as often as a longer opening of the audio is done, with the
    transcript that has the times of its lines; later lines are as they were given.
    checkpoints: a folder for what is finished, so that an interrupted run goes on where it was.

    The segments' texts come back unchanged and in order; a line that is not in the audio says so in its
    status and has no times. Raises AudioError where nobody speaks, TranscriptError where the text is of
    something else, ModelError where the weights cannot be had, and whatever `progress` raises.
    """
    if not any(segment.words for segment in transcript.segments):
        raise TranscriptError("The transcript has no words. Give a text with at least one line.")
    share_one_heap()
    progress(Progress("Reading the audio"))
    sound = audio if isinstance(audio, Audio) else read_audio(audio)
    recognizer = recognizer_with(find_weights(model, progress=progress))
    progress(Progress("Finding speech"))
    loudness, speech = sound.loudness(), find_speech(sound)
    windows = find_windows(sound, speech, loudness)
    if not windows:
        raise AudioError(
            "Nobody speaks in this audio. Give a recording of the talk that the transcript is of."
        )
    code = spoken_language(language, recognizer, sound, windows, progress)
    checkpoint = heard_checkpoint(checkpoints, sound, recognizer, code)
    silences = find_silences(loudness)

    def hear(some: Sequence[Span], progress: ProgressCallback) -> dict[Span, list[HeardWord]]:
        return hear_out(some, lambda s: recognizer.hear(sound, s, code, checkpoint, progress), speech)

    def hear_as(some: Sequence[Span], language: str) -> dict[Span, list[HeardWord]]:
        return recognizer.hear(sound, some, language, None, progress)

    def question(text: MergedText) -> None:
        if language:
            detect = partial(recognizer.detect_language, sound, windows)
            refuse_other_language(text, transcript, windows, detect, hear_as)

    told = told_words(transcript, windows) if anchors == "captions" else {}
    provenance = _provenance(recognizer.weights, sound, transcript)

    def timed(text: MergedText, said: Sequence[Said | None]) -> Transcript:
        spans = EdgeFinder(loudness, speech).refine([word.span if word else None for word in said])
        placed = placed_words(text, spans, [word.score if word else None for word in said])
        return replace(
            transcript,
            segments=timed_segments(transcript.segments, placed, silent_words(text), sound.duration),
            language=code,
            duration=round(sound.duration, 3),
            provenance=provenance,
            untranscribed=untranscribed(text, spans),
        )

    with aligner(code, recognizer) as force_all:
        placer = Placer(sound, force_all, silences)
        listener = Listener(
            transcript,
            code,
            windows,
            [] if told else first_windows(windows),
            told,
            hear,
            question,
            cut=lambda text: cut_chunks(text.slots, text.heard, silences, sound.duration),
            placer=placer,
            proof=Proof(loudness, speech),
        )
        for end in openings(windows):
            brief = partial(_of_opening, progress, end)
            if show_opening and (opening := listener.listen_to_opening(end, brief)):
                text, chunks = opening
                said = placer.place(text, chunks, brief)
                later = text.slots[len(said) :]
                placed = timed(text, [*said, *[None] * len(later)])
                show_opening(_opening(placed, transcript, later))
        text, chunks = listener.listen(progress)
        said = placer.place(text, chunks, progress)
    aligned = timed(text, said)
    aligned.check()
    return aligned


def _opening(placed: Transcript, given: Transcript, later: Sequence[Slot]) -> Transcript:
    """The placed lines, and as they were given those that have one of the later words."""
    first_later = min((slot.written for slot in later if slot.written is not None), default=None)
    segments: list[Segment] = []
    words = 0
    for segment, before in zip(placed.segments, given.segments, strict=True):
        words += len(segment.words)
        is_placed = first_later is None or words <= first_later
        segments.append(segment if is_placed else before)
    opening = placed.with_segments(tuple(segments))
    opening.check()
    return opening


def _of_opening(progress: ProgressCallback, end: float, event: Progress) -> None:
    progress(replace(event, eta_s=None, detail=f"first {end / 60:.0f} minutes"))


def spoken_language(
    given: str | None,
    recognizer: Recognizer,
    audio: Audio,
    windows: list[Span],
    progress: ProgressCallback,
) -> str:
    """The language that was given, if the model knows it, else the one that is heard."""
    if given:
        recognizer.check_language(given)
        return given
    progress(Progress("Recognising the language"))
    return recognizer.detect_language(audio, windows)


def heard_checkpoint(folder: Path | None, audio: Audio, recognizer: Recognizer, language: str) -> Path | None:
    """The file for what is heard, of this audio by this model in this language."""
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"heard-{audio.sha256[:16]}-{recognizer.weights.sha256[:16]}-{language}.json"


def _provenance(weights: Weights, audio: Audio, transcript: Transcript) -> Provenance:
    text = "\n".join(segment.text for segment in transcript.segments)
    return Provenance(
        engine=f"verbatime {version('verbatime')}",
        model=weights.name,
        model_sha256=weights.sha256,
        audio_sha256=audio.sha256,
        transcript_sha256=digest(text.encode("utf-8", "surrogatepass")),
    )
