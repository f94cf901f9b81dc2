"""The JSON of Amazon Transcribe (https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html).

`results.items` are words with times, written as strings, and punctuation without; who speaks stands at each
item, in older files only in `results.speaker_labels`. Channels of their own have the items again, which then
count alone.
"""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from alignment.formats.format import Format
from alignment.formats.joining import Piece, lines_of
from alignment.formats.json_text import has_key, validated
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.recognised import Seconds, Speaker, punctuated, spaced
from alignment.transcript import Segment, Transcript

__all__ = ["FORMAT", "read", "recognises"]


class _Alternative(BaseModel):
    content: str = ""


class _Item(BaseModel):
    type: str | None = None
    start_time: Seconds = None
    end_time: Seconds = None
    alternatives: list[_Alternative] = []
    speaker_label: Speaker = None

    def content(self) -> str:
        return self.alternatives[0].content if self.alternatives else ""


class _Turn(BaseModel):
    speaker_label: Speaker = None
    items: list[_Item] | None = None


class _SpeakerLabels(BaseModel):
    segments: list[_Turn] = []


class _Channel(BaseModel):
    channel_label: Speaker = None
    items: list[_Item] = []


class _ChannelLabels(BaseModel):
    channels: list[_Channel] = []


class _Results(BaseModel):
    items: list[_Item] = []
    language_code: str | None = None
    speaker_labels: _SpeakerLabels | None = None
    channel_labels: _ChannelLabels | None = None


class _Answer(BaseModel):
    results: _Results


def recognises(text: str) -> bool:
    """Whether `text` is an object with results of items, each with the content of its alternatives."""
    return text.lstrip().startswith("{") and has_key(text, "results", "items", "alternatives", "content")


def read(text: str) -> Transcript:
    """Lines of the words, with their times."""
    results = validated(_Answer, text, "a transcript of Amazon Transcribe").results
    return Transcript(arranged(_lines(results)), language=language_code(results.language_code))


def _lines(results: _Results) -> Iterator[Segment]:
    channels = results.channel_labels.channels if results.channel_labels else []
    voices = dict(_voices(results.speaker_labels)) if results.speaker_labels else {}
    for channel in channels or [_Channel(items=results.items)]:
        yield from lines_of(spaced(_pieces(channel.items, channel.channel_label, voices)))


def _voices(labels: _SpeakerLabels) -> Iterator[tuple[float | None, str]]:
    """Who speaks at which time."""
    for turn in labels.segments:
        for item in turn.items or ():
            speaker = item.speaker_label or turn.speaker_label
            if item.start_time is not None and speaker:
                yield item.start_time, speaker


def _pieces(items: Iterable[_Item], channel: str | None, voices: Mapping[float | None, str]) -> list[Piece]:
    parts = []
    for item in items:
        speaker = channel or item.speaker_label or voices.get(item.start_time)
        piece = Piece(item.content(), item.start_time, item.end_time, speaker)
        parts.append((piece, item.type == "punctuation"))
    return punctuated(parts)


FORMAT = Format("aws", "Amazon Transcribe transcript", recognises, read=read, words=True, speakers=True)
