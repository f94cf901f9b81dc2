"""Some lines of the demo looked for again, between those that stay."""

from dataclasses import replace

import pytest

from alignment.corrections import CorrectionLog, Realign, Start, apply
from alignment.engine.realign import realign
from alignment.errors import TranscriptError
from alignment.transcript import Segment, Transcript


def displaced(transcript: Transcript, first: int, last: int, by: float = 0.0) -> Transcript:
    """With some lines (their indices) as if they were not in the audio, or all of them later."""

    def lost(segment: Segment) -> Segment:
        words = tuple(replace(word, start=None, end=None, confidence=None) for word in segment.words)
        return replace(segment, start=None, end=None, status="not_in_audio", confidence=None, words=words)

    segments = tuple(
        lost(segment) if first <= at <= last else segment for at, segment in enumerate(transcript.segments)
    )
    return transcript.with_segments(segments)


def with_change(transcript: Transcript, *changes: object) -> Transcript:
    log = CorrectionLog()
    for change in changes:
        log = log.made(transcript, change)  # type: ignore[arg-type]
    applied = apply(transcript, log.done).transcript
    applied.check()
    return applied


@pytest.mark.parametrize(("first", "last"), [(0, 1), (20, 20), (22, 27), (48, 50)])
def test_lost_lines_are_found_where_they_were(demo_audio, demo_run, first: int, last: int) -> None:
    whole = demo_run.result
    found = realign(demo_audio, displaced(whole, first, last), first, last)
    again = with_change(displaced(whole, first, last), found)

    for line, before in zip(again.segments, whole.segments, strict=True):
        assert (line.text, line.status) == (before.text, before.status)
        assert line.start == pytest.approx(before.start, abs=0.1)
        assert line.end == pytest.approx(before.end, abs=0.15)
    assert again.segments[:first] == whole.segments[:first]
    assert again.segments[last + 1 :] == whole.segments[last + 1 :]


def test_lines_placed_by_hand_stay_and_the_others_are_looked_for_around_them(demo_audio, demo_run) -> None:
    whole = demo_run.result
    given = displaced(whole, 22, 26)
    truth = whole.segments[24].start
    assert truth is not None
    log = CorrectionLog().made(given, Start(whole.segments[24].id, truth - 0.05))
    placed = apply(given, log.done).transcript

    found = realign(demo_audio, placed, 22, 26, fixed=log.fixed)

    assert [place is None for place in found.found] == [False, False, True, False, False]
    assert len(found.spans) == 2
    again = with_change(placed, found)
    assert again.segments[24].start == pytest.approx(truth - 0.05)
    for at in (22, 23, 25, 26):
        assert again.segments[at].start == pytest.approx(whole.segments[at].start, abs=0.1)


def test_what_was_all_placed_by_hand_is_not_looked_for(demo_audio, demo_run) -> None:
    ids = {segment.id for segment in demo_run.result.segments[3:5]}
    with pytest.raises(TranscriptError, match="by hand"):
        realign(demo_audio, demo_run.result, 3, 4, fixed=ids)


def test_what_is_found_fits_into_a_log_that_is_kept(demo_audio, demo_run) -> None:
    found = realign(demo_audio, demo_run.result, 30, 31)
    assert isinstance(found, Realign) and found.line == demo_run.result.segments[30].id
    assert all(place is not None and place.status == "aligned" for place in found.found)
