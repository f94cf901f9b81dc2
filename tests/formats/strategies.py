"""Transcripts of every kind for property tests."""

from hypothesis import strategies as st

from alignment.transcript import (
    About,
    Chapter,
    Comment,
    Passage,
    Provenance,
    Segment,
    Source,
    Transcript,
    Word,
)
from alignment.words import split_words

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
NAME = st.text(alphabet="abcXYZ é中&<>-\"'", min_size=1, max_size=12).map(str.strip).filter(bool)
LINE = (  # Of fewer columns than LONG_LINE: longer ones are read as running text, as several lines.
    st.lists(
        st.sampled_from(["1969", "-->", "<i>", "a<b", "&amp;", "R&D", "NOTE", "{x}", "né", "中文。", "ok."]),
        max_size=28,
    )
    .map(" ".join)
    .filter(bool)
)
optional_text = st.none() | ANY_TEXT
optional_time = st.none() | st.floats(0, 1e6)
counts = st.none() | st.integers(-(2**53), 2**53)


@st.composite
def timed(draw, texts=LINE, untimed=False):
    """A transcript with times in whole milliseconds, its words timed too, each line at least 10 ms long."""
    now_ms = 0
    segments = []
    for number, text in enumerate(draw(st.lists(texts, min_size=1, max_size=6))):
        words = split_words(text)
        if untimed and draw(st.booleans()) and (segments or number):
            segments.append(Segment(number, text, words=words, status="not_in_audio"))
            continue
        now_ms += draw(st.integers(0, 5_000_000))
        start_ms, placed = now_ms, []
        for word in words:
            end_ms = now_ms + draw(st.integers(10, 3000))
            placed.append(Word(word.text, now_ms / 1000, end_ms / 1000))
            now_ms = end_ms + draw(st.sampled_from([0, 0, 1, 250]))
        now_ms = max(now_ms, start_ms + 10)
        segments.append(Segment(number, text, start_ms / 1000, now_ms / 1000, words=tuple(placed)))
    return Transcript(tuple(segments))


@st.composite
def anything(draw):
    """A transcript with every field drawn, its times in order."""
    starts = iter(sorted(draw(st.lists(st.floats(0, 1e5), min_size=60, max_size=60))))
    words = st.lists(
        st.builds(Word, ANY_TEXT, confidence=st.none() | st.floats(0, 1)).map(
            lambda word: (word, draw(st.booleans()))
        ),
        max_size=3,
    )
    segments = []
    for number in range(draw(st.integers(0, 5))):
        spoken = []
        for word, is_timed in draw(words):
            start = next(starts) if is_timed else None
            spoken.append(Word(word.text, start, start, word.confidence))
        segments.append(
            Segment(
                id=number,
                text=draw(ANY_TEXT),
                speaker=draw(optional_text),
                turn=draw(st.integers(0, 9)),
                status=draw(st.sampled_from([None, "not_in_audio"])),
                confidence=draw(st.none() | st.floats(0, 1)),
                words=tuple(spoken),
            )
        )
    return Transcript(
        segments=tuple(segments),
        title=draw(optional_text),
        language=draw(st.none() | st.sampled_from(["en", "de"])),
        duration=draw(st.none() | st.floats(1e5, 1e6)),
        source=Source(
            *(draw(optional_text) for _ in range(3)),
            length=draw(optional_time),
            published=draw(optional_text),
            description=draw(optional_text),
            thumbnail=draw(optional_text),
            chapters=tuple(draw(st.lists(st.builds(Chapter, st.floats(0, 1e5), ANY_TEXT), max_size=2))),
        ),
        about=draw(
            st.none()
            | st.builds(
                About,
                views=counts,
                info=st.dictionaries(ANY_TEXT, optional_text, max_size=3),
                comments=st.lists(
                    st.builds(Comment, ANY_TEXT, optional_text, optional_text, counts, counts), max_size=2
                ).map(tuple),
                related=st.lists(ANY_TEXT, max_size=2).map(tuple),
                note=optional_text,
            )
        ),
        provenance=draw(st.none() | st.builds(Provenance, *[ANY_TEXT] * 5)),
        untranscribed=tuple(
            draw(st.lists(st.builds(Passage, st.floats(0, 10), st.floats(10, 20), ANY_TEXT), max_size=2))
        ),
    )
