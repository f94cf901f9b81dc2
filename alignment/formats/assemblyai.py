"""The transcripts of AssemblyAI (https://www.assemblyai.com/docs/api-reference/transcripts/get), as JSON.

One object with the text, its words, and where speakers were told apart also the utterances of each; or one
with its sentences or paragraphs, which are fetched from addresses of their own. Times are in milliseconds.
"""

from collections.abc import Iterable

from pydantic import BaseModel, FiniteFloat

from alignment.formats.format import Format
from alignment.formats.joining import Piece
from alignment.formats.json_text import has_key, validated
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.recognised import Seconds, Speaker, as_line, as_lines
from alignment.transcript import Chapter, Segment, Source, Transcript

__all__ = ["FORMAT", "read", "recognises"]

_SIGNS = ("audio_duration", "audio_url", "acoustic_model", "language_code")
_TEXTS = ("words", "sentences", "paragraphs")


class _Word(BaseModel):
    text: str | None = None
    start: FiniteFloat | None = None
    end: FiniteFloat | None = None
    speaker: Speaker = None

    def piece(self) -> Piece:
        named = self.speaker and len(self.speaker) == 1
        speaker = f"Speaker {self.speaker}" if named else self.speaker
        return Piece(self.text or "", _seconds(self.start), _seconds(self.end), speaker)


class _Utterance(_Word):
    words: list[_Word] | None = None

    def pieces(self) -> list[Piece]:
        return [word.piece() for word in self.words or ()]


class _Chapter(BaseModel):
    start: FiniteFloat | None = None
    headline: str | None = None
    gist: str | None = None


class _Answer(_Utterance):
    utterances: list[_Utterance] | None = None
    sentences: list[_Utterance] | None = None
    paragraphs: list[_Utterance] | None = None
    chapters: list[_Chapter] | None = None
    audio_duration: Seconds = None
    language_code: str | None = None


def recognises(text: str) -> bool:
    """Whether `text` is an object with words, sentences or paragraphs, and with what only AssemblyAI says."""
    if not text.lstrip().startswith("{") or not has_key(text, "text", "start") or has_key(text, "segments"):
        return False
    return any(has_key(text, key) for key in _TEXTS) and any(has_key(text, key) for key in _SIGNS)


def read(text: str) -> Transcript:
    """A line for every sentence, or what each speaker says in one go as lines of caption length."""
    answer = validated(_Answer, text, "a transcript of AssemblyAI")
    return Transcript(
        segments=arranged(_lines(answer)),
        language=language_code(answer.language_code),
        source=Source(length=answer.audio_duration, chapters=tuple(_chapters(answer.chapters or ()))),
    )


def _lines(answer: _Answer) -> Iterable[Segment]:
    if answer.sentences:
        return [as_line(sentence.piece(), sentence.pieces()) for sentence in answer.sentences]
    said = answer.utterances or answer.paragraphs or [answer]
    return [line for each in said for line in as_lines(each.piece(), each.pieces())]


def _chapters(chapters: Iterable[_Chapter]) -> Iterable[Chapter]:
    for chapter in chapters:
        title, start = chapter.headline or chapter.gist, _seconds(chapter.start)
        if title and title.strip() and start is not None:
            yield Chapter(max(0.0, start), " ".join(title.split()))


def _seconds(time_ms: float | None) -> float | None:
    return None if time_ms is None else time_ms / 1000


FORMAT = Format("assemblyai", "AssemblyAI transcript", recognises, read=read, words=True, speakers=True)
