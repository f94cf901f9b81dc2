"""Corrections: what each does, that no sequence of them breaks a transcript, and that all can be undone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.corrections import (
    Absent,
    CorrectionError,
    CorrectionLog,
    Found,
    Join,
    Nudge,
    Offset,
    Realign,
    Shift,
    Split,
    Start,
    Text,
    apply,
)
from alignment.formats import read_transcript, write
from alignment.transcript import Passage, Segment, Transcript, Word


def line(id: int, text: str, start: float | None, step: float = 0.5) -> Segment:
    """A line of words of `step` seconds each."""
    if start is None:
        words = tuple(Word(word) for word in text.split())
        return Segment(id, text, status="not_in_audio", words=words)
    words = tuple(
        Word(word, start + at * step, start + (at + 1) * step, 0.9) for at, word in enumerate(text.split())
    )
    return Segment(id, text, start, words[-1].end, status="aligned", confidence=0.9, words=words)


GATE = Transcript(
    (
        line(0, "The kettle is on.", 1.0),
        line(1, "Who left the gate open?", 4.0),
        line(2, "Nobody, it was the wind.", 8.0),
        line(3, "Close it then.", None),
    ),
    duration=20.0,
)


def corrected(*changes: Any, given: Transcript = GATE) -> Transcript:
    """The transcript with the changes, each of which has to fit."""
    log = CorrectionLog()
    for change in changes:
        log = log.made(given, change)
    applied = apply(given, log.done)
    assert applied.skipped == ()
    applied.transcript.check()
    return applied.transcript


def times(segment: Segment) -> list[tuple[str, float | None]]:
    return [(word.text, word.start) for word in segment.words]


def test_a_corrected_word_goes_between_those_that_keep_their_times() -> None:
    changed = corrected(Text(1, "Who has left that gate open?")).segments[1]

    assert changed.text == "Who has left that gate open?"
    assert times(changed) == [
        ("Who", 4.0),
        ("has", 4.5),
        ("left", 4.5),
        ("that", 5.0),
        ("gate", 5.5),
        ("open?", 6.0),
    ]
    assert [word.confidence for word in changed.words] == [0.9, None, 0.9, None, 0.9, 0.9]
    assert (changed.start, changed.end, changed.corrected) == (4.0, 6.5, ("text",))


def test_new_words_of_a_line_that_overlaps_the_next_one_do_not_come_after_its_words() -> None:
    long = replace(line(0, "The kettle", 0.0), end=9.0)
    given = Transcript((long, line(1, "Who?", 2.0)), duration=20.0)

    starts = [word.start for word in corrected(Text(0, "The kettle is on now."), given=given).words()]

    assert starts == sorted(starts, key=float)


def test_a_line_is_split_where_its_words_are() -> None:
    first, second = corrected(Split(1, 13)).segments[1:3]

    assert (first.text, first.start, first.end) == ("Who left the", 4.0, 5.5)
    assert (second.text, second.start, second.end) == ("gate open?", 5.5, 6.5)
    assert (first.id, second.id) == (1, 4)
    assert times(second) == [("gate", 5.5), ("open?", 6.0)]


def test_a_word_is_split_in_two() -> None:
    first, second = corrected(Split(0, 7)).segments[:2]

    assert (first.text, second.text) == ("The ket", "tle is on.")
    assert times(second)[0] == ("tle", 1.75)
    assert second.start == 1.75


def test_lines_are_joined() -> None:
    joined = corrected(Join(1))

    assert joined.segments[1].text == "Who left the gate open? Nobody, it was the wind."
    assert (joined.segments[1].start, joined.segments[1].end) == (4.0, 10.5)
    assert [segment.id for segment in joined.segments] == [0, 1, 3]


def test_lines_without_spaces_are_joined_without_one() -> None:
    given = Transcript((Segment(0, "こんにちは。"), Segment(1, "元気？"), Segment(2, "Fine.")))

    assert corrected(Join(0), Join(0), given=given).segments[0].text == "こんにちは。元気？ Fine."


def test_a_line_moves_with_its_words_and_the_lines_around_it_give_way() -> None:
    changed = corrected(Start(1, 2.0))

    assert times(changed.segments[1])[:2] == [("Who", 2.0), ("left", 2.5)]
    assert (changed.segments[0].start, changed.segments[0].end) == (1.0, 2.0)
    assert changed.segments[0].words[-1].start == 2.0
    assert changed.segments[2] == GATE.segments[2]
    assert changed.segments[1].corrected == ("time",)


def test_a_line_that_moves_past_others_takes_them_along() -> None:
    assert [segment.start for segment in corrected(Start(0, 9.0)).segments] == [9.0, 9.0, 9.0, None]
    assert [segment.start for segment in corrected(Start(2, 0.5)).segments] == [0.5, 0.5, 0.5, None]


def test_a_line_that_would_run_into_the_next_one_is_compressed() -> None:
    changed = corrected(Start(1, 7.0)).segments[1]

    assert (changed.start, changed.end) == (7.0, 8.0)
    assert times(changed)[1] == ("left", pytest.approx(7.2))


def test_a_nudge_adds_up() -> None:
    changed = corrected(Nudge(1, 0.1), Nudge(1, 0.1), Nudge(1, -0.5)).segments[1]

    assert changed.start == pytest.approx(3.7)
    assert changed.words[2].start == pytest.approx(4.7)


def test_all_from_a_line_on_are_shifted() -> None:
    changed = corrected(Shift(1, 2.0))

    assert [segment.start for segment in changed.segments] == [1.0, 6.0, 10.0, None]
    assert [segment.corrected for segment in changed.segments] == [(), ("time",), ("time",), ()]
    assert corrected(Shift(1, 15.0)).segments[2].start == 20.0


def test_a_line_that_is_not_in_the_audio_has_no_time_until_it_is_given_one() -> None:
    gone = corrected(Absent(1)).segments[1]
    assert (gone.status, gone.start, gone.corrected) == ("not_in_audio", None, ("absent",))
    assert all(word.start is None for word in gone.words)

    back = corrected(Absent(1), Start(1, 4.2)).segments[1]
    assert (back.status, back.start, back.corrected) == ("aligned", 4.2, ("time",))
    assert back.words[0].start == 4.2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Text(9, "Nowhere."), "no line 9"),
        (Text(1, " \u200b\n "), "needs a word"),
        (Text(1, "a" * 10_001), "10,000 characters"),
        (Text(1, "a\x07"), "none of a text's"),
        (Text(1, "a\ud800"), "none of a text's"),
        (Split(1, 0), "split between"),
        (Split(1, 23), "split between"),
        (Split(1, -3), "split between"),
        (Split(1, 10**9), "split between"),
        (Join(3), "last line"),
        (Nudge(3, 0.1), "no time"),
        (Shift(3, 0.1), "no time"),
        (Start(1, float("nan")), "no time"),
        (Start(1, float("inf")), "no time"),
        (Shift(1, float("inf")), "no time"),
        (Offset(float("nan")), "no length of time"),
        (Offset(float("-inf")), "no length of time"),
        (Offset(-3600.5), "3,600 seconds at most"),
    ],
)
def test_what_cannot_be_is_not_taken(change: Any, reason: str) -> None:
    with pytest.raises(CorrectionError, match=reason):
        CorrectionLog().made(GATE, change)


def test_a_text_is_one_line_however_it_was_typed() -> None:
    assert corrected(Text(0, "  The kettle\nis off. ")).segments[0].text == "The kettle is off."


def test_undo_goes_back_step_by_step_and_redo_forward() -> None:
    log = CorrectionLog().made(GATE, Text(0, "One.")).made(GATE, Text(0, "Two."))

    def text(log: CorrectionLog) -> str:
        return apply(GATE, log.done).transcript.segments[0].text

    once, twice = log.undone(), log.undone().undone()
    assert [text(log), text(once), text(twice)] == ["Two.", "One.", "The kettle is on."]
    assert [text(twice.redone()), text(twice.redone().redone())] == ["One.", "Two."]
    with pytest.raises(CorrectionError, match="nothing to undo"):
        twice.undone()
    with pytest.raises(CorrectionError, match="do again"):
        log.redone()
    assert twice.redone().redone().revision == 6


def test_what_was_undone_is_dropped_by_something_else_but_stays_in_the_log() -> None:
    log = CorrectionLog().made(GATE, Text(0, "One.")).undone().made(GATE, Text(1, "Who?"), "Ada")

    assert [correction.state for correction in log.corrections] == ["dropped", "done"]
    assert (log.corrections[1].who, log.corrections[1].was) == ("Ada", ("Who left the gate open?",))
    with pytest.raises(CorrectionError):
        log.redone()
    undone = log.undone()
    assert undone.redone().done == log.done


def test_the_part_of_a_split_keeps_its_name_when_the_text_is_aligned_again() -> None:
    log = CorrectionLog().made(GATE, Split(1, 13)).made(GATE, Text(4, "gate ajar?"))
    later = GATE.with_segments(tuple(replace(s, corrected=()) for s in corrected(Shift(0, 3.0)).segments))

    applied = apply(later, log.done)

    assert applied.skipped == ()
    assert [segment.text for segment in applied.transcript.segments][1:3] == ["Who left the", "gate ajar?"]
    assert applied.transcript.segments[2].start == 8.5


def test_what_no_longer_fits_is_left_out_and_reported() -> None:
    log = CorrectionLog().made(GATE, Text(1, "Who?")).made(GATE, Nudge(2, 0.5)).made(GATE, Absent(0))
    other = GATE.with_segments((line(1, "Another text.", 0.0), GATE.segments[2]))

    applied = apply(other, log.done)

    assert [skipped.reason for skipped in applied.skipped] == [
        "The line has another text now.",
        "There is no line 0 any more.",
    ]
    assert applied.transcript.segments[1].start == 8.5


def test_the_native_json_tells_what_was_corrected_and_is_as_before_where_nothing_was() -> None:
    changed = corrected(Text(0, "The kettle was on."), Nudge(0, 0.25))

    assert '"corrected": ["text", "time"]' in write(changed, "json")
    assert read_transcript(write(changed, "json")) == changed
    assert "corrected" not in write(GATE, "json")


TIMES = st.floats(0, 30, allow_nan=False)
TEXTS = st.lists(st.sampled_from(["slow", "river", "old,", "bridge", "天気", "a b"]), min_size=1, max_size=4)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Small ones, with lines and words with times and without, overlaps, and nothing between."""
    segments = []
    latest_line = latest_word = 0.0
    for id in range(draw(st.integers(1, 5))):
        text = " ".join(draw(TEXTS))
        if draw(st.booleans()):
            words = tuple(Word(word) for word in text.split())
            status = draw(st.sampled_from(["not_in_audio", None]))
            segments.append(Segment(id, text, status=status, words=words))
            continue
        latest_line += draw(st.sampled_from([0.0, 0.5, 2.0]))
        words = []
        for word in text.split() if draw(st.booleans()) else []:
            latest_word += draw(st.sampled_from([0.0, 0.3, 1.0]))
            words.append(Word(word, latest_word, latest_word + draw(st.sampled_from([0.0, 0.4]))))
        end = latest_line + draw(st.sampled_from([0.0, 1.0, 20.0]))
        status = draw(st.sampled_from(["aligned", "interpolated"]))
        segments.append(Segment(id, text, latest_line, end, status=status, words=tuple(words)))
    return Transcript(tuple(segments), duration=draw(st.sampled_from([None, 60.0])))


