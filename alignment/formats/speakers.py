"""Captions that begin with the name of who speaks, as conference programs write them: `Ada: Good evening.`"""

from collections.abc import Iterable
from dataclasses import replace

from alignment.formats.line_marks import label_of, names_in
from alignment.transcript import Segment
from alignment.words import split_words

__all__ = ["with_speakers"]

_LEAST_SHARE = 0.5
"""Share of the captions that have to begin with a name: where few do, the others are somebody else's."""


def with_speakers(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The captions, the names in front of them as their speakers; one without goes on with the same.

    As they are where the format itself names somebody, or most have no name in front.
    """
    given = tuple(segments)
    names = names_in(segment.text.split("\n")[0] for segment in given)
    named = [_named(segment, names) for segment in given]
    count = sum(segment is not None for segment in named)
    if any(segment.speaker for segment in given) or not count or count < _LEAST_SHARE * len(given):
        return given
    made: list[Segment] = []
    for segment, found in zip(given, named, strict=True):
        before = made[-1].speaker if made else None
        made.append(found or replace(segment, speaker=before))
    return tuple(made)


def _named(segment: Segment, names: frozenset[str]) -> Segment | None:
    first, *others = segment.text.split("\n")
    label = label_of(first)
    if label is None or label[0] not in names:
        return None
    name, rest = label
    text = "\n".join([rest, *others] if rest else others)
    left_out = len(split_words(first)) - len(split_words(rest))
    return replace(segment, text=text, speaker=name, words=segment.words[left_out:]) if text else None
