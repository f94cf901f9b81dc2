"""The transcripts of Rev (https://docs.rev.ai/api/asynchronous/transcript/), as JSON.

`monologues[]` are what each speaker says in one go: `elements[]` of words with times, and between them
punctuation and spaces without.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from alignment.formats.format import Format
from alignment.formats.joining import Piece, lines_of
from alignment.formats.json_text import has_key, validated
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.recognised import Seconds, Speaker, punctuated
from alignment.transcript import Transcript

__all__ = ["FORMAT", "read", "recognises"]


class _Element(BaseModel):
    type: str | None = None
    value: str | None = None
    ts: Seconds = None
    end_ts: Seconds = None


class _Monologue(BaseModel):
    speaker: Speaker = None
    elements: list[_Element] = []


class _Person(BaseModel):
    id: Speaker = None
    name: Speaker = None


class _Answer(BaseModel):
    monologues: list[_Monologue]
    speakers: list[_Person] | None = None
    language: str | None = None


def recognises(text: str) -> bool:
    """Whether `text` is an object with monologues of elements."""
    return text.lstrip().startswith("{") and has_key(text, "monologues", "elements")


def read(text: str) -> Transcript:
    """Lines of the words, with their times; a turn for every monologue."""
    answer = validated(_Answer, text, "a transcript of Rev")
    names = {person.id: person.name for person in answer.speakers or () if person.id and person.name}
    pieces = [
        piece
        for turn, monologue in enumerate(answer.monologues)
        for piece in punctuated(_elements(monologue, turn, names))
    ]
    return Transcript(arranged(lines_of(pieces)), language=language_code(answer.language))


def _elements(monologue: _Monologue, turn: int, names: Mapping[str, str]) -> Iterator[tuple[Piece, bool]]:
    speaker = names.get(monologue.speaker or "", monologue.speaker)
    for element in monologue.elements:
        piece = Piece(element.value or "", element.ts, element.end_ts, speaker, turn=turn)
        yield piece, element.type == "punct"


FORMAT = Format("rev", "Rev transcript", recognises, read=read, words=True, speakers=True)