IDS = st.integers(0, 5)
ANY_NUMBER = st.one_of(st.floats(-50, 100), st.floats())
CHANGES = st.one_of(
    st.builds(Text, IDS, st.one_of(TEXTS.map(" ".join), st.text(max_size=6))),
    st.builds(Split, IDS, st.integers(-2, 20)),
    st.builds(Join, IDS),
    st.builds(Start, IDS, ANY_NUMBER),
    st.builds(Nudge, IDS, ANY_NUMBER),
    st.builds(Shift, IDS, ANY_NUMBER),
    st.builds(Absent, IDS),
    st.builds(
        Realign,
        IDS,
        st.lists(
            st.none()
            | st.builds(
                lambda times, words: Found(min(times), max(times), "aligned", 0.5, words),
                st.tuples(ANY_NUMBER, ANY_NUMBER),
                st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER, st.none()), max_size=3).map(tuple),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    st.builds(Offset, ANY_NUMBER),
)


def found(start: float, *words: float) -> Found:
    """A line that starts there, and its words, each half a second long."""
    times = tuple((word, word + 0.5, 0.8) for word in words)
    return Found(start, words[-1] + 0.5, "aligned", 0.8, times)


KETTLE_AND_GATE = (found(1.5, 1.5, 2.0, 2.5, 3.0), found(3.9, 3.9, 4.3, 5.0, 5.5, 6.0))


def test_lines_go_where_they_are_found_and_the_others_stay() -> None:
    changed = corrected(Realign(0, KETTLE_AND_GATE)).segments

    assert [segment.start for segment in changed] == [1.5, 3.9, 8.0, None]
    assert times(changed[1]) == [("Who", 3.9), ("left", 4.3), ("the", 5.0), ("gate", 5.5), ("open?", 6.0)]
    assert (changed[0].status, changed[0].confidence, changed[0].corrected) == ("aligned", 0.8, ())
    assert changed[2:] == GATE.segments[2:]


def test_a_line_that_is_found_is_no_longer_where_a_person_put_it() -> None:
    changed = corrected(Shift(0, 0.5), Text(0, "The kettle was on."), Realign(0, KETTLE_AND_GATE)).segments
    assert [segment.corrected for segment in changed[:3]] == [("text",), (), ("time",)]


def test_a_line_that_stays_keeps_its_place_between_those_that_are_found() -> None:
    changed = corrected(Nudge(0, 0.2), Realign(0, (None, KETTLE_AND_GATE[1]))).segments
    assert (changed[0].start, changed[0].corrected, changed[1].start) == (1.2, ("time",), 3.9)


def test_a_line_that_is_not_found_has_no_time() -> None:
    nowhere = Found(None, None, "not_in_audio", None, ((None, None, None),) * 4)
    changed = corrected(Realign(0, (nowhere, KETTLE_AND_GATE[1]))).segments
    assert (changed[0].start, changed[0].status, changed[1].start) == (None, "not_in_audio", 3.9)


def test_the_line_before_ends_where_what_is_found_starts() -> None:
    changed = corrected(Realign(1, (found(2.0, 2.0, 2.5, 3.0, 3.5, 4.0),))).segments
    assert (changed[0].end, changed[1].start) == (2.0, 2.0)


def test_what_is_said_besides_is_what_was_heard_there_last() -> None:
    before = replace(GATE, untranscribed=(Passage(2.0, 3.5, "um"), Passage(14.0, 15.0, "a song")))
    log = CorrectionLog().made(
        before,
        Realign(0, KETTLE_AND_GATE, spans=((0.0, 8.0),), untranscribed=(Passage(7.0, 7.5, "the kettle"),)),
    )
    changed = apply(before, log.done).transcript
    assert [passage.heard for passage in changed.untranscribed] == ["the kettle", "a song"]
    assert apply(before, log.undone().done).transcript == before


def test_what_is_found_is_in_the_audios_time_also_where_the_whole_was_moved() -> None:
    heard = replace(GATE, untranscribed=(Passage(14.0, 15.0, "a song"),))
    realign = Realign(0, KETTLE_AND_GATE, spans=((0.0, 8.5),), untranscribed=(Passage(7.0, 7.5, "um"),))
    changed = corrected(Offset(0.5), realign, given=heard)
    assert [segment.start for segment in changed.segments] == [1.5, 3.9, 8.5, None]
    assert [(passage.start, passage.heard) for passage in changed.untranscribed] == [
        (7.0, "um"),
        (14.5, "a song"),
    ]


def test_what_was_found_of_other_words_does_not_fit() -> None:
    with pytest.raises(CorrectionError, match="other words"):
        corrected(Realign(1, (found(4.0, 4.0, 5.0),)))
    with pytest.raises(CorrectionError, match="as many lines"):
        corrected(Realign(3, (None, None)))


def test_what_was_found_of_another_text_does_not_fit() -> None:
    log = CorrectionLog().made(GATE, Text(0, "The kettle was on."))
    with pytest.raises(CorrectionError, match="another text"):
        log.made(GATE, Realign(0, KETTLE_AND_GATE), on=(GATE.segments[0].text, GATE.segments[1].text))


def test_the_lines_that_were_placed_by_hand_are_known() -> None:
    log = CorrectionLog()
    for change in (Start(0, 2.0), Nudge(1, 0.1), Shift(2, 0.1), Absent(3), Start(2, 9.0)):
        log = log.made(GATE, change)
    assert log.fixed == {0, 1, 2, 3}
    assert log.undone().fixed == {0, 1, 3}


@settings(max_examples=400)
@given(
    transcripts(), st.lists(st.one_of(CHANGES, st.sampled_from(["undo", "redo"])), max_size=12), transcripts()
)
def test_no_corrections_break_a_transcript_and_undoing_all_gives_it_back(
    given: Transcript, acts: list[Any], other: Transcript
) -> None:
    given.check()
    log = CorrectionLog()
    for act in acts:
        try:
            log = log.undone() if act == "undo" else log.redone() if act == "redo" else log.made(given, act)
        except CorrectionError:
            continue
        applied = apply(given, log.done)
        applied.transcript.check()
        assert applied.skipped == ()
        ids = [segment.id for segment in applied.transcript.segments]
        assert len(set(ids)) == len(ids)
        for segment in applied.transcript.segments:
            rest = segment.text
            for word in segment.words:
                assert word.text in rest
                rest = rest[rest.index(word.text) + len(word.text) :]
        write(applied.transcript, "json")
        apply(other, log.done).transcript.check()
    while log.done:
        log = log.undone()
    assert apply(given, log.corrections).transcript is given
