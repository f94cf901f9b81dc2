"""Chunks: the work cut where no word can be on the wrong side."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.chunks import Chunk, cut_chunks, part
from alignment.engine.matching import Slot


def talk(sentences: int, pause: float = 0.5):
    """Sentences of five words of 0.4 s, every word heard for certain, with a pause after each sentence."""
    heard, silences = [], []
    at = 0.3
    for _ in range(sentences):
        for _ in range(5):
            heard.append(HeardWord("word", at, at + 0.4, 0.9))
            at += 0.4
        silences.append(Span(at, at + pause))
        at += pause
    return [Slot(n, n, True) for n in range(len(heard))], heard, silences, at


def spans(chunks):
    return [(chunk.first_slot, chunk.last_slot) for chunk in chunks]


def test_a_talk_is_cut_between_sentences():
    slots, heard, silences, duration = talk(sentences=12)

    chunks = cut_chunks(slots, heard, silences, duration)

    assert len(chunks) > 2
    assert all(chunk.first_slot % 5 == 0 for chunk in chunks)
    assert all(4.0 <= chunk.span.length <= 22 for chunk in chunks[:-1])
    for chunk in chunks:
        inside = heard[chunk.first_slot : chunk.last_slot]
        assert chunk.span.start <= inside[0].start and inside[-1].end <= chunk.span.end


def test_a_long_pause_belongs_to_no_chunk():
    """A chunk keeps 0.6 s of silence at each end; the rest of a minute of applause is not searched."""
    slots, heard, silences, duration = talk(sentences=4)
    heard = heard[:10] + [HeardWord("word", w.start + 60, w.end + 60, 0.9) for w in heard[10:]]
    pause = Span(silences[1].start, silences[1].end + 60)
    silences = [silences[0], pause, *(Span(s.start + 60, s.end + 60) for s in silences[2:])]

    chunks = cut_chunks(slots, heard, silences, duration + 60)

    one, other = next(pair for pair in pairwise(chunks) if pair[1].first_slot == 10)
    assert one.span.end == pytest.approx(pause.start + 0.6)
    assert other.span.start == pytest.approx(pause.end - 0.6)


def longer_pause_after(word: int):
    """The talk of ten sentences with a pause of two seconds after the given sentence's last word."""
    slots, heard, silences, duration = talk(sentences=10)
    moment = heard[word].end
    heard = [HeardWord("word", w.start + 1.5, w.end + 1.5, 0.9) if w.start > moment else w for w in heard]
    silences = [Span(s.start + 1.5 * (s.start > moment), s.end + 1.5 * (s.end > moment)) for s in silences]
    return slots, heard, silences, duration + 1.5


def test_the_longest_silence_within_reach_is_preferred():
    assert 20 in [chunk.first_slot for chunk in cut_chunks(*longer_pause_after(19))]


@pytest.mark.parametrize("doubtful", [Slot(19, 19, False), Slot(19, None)])
def test_no_cut_is_made_next_to_a_word_that_is_not_certain(doubtful):
    slots, *rest = longer_pause_after(19)
    slots[19] = doubtful

    assert 20 not in [chunk.first_slot for chunk in cut_chunks(slots, *rest)]


def test_a_remark_is_cut_from_what_is_written():
    slots, *rest = longer_pause_after(19)
    slots[20] = Slot(None, 20)

    assert 20 in [chunk.first_slot for chunk in cut_chunks(slots, *rest)]


def test_of_two_silences_between_the_same_words_the_longer_is_the_pause():
    """A click, or a breath, parts the pause in two."""
    slots, heard, silences, duration = longer_pause_after(19)
    pause = silences[3]
    breath = Span(pause.start + 0.2, pause.start + 0.4)
    silences[3:4] = [Span(pause.start, breath.start), Span(breath.end, pause.end)]

    chunks = cut_chunks(slots, heard, silences, duration)

    (start,) = (chunk.span.start for chunk in chunks if chunk.first_slot == 20)
    assert breath.end < start < pause.end


