"""Transcripts: what their times promise."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import AlignmentError, TranscriptError
from alignment.transcript import Segment, Transcript, Word


def line(start, end, *, status="aligned", words=(), text="The kettle sang.", number=0) -> Segment:
    return Segment(number, text, start, end, status=status, words=words)


def test_a_transcript_of_no_line_and_one_without_times_keep_their_promises():
    Transcript(()).check()
    Transcript((Segment(0, "Not yet aligned."), Segment(1, "Nor this."))).check()


def test_an_aligned_transcript_with_a_line_that_is_not_said_keeps_its_promises():
    lines = (
        line(0.0, 1.5, words=(Word("The", 0.0, 0.3), Word("kettle", 0.3, 0.3), Word("sang."))),
        line(None, None, status="not_in_audio"),
        line(1.5, 4.0, status="interpolated"),
        line(1.5, 2.0),
    )

    Transcript(lines, duration=4.0).check()


@pytest.mark.parametrize(
    ("segments", "complaint"),
    [
        ([line(2.0, 1.0)], "timed 2.0 to 1.0 s"),
        ([line(-0.1, 1.0)], "timed -0.1"),
        ([line(1.0, 4.1)], "in audio of 4.0 s"),
        ([line(1.0, None)], "one of start and end"),
        ([line(None, 1.0)], "one of start and end"),
        ([line(2.0, 3.0), line(1.9, 3.0)], "starts at 1.9 s, before"),
        ([line(None, None)], "is aligned but starts at None"),
        ([line(1.0, 2.0, status="not_in_audio")], "is not_in_audio but starts at 1.0"),
        (
            [line(0.0, 3.0, words=(Word("The", 2.0, 3.0), Word("kettle", 1.0, 2.0)))],
            "'kettle' starts at 1.0 s",
        ),
        ([line(0.0, 3.0, words=(Word("The", 1.0, 5.0),))], "'The' is timed"),
        ([line(float("nan"), 1.0)], "timed nan"),
    ],
)
def test_a_broken_promise_is_named(segments, complaint):
    with pytest.raises(TranscriptError, match=complaint):
        Transcript(tuple(segments), duration=4.0).check()


def test_the_errors_that_people_meet_have_one_base():
    assert issubclass(TranscriptError, AlignmentError)


def test_the_words_of_all_lines_come_in_order():
    first, second = line(0, 1, words=(Word("One"), Word("two"))), line(1, 2, words=(Word("three"),))

    assert [word.text for word in Transcript((first, second)).words()] == ["One", "two", "three"]


def test_other_segments_leave_the_rest_as_it_is():
    transcript = Transcript((line(0, 1),), title="Kettles", language="en", duration=3.0)

    changed = transcript.with_segments(())

    assert changed == dataclasses.replace(transcript, segments=())
    assert (changed.title, changed.language, changed.duration) == ("Kettles", "en", 3.0)
    assert len(transcript.segments) == 1


def test_a_line_elsewhere_keeps_all_but_its_place():
    words = (Word("lit", 3.0, 4.0),)
    line = Segment(1, "lit", 1.0, 2.0, "Ada", 2, "aligned", 0.9, (Word("lit"),), ("text",))
    assert line.at(5, 3.0, 4.0, 6, words) == dataclasses.replace(
        line, id=5, start=3.0, end=4.0, turn=6, words=words
    )
    assert all(getattr(line, field.name) != field.default for field in dataclasses.fields(Segment))


def test_values_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        line(0, 1).start = 2.0


times = st.none() | st.floats(-1, 11) | st.integers(0, 10).map(float)


@given(st.lists(st.tuples(times, times), max_size=4))
def test_check_passes_exactly_the_times_that_are_fit_to_be_played(pairs):
    transcript = Transcript(tuple(line(start, end, status=None) for start, end in pairs), duration=10.0)

    timed = [(a, b) for a, b in pairs if a is not None and b is not None]
    fit = (
        all((a is None) == (b is None) for a, b in pairs)
        and all(0 <= a <= b <= 10 for a, b in timed)
        and all(one[0] <= other[0] for one, other in pairwise(timed))
    )
    if fit:
        transcript.check()
    else:
        with pytest.raises(TranscriptError):
            transcript.check()
