"""Placing: chunks forced side by side, mended at their seams, and what is done when one fails."""

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.chunks import Chunk
from alignment.engine.forcing import ForcedWord, force
from alignment.engine.merged import MergedText
from alignment.engine.placing import Placer, Said
from alignment.engine.silences import find_silences
from alignment.progress import ignore_progress
from tests.engine.texts import transcript

FIRST = "Last winter I needed one sentence from an old interview."
LAST = "I listened to all of it. Dr. Osgood keeps bees, you see,"


@pytest.fixture(scope="module")
def passage(known):
    """Known words of some lines of the demo that follow each other."""
    first, last = known.line(FIRST), known.line(LAST)
    return known.words_within(Span(first.start, last.end))


@pytest.fixture(scope="module")
def span(passage):
    return Span(passage[0]["start"] - 0.3, passage[-1]["end"] + 0.3)


def as_heard(words) -> list[HeardWord]:
    return [HeardWord(w["text"], w["start"], w["end"], 0.9) for w in words]


def merged(texts, heard) -> MergedText:
    return MergedText.of(transcript(" ".join(texts)), heard, "en")


@pytest.fixture(scope="module")
def silences(demo_audio):
    return find_silences(demo_audio.loudness())


@pytest.fixture(scope="module")
def placer(demo_audio, silences):
    return Placer(demo_audio, lambda tasks: (force(*task) for task in tasks), silences)


def errors(said, words):
    return np.abs([one.span.start - word["start"] for one, word in zip(said, words, strict=True)])


def test_a_word_on_the_wrong_side_of_a_cut_is_put_right_at_the_seam(placer, passage, span):
    """The cut lies in the true pause, but three words too late: "I knew that" would be in the first chunk."""
    text = merged([w["text"] for w in passage], as_heard(passage))
    cut = next(n for n, w in enumerate(passage) if w["text"] == "knew") - 1
    pause = Span(passage[cut - 1]["end"], passage[cut]["start"])
    chunks = [
        Chunk(Span(span.start, pause.middle), 0, cut + 3),
        Chunk(Span(pause.middle, span.end), cut + 3, len(passage)),
    ]

    said = placer.place(text, chunks, ignore_progress)

    assert errors(said, passage).max() <= 0.15


def test_a_word_that_was_heard_and_is_not_there_spoils_no_other(placer, passage, span):
    """The recogniser made up what is written, too: the chunk fails, and is forced again without the duty."""
    texts = [word["text"] for word in passage]
    heard = as_heard(passage)
    made_up = ["constitutional", "commemoration", "notwithstanding"]
    at = passage[4]["start"]
    text = merged(
        texts[:4] + made_up + texts[4:], heard[:4] + [HeardWord(w, at, at, 0.4) for w in made_up] + heard[4:]
    )

    said = placer.place(text, [Chunk(span, 0, len(text.slots))], ignore_progress)

    assert said[4:7] == [None] * 3
    assert errors(said[:4] + said[7:], passage).max() <= 0.15


def test_a_word_that_is_said_as_none_of_its_readings_pushes_no_other_aside(placer, passage, span):
    """ "That" is written and heard as "17": the words after it would look for their sound too late."""
    at = next(n for n, w in enumerate(passage) if w["text"] == "that")
    texts = [word["text"] for word in passage]
    texts[at] = "17"
    text = merged(texts, as_heard([{**w, "text": t} for w, t in zip(passage, texts, strict=True)]))

    said = placer.place(text, [Chunk(span, 0, len(text.slots))], ignore_progress)

    others = [n for n in range(len(passage)) if n != at]
    assert errors([said[n] for n in others], [passage[n] for n in others]).max() <= 0.2


def test_where_forcing_fails_altogether_words_stay_where_they_were_heard(placer, passage):
    """A chunk whose sound is cut off to a tenth of a second holds no way for forty words."""
    text = merged([word["text"] for word in passage], as_heard(passage))
    start = passage[0]["start"]

    said = placer.place(text, [Chunk(Span(start, start), 0, len(text.slots))], ignore_progress)

    assert said == [Said(Span(word["start"], word["end"])) for word in passage]


def test_forcing_that_ends_up_far_from_what_was_heard_is_not_believed(placer, passage, span):
    late = [HeardWord(w["text"], w["start"] + 60, w["end"] + 60, 0.9) for w in passage]

    text = merged([w["text"] for w in passage], late)
    said = placer.place(text, [Chunk(span, 0, len(passage))], ignore_progress)

    assert said == [Said(Span(word.start, word.end)) for word in late]


@pytest.mark.parametrize(("fit", "is_believed"), [(-2.4, True), (-2.6, False)])
def test_a_seam_is_believed_unless_it_fits_the_sound_much_worse(
    demo_audio, silences, passage, fit, is_believed
):
    """All of the words stand within the seam, which has the seventh of them half a second early."""
    words, cut, moved = passage[:12], 6, 6
    text = merged([word["text"] for word in words], as_heard(words))
    middle = (words[cut - 1]["end"] + words[cut]["start"]) / 2
    spans = [Span(words[0]["start"], middle), Span(middle, words[-1]["end"])]
    places = [(word["start"], word["end"]) for word in words]
    early = [(s - 0.5 * (n == moved), e) for n, (s, e) in enumerate(places)]
    outcomes = iter([
        [ForcedWord(s - spans[0].start, e - spans[0].start, -2.0) for s, e in places[:cut]],
        [ForcedWord(s - middle, e - middle, -2.0) for s, e in places[cut:]],
        [ForcedWord(s - spans[0].start, e - spans[0].start, fit) for s, e in early],
    ])  # fmt: skip
    placer = Placer(demo_audio, lambda tasks: (next(outcomes) for _ in tasks), silences)

    chunks = [Chunk(spans[0], 0, cut), Chunk(spans[1], cut, len(words))]
    said = placer.place(text, chunks, ignore_progress)

    assert next(outcomes, None) is None
    expected = early if is_believed else places
    assert [one.span.start for one in said] == pytest.approx([start for start, _ in expected])


def test_progress_is_told_for_chunks_and_seams(demo_audio, silences, passage, span):
    text = merged([word["text"] for word in passage], as_heard(passage))
    cut = next(n for n, w in enumerate(passage) if w["text"] == "The")
    middle = (passage[cut - 1]["end"] + passage[cut]["start"]) / 2
    told = []

    fresh = Placer(demo_audio, lambda tasks: (force(*task) for task in tasks), silences)
    chunks = [Chunk(Span(span.start, middle), 0, cut), Chunk(Span(middle, span.end), cut, len(passage))]

    said = fresh.place(text, chunks, told.append)

    assert errors(said, passage).max() <= 0.15
    assert [p.fraction for p in told if p.stage == "Placing the words"] == [0.0, 0.5, 1.0]
    assert [p.fraction for p in told if p.stage == "Checking the seams"] == [0.0, 1.0]
