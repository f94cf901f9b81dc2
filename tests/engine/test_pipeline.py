"""The aligner from end to end, on the demo, whose times are known, and on texts that differ from it."""

import json
import multiprocessing
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
import pytest

from alignment.audio import SAMPLE_RATE, Audio, read_audio
from alignment.engine.pipeline import align
from alignment.errors import AudioError, Cancelled, TranscriptError
from alignment.formats import read_transcript, write
from alignment.transcript import Transcript
from tests.engine.sounds import digital_silence, recording, room
from tests.engine.texts import transcript
from tests.shared_data import requires_shared_data, score, shared_recording

pytestmark = pytest.mark.usefixtures("recognizer")

NEVER_SAID = [
    "Our grandfather repaired umbrellas in a cellar under the market.",
    "Nobody ever saw him outside when it rained.",
    "He said that a good umbrella remembers every storm,",
    "and the bad ones forget them all by morning.",
]


@pytest.fixture(scope="session")
def align_demo(demo_audio, demo_run):
    """Align other texts with the demo's audio, or its beginning; what was heard in the whole is kept."""

    def align_demo(lines, seconds=None, **options):
        given = transcript(*lines)
        if seconds is None:
            result = align(demo_audio, given, language="en", checkpoints=demo_run.checkpoints, **options)
        else:
            result = align(first_seconds(demo_audio, seconds), given, language="en", **options)
        result.check()
        assert [segment.text for segment in result.segments] == lines
        assert [word.text for word in result.words()] == [word.text for word in given.words()]
        return result

    return align_demo


@pytest.fixture(scope="session")
def lines(demo_text):
    return [segment.text for segment in demo_text.segments]


def assert_exact(segments, known_lines):
    """Lines start and end where they are known to, as those of the whole demo do."""
    starts = np.array([s.start - known["start"] for s, known in zip(segments, known_lines, strict=True)])
    ends = np.array([s.end - known["end"] for s, known in zip(segments, known_lines, strict=True)])
    assert np.abs(starts).mean() <= 0.03
    assert np.abs(starts).max() <= 0.1
    assert np.abs(ends).mean() <= 0.06


# ---- the demo -----------------------------------------------------------------------------------------


def test_every_line_of_the_demo_is_placed_where_it_is_said(demo_run, known):
    assert {segment.status for segment in demo_run.result.segments} == {"aligned"}
    assert_exact(demo_run.result.segments, known.lines)


def test_words_of_the_demo_are_placed_where_they_are_said(demo_run, known):
    words = list(demo_run.result.words())
    starts = np.abs([w.start - k["start"] for w, k in zip(words, known.words, strict=True)])
    ends = np.abs([w.end - k["end"] for w, k in zip(words, known.words, strict=True)])

    for errors in (starts, ends):
        assert errors.mean() <= 0.04
        assert (errors <= 0.05).mean() >= 0.8
        assert (errors <= 0.2).mean() >= 0.97


def test_the_demos_lines_are_sure_and_nothing_is_missing_from_its_text(demo_run):
    assert np.mean([segment.confidence for segment in demo_run.result.segments]) > 0.9
    assert demo_run.result.untranscribed == ()


def test_a_result_says_what_it_was_made_of(demo_run, demo_audio, demo_text, weights):
    result = demo_run.result

    assert result.language == "en"
    assert result.duration == pytest.approx(demo_audio.duration, abs=0.001)
    assert result.provenance.model == "base"
    assert result.provenance.model_sha256 == weights.sha256
    assert result.provenance.audio_sha256 == demo_audio.sha256
    assert result.provenance.engine.startswith("verbatime ")
    assert (result.title, result.source, result.about) == (demo_text.title, demo_text.source, demo_text.about)


def test_progress_goes_through_the_stages_and_rises_in_each(demo_run):
    told = demo_run.progress
    stages = list(dict.fromkeys(progress.stage for progress in told))

    assert stages[:2] == ["Reading the audio", "Finding speech"]
    assert stages.index("Listening") < stages.index("Placing the words")
    for _, run in groupby(told, key=lambda progress: progress.stage):
        fractions = [p.fraction for p in run if p.fraction is not None]
        assert fractions == sorted(fractions)
        assert all(0 <= fraction <= 1 for fraction in fractions)
    assert [p for p in told if p.stage == "Listening"][-1].fraction == 1
    assert all(p.eta_s is None or p.eta_s >= 0 for p in told)


def test_the_same_input_gives_the_same_output(align_demo, demo_run, lines):
    again = align_demo(lines)

    assert [replace(s, turn=0) for s in demo_run.result.segments] == [
        replace(s, turn=0) for s in again.segments
    ]
    assert again.untranscribed == demo_run.result.untranscribed


# ---- texts that differ from what is said (more in robustness/) ----------------------------------------


def test_lines_that_no_one_can_say_harm_no_other(align_demo, lines, known):
    unsayable = ["— … —", "* * *", "\x00", "👩\u200d👧 🎺", "\u202eنص عربي\u202c"]

    result = align_demo(lines[:5] + unsayable[:2] + lines[5:15] + unsayable[2:] + lines[15:])

    odd = [segment for segment in result.segments if segment.text in unsayable]
    assert [segment.status for segment in odd] == ["not_in_audio"] * 5
    assert_exact([s for s in result.segments if s.text not in unsayable], known.lines)


