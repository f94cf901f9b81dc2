"""Films of clips: what is seen in them when, and that any text is only ever drawn."""

import subprocess
from dataclasses import replace
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from alignment.audio import SAMPLE_RATE, Span, decode
from alignment.clips import Sound, part_of, read_sound, tags_of
from alignment.errors import FilmError
from alignment.film import SHAPES, film_of
from alignment.progress import Progress
from alignment.transcript import Segment, Source, Transcript, Word
from tests.browser.recordings import make_tones

Pixels = NDArray[np.uint8]

TEXT = "Whoever keeps bees learns to listen long before they can see"
WORDS = tuple(Word(text, n + 0.5, n + 0.9) for n, text in enumerate(TEXT.split()))
TALK = Transcript(
    (Segment(0, TEXT, 0.5, 10.9, words=WORDS),),
    title="The hive in June",
    duration=12.0,
    source=Source(channel="Field Notes", url="https://example.org/hive"),
)
SPAN = Span(2.2, 6.2)
SAID = ("bees", "learns", "to", "listen")
"""What is said in it: at 0.3 s, 1.3 s and so on."""
NASTY = "50% {\\an8}: 'x','y'\\N; [in]drawtext=text='%{pts}' \"q\"\n\r\0\ud800 \u202e $(id) `id` é"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """A tone where each word begins."""
    path = make_tones(tmp_path_factory.mktemp("tones") / "tones.m4a", duration_s=12.0, every_s=1.0).path
    return read_sound(path, SPAN).part(SPAN)


def made(folder: Path, sound: Sound, part: Transcript, **how: object) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(film_of(sound, part, **how))  # type: ignore[arg-type]
    return path


