"""Attention, measured on English, whose times are known."""

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine.attention import attend
from alignment.engine.grammar import Option
from alignment.engine.merged import SKIP_OTHER_HEARING
from alignment.engine.spoken import readings

LINE = "I knew that it was in there. I had heard it once."


def written(text, skip=0.0):
    return [Option(word, readings(word, "en"), skip) for word in text.split()]


@pytest.fixture
def attend_to(recognizer, demo_audio, known):
    def attend_to(options, line=LINE):
        span = known.line(line)
        span = Span(span.start - 0.3, span.end + 0.3)
        found = attend(recognizer, "en", demo_audio.excerpt(span), options)
        return [w and Span(span.start + w.start, span.start + w.end) for w in found]

    return attend_to


def errors(found, known, line=LINE):
    truth = known.words_within(known.line(line))
    return np.abs([span.start - word["start"] for span, word in zip(found, truth, strict=True)])


def test_words_are_found_within_a_tenth_of_a_second(attend_to, known):
    found = errors(attend_to(written(LINE)), known)[1:]  # the path begins with the sound, whatever it is

    assert found.mean() <= 0.1
    assert found.max() <= 0.3


def test_a_word_that_is_not_said_and_need_not_be_is_left_out(attend_to, known):
    options = written(LINE)
    unsaid = written("constitutional reasons", skip=1e-3)

    found = attend_to(options[:7] + unsaid + options[7:])

    assert found[7:9] == [None, None]
    assert errors(found[:7] + found[9:], known)[1:].mean() <= 0.15


def test_another_hearing_of_a_written_word_is_left_out(attend_to, known):
    options = written(LINE)

    found = attend_to(options[:2] + written("now", SKIP_OTHER_HEARING) + options[2:])

    assert found[2] is None
    assert errors(found[:2] + found[3:], known)[1:].mean() <= 0.1


def test_words_without_a_sound_are_left_out(attend_to):
    assert attend_to(written("— …")) == [None, None]
    assert attend_to([]) == []
    assert attend_to(written("— I knew"))[0] is None


def test_what_is_too_long_for_the_model_is_refused(recognizer, demo_audio):
    too_many = written("extraordinarily " * 450)

    assert attend(recognizer, "en", demo_audio.excerpt(Span(0, 31)), written(LINE)) is None
    assert attend(recognizer, "en", demo_audio.excerpt(Span(0, 5)), too_many) is None


def test_the_pauses_before_and_after_a_word_are_no_part_of_it(recognizer, demo_audio, known):
    line = known.line(LINE)
    pause = np.random.default_rng(3).normal(0, 10, 24_000).astype(np.int16)
    samples = np.concatenate((pause, demo_audio.excerpt(line), pause))

    found = attend(recognizer, "en", samples, written(LINE))

    assert found[0].start == pytest.approx(1.5, abs=0.1)
    assert found[-1].end == pytest.approx(1.5 + line.length, abs=0.15)


def test_words_follow_each_other(attend_to):
    found = attend_to(written(LINE))

    starts = [span.start for span in found]
    assert starts == sorted(starts)
    assert all(span.start <= span.end for span in found)
