"""A transcript as a few lines that a person can check against the file that it was read from.

    title The Keeper
    language en
    chapter 12.500 The lamp

    turn 0, 1.000 to 2.500, Ada
    | The lamp
    | is lit.
    > The@1.000-1.200 lamp@1.200-1.500 is@- lit.@-

The words are listed where one of them has a time
"""

from collections.abc import Iterator

from alignment.transcript import Segment, Transcript

__all__ = ["listing"]


def listing(transcript: Transcript) -> str:
    return "\n".join([*_head(transcript), *_lines(transcript)]) + "\n"


def _head(transcript: Transcript) -> Iterator[str]:
    source = transcript.source
    values = {
        "title": transcript.title,
        "language": transcript.language,
        "duration": transcript.duration,
        "id": source.id,
        "url": source.url,
        "channel": source.channel,
        "length": source.length,
        "published": source.published,
        "description": source.description,
    }
    yield from (f"{name} {value}" for name, value in values.items() if value is not None)
    yield from (f"chapter {chapter.start:.3f} {chapter.title}" for chapter in source.chapters)


def _lines(transcript: Transcript) -> Iterator[str]:
    for segment in transcript.segments:
        yield ""
        yield f"turn {segment.turn}, {_times(segment)}" + (f", {segment.speaker}" if segment.speaker else "")
        yield from (f"| {line}" for line in segment.text.split("\n"))
        if any(word.start is not None for word in segment.words):
            yield "> " + " ".join(f"{word.text}@{_span(word.start, word.end)}" for word in segment.words)


def _times(segment: Segment) -> str:
    if segment.start is None or segment.end is None:
        return "no time"
    return f"{segment.start:.3f} to {segment.end:.3f}"


def _span(start: float | None, end: float | None) -> str:
    return "-" if start is None or end is None else f"{start:.3f}-{end:.3f}"
