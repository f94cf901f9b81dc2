"""What Deepgram answers for a recording (https://developers.deepgram.com/docs/pre-recorded-audio), as JSON.

`results.utterances` is what was said in one go, where that was asked for, else `results.channels[]` holds the
words and maybe the sentences of each channel; of several alternatives the first is the best. Each channel of
several has a voice of its own, and they are put together by time.
"""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from alignment.formats.format import Format
from alignment.formats.joining import Piece, lines_of
from alignment.formats.json_text import has_key, validated
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.recognised import Seconds, as_lines, shared_out, spaced
from alignment.transcript import Segment, Source, Transcript

__all__ = ["FORMAT", "read", "recognises"]


class _Word(BaseModel):
    word: str = ""
    punctuated_word: str | None = None
    start: Seconds = None
    end: Seconds = None
    speaker: int | None = None

    def piece(self, speaker: str | None = None) -> Piece:
        return Piece(self.punctuated_word or self.word, self.start, self.end, speaker)


class _Utterance(BaseModel):
    transcript: str = ""
    start: Seconds = None
    end: Seconds = None
    channel: int = 0
    speaker: int | None = None
    words: list[_Word] | None = None


class _Sentence(BaseModel):
    text: str = ""
    start: Seconds = None
    end: Seconds = None


class _Paragraph(BaseModel):
    sentences: list[_Sentence] = []
    speaker: int | None = None


class _Paragraphs(BaseModel):
    paragraphs: list[_Paragraph] = []


class _Alternative(BaseModel):
    transcript: str = ""
    words: list[_Word] | None = None
    paragraphs: _Paragraphs | None = None
    languages: list[str] | None = None


class _Channel(BaseModel):
    alternatives: list[_Alternative] = []
    detected_language: str | None = None

    def languages(self) -> Iterator[str]:
        yield from [self.detected_language] if self.detected_language else ()
        for best in self.alternatives[:1]:
            yield from best.languages or ()


class _Results(BaseModel):
    channels: list[_Channel] = []
    utterances: list[_Utterance] | None = None


class _Metadata(BaseModel):
    duration: Seconds = None


class _Answer(BaseModel):
    results: _Results
    metadata: _Metadata = _Metadata()


def recognises(text: str) -> bool:
    """Whether `text` is an object with results for channels, each with alternatives."""
    return text.lstrip().startswith("{") and has_key(text, "results", "channels", "alternatives")


def read(text: str) -> Transcript:
    """Utterances as lines of caption length, else a line for every sentence, else lines of the words."""
    answer = validated(_Answer, text, "what Deepgram answers")
    results = answer.results
    several = len(results.channels) > 1
    lines: list[Segment] = []
    if results.utterances:
        for utterance in results.utterances:
            lines += _of_utterance(utterance, several)
    else:
        for number, channel in enumerate(results.channels):
            for best in channel.alternatives[:1]:
                lines += _of_channel(best, number if several else None)
    language = next((name for channel in results.channels for name in channel.languages()), None)
    return Transcript(
        segments=arranged(lines),
        language=language_code(language),
        source=Source(length=answer.metadata.duration),
    )


def _of_utterance(utterance: _Utterance, several: bool) -> Iterable[Segment]:
    speaker = _voice(utterance.channel if several else None, utterance.speaker)
    piece = Piece(utterance.transcript, utterance.start, utterance.end, speaker)
    return as_lines(piece, [word.piece() for word in utterance.words or ()])


def _of_channel(best: _Alternative, channel: int | None) -> Iterable[Segment]:
    words = [word.piece(_voice(channel, word.speaker)) for word in best.words or ()]
    sentences = [
        Piece(sentence.text, sentence.start, sentence.end, _voice(channel, paragraph.speaker))
        for paragraph in (best.paragraphs.paragraphs if best.paragraphs else ())
        for sentence in paragraph.sentences
    ]
    if sentences:
        return shared_out(sentences, words)
    return lines_of(spaced(words)) or as_lines(Piece(best.transcript, None, None, _voice(channel, None)), ())


def _voice(channel: int | None, speaker: int | None) -> str | None:
    names = (("Channel", channel), ("Speaker", speaker))
    return ", ".join(f"{name} {number}" for name, number in names if number is not None) or None


FORMAT = Format("deepgram", "Deepgram transcript", recognises, read=read, words=True, speakers=True)
