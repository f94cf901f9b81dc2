"""The truth of a mutated recording is true: what stands at a line's new time is the sound of that line."""

from dataclasses import replace

import numpy as np
import pytest

from alignment.audio import Span
from alignment.transcript import Passage
from tests.mutations import annotations, cuts, fillers, noise, pauses, repeats, sources, telephone, text
from tests.mutations.judging import judge
from tests.mutations.music import with_music_bed, with_music_tail
from tests.mutations.paraphrase import paraphrase
from tests.mutations.speed import at_speed


@pytest.fixture(scope="module")
def talk():
    return sources.demo().excerpt(0, 12)


def sound_of(recording, line):
    """A bit of the sound at the line's start: the same however the recording was cut."""
    return recording.sound(Span(line.start, line.start + 0.5))[:7000]


def assert_lines_sound_as_before(changed, before):
    originals = {line.text: line for line in before.lines}
    for line in changed.lines:
        if line.start is not None:
            np.testing.assert_array_equal(
                sound_of(changed, line)[100:], sound_of(before, originals[line.text])[100:], line.text
            )


def aligned(recording, starts):
    """A result with these line starts."""
    segments = [
        replace(s, start=at, end=at and at + 1, status="not_in_audio" if at is None else "aligned")
        for s, at in zip(recording.transcript().segments, starts, strict=True)
    ]
    return replace(recording.transcript(), segments=tuple(segments))


def test_deleted_lines_are_unwritten_speech(talk):
    shorter = text.delete_lines(talk, [3, 4])

    assert [line.text for line in shorter.lines] == [line.text for line in talk.lines[:3] + talk.lines[5:]]
    assert shorter.unwritten == (talk.said(3), talk.said(4))
    assert shorter.samples is talk.samples


def test_a_share_of_the_lines_is_deleted_and_inserted_by_a_seed(talk):
    assert len(text.delete_share(talk, 0.25).lines) == 9
    assert text.delete_share(talk, 0.25, 1).lines == text.delete_share(talk, 0.25, 1).lines
    assert text.delete_share(talk, 0.25, 1).lines != text.delete_share(talk, 0.25, 2).lines
    inserted = text.insert_share(talk, ["One.", "Two.", "Three."], 0.25)
    assert [line.text for line in inserted.lines if line.expected == "not_in_audio"] == [
        "One.",
        "Two.",
        "Three.",
    ]
    with pytest.raises(ValueError, match="3 texts are needed"):
        text.insert_share(talk, ["One."], 0.25)


def test_swapped_lines_keep_their_times(talk):
    swapped = text.swap_lines(talk, 2, 4, 7)

    assert [line.text for line in swapped.lines[2:7]] == [talk.lines[n].text for n in (4, 5, 6, 2, 3)]
    assert {line.expected for line in swapped.lines[2:7]} == {"out_of_order"}
    assert_lines_sound_as_before(swapped, talk)


@pytest.mark.parametrize(
    "mutate",
    [
        lambda talk: cuts.insert_speech(talk, 4, talk.samples[:32000]),
        lambda talk: cuts.insert_speech(talk, 0, talk.samples[:32000]),
        lambda talk: cuts.insert_speech(talk, len(talk.lines), talk.samples[:32000]),
        lambda talk: cuts.cut_lines(talk, 3, 6),
        lambda talk: cuts.end_after(talk, 9),
        cuts.begin_at_first_word,
        lambda talk: repeats.repeat_line(talk, 4),
        lambda talk: pauses.with_pauses(talk, [2, 5, 6]),
        lambda talk: fillers.with_false_starts(talk, [1, 7]),
        with_music_tail,
    ],
    ids=["ad", "intro", "outro", "cut", "shorter", "at once", "repeated", "pauses", "false starts", "tail"],
)
def test_the_truth_moves_with_the_sound(talk, mutate):
    changed = mutate(talk)

    assert len(changed.samples) != len(talk.samples)
    assert_lines_sound_as_before(changed, talk)
    starts = [line.start for line in changed.lines if line.start is not None]
    assert starts == sorted(starts)
    np.testing.assert_array_equal(mutate(talk).samples, changed.samples)


def test_speech_that_is_put_in_is_unwritten(talk):
    longer = cuts.insert_speech(talk, 4, talk.samples[:32000])

    (gap,) = longer.unwritten
    assert longer.said(3).end < gap.start < gap.end < longer.said(4).start
    np.testing.assert_array_equal(longer.sound(gap), talk.samples[:32000])


