"""Which aligner takes a chunk, and that the outcomes come in order whichever did."""

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine import aligners
from alignment.engine.aligners import aligner
from alignment.engine.forcing import force
from alignment.engine.grammar import Option
from alignment.engine.spoken import readings


def options(text, language, skip=0.0):
    return [Option(word, readings(word, language), skip) for word in text.split()]


@pytest.fixture
def attended(monkeypatch):
    """What attention is given, in place of attention."""
    tasks = []

    def attend(recognizer, language, samples, options):
        tasks.append((language, [option.text for option in options]))
        return []

    monkeypatch.setattr(aligners, "attend", attend)
    return tasks


def test_words_of_another_language_are_forced_by_how_they_sound(demo_audio, known, recognizer, attended):
    """English as a Finn might write it down."""
    line = known.line("I knew that it was in there. I had heard it once.")
    samples = demo_audio.excerpt(Span(line.start - 0.2, line.end + 0.2))
    spelled = options("ai njuu dhät it wos in dher. ai häd hööd it wans.", "fi")

    with aligner("fi", recognizer) as find_all:
        (found,) = find_all([(samples, spelled)])

    truth = known.words_within(line)
    starts = [word.start + line.start - 0.2 for word in found]
    assert np.abs(np.array(starts) - [word["start"] for word in truth]).max() <= 0.1
    assert not attended


def test_chunks_that_nobody_can_read_go_to_attention_and_keep_their_place(
    demo_audio, known, recognizer, attended
):
    line = known.line("I knew that it was in there. I had heard it once.")
    samples = demo_audio.excerpt(line)
    texts = ["日本", "いえ", "かう 東京 京都", "すし", "東", ""]

    with aligner("ja", recognizer) as find_all:
        found = list(find_all([(samples, options(text, "ja")) for text in texts]))

    assert sorted(attended) == [("ja", ["かう", "東京", "京都"]), ("ja", ["日本"]), ("ja", ["東"])]
    assert [outcome == [] for outcome in found] == [True, False, True, False, True, True]


def test_a_word_that_need_not_be_said_may_be_unreadable(demo_audio, known, recognizer, attended):
    line = known.line("Yes.")
    chunk = options("いえす", "ja") + options("東京", "ja", skip=0.5)

    with aligner("ja", recognizer) as find_all:
        (found,) = find_all([(demo_audio.excerpt(line), chunk)])

    assert found[0] and found[1] is None
    assert not attended


def test_english_goes_to_the_acoustic_model_as_it_is(demo_audio, known, recognizer, attended):
    line = known.line("I knew that it was in there. I had heard it once.")
    task = (
        demo_audio.excerpt(line),
        options("I knew that it was in there. I had heard it once.", "en"),
    )

    with aligner("en", recognizer) as find_all:
        assert list(find_all([task])) == [force(*task)]
    assert not attended
