"""Whether the sound bears the text out, on a minute of the demo and on texts that depart from it."""

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine.forcing import ForcedWord, force
from alignment.engine.grammar import Option
from alignment.engine.proof import Proof
from alignment.engine.spoken import readings
from alignment.engine.windows import find_speech

NEVER_SAID = "the harbour was full of small boats and a brass band".split()


@pytest.fixture(scope="module")
def proof(demo_audio):
    return Proof(demo_audio.loudness(), find_speech(demo_audio))


@pytest.fixture(scope="module")
def stretch(known):
    """A minute of the demo, from one pause to another, and its words."""
    first, last = known.lines[7], known.lines[24]
    span = Span(first["start"] - 0.2, last["end"] + 0.2)
    return span, [word["text"] for word in known.words_within(span)]


@pytest.fixture(scope="module")
def doubts(demo_audio, proof, stretch):
    """What is doubtful in the stretch, of a text that is forced upon it."""
    span, _ = stretch

    def doubtful(texts):
        options = [Option(text, readings(text, "en")) for text in texts]
        return proof.doubtful([(span, force(demo_audio.excerpt(span), options))])

    return doubtful


def around(spans, moment, seconds=6.0):
    return [span for span in spans if span.start - seconds <= moment <= span.end + seconds]


def test_a_text_that_is_what_is_said_is_not_doubted(doubts, stretch):
    span, texts = stretch

    assert span.length > 50
    assert doubts(texts) == []


@pytest.mark.parametrize("at", [40, 70, 100])
@pytest.mark.parametrize("count", [6, 12])
def test_words_that_the_text_lacks_are_noticed_where_they_are_said(doubts, stretch, known, at, count):
    span, texts = stretch
    moment = known.words_within(span)[at]["start"]

    assert around(doubts(texts[:at] + texts[at + count :]), moment)


@pytest.mark.parametrize("at", [40, 70, 100])
def test_words_that_are_not_said_are_noticed(doubts, stretch, known, at):
    span, texts = stretch
    moment = known.words_within(span)[at]["start"]

    assert around(doubts(texts[:at] + NEVER_SAID + texts[at:]), moment)


def test_another_text_is_doubted_everywhere(doubts, stretch):
    span, texts = stretch
    doubtful = doubts((NEVER_SAID * 20)[: len(texts)])

    heard = np.zeros(round(span.length))
    for one in doubtful:
        heard[max(0, round(one.start - span.start)) : round(one.end - span.start)] = 1
    assert heard.mean() > 0.8


def test_where_nothing_was_found_all_is_doubtful(proof):
    assert proof.doubtful([(Span(3, 9), None), (Span(9, 12), [None, None])]) == [Span(3, 9), Span(9, 12)]
    assert proof.doubtful([]) == []


def test_a_short_stretch_of_another_text_is_held_to_what_is_usual_in_the_rest(proof, stretch):
    """By itself it is evenly bad, though not as bad as what is something else altogether."""
    span, _ = stretch
    line = Span(span.start, span.start + 2.0)

    def evenly(length, score):
        return [ForcedWord(n / 4, (n + 1) / 4, score) for n in range(round(length * 4))]

    good, bad = (span, evenly(span.length, -1.5)), (line, evenly(line.length, -5.0))

    assert proof.doubtful([bad]) == []
    assert around(proof.doubtful([good, bad]), line.middle, 0)
    assert proof.doubtful([good]) == []


def test_what_is_as_bad_as_another_text_is_doubted_though_all_is_evenly_so(proof, stretch):
    span, _ = stretch
    words = [ForcedWord(n / 4, (n + 1) / 4, -6.5) for n in range(round(span.length * 4))]

    assert proof.doubtful([(span, words)]) == [span]
