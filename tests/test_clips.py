"""Clips: cut between words, with exactly the words that are in them."""

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import SAMPLE_RATE, Span, decode
from alignment.clips import clip_sound, encode_clip, part_of, read_sound
from alignment.errors import AudioError
from alignment.transcript import Chapter, Segment, Source, Transcript, Word
from tests.browser.recordings import make_tones
from tests.formats.strategies import timed
from tests.sources.recordings import click_track, write_recording

WORDS = tuple(Word(f"w{n}", n + 0.5, n + 0.9) for n in range(20))
TALK = Transcript(
    tuple(
        Segment(
            n,
            f"w{2 * n}, w{2 * n + 1}",
            2 * n + 0.5,
            2 * n + 1.9,
            words=tuple(
                replace(word, text=word.text + ("," if word is WORDS[2 * n] else ""))
                for word in WORDS[2 * n : 2 * n + 2]
            ),
        )
        for n in range(10)
    ),
    title="Tones",
    duration=20.0,
    source=Source(chapters=(Chapter(0.0, "One"), Chapter(6.0, "Two"), Chapter(15.0, "Three"))),
)


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone at half past every second: where the words are."""
    path = tmp_path_factory.mktemp("tones") / "tones.m4a"
    return make_tones(path, duration_s=20.0, every_s=1.0).path


def onsets(content: bytes, kind: str, folder: Path) -> list[float]:
    """When the tones of a file begin, as an independent decoder hears them."""
    path = folder / f"clip.{kind}"
    path.write_bytes(content)
    samples = np.frombuffer(b"".join(decode(path)), np.int16)
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 3000) / SAMPLE_RATE
    return [float(time) for time, before in zip(loud, [-1.0, *loud], strict=False) if time - before > 0.3]


@pytest.mark.parametrize("kind", ["m4a", "mp3"])
def test_a_sound_is_where_its_words_are(tones: Path, tmp_path: Path, kind: str):
    span = Span(4.45, 9.95)
    sound = clip_sound(read_sound(tones, span), TALK, span)
    captions = part_of(TALK, sound.span)

    found = onsets(encode_clip(sound, kind, title="Tones"), kind, tmp_path)

    starts = [word.start for word in captions.words()]
    assert len(starts) == 6
    # MP3 has a delay of the encoder's in front, which players leave out and decoders may not.
    assert found == pytest.approx(starts, abs=0.006 if kind == "m4a" else 0.06)


def test_an_end_inside_a_word_is_moved_to_its_side(tones: Path):
    span = Span(4.6, 8.8)  # the first word's middle is inside, the last one's, too
    sound = clip_sound(read_sound(tones, span), TALK, span)

    assert 3.9 <= sound.span.start <= 4.5 and 8.9 <= sound.span.end <= 9.5
    assert [word.text for word in part_of(TALK, sound.span).words()] == ["w4,", "w5", "w6,", "w7", "w8,"]


def test_the_ends_fade(tones: Path, tmp_path: Path):
    sound = read_sound(tones, Span(4.5, 4.52)).part(Span(4.5, 4.52))  # nothing but a tone
    path = tmp_path / "clip.m4a"
    path.write_bytes(encode_clip(replace(sound, samples=np.tile(sound.samples, (20, 1))), "m4a"))
    samples = np.abs(np.frombuffer(b"".join(decode(path)), np.int16).astype(int))

    assert samples[:80].max() < 0.5 * samples[2000:4000].max()


def test_the_tags_say_what_it_is(tones: Path):
    sound = read_sound(tones, Span(1, 2))
    content = encode_clip(sound, "m4a", title='A "clip"; of = all', artist="Salt & Light", comment="")

    with av.open(io.BytesIO(content)) as container:
        assert container.metadata["title"] == 'A "clip"; of = all'
        assert container.metadata["artist"] == "Salt & Light"


def test_a_part_has_its_words_its_chapters_and_its_name():
    part = part_of(TALK, Span(5.2, 8.0))

    assert part.title == "Tones, 0:05 – 0:08" and part.duration == 2.8
    assert [(segment.text, segment.start) for segment in part.segments] == [
        ("w5", pytest.approx(0.3)),
        ("w6, w7", pytest.approx(1.3)),
    ]
    assert part.source.chapters == (Chapter(0.0, "One"), Chapter(pytest.approx(0.8), "Two"))
    part.check()


@given(timed(untimed=True), st.floats(0, 3e4), st.floats(0.01, 3e4))
def test_any_part_keeps_its_promises(transcript: Transcript, start: float, duration: float):
    part = part_of(transcript, Span(start, start + duration))

    part.check()
    given_words = [word.text for word in transcript.words()]
    assert all(word.text in given_words for word in part.words())


@pytest.mark.parametrize(
    ("name", "codec", "late_s"),
    [("talk.mp3", "libmp3lame", 0.0), ("talk.mka", "libopus", 1.25), ("talk.m4a", "aac", 0.0)],
)
@pytest.mark.parametrize("start", [0.25, 3.0])
def test_times_count_from_the_first_sound_as_the_aligner_does(
    tmp_path: Path, name: str, codec: str, late_s: float, start: float
):
    path = write_recording(tmp_path / name, click_track(48_000), 48_000, codec, late_s=late_s)
    known = np.frombuffer(b"".join(decode(path)), np.int16)

    part = read_sound(path, Span(start, start + 1.0)).part(Span(start, start + 1.0))

    whole = np.abs(known[round(start * SAMPLE_RATE) :][:SAMPLE_RATE].astype(int))
    loudest = int(np.argmax(np.abs(part.samples[:, 0].astype(int)))) / part.rate
    assert loudest == pytest.approx(int(np.argmax(whole)) / SAMPLE_RATE, abs=0.002)


@pytest.mark.parametrize(
    ("span", "why"),
    [
        (Span(3, 3), "has no length"),
        (Span(5, 2), "from 0:05 to 0:02 has no length"),
        (Span(0, 4000), "A clip of 1 h 7 min is too long; it may have an hour"),
        (Span(30, 31), "ends before 0:30"),
    ],
)
def test_spans_that_cannot_be_cut_are_refused(tones: Path, span: Span, why: str):
    with pytest.raises(AudioError, match=why):
        read_sound(tones, span)


def test_a_file_without_sound_is_refused(tmp_path: Path):
    path = tmp_path / "none.m4a"
    path.write_bytes(b"nothing" * 99)

    with pytest.raises(AudioError, match=r"none\.m4a cannot be decoded \([^\[]+\)\. Give another file"):
        read_sound(path, Span(0, 1))