def test_a_single_word_is_found_among_others(align_demo, known):
    result = align_demo(["Miriam."], seconds=24)

    (segment,) = result.segments
    said = next(word for word in known.words if word["text"] == "Miriam.")
    assert segment.status == "aligned"
    assert segment.start == pytest.approx(said["start"], abs=0.1)
    assert len(result.untranscribed) == 2


# ---- refusals -----------------------------------------------------------------------------------------


def test_the_text_of_another_talk_is_refused(align_demo):
    with pytest.raises(TranscriptError, match=r'not of this audio.*begins "You.* listening'):
        align_demo(NEVER_SAID * 3)


@pytest.mark.parametrize(
    "nothing", [Transcript(()), transcript("", "\u00a0")], ids=["no line", "empty lines"]
)
def test_a_text_without_words_is_refused_before_anything_is_read(nothing, tmp_path):
    with pytest.raises(TranscriptError, match="has no words"):
        align(tmp_path / "not-even-there.wav", nothing)


@pytest.mark.parametrize("sound", [digital_silence(5), room(5)], ids=["digital silence", "a room"])
def test_audio_in_which_nobody_speaks_is_refused(sound):
    with pytest.raises(AudioError, match="Nobody speaks"):
        align(recording(sound), transcript("Good evening."))


def test_audio_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"no audio file at .*talk\.m4a"):
        align(tmp_path / "talk.m4a", transcript("Good evening."))


def test_a_language_that_the_model_does_not_know_is_refused(demo_audio):
    with pytest.raises(TranscriptError, match="'xx' is not a language"):
        align(demo_audio, transcript("Good evening."), language="xx")


@pytest.mark.parametrize("stage", ["Reading the audio", "Finding speech", "Placing the words"])
def test_stopping_leaves_at_once_and_leaves_no_process_behind(align_demo, lines, stage, monkeypatch):
    monkeypatch.setattr("alignment.engine.forcing._WORTH_PROCESSES", 0.0)

    def stop(progress):
        if progress.stage == stage:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled, match="Stopped"):
        align_demo(lines, progress=stop)

    for worker in multiprocessing.active_children():
        worker.join(30)
    assert multiprocessing.active_children() == []


# ---- recordings beside the repository -----------------------------------------------------------------


@requires_shared_data("hand-labelled-words")
def test_words_marked_by_phoneticians_are_within_forty_milliseconds():
    given = shared_recording("hand-labelled-words")

    result = align(given.audio, read_transcript(given.transcript))

    rows = score(json.loads(write(result, "json")), given.truth)
    assert rows["words placed"]["share"] == 1
    assert rows["word start"]["mae_ms"] <= 40
    assert rows["word end"]["mae_ms"] <= 40


@requires_shared_data("talking-book")
def test_lines_of_a_book_with_remarks_that_the_text_lacks_are_in_their_clips():
    """Its first two minutes, of a narrator who adds "chapter 2" and leaves page numbers out."""
    given = shared_recording("talking-book")
    audio = first_seconds(read_audio(given.audio), 120)
    lines = [line for line in given.truth["lines"] if line["clip"][1] <= 120]

    result = align(audio, transcript(*(line["text"] for line in lines)), language="en")

    rows = score(json.loads(write(result, "json")), {**given.truth, "lines": lines})
    assert rows["lines placed"]["share"] >= 0.97
    assert rows["line in its clip"]["share"] >= 0.97


@requires_shared_data("german-ode")
def test_german_is_aligned_by_attention():
    """The beginning of a longer text: what is not said in it is not placed in it."""
    given = shared_recording("german-ode")
    audio = first_seconds(read_audio(given.audio), 45)

    result = align(audio, read_transcript(given.transcript))

    result.check()
    assert result.language == "de"
    statuses = [segment.status for segment in result.segments]
    placed = [segment for segment in result.segments if segment.status == "aligned"]
    assert len(placed) >= 5
    assert statuses[-20:] == ["not_in_audio"] * 20
    assert all(one.end <= other.start for one, other in pairwise(placed))
    assert all(0.5 < segment.end - segment.start < 10 for segment in placed)


def first_seconds(audio: Audio, seconds: float) -> Audio:
    return Audio(audio.samples[: round(seconds * SAMPLE_RATE)], audio.sha256)


# ---- openings -----------------------------------------------------------------------------------------


def test_the_lines_of_an_opening_are_those_of_the_whole(demo_audio, demo_text, demo_run, monkeypatch):
    """The demo is short: an opening of it is made shorter still, to be shown."""
    monkeypatch.setattr("alignment.engine.listening._OPENING", 60.0)
    shown, told = [], []

    whole = align(
        demo_audio,
        demo_text,
        checkpoints=demo_run.checkpoints,
        show_opening=shown.append,
        progress=told.append,
    )

    (opening,) = shown
    placed = [segment for segment in opening.segments if segment.status is not None]
    assert len(placed) >= 8
    assert [times(segment) for segment in placed] == [times(s) for s in whole.segments[: len(placed)]]
    assert opening.segments[len(placed) :] == demo_text.segments[len(placed) :]
    assert opening.duration == whole.duration
    assert any(event.detail == "first 1 minutes" for event in told)
    assert whole.segments == demo_run.result.segments


def times(segment):
    """When the line's words are said; how sure that is hangs on all of the audio."""
    return [(word.text, word.start, word.end) for word in segment.words]


def test_without_anyone_to_show_it_to_there_is_no_opening(demo_run):
    assert {event.detail for event in demo_run.progress} == {""}
