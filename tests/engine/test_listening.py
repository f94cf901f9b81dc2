"""How much is listened to: on the demo, cut into short windows, with a recogniser that counts them."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.chunks import cut_chunks
from alignment.engine.forcing import force
from alignment.engine.hearing import sample
from alignment.engine.listening import Listener, _departures, openings
from alignment.engine.merged import MergedText
from alignment.engine.placing import Placer
from alignment.engine.proof import Proof
from alignment.engine.silences import find_silences
from alignment.engine.windows import find_speech
from alignment.errors import TranscriptError
from alignment.progress import ignore_progress
from tests.engine.texts import heard, transcript

NEVER_SAID = "The harbour was full of small boats, and a brass band was playing on the pier."
OTHER_TALK = [
    NEVER_SAID,
    "Flour, water, salt and patience make a loaf.",
    "Fold the dough over its edges, and let it rest until the morning comes.",
]


@dataclass
class Ears:
    """Hears exactly what is said in a window, and keeps which windows it was asked for."""

    words: list[HeardWord]
    asked: list[Span] = field(default_factory=list)

    def hear(self, windows, progress):
        self.asked += windows
        return {window: [w for w in self.words if window.start <= w.start < window.end] for window in windows}


@pytest.fixture(scope="module")
def short_windows(known):
    """Every three lines of the demo, between the pauses around them."""
    edges = [0.0]
    for one, other in zip(known.lines[2::3], known.lines[3::3], strict=False):
        edges.append((one["end"] + other["start"]) / 2)
    edges.append(known.lines[-1]["end"] + 0.2)
    return [Span(a, b) for a, b in pairwise(edges)]


@pytest.fixture(scope="module")
def ears():
    """All that listened so far."""
    return []


@pytest.fixture(scope="module")
def listener(demo_audio, known, short_windows, ears):
    """Holds a text against the demo."""
    loudness = demo_audio.loudness()
    proof, silences = Proof(loudness, find_speech(demo_audio)), find_silences(loudness)
    said = [HeardWord(w["text"], w["start"], w["end"], 0.9) for w in known.words]

    def listener(lines):
        ears.append(Ears(said))
        return Listener(
            transcript(*lines),
            "en",
            short_windows,
            sample(short_windows),
            {},
            ears[-1].hear,
            lambda text: None,
            lambda text: cut_chunks(text.slots, text.heard, silences, demo_audio.duration),
            Placer(demo_audio, lambda tasks: (force(*task) for task in tasks), silences),
            proof,
        )

    return listener


@pytest.fixture(scope="module")
def listened(listener, ears, short_windows):
    """Which windows are listened to when a text is held against the demo, by number; and the merged text."""

    def listened(lines):
        text, _ = listener(lines).listen(ignore_progress)
        asked = ears[-1].asked
        assert len(asked) == len(set(asked))
        return {short_windows.index(window) for window in asked}, text

    return listened


@pytest.fixture
def lines(known):
    return [line["text"] for line in known.lines]


def test_where_the_text_is_what_is_said_a_sample_is_enough(listened, lines, short_windows):
    numbers, text = listened(lines)

    assert numbers == {short_windows.index(window) for window in sample(short_windows)}
    assert len(numbers) < len(short_windows) / 3
    assert all(slot.written is not None for slot in text.slots)


def test_a_passage_that_the_text_lacks_is_listened_to(listened, lines):
    """Lines 18 to 26 are the windows 6 to 8, and only the last of them is in the sample."""
    numbers, text = listened(lines[:18] + lines[27:])

    assert {6, 7, 8} <= numbers
    unwritten = " ".join(
        text.heard[s.heard].text for s in text.slots if s.written is None and s.heard is not None
    )
    assert " ".join(lines[18:27]) in unwritten


def test_a_passage_that_is_not_said_makes_its_surroundings_be_listened_to(listened, lines):
    numbers, text = listened([*lines[:21], *OTHER_TALK, *lines[21:]])

    assert {6, 7} & numbers
    unheard = [
        text.words[s.written] for s in text.slots if s.heard is None and s.written is not None and s.listened
    ]
    assert " ".join(unheard).count("harbour") == 1


@pytest.mark.parametrize(
    ("made_up", "is_listened_to"), [("and so on", False), ("and so on until the very end", True)]
)
def test_a_few_words_too_many_may_be_made_up_where_listening_ended(made_up, is_listened_to):
    """The recogniser likes to end a sentence that its window cuts off."""
    written = "one two three four five six seven eight nine ten eleven twelve"
    heard_words = heard(f"one two three four {made_up}")

    text = MergedText.of(transcript(written), heard_words, "en", [len(heard_words)])

    assert any(_departures(text)) == is_listened_to


def test_the_text_of_another_talk_is_refused_after_a_sample(listened, ears):
    with pytest.raises(TranscriptError, match="not of this audio"):
        listened(OTHER_TALK * 12)

    assert len(ears[-1].asked) < 6


def test_a_short_text_of_another_talk_is_looked_for_everywhere(listened, ears, short_windows):
    with pytest.raises(TranscriptError, match="not of this audio"):
        listened(OTHER_TALK)

    assert len(ears[-1].asked) == len(short_windows)


# ---- openings -----------------------------------------------------------------------------------------


def test_openings_grow_while_much_of_the_audio_comes_after_them():
    assert list(openings([Span(0, 30), Span(2 * 3600 - 30, 2 * 3600)])) == [240, 720, 2160]
    assert list(openings([Span(5, 300)])) == []
    assert list(openings([])) == []


def test_an_opening_is_placed_before_the_rest_is_listened_to(listener, ears, lines, short_windows):
    end = short_windows[9].end

    text, chunks = listener(lines).listen_to_opening(end, ignore_progress)

    assert max(window.end for window in ears[-1].asked) <= end
    assert chunks[0].first_slot == 0
    assert chunks[-1].span.end <= end
    placed = [text.words[s.written] for s in text.slots[: chunks[-1].last_slot] if s.written is not None]
    assert len(placed) > 40
    assert placed == " ".join(lines).split()[: len(placed)]


def test_what_was_heard_for_an_opening_is_not_heard_again(listener, ears, lines, short_windows):
    one = listener(lines)
    one.listen_to_opening(short_windows[9].end, ignore_progress)
    text, chunks = one.listen(ignore_progress)

    assert len(ears[-1].asked) == len(set(ears[-1].asked))
    assert (text.slots, chunks) == _whole(listener(lines))


def test_a_text_that_does_not_begin_where_the_audio_does_has_no_opening(listener, lines, short_windows):
    assert (
        listener(OTHER_TALK * 4 + lines[30:]).listen_to_opening(short_windows[4].end, ignore_progress) is None
    )


def test_an_opening_that_is_said_again_later_is_not_taken_for_that(listener, lines, short_windows):
    text = OTHER_TALK * 12 + lines[:30] + lines

    assert listener(text).listen_to_opening(short_windows[9].end, ignore_progress) is None


def _whole(listener):
    text, chunks = listener.listen(ignore_progress)
    return text.slots, chunks
