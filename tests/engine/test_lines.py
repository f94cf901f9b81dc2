"""Lines: from words that were found to times that can be played."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import Span
from alignment.engine.confidence import INTERPOLATED
from alignment.engine.lines import PlacedWord, placed_words, timed_segments, untranscribed
from alignment.transcript import Passage
from tests.engine.texts import as_heard, merged, transcript


def at(start: float, end: float, confidence: float = 0.9) -> PlacedWord:
    return PlacedWord(Span(start, end), confidence)


def timed(lines, placed, silent=(), duration=60.0):
    return timed_segments(transcript(*lines).segments, placed, silent, duration)


def placed_in(text, said):
    """As the acoustic model places words, all of which fit the sound as usual."""
    return placed_words(text, said, [span and -10.0 for span in said])


def times(segment):
    return [(word.start, word.end) for word in segment.words]


def test_a_line_lasts_from_its_first_word_to_its_last():
    first, second = timed(["The kettle", "sang."], [at(1, 1.2), at(1.2, 1.8), at(2.5, 3)])

    assert (first.start, first.end, first.status) == (1, 1.8, "aligned")
    assert (second.start, second.end, second.status) == (2.5, 3, "aligned")
    assert times(first) == [(1, 1.2), (1.2, 1.8)]


def test_a_line_of_which_nothing_was_found_has_no_times_and_says_so():
    (line,) = timed(["Never said."], [None, None])

    assert (line.start, line.end, line.status, line.confidence) == (None, None, "not_in_audio", 0)
    assert times(line) == [(None, None)] * 2


def test_a_line_without_words_is_not_in_the_audio():
    first, _ = timed(["", "Yes."], [at(1, 2)])

    assert first.status == "not_in_audio"


def test_a_line_of_which_a_word_or_two_were_found_by_chance_is_not_in_the_audio():
    (line,) = timed(["And the bad ones forget them all."], [at(1, 1.2), *[None] * 6])

    assert (line.start, line.end, line.status) == (None, None, "not_in_audio")
    assert times(line) == [(None, None)] * 7


def test_a_line_of_which_less_than_half_was_found_is_a_guess():
    (line,) = timed(["One two three four five."], [at(1, 1.2), None, None, None, at(3, 3.5)])

    assert line.status == "interpolated"
    assert (line.start, line.end) == (1, 3.5)


def test_missing_words_share_the_time_between_their_neighbours():
    (line,) = timed(["One two three four."], [at(1, 2), None, None, at(3, 4)])

    assert times(line) == [(1, 2), (2, 2.5), (2.5, 3), (3, 4)]
    guess = round(0.9 * INTERPOLATED, 3)
    assert [word.confidence for word in line.words] == [0.9, guess, guess, 0.9]


def test_missing_words_at_the_ends_of_a_line_take_no_time_from_it():
    (line,) = timed(["One two three."], [None, at(1, 2), None])

    assert (line.start, line.end) == (1, 2)
    assert times(line) == [(1, 1), (1, 2), (2, 2)]


def test_many_words_missing_in_a_row_are_not_made_up():
    (line,) = timed(["One two three four five six."], [at(1, 2), None, None, None, None, at(3, 4)])

    assert times(line)[1:5] == [(None, None)] * 4


def test_a_doubtful_first_word_makes_a_doubtful_line():
    sure, doubtful = timed(
        ["One two three.", "One two three."],
        [at(1, 2), at(2, 3), at(3, 4), at(5, 6, confidence=0.3), at(6, 7), at(7, 8)],
    )

    assert doubtful.confidence < 0.6
    assert sure.confidence > 0.8


def test_a_dash_is_no_missing_word():
    with_dash, without = timed(
        ["— One two.", "Three four."], [None, at(1, 2), at(2, 3), at(4, 5), at(5, 6)], silent={0}
    )

    assert with_dash.confidence == without.confidence
    assert with_dash.status == "aligned"


def test_the_text_and_everything_else_of_a_line_is_as_given():
    (given_line,) = transcript("“Naïve”, \u00a0 he said\u200b—\u0000twice!").segments
    given_line = replace(given_line, id=7, speaker="Miriam", turn=3)

    (line,) = timed_segments([given_line], [at(n, n + 0.5) for n in range(len(given_line.words))], (), 60)

    assert (line.id, line.text, line.speaker, line.turn) == (7, given_line.text, "Miriam", 3)
    assert [word.text for word in line.words] == [word.text for word in given_line.words]


placed_word = st.builds(
    lambda start, length, confidence: PlacedWord(Span(start, start + length), confidence),
    st.floats(-5, 65),
    st.floats(0, 20),
    st.floats(0, 1),
)
line_of_words = st.lists(st.sampled_from(["one", "two,", "—", "100%"]), max_size=7).map(" ".join)


@given(st.data(), st.lists(line_of_words, max_size=6), st.floats(0.001, 60))
def test_whatever_was_found_the_times_keep_their_promises(data, lines, duration):
    given_transcript = transcript(*lines)
    count = len(list(given_transcript.words()))
    placed = data.draw(st.lists(st.none() | placed_word, min_size=count, max_size=count))

    not_found = [index for index, word in enumerate(placed) if word is None]
    silent = data.draw(st.sets(st.sampled_from(not_found))) if not_found else ()

    segments = timed_segments(given_transcript.segments, placed, silent, duration)

    aligned = replace(given_transcript, segments=segments, duration=round(duration, 3))
    aligned.check()
    assert [segment.text for segment in segments] == lines
    assert [word.text for word in aligned.words()] == [word.text for word in given_transcript.words()]
    for segment in segments:
        assert segment.status in ("aligned", "interpolated", "not_in_audio")
        assert 0 <= segment.confidence <= 1
        for word in segment.words:
            assert (word.start is None) == (word.confidence is None)
            assert word.start is None or segment.start <= word.start <= word.end <= segment.end


def test_a_word_is_placed_where_its_slot_was_said():
    text = merged("the ferry left early", "the ferry left early")

    placed = placed_in(text, [Span(1, 2), None, Span(3, 4), Span(4, 5)])

    assert [word and word.span for word in placed] == [Span(1, 2), None, Span(3, 4), Span(4, 5)]


def test_a_name_heard_as_other_words_is_where_they_are():
    text = merged("then Osgood keeps the bees", "then as good keeps the bees")
    said = as_heard(text)

    placed = placed_in(text, said)

    assert placed[1].span == Span(0.5, 1.5)
    assert placed[1].confidence < placed[0].confidence


def test_two_words_heard_as_another_share_its_time_by_their_length():
    text = merged("we saw Wei Xiaoming there", "we saw waysharming there")

    placed = placed_in(text, as_heard(text))

    assert placed[2].span.start == 1.0 and placed[3].span.end == 1.5
    assert placed[2].span.end == placed[3].span.start == pytest.approx(1.0 + 0.5 * 3 / 11)


def test_a_long_remark_is_not_another_hearing_of_a_page_number():
    text = merged(
        "so it ended 4 and then began",
        "so it ended now I have to tell you something about the author and then began",
    )

    assert placed_in(text, as_heard(text))[3] is None


def test_what_is_said_and_not_written_is_told_with_its_time():
    text = merged("the ferry left early", "good evening and welcome back the ferry left early")

    assert untranscribed(text, as_heard(text)) == (Passage(0.0, 2.5, "good evening and welcome back"),)


def test_a_filler_or_two_are_no_passage():
    text = merged("the ferry left early", "the uh um ferry left early")

    assert untranscribed(text, as_heard(text)) == ()


def test_a_passage_that_was_not_found_again_is_not_told():
    text = merged("the ferry left early", "good evening and welcome back the ferry left early")
    nowhere = [
        None if slot.written is None else span for slot, span in zip(text.slots, as_heard(text), strict=True)
    ]

    assert untranscribed(text, nowhere) == ()