def pictures(path: Path) -> list[Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def lit(picture: Pixels, shape: str) -> NDArray[np.float64]:
    """Where the words have the colour of the one that is spoken: x and y, shape (n, 2)."""
    form = SHAPES[shape]
    words = picture[: form.wave - form.wave_height].astype(int)
    y, x = np.nonzero((words[:, :, 0] > 200) & (words[:, :, 2] < 110))
    return np.stack([x, y], 1).astype(np.float64)


@pytest.fixture(scope="module", params=SHAPES)
def film(
    request: pytest.FixtureRequest, sound: Sound, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A film in each shape."""
    part = part_of(TALK, SPAN)
    folder = tmp_path_factory.mktemp("film")
    return request.param, made(
        folder, sound, part, shape=request.param, title=TALK.title or "", tags=tags_of(part)
    )


def test_a_film_is_what_every_site_takes(film: tuple[str, Path]):
    shape, path = film

    with av.open(str(path)) as container:
        picture, voice = container.streams.video[0], container.streams.audio[0]
        assert (picture.width, picture.height) == (SHAPES[shape].width, SHAPES[shape].height)
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert voice.codec_context.name == "aac"
        assert (container.duration or 0) / av.time_base == pytest.approx(4.0, abs=0.05)
        assert container.metadata["title"] == "The hive in June, 0:02 – 0:06"
        assert container.metadata["comment"] == "https://example.org/hive"
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # it plays before all of it is there
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-i", str(path), "-f", "null", "-"]
    assert subprocess.run(command, check=True, capture_output=True).stderr == b""


def test_the_word_that_is_heard_is_lit(film: tuple[str, Path]):
    shape, path = film
    shown = pictures(path)
    samples = np.abs(np.frombuffer(b"".join(decode(path)), np.int16).astype(int))

    places = []
    for number in range(len(SAID)):
        heard = number + 0.3
        tone = np.flatnonzero(samples[round((heard - 0.2) * SAMPLE_RATE) :] > 3000)[0] / SAMPLE_RATE
        assert tone == pytest.approx(0.2, abs=0.005)
        before, after = (lit(shown[round((heard + wait) * 25)], shape) for wait in (-0.16, 0.16))
        assert len(before) == 0 or number > 0
        assert len(after) > 300
        places.append(after.mean(axis=0))
    order = [(round(y / SHAPES[shape].letters), x) for x, y in places]
    assert order == sorted(order)  # from left to right, then to the next line
    assert len({tuple(np.rint(place)) for place in places}) == len(SAID)


def test_words_stand_between_the_margins_and_title_and_waveform_stay(film: tuple[str, Path]):
    shape, path = film
    form = SHAPES[shape]
    shown = pictures(path)
    change = np.abs(shown[10].astype(int) - shown[-5].astype(int)).max(axis=2) > 40

    y, x = np.nonzero(change)
    assert x.min() >= form.margin - 4 and x.max() <= form.width - form.margin + 4
    assert y.min() > form.head + form.cover  # the title does not change
    title = shown[10][form.head : form.head + form.title, form.margin :].astype(int)
    assert (title.min(axis=2) > 200).sum() > 200

    def played(picture: Pixels) -> NDArray[np.bool_]:
        wave = picture[form.wave, form.margin : form.width - form.margin].astype(int)
        return (wave[:, 0] > 200) & (wave[:, 2] < 120)

    assert played(shown[25])[: form.room // 4].any()
    assert not played(shown[25])[form.room // 3 :].any()
    assert played(shown[-1])[-form.room // 4 :].any()


def test_any_text_is_drawn_and_nothing_more(sound: Sound, tmp_path: Path):
    words = tuple(replace(word, text=f"{{{NASTY.split()[n % 5]}}}\\h") for n, word in enumerate(WORDS))
    text = " ".join(word.text for word in words)
    talk = replace(TALK, segments=(replace(TALK.segments[0], text=text, words=words),), title=NASTY)
    talk = replace(talk, source=replace(talk.source, channel=NASTY))
    part = part_of(talk, SPAN)

    path = made(tmp_path, sound, part, shape="1:1", title=NASTY, tags=tags_of(part))

    shown = pictures(path)
    assert len(shown) == 100
    assert all(len(lit(shown[round((number + 0.5) * 25)], "1:1")) > 300 for number in range(4))
    with av.open(str(path)) as container:
        assert container.metadata["title"].startswith("50% {\\an8}: 'x','y'\\N; [in]drawtext")
        assert "\n" not in container.metadata["title"]


def test_a_clip_in_which_nobody_speaks_has_its_waveform(sound: Sound, tmp_path: Path):
    shown = pictures(made(tmp_path, sound, part_of(Transcript(()), SPAN), shape="1:1"))

    form = SHAPES["1:1"]
    words = np.stack([picture[: form.wave - form.wave_height] for picture in shown[::20]]).astype(int)
    assert np.ptp(words, axis=0).max() < 20
    assert np.abs(shown[0][form.wave].astype(int) - shown[-1][form.wave].astype(int)).max() > 100


def test_the_episode_s_picture_is_beside_the_title_and_soft_in_the_background(sound: Sound, tmp_path: Path):
    red = tmp_path / "red.png"
    Image.new("RGB", (640, 360), (230, 20, 30)).save(red)
    form = SHAPES["1:1"]

    shown = pictures(made(tmp_path, sound, part_of(TALK, SPAN), shape="1:1", picture=red))[0].astype(int)

    middle = form.head + form.cover // 2
    assert shown[middle, form.margin + form.cover // 2] == pytest.approx((230, 20, 30), abs=8)
    corner = shown[-20, 20]
    assert corner[0] > corner[1] + 30 and corner[0] < 90


def test_how_far_it_is_is_told_and_it_can_be_stopped(sound: Sound):
    told: list[float] = []

    def watch(event: Progress) -> None:
        told.append(event.fraction or 0.0)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film_of(sound, part_of(TALK, SPAN), shape="1:1", progress=watch)
    assert told == [0.0, 0.25, 0.5]


def test_what_is_no_shape_too_long_or_no_picture_is_refused(sound: Sound, tmp_path: Path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnot at all")
    part = part_of(TALK, SPAN)
    long = Sound(np.zeros((601 * 8, 1), np.int16), 8, 0.0)

    for given, how, why in (
        (sound, {"shape": "4:3"}, "'4:3' is no shape of a film. Give one of: 16:9, 1:1, 9:16"),
        (long, {}, "A film of 10 min is too long; it may have ten minutes at most"),
        (sound, {"picture": broken}, r"broken\.png is no picture that can be read"),
        (sound, {"picture": tmp_path / "none.jpg"}, r"none\.jpg is no picture that can be read"),
        (sound, {"font": broken}, r"broken\.png is no font that can be read"),
    ):
        with pytest.raises(FilmError, match=why):
            film_of(given, part, **how)  # type: ignore[arg-type]


def test_where_ffmpeg_fails_its_last_words_are_told(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nhead -c 5 >/dev/null\necho one >&2\necho 'No space left' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(broken))

    with pytest.raises(FilmError, match="ffmpeg said: No space left"):
        film_of(sound, part_of(TALK, SPAN), shape="1:1")


def test_where_nothing_can_be_kept_meanwhile_it_is_said_what_to_do(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))

    with pytest.raises(FilmError, match=r"Free some space there, or name another one in .* TMPDIR"):
        film_of(sound, part_of(TALK, SPAN), shape="1:1")
