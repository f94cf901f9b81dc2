"""Anchors: what the recogniser hears in the demo, kept and taken up again."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest

from alignment.audio import Span, read_audio
from alignment.engine import anchors
from alignment.engine.anchors import HeardWord, Recognizer, recognizer_with
from alignment.engine.matching import agreement, merge
from alignment.engine.models import Weights
from alignment.engine.pronunciation import fold
from alignment.engine.spoken import readings
from alignment.engine.windows import find_speech, find_windows
from alignment.errors import Cancelled, ModelError, TranscriptError
from alignment.progress import ignore_progress
from tests.shared_data import requires_shared_data, shared_recording

LINES = [
    "You are listening to this, and you are reading it, too.",
    "Last winter I needed one sentence from an old interview.",
    "She plays one line again and again,",
]


@pytest.fixture(scope="module")
def three(known) -> list[Span]:
    """Three windows of one line each."""
    spans = [known.line(text) for text in LINES]
    return [Span(span.start - 0.2, span.end + 0.2) for span in spans]


def words(heard: dict[Span, list[HeardWord]]) -> list[HeardWord]:
    return [word for window in heard.values() for word in window]


@pytest.fixture
def one_at_a_time(recognizer, monkeypatch):
    """Windows are heard one by one; the list tells which were."""
    heard = []
    hear_batch = Recognizer._hear_batch

    def noting(self, audio, groups, language):
        heard.extend(window for group in groups for window in group)
        return hear_batch(self, audio, groups, language)

    monkeypatch.setattr(anchors, "WINDOW", 0.0)
    monkeypatch.setattr(recognizer.whisper, "device", replace(recognizer.whisper.device, workers=1))
    monkeypatch.setattr(Recognizer, "_hear_batch", noting)
    return heard


@pytest.fixture(scope="module")
def together(recognizer, demo_audio, three) -> list[HeardWord]:
    """The three windows, heard in one batch."""
    return words(recognizer.hear(demo_audio, three, "en", None, ignore_progress))


@pytest.fixture(scope="module")
def demo_heard(demo_run) -> list[HeardWord]:
    """What was heard in the whole demo when it was aligned."""
    (checkpoint,) = demo_run.checkpoints.iterdir()
    kept = anchors._read_checkpoint(checkpoint)
    return [word for window in sorted(kept, key=lambda window: window.start) for word in kept[window]]


def test_the_words_of_the_demo_are_heard_roughly_where_they_are_said(demo_heard, known):
    heard = demo_heard
    slots = merge(
        [readings(word["text"], "en")[0] for word in known.words],
        [readings(word.text, "en")[0] for word in heard],
    )

    assert agreement(slots) > 0.85
    pairs = [(known.words[s.written], heard[s.heard]) for s in slots if s.certain]
    far = [(truth, word) for truth, word in pairs if abs(truth["start"] - word.start) > 1.0]
    assert len(far) <= 0.03 * len(pairs)


def test_heard_words_are_in_order_and_have_a_probability(demo_heard):
    heard = demo_heard

    assert all(word.start <= word.end and 0 <= word.probability <= 1 for word in heard)
    assert all(one.start <= other.start for one, other in pairwise(heard))
    assert all(word.text == word.text.strip() != "" for word in heard)


def test_a_window_is_heard_alike_alone_and_among_others(recognizer, demo_audio, three, together):
    alone = words(recognizer.hear(demo_audio, three[2:], "en", None, ignore_progress))

    last_words = together[-len(alone) :]
    assert [word.text for word in last_words] == [word.text for word in alone]
    assert all(abs(a.start - b.start) < 0.2 for a, b in zip(last_words, alone, strict=True))


def test_words_lie_in_the_window_that_they_were_heard_in(three, together):
    """The windows are laid end to end for the recogniser; between them lie many seconds of the recording."""
    assert all(any(w.start - 0.1 <= word.start <= w.end for w in three) for word in together)
    for window, told in zip(three, ["listening reading", "winter interview", "plays line"], strict=True):
        within = [fold(word.text) for word in together if window.start - 0.1 <= word.start <= window.end]
        assert set(told.split()) <= {word.strip(",.") for word in within}


def test_a_word_drawn_out_over_a_seam_begins_with_the_window_it_is_said_in(
    recognizer, demo_audio, monkeypatch
):
    class Pipeline:
        def __init__(self, model):
            pass

        def transcribe(self, sound, **options):
            words = [
                SimpleNamespace(word=" one", start=0.2, end=0.6, probability=0.9),
                SimpleNamespace(word=" two", start=1.0, end=5.2, probability=0.9),
            ]
            return [SimpleNamespace(words=words)], None

    monkeypatch.setattr(anchors, "BatchedInferencePipeline", Pipeline)
    windows = [Span(1.0, 3.0), Span(10.0, 13.0)]

    found = recognizer.hear(demo_audio, windows, "en", None, ignore_progress)

    assert [(word.text, word.start, word.end) for word in words(found)] == [
        ("one", pytest.approx(1.2), pytest.approx(1.6)),
        ("two", pytest.approx(10.0), pytest.approx(12.7)),
    ]


def test_short_windows_are_heard_as_one_and_long_ones_alone(recognizer, demo_audio, monkeypatch):
    groups = []

    def noting(self, audio, batch, language):
        groups.extend(batch)
        return {window: [] for group in batch for window in group}

    monkeypatch.setattr(Recognizer, "_hear_batch", noting)
    short, long = [Span(n * 9.0, n * 9.0 + 9) for n in range(4)], [Span(40, 68), Span(70, 98)]

    heard = recognizer.hear(demo_audio, [*short, *long], "en", None, ignore_progress)

    assert sorted(groups, key=str) == sorted([short[:3], short[3:], [long[0]], [long[1]]], key=str)
    assert list(heard) == [*short, *long]


def test_a_gpu_hears_in_batches_what_is_heard_one_by_one(recognizer, demo_audio, three, monkeypatch):
    monkeypatch.setattr(anchors, "WINDOW", 0.0)
    one_by_one = recognizer.hear(demo_audio, three, "en", None, ignore_progress)
    batches = []
    transcribe = anchors._transcribe

    def noting(model, sound, clips, language):
        batches.append(clips)
        return transcribe(model, sound, clips, language)

    monkeypatch.setattr(anchors, "_transcribe", noting)
    monkeypatch.setattr(recognizer.whisper, "device", replace(recognizer.whisper.device, windows=2))

    in_batches = recognizer.hear(demo_audio, three, "en", None, ignore_progress)

    assert sorted(map(len, batches)) == [1, 2]
    for window in three:
        alone, together = one_by_one[window], in_batches[window]
        assert [word.text for word in together] == [word.text for word in alone]
        assert all(abs(a.start - b.start) < 0.2 for a, b in zip(together, alone, strict=True))


def test_no_windows_no_words(recognizer, demo_audio):
    assert recognizer.hear(demo_audio, [], "en", None, ignore_progress) == {}


def test_an_interrupted_run_goes_on_where_it_was(recognizer, demo_audio, three, one_at_a_time, tmp_path):
    def cancel(progress):
        if progress.fraction:
            raise Cancelled("Stopped.")

    checkpoint = tmp_path / "heard.json"
    at_one_go = recognizer.hear(demo_audio, three, "en", None, ignore_progress)
    one_at_a_time.clear()

    with pytest.raises(Cancelled):
        recognizer.hear(demo_audio, three, "en", checkpoint, cancel)
    assert list(anchors._read_checkpoint(checkpoint)) == three[:1]
    assert three[2] not in one_at_a_time
    one_at_a_time.clear()
    told = []
    resumed = recognizer.hear(demo_audio, three, "en", checkpoint, told.append)

    assert one_at_a_time == three[1:]
    assert {progress.stage for progress in told} == {"Listening"}
    assert [round(progress.fraction, 2) for progress in told] == [0.33, 0.67, 1.0]
    assert list(resumed) == three
    assert resumed == at_one_go


def test_a_finished_run_is_not_heard_again(recognizer, demo_audio, three, one_at_a_time, tmp_path):
    checkpoint = tmp_path / "heard.json"
    first = recognizer.hear(demo_audio, three[:2], "en", checkpoint, ignore_progress)
    one_at_a_time.clear()

    assert recognizer.hear(demo_audio, three[:2], "en", checkpoint, ignore_progress) == first
    assert one_at_a_time == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'[{"window": [0.5, 3.2], "wor',
        b"\xff\xfe not text",
        b"null",
        b"[7]",
        b'[{"words": []}]',
        b'[{"window": [0.5], "words": []}]',
        b'[{"window": [0.5, 3.2], "words": [{"text": "You"}]}]',
        b'[["window"]]',
    ],
)
def test_nothing_is_taken_from_a_damaged_checkpoint(tmp_path, damage):
    checkpoint = tmp_path / "heard.json"
    checkpoint.write_bytes(damage)

    assert anchors._read_checkpoint(checkpoint) == {}


def test_a_damaged_checkpoint_is_heard_and_written_anew(
    recognizer, demo_audio, three, one_at_a_time, tmp_path
):
    checkpoint = tmp_path / "heard.json"
    checkpoint.write_text('[{"window": [0.5, 3.2], "wor')

    heard = recognizer.hear(demo_audio, three[:1], "en", checkpoint, ignore_progress)

    assert one_at_a_time == three[:1]
    assert anchors._read_checkpoint(checkpoint) == heard
    assert list(tmp_path.iterdir()) == [checkpoint]


def test_windows_of_another_cut_in_the_checkpoint_do_not_count(
    recognizer, demo_audio, three, one_at_a_time, tmp_path
):
    checkpoint = tmp_path / "heard.json"
    recognizer.hear(demo_audio, three[2:], "en", checkpoint, ignore_progress)
    told = []

    heard = recognizer.hear(demo_audio, three[:2], "en", checkpoint, told.append)

    assert [progress.fraction for progress in told] == [0.0, 0.5, 1.0]
    assert list(heard) == three[:2]
    assert all(word.start < three[1].end + 0.5 for word in words(heard))


def test_the_language_of_the_demo_is_english(recognizer, demo_audio, windows):
    assert recognizer.detect_language(demo_audio, windows[:1]) == "en"


def test_where_nobody_speaks_the_language_is_taken_to_be_english(recognizer, demo_audio):
    assert recognizer.detect_language(demo_audio, []) == "en"


@requires_shared_data("german-ode")
def test_german_is_recognised(recognizer):
    audio = read_audio(shared_recording("german-ode").audio)

    assert (
        recognizer.detect_language(audio, find_windows(audio, find_speech(audio), audio.loudness())) == "de"
    )


def test_a_language_that_the_model_does_not_know_is_refused(recognizer):
    recognizer.check_language("de")

    with pytest.raises(TranscriptError, match="'klingon' is not a language that the model knows"):
        recognizer.check_language("klingon")


def test_weights_that_cannot_be_loaded_are_named(tmp_path):
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")

    with pytest.raises(ModelError, match=f"{tmp_path} cannot be loaded"):
        Recognizer(Weights("mine", tmp_path, ""))


def test_alignments_at_one_time_share_what_is_loaded(recognizer, weights):
    assert recognizer_with(weights) is recognizer


def test_a_heard_word_survives_the_checkpoint(tmp_path):
    heard = {
        Span(0.1, 29.123456789): [HeardWord("naïve “—”", 0.1 + 0.2, 1 / 3, 0.987654321)],
        Span(30.0, 31.0): [],
    }

    anchors._write_checkpoint(tmp_path / "heard.json", heard)

    assert anchors._read_checkpoint(tmp_path / "heard.json") == heard
