"""Local recordings bring what they know about themselves."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from alignment.errors import AudioError
from alignment.sources.upload import take_in
from alignment.transcript import Chapter, Source
from tests.sources.recordings import click_track, write_pictures, write_recording

JPEG = b"\xff\xd8\xff\xe0" + bytes(60)


def test_title_and_the_rest_come_from_the_tags(tmp_path: Path) -> None:
    plain = write_recording(tmp_path / "plain.m4a", click_track(44_100), 44_100, "aac")
    tagged = tmp_path / "tagged.m4a"
    with av.open(str(plain)) as given, av.open(str(tagged), "w", format="ipod") as made:
        made.metadata.update(
            title="On \ntides", artist="Ada Example", date="2023-03-27", comment="One.\nTwo."
        )
        out = made.add_stream_from_template(given.streams.audio[0])
        made.set_chapters([chapter(0, 2000, "Opening"), chapter(2000, 6000, "Moon")])
        for packet in given.demux(audio=0):
            if packet.size:
                packet.stream = out
                made.mux(packet)

    found = take_in(tagged, tmp_path)

    assert found.title == "On tides"
    assert found.path == tagged
    assert found.source == Source(
        channel="Ada Example",
        published="2023-03-27",
        description="One.\nTwo.",
        chapters=(Chapter(0.0, "Opening"), Chapter(2.0, "Moon")),
    )


def chapter(start_ms: int, end_ms: int, title: str) -> dict[str, Any]:
    time_base = Fraction(1, 1000)
    return {
        "id": start_ms,
        "start": start_ms,
        "end": end_ms,
        "time_base": time_base,
        "metadata": {"title": title},
    }


def test_without_tags_the_file_s_name_is_the_title(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "talk on tides.wav", click_track(8_000), 8_000, "pcm_s16le")

    found = take_in(path, tmp_path)

    assert (found.title, found.source, found.thumbnail) == ("talk on tides", Source(), None)


def test_a_hostile_name_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "\x1b[2J%s $(reboot) <script>\u202e.wav"
    write_recording(tmp_path / "a.wav", click_track(8_000), 8_000, "pcm_s16le").rename(path)

    assert take_in(path, tmp_path).title == "[2J%s $(reboot) <script>"


def test_a_cover_is_kept_as_the_thumbnail(tmp_path: Path) -> None:
    path = tmp_path / "covered.mp3"
    with av.open(str(path), "w") as made:
        sound = made.add_stream("libmp3lame", rate=44_100)
        cover = made.add_stream("png", rate=1, width=16, height=16, pix_fmt="rgb24")
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame(16, 16, "rgb24")
        picture.pts = 0
        made.mux(cover.encode(picture))
        made.mux(cover.encode(None))
        silence = av.AudioFrame("fltp", "stereo", 1152)
        silence.sample_rate, silence.pts = 44_100, 0
        made.mux(sound.encode(silence))
        made.mux(sound.encode(None))

    found = take_in(path, tmp_path)

    assert found.thumbnail == tmp_path / "thumbnail.png"
    assert found.thumbnail.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.mp3", b"", r"empty\.mp3 is empty; give the recording itself"),
        ("letter.mp3", b"Dear Ada, the tide is out. " * 50, r"letter\.mp3 is not an audio or video file"),
        ("cover.jpg", JPEG, r"cover\.jpg (holds pictures only|is not an audio or video file)"),
    ],
)
def test_what_cannot_be_heard_is_refused(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(AudioError, match=says):
        take_in(tmp_path / name, tmp_path)


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "silent.mp4"), "w") as made:
        write_pictures(made)

    with pytest.raises(AudioError, match=r"silent\.mp4 holds pictures only"):
        take_in(tmp_path / "silent.mp4", tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"There is no file .*/gone\.mp3"):
        take_in(tmp_path / "gone.mp3", tmp_path)


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is not a file"):
        take_in(tmp_path, tmp_path)
