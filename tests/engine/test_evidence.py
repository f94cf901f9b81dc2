"""Evidence: what the stages found out, as figures for each word."""

import pytest

from alignment.audio import Span
from alignment.engine.confidence import WordEvidence
from alignment.engine.evidence import silent_words, word_evidence
from alignment.engine.merged import MergedText
from tests.engine.texts import as_heard, heard, merged, transcript

TEXT = "the ferry left the harbour early in the morning and came back with the mail"


def found(text, said, scores=None):
    """The evidence by the word's index. scores: as usual where none are given."""
    scores = scores or [span and -10.0 for span in said]
    return {index: evidence for index, (_, evidence) in word_evidence(text, said, scores).items()}


def moved(said, number, start, end):
    return [*said[:number], Span(start, end), *said[number + 1 :]]


def test_nothing_speaks_against_words_that_are_found_where_they_were_heard():
    text = merged(TEXT, TEXT)

    evidence = found(text, [span and Span(span.start, span.start + 0.4) for span in as_heard(text)])

    assert len(evidence) == len(text.words)
    assert evidence[6]._replace(out_of_pace=0.0) == pytest.approx(WordEvidence())


def test_a_word_that_was_not_said_is_not_in_it():
    text = merged(TEXT, TEXT)

    assert 2 not in found(text, [*as_heard(text)[:2], None, *as_heard(text)[3:]])


def test_a_word_found_far_from_where_it_was_heard_stands_apart_and_its_neighbours_are_doubted():
    text = merged(TEXT, TEXT)

    evidence = found(text, moved(as_heard(text), 5, 3.8, 3.9))  # heard from 2.5 to 3

    assert evidence[5].apart == pytest.approx(0.7)
    assert evidence[4].apart == 0
    assert evidence[4].doubt_near == pytest.approx(1 / 9)
    assert evidence[0].doubt_near == 0
    assert evidence[0].doubt_wide == pytest.approx(1 / 15)


def test_a_pause_that_hearing_took_into_the_word_speaks_not_against_it():
    text = merged(TEXT, TEXT)

    evidence = found(text, moved(as_heard(text), 5, 2.9, 3.0))  # heard from 2.5 to 3

    assert evidence[5].apart == 0
    assert evidence[4].doubt_near == 0


def test_a_word_that_was_not_heard_says_so():
    text = merged("the ferry left the wide harbour early", "the ferry left the harbour early")
    said = as_heard(text)

    evidence = found(text, moved(said, 4, 2.0, 2.2))

    assert (evidence[4].unheard, evidence[5].unheard) == (1, 0)


def test_where_nobody_listened_the_surroundings_are_not_doubted():
    first, last = TEXT.split()[:6], TEXT.split()[9:]
    words = heard(" ".join(first)) + heard(" ".join(last), start=4.5)
    text = MergedText.of(transcript(TEXT), words, "en", breaks=[6])
    said = [span or Span(3 + n / 2, 3.4 + n / 2) for n, span in enumerate(as_heard(text), start=-6)]

    evidence = found(text, said)

    assert [evidence[n].unlistened for n in (5, 6, 7, 8, 9)] == [0, 1, 1, 1, 0]
    assert all(one.doubt_wide == 0 for one in evidence.values())


def test_a_word_heard_as_others_is_told_apart():
    text = merged("then Osgood keeps the bees", "then as good keeps the bees")

    evidence = found(text, as_heard(text))

    assert [evidence[n].misheard for n in range(5)] == [0, 1, 0, 0, 0]


def test_words_that_fit_the_sound_worse_than_usual_say_by_how_much():
    text = merged(TEXT, TEXT)
    scores = [-10.0] * 11 + [-30.0] * 4

    evidence = found(text, as_heard(text), scores)

    assert evidence[3].misfit == 0
    assert evidence[14].misfit == pytest.approx(2.0)


def test_probabilities_of_attention_are_no_misfit():
    text = merged(TEXT, TEXT)

    evidence = found(text, as_heard(text), [0.9] * 11 + [0.01] * 4)

    assert all(one.misfit == 0 for one in evidence.values())


def test_a_word_without_a_score_was_not_forced():
    text = merged(TEXT, TEXT)

    evidence = found(text, as_heard(text), [-10.0] * 14 + [None])

    assert (evidence[13].unforced, evidence[14].unforced) == (0, 1)


def test_a_word_much_longer_than_its_letters_take_is_out_of_pace():
    text = merged("morning " * 9, "morning " * 9)

    evidence = found(text, moved(as_heard(text), 8, 4.0, 5.5))  # three times as long as the others

    assert evidence[0].out_of_pace == 0
    assert evidence[8].out_of_pace == pytest.approx(0.699, abs=0.001)  # log 3, less 0.4


def test_a_number_is_as_long_as_it_is_spoken():
    text = merged("nineteen eighty five was 1985", "nineteen eighty five was 1985")

    evidence = found(text, [Span(0, 0.5), Span(0.5, 0.9), Span(0.9, 1.2), Span(1.2, 1.4), Span(2, 3.2)])

    assert evidence[4].out_of_pace == 0


def test_dashes_have_no_sound():
    text = merged("the ferry — early", "the ferry early")

    assert silent_words(text) == {2}
    assert all(one.doubt_wide == 0 for one in found(text, as_heard(text)).values())