def test_a_passage_that_is_not_written_is_cut_as_well():
    _, heard, silences, duration = talk(sentences=12)

    chunks = cut_chunks([Slot(None, n) for n in range(60)], heard, silences, duration)

    assert len(chunks) > 2


def test_words_that_may_have_been_heard_as_others_are_not_parted_from_them():
    """Nothing tells before or after which of the two heard words the two written ones are said."""
    slots, *rest = longer_pause_after(19)
    slots[19:21] = [Slot(19, None), Slot(20, None), Slot(None, 19), Slot(None, 20)]

    assert 22 not in [chunk.first_slot for chunk in cut_chunks(slots, *rest)]


def test_a_long_passage_is_cut_beside_a_word_that_was_not_heard():
    _, heard, silences, duration = talk(sentences=12)

    chunks = cut_chunks([Slot(0, None), *(Slot(None, n) for n in range(60))], heard, silences, duration)

    assert len(chunks) > 2


def test_a_chunk_is_parted_at_every_pause_of_it():
    slots, heard, silences, _ = talk(sentences=10)
    chunk = Chunk(Span(silences[1].middle, silences[6].middle), 10, 35)

    pieces = part(chunk, slots, heard, silences)

    assert spans(pieces) == [(10, 15), (15, 20), (20, 25), (25, 30), (30, 35)]
    assert (pieces[0].span.start, pieces[-1].span.end) == (chunk.span.start, chunk.span.end)


def test_words_that_swallowed_the_pause_beside_them_are_parted_all_the_same():
    """The recogniser knows no silence: it lets the word before or the word after last through the pause."""
    slots, heard, silences, duration = talk(sentences=10)
    swallowed = list(heard)
    for n, pause in enumerate(silences[:-1], start=1):
        before, after = 5 * n - 1, 5 * n
        if n % 2:
            swallowed[before] = HeardWord("word", heard[before].start, pause.end, 0.9)
        else:
            swallowed[after] = HeardWord("word", pause.start, heard[after].end, 0.9)

    assert cut_chunks(slots, swallowed, silences, duration) == cut_chunks(slots, heard, silences, duration)


def test_without_a_silence_or_a_word_there_is_one_chunk():
    slots, heard, silences, duration = talk(sentences=10)

    assert cut_chunks(slots, heard, [], duration) == [Chunk(Span(0, duration), 0, 50)]
    assert cut_chunks([], [], silences, duration) == [Chunk(Span(0, duration), 0, 0)]
    assert cut_chunks([Slot(0, None)] * 3, [], silences, duration) == [Chunk(Span(0, duration), 0, 3)]


lengths = st.floats(0.01, 3.0)


@st.composite
def any_talk(draw):
    """Words of any length with gaps of any length, heard roughly; silences wherever."""
    heard, slots = [], []
    at = 0.0
    for _ in range(draw(st.integers(0, 40))):
        at += draw(st.sampled_from([0.0, 0.2, 1.5]))
        length = draw(lengths)
        kind = draw(st.sampled_from(["certain", "certain", "alike", "heard", "written"]))
        written = None if kind == "heard" else len([s for s in slots if s.written is not None])
        slots.append(Slot(written, None if kind == "written" else len(heard), kind == "certain"))
        if kind != "written":
            heard.append(HeardWord("word", at, at + length, 0.5))
            at += length
    edges = sorted(draw(st.lists(st.floats(0, max(at, 1.0)), max_size=30, unique=True)))
    silences = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return slots, heard, silences, max(at, 1.0)


@given(any_talk())
def test_chunks_cover_all_slots_in_order_and_are_parted_by_silences(given_talk):
    slots, heard, silences, duration = given_talk

    chunks = cut_chunks(slots, heard, silences, duration)

    assert chunks[0].first_slot == 0 and chunks[-1].last_slot == len(slots)
    assert chunks[0].span.start == 0 and chunks[-1].span.end == duration
    for chunk in chunks:
        assert chunk.span.start <= chunk.span.end
        assert chunk.first_slot < chunk.last_slot or not slots
    for one, other in pairwise(chunks):
        assert one.last_slot == other.first_slot
        assert any(silence.start <= one.span.end <= other.span.start <= silence.end for silence in silences)