def test_lines_cut_out_of_the_sound_are_not_said(talk):
    assert [line.start is None for line in cuts.cut_lines(talk, 3, 6).lines] == [
        3 <= n < 6 for n in range(12)
    ]


def test_a_repeated_line_is_written_as_often_as_it_is_said(talk):
    assert len(repeats.repeat_line(talk, 4, times=10).lines) == 21
    assert repeats.repeat_line(talk, 4).unwritten == ()


@pytest.mark.parametrize(
    "mutate",
    [telephone.over_telephone, with_music_bed, lambda talk: noise.with_noise(talk, 5)],
    ids=["telephone", "music", "noise"],
)
def test_a_worse_sound_keeps_its_length_and_its_level(talk, mutate):
    changed = mutate(talk)

    assert len(changed.samples) == len(talk.samples)
    assert 0.3 < changed.samples.std() / talk.samples.std() < 2
    assert changed.audio().sha256 != talk.audio().sha256


def test_noise_is_softer_than_the_speech_by_what_was_asked(talk):
    noisy = noise.with_noise(talk, 5)
    pause = Span(talk.said(2).end + 0.1, talk.said(3).start - 0.1)
    speech = np.concatenate([talk.sound(talk.said(n)) for n in range(12)])

    assert 20 * np.log10(speech.std() / noisy.sound(pause).std()) == pytest.approx(5, abs=2)


@pytest.mark.parametrize("factor", [1.5, 0.8])
def test_faster_speech_is_shorter_and_its_onsets_are_where_the_truth_says(talk, factor):
    faster = at_speed(talk, factor)

    assert faster.duration == pytest.approx(talk.duration / factor, abs=0.1)
    for line in faster.lines[1:]:
        before = faster.sound(Span(line.start - 0.12, line.start - 0.04)).std()
        assert faster.sound(Span(line.start, line.start + 0.15)).std() > 3 * before


def test_annotations_change_no_time(talk):
    changed = annotations.with_speakers(talk, ["TOM", "MIRIAM"], 2)
    changed = annotations.with_sounds(annotations.with_footnote_marks(changed))
    changed = annotations.with_page_numbers(annotations.with_headings(changed, [3, 8]), [5])

    said = [line for line in changed.lines if line.expected == "said"]
    assert [line.start for line in said] == [line.start for line in talk.lines]
    assert said[0].text == "TOM: You are listening to this, (laughter) and[1] you are reading it, too."
    assert [line.text for line in changed.lines if line.expected != "said"] == [
        "CHAPTER TWO", "[Music]", "14", "III. The Harbour", "♪"
    ]  # fmt: skip
    assert all(len(line.text.split()) == len(line.word_starts) for line in said)


def test_a_paraphrase_is_not_verbatim(talk):
    changed = paraphrase(talk, [2])

    assert changed.lines[2].text != talk.lines[2].text
    assert [line.verbatim for line in changed.lines] == [number != 2 for number in range(12)]


def test_a_line_without_its_first_word_starts_with_the_next(talk):
    changed = fillers.drop_words(talk, {"go", "on"})

    assert changed.lines[2].text.startswith("have a look")
    assert changed.lines[2].start == talk.lines[2].word_starts[2]


def test_a_result_is_held_against_the_truth(talk):
    changed = text.insert_lines(text.delete_lines(talk, [5]), 3, ["Never said.", "Nor this."])
    starts = [line.start for line in changed.lines]
    starts[0] += 0.3
    starts[1] += 5
    starts[2] = None
    starts[4] = 20.0
    passage = Passage(talk.said(5).start, talk.said(5).middle, "Yes.")

    outcome = judge(changed, replace(aligned(changed, starts), untranscribed=(passage,)))

    assert outcome.share_within(0.2) == pytest.approx(8 / 11)
    assert [line.text for line in outcome.far] == [talk.lines[1].text]
    assert (outcome.recall, outcome.precision) == (0.5, 0.5)
    assert outcome.reported == pytest.approx(0.5, abs=0.05)
    assert outcome.invented == 0
    assert len(outcome.missed()) == 3


def test_a_result_of_another_text_is_not_judged(talk):
    other = text.delete_lines(talk, [5])
    with pytest.raises(ValueError):
        judge(talk, aligned(other, [line.start for line in other.lines]))
