"""The transcript earlier or later: what moves along, what stays, and that nothing is lost at either end."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.corrections import (
    Correction,
    CorrectionError,
    CorrectionLog,
    Nudge,
    Offset,
    Shift,
    Split,
    Start,
    Text,
    apply,
)
from alignment.transcript import Chapter, Passage, Source, Transcript
from tests.test_corrections import GATE, corrected, times, transcripts

SECONDS = st.one_of(st.floats(-60, 60), st.sampled_from([0.1, -0.1, 0.3, -20.0, 20.0]))


def starts(transcript: Transcript) -> list[float | None]:
    return [segment.start for segment in transcript.segments]


def offset(seconds: float) -> Correction:
    return Correction("a", None, "2027-01-01T00:00:00.000Z", Offset(seconds), ())


def test_all_lines_and_words_are_later_and_none_is_marked() -> None:
    moved = corrected(Offset(1.5))

    assert starts(moved) == [2.5, 5.5, 9.5, None]
    assert times(moved.segments[0])[:2] == [("The", 2.5), ("kettle", 3.0)]
    assert moved.segments[0].end == 4.5
    assert [segment.corrected for segment in moved.segments] == [(), (), (), ()]
    assert [segment.confidence for segment in moved.segments] == [0.9, 0.9, 0.9, None]


def test_untranscribed_passages_move_along_and_what_is_then_outside_the_audio_is_left_out() -> None:
    given = replace(
        GATE, untranscribed=(Passage(0.0, 0.75, "la"), Passage(3.0, 3.5, "oh"), Passage(18.0, 20.0, "la"))
    )

    assert corrected(Offset(1.0), given=given).untranscribed == (
        Passage(1.0, 1.75, "la"),
        Passage(4.0, 4.5, "oh"),
        Passage(19.0, 20.0, "la"),
    )
    assert corrected(Offset(-1.0), given=given).untranscribed[0] == Passage(2.0, 2.5, "oh")
    assert corrected(Offset(-1.0), Offset(1.0), given=given) is given


def test_chapters_stay_as_they_come_with_the_recording() -> None:
    given = replace(GATE, source=Source(chapters=(Chapter(0.0, "Kitchen"), Chapter(8.0, "Garden"))))

    assert corrected(Offset(2.0), given=given).source == given.source


def test_offsets_add_up_and_each_is_undone_by_itself() -> None:
    log = CorrectionLog()
    for _ in range(10):
        log = log.made(GATE, Offset(0.1), "Ada")

    assert log.offset == pytest.approx(1.0)
    assert [correction.was for correction in log.corrections] == [()] * 10
    assert log.undone().offset == pytest.approx(0.9)
    assert log.undone().redone().offset == log.offset
    assert starts(apply(GATE, log.undone().undone().done).transcript)[0] == pytest.approx(1.8)


def test_what_an_offset_pushed_to_the_beginning_comes_back_whatever_was_corrected_in_between() -> None:
    away = corrected(Offset(-6.0), Text(0, "The kettle is off."), Split(1, 13))
    assert starts(away) == [0.0, 0.0, 0.0, 2.0, None]

    back = corrected(Offset(-6.0), Text(0, "The kettle is off."), Split(1, 13), Offset(6.0))
    assert back == corrected(Text(0, "The kettle is off."), Split(1, 13))


def test_times_that_are_set_after_an_offset_are_those_of_the_audio() -> None:
    moved = corrected(Offset(2.0), Start(1, 5.0))

    assert starts(moved) == [3.0, 5.0, 10.0, None]
    assert starts(corrected(Offset(2.0), Start(1, 5.0), Offset(1.0))) == [4.0, 6.0, 11.0, None]
    assert starts(corrected(Offset(2.0), Nudge(1, 0.5), Shift(2, -1.0))) == [3.0, 6.5, 9.0, None]
    assert starts(corrected(Offset(10.0), Start(0, 0.5)))[:2] == [0.5, 14.0]


def test_a_line_at_the_beginning_is_moved_from_where_it_is_seen() -> None:
    assert starts(corrected(Offset(-3.0), Nudge(0, 0.5))) == [0.5, 1.0, 5.0, None]
    assert starts(corrected(Offset(-3.0), Shift(0, 0.5))) == [0.5, 1.5, 5.5, None]
    assert starts(corrected(Offset(15.0), Shift(2, -1.0))) == [16.0, 19.0, 19.0, None]


def test_an_hour_is_the_most_that_all_offsets_make() -> None:
    log = CorrectionLog().made(GATE, Offset(3600.0))

    with pytest.raises(CorrectionError, match=r"\+3,600\.1 of it"):
        log.made(GATE, Offset(0.1))
    assert log.made(GATE, Offset(-7200.0)).offset == -3600.0


def test_offsets_that_a_file_should_not_hold_are_left_out_and_reported() -> None:
    damaged = (offset(float("nan")), offset(1.0), offset(3600.0))

    applied = apply(GATE, damaged)

    assert [skipped.correction.change for skipped in applied.skipped] == [damaged[0].change, Offset(3600.0)]
    assert starts(applied.transcript)[0] == 2.0
    assert CorrectionLog(3, damaged).offset == 1.0


@given(transcripts(), st.lists(SECONDS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_as_much_earlier_as_later_in_any_order_is_where_it_was(
    given: Transcript, seconds: list[float], random: Any
) -> None:
    both = [*seconds, *(-second for second in seconds)]
    random.shuffle(both)
    log = CorrectionLog()
    for second in both:
        log = log.made(given, Offset(second))
        apply(given, log.done).transcript.check()

    assert log.offset == 0
    assert apply(given, log.done).transcript is given


@given(transcripts(), SECONDS)
def test_lines_within_the_audio_keep_their_distances(given: Transcript, seconds: float) -> None:
    moved = corrected(Offset(seconds), given=given)

    limit = given.duration or float("inf")
    for before, after in zip(given.segments, moved.segments, strict=True):
        if before.start is not None:
            assert after.start == pytest.approx(min(max(before.start + seconds, 0.0), limit))
        assert (before.id, before.text, before.status) == (after.id, after.text, after.status)
