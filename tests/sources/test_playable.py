"""Every recording becomes a file that browsers play, with time zero where it was."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

from alignment.errors import AudioError, Cancelled, FetchError
from alignment.progress import Progress
from alignment.sources.playable import make_playable
from tests.sources.recordings import (
    CLICKS,
    SECONDS,
    click_times,
    click_track,
    heard_by_ffmpeg,
    heard_by_pyav,
    murmur,
    write_pictures,
    write_recording,
)

TWO_MS = 0.002


@dataclass(frozen=True)
class Kind:
    """A kind of recording that people have. shift: how far off its own encoder puts the sound, in seconds."""

    file: str
    codec: str
    rate: int
    becomes: str
    options: tuple[tuple[str, str], ...] = ()
    film: bool = False
    late_s: float = 0.0
    shift: float = 0.0


KINDS = (
    Kind("talk.wav", "pcm_s16le", 44_100, "aac"),
    Kind("low.wav", "pcm_s16le", 8_000, "aac"),
    Kind("studio.wav", "pcm_s16le", 96_000, "aac"),
    Kind("talk.mp3", "libmp3lame", 44_100, "aac"),
    Kind("talk.flac", "flac", 44_100, "aac"),
    Kind("index-behind.m4a", "aac", 44_100, "aac"),
    Kind("index-in-front.m4a", "aac", 22_050, "aac", options=(("movflags", "+faststart"),)),
    Kind("pieces.mp4", "aac", 44_100, "aac", options=(("movflags", "+frag_keyframe+delay_moov"),)),
    # A transport or ADTS stream has no way to say what is run-in: it is sound, before and after.
    Kind("talk.aac", "aac", 44_100, "aac", shift=1024 / 44_100),
    Kind("talk.ts", "aac", 44_100, "aac", shift=1024 / 44_100),
    Kind("talk.mkv", "aac", 48_000, "aac"),
    Kind("talk.ogg", "libopus", 48_000, "opus"),
    Kind("talk.webm", "libopus", 48_000, "opus"),
    Kind("opus.mp4", "libopus", 48_000, "opus"),
    Kind("film.mp4", "aac", 44_100, "aac", film=True),
    Kind("late-sound.mkv", "aac", 44_100, "aac", film=True, late_s=1.5),
    Kind("lossless.m4a", "alac", 44_100, "aac"),
)


def make(kind: Kind, folder: Path) -> Path:
    return write_recording(
        folder / kind.file,
        click_track(kind.rate),
        kind.rate,
        kind.codec,
        film=kind.film,
        late_s=kind.late_s,
        options=dict(kind.options),
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.file)
def test_clicks_are_where_they_were_for_every_decoder(kind: Kind, tmp_path: Path) -> None:
    recording = make(kind, tmp_path)
    truth = np.array(CLICKS) + kind.shift
    assert click_times(heard_by_pyav(recording)) == pytest.approx(truth, abs=TWO_MS)

    playable = make_playable(recording, tmp_path)

    assert click_times(heard_by_pyav(playable.path)) == pytest.approx(truth, abs=TWO_MS)
    assert click_times(heard_by_ffmpeg(playable.path)) == pytest.approx(truth, abs=TWO_MS)
    assert playable.duration == pytest.approx(SECONDS, abs=0.05)
    with av.open(str(playable.path)) as container:
        assert [stream.codec_context.name for stream in container.streams] == [kind.becomes]


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.becomes == "aac"], ids=lambda kind: kind.file
)
def test_an_m4a_has_its_index_in_front_and_is_in_one_piece(kind: Kind, tmp_path: Path) -> None:
    content = make_playable(make(kind, tmp_path), tmp_path).path.read_bytes()

    assert content.index(b"moov") < content.index(b"mdat")
    assert b"moof" not in content


def test_a_webm_has_its_index_in_front(tmp_path: Path) -> None:
    recording = write_recording(tmp_path / "talk.ogg", murmur(48_000, 30), 48_000, "libopus")

    content = make_playable(recording, tmp_path).path.read_bytes()

    cues, cluster = b"\x1c\x53\xbb\x6b", b"\x1f\x43\xb6\x75"
    assert content.index(cues, content.index(cues) + 4) < content.index(cluster)  # the first is its directory


@pytest.mark.parametrize("name", ["talk.ogg", "behind.m4a"])
def test_copied_packets_are_the_source_s_own(name: str, tmp_path: Path) -> None:
    codec = "libopus" if name.endswith("ogg") else "aac"
    recording = write_recording(tmp_path / name, click_track(48_000), 48_000, codec)

    playable = make_playable(recording, tmp_path)

    assert packets(playable.path) == packets(recording)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_a_finished_m4a_is_taken_as_it_is(tmp_path: Path) -> None:
    first = make_playable(
        write_recording(tmp_path / "a.wav", click_track(44_100), 44_100, "pcm_s16le"), tmp_path
    )
    (tmp_path / "again").mkdir()

    second = make_playable(first.path, tmp_path / "again")

    assert second.path.read_bytes() == first.path.read_bytes()
    assert not second.path.samefile(first.path)  # what is done to the given file later is not done to ours
    assert second.duration == first.duration


def test_the_same_recording_always_gives_the_same_bytes(tmp_path: Path) -> None:
    for kind in (KINDS[0], KINDS[11]):
        recording = make(kind, tmp_path)
        results = []
        for folder in ("one", "two"):
            (tmp_path / folder).mkdir(exist_ok=True)
            results.append(make_playable(recording, tmp_path / folder).path.read_bytes())
        assert results[0] == results[1]


def test_a_gap_in_the_source_s_clock_does_not_pull_the_decoders_apart(tmp_path: Path) -> None:
    whole = write_recording(tmp_path / "whole.mkv", click_track(44_100), 44_100, "aac")
    holed = tmp_path / "holed.mkv"
    with av.open(str(whole)) as given, av.open(str(holed), "w") as made:
        out = made.add_stream_from_template(given.streams.audio[0])
        for number, packet in enumerate(given.demux(audio=0)):
            if packet.size and not 60 <= number < 90:  # 1.4 to 2.1 s
                packet.stream = out
                made.mux(packet)

    playable = make_playable(holed, tmp_path)

    by_count, by_clock = heard_by_pyav(playable.path), heard_by_ffmpeg(playable.path)
    assert np.flatnonzero(by_count > 0.5) == pytest.approx(
        np.flatnonzero(by_clock > 0.5), abs=TWO_MS * 16_000
    )
    assert playable.duration == pytest.approx(SECONDS - 30 * 1024 / 44_100, abs=0.05)


def test_run_in_of_more_than_a_packet_is_kept_out(tmp_path: Path) -> None:
    """Apple's encoder puts 2112 samples before the sound; here a file says the same of its first samples."""
    recording = write_recording(tmp_path / "apple.m4a", click_track(44_100), 44_100, "aac")
    content = bytearray(recording.read_bytes())
    media_time = content.index(b"elst") + 16
    assert int.from_bytes(content[media_time : media_time + 4], "big") == 1024
    content[media_time : media_time + 4] = (2112).to_bytes(4, "big")
    recording.write_bytes(content)

    playable = make_playable(recording, tmp_path)

    truth = np.array(CLICKS) - (2112 - 1024) / 44_100
    assert click_times(heard_by_pyav(playable.path)) == pytest.approx(truth, abs=TWO_MS)
    assert click_times(heard_by_ffmpeg(playable.path)) == pytest.approx(truth, abs=TWO_MS)


@pytest.mark.parametrize("name", ["half.m4a", "half.mkv", "half.webm"])
def test_half_a_file_is_not_taken_for_a_whole_one(name: str, tmp_path: Path) -> None:
    codec = "libopus" if name.endswith("webm") else "aac"
    options = {"movflags": "+faststart"} if name.endswith("m4a") else {}
    recording = write_recording(tmp_path / name, murmur(48_000, 12), 48_000, codec, options=options)
    recording.write_bytes(recording.read_bytes()[: recording.stat().st_size // 2])

    with pytest.raises(AudioError, match=r"breaks off after 0:0\d of 0:12: it is not whole"):
        make_playable(recording, tmp_path)
    assert list(tmp_path.glob("audio*")) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.mp3", b"", "is empty"),
        ("letter.mp3", b"Good morning. This is a letter.\n" * 100, "not an audio or video file"),
        ("page.m4a", b"<!doctype html><title>Sign in</title>" * 10, "not an audio or video file"),
        ("noise.mp3", np.random.default_rng(1).bytes(100_000), "no sound that can be decoded"),
    ],
)
def test_what_is_no_recording_is_refused(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    given = tmp_path / name
    given.write_bytes(content)

    with pytest.raises(AudioError, match=says):
        make_playable(given, tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.ts\n#EXT-X-ENDLIST\n"),
        ("list.ffconcat", "ffconcat version 1.0\nfile secret.ts\n"),
    ],
)
def test_a_list_given_as_a_recording_opens_no_other_file(name: str, content: str, tmp_path: Path) -> None:
    write_recording(tmp_path / "secret.ts", click_track(44_100), 44_100, "aac")
    given = tmp_path / name
    given.write_text(content + "#" + " " * 128)
    with av.open(str(given)) as container:  # FFmpeg left to itself does open it
        assert container.streams.audio

    with pytest.raises(AudioError, match="not an audio or video file"):
        make_playable(given, tmp_path)


def test_pictures_without_sound_are_refused(tmp_path: Path) -> None:
    given = tmp_path / "silent.mp4"
    with av.open(str(given), "w") as made:
        write_pictures(made)

    with pytest.raises(AudioError, match=r"silent\.mp4 holds pictures only; give a recording with an audio"):
        make_playable(given, tmp_path)


@pytest.mark.parametrize("name", ["stop.wav", "stop.mkv"])
def test_stopping_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    codec = "pcm_s16le" if name.endswith("wav") else "aac"
    recording = write_recording(tmp_path / name, murmur(44_100, 30), 44_100, codec)

    def stop(progress: Progress) -> None:
        if progress.stage == "Preparing audio" and progress.fraction:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        make_playable(recording, tmp_path, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_progress_runs_from_nothing_to_nearly_all(tmp_path: Path) -> None:
    recording = write_recording(tmp_path / "long.wav", murmur(44_100, 60), 44_100, "pcm_s16le")
    events: list[Progress] = []

    make_playable(recording, tmp_path, progress=events.append)

    fractions = [event.fraction for event in events if event.fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[0] < 0.1 and fractions[-1] > 0.5
    assert all(event.eta_s is not None and event.eta_s >= 0 for event in events[1:])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("name", ["full.wav", "full.mkv"])
def test_a_full_disk_is_named(name: str, tmp_path: Path) -> None:
    recording = write_recording(
        tmp_path / name, murmur(44_100, 20), 44_100, "pcm_s16le" if name.endswith("wav") else "aac"
    )
    (tmp_path / "audio.m4a.tmp").symlink_to("/dev/full")

    with pytest.raises(FetchError, match="The disk is full: no room left in"):
        make_playable(recording, tmp_path)
    assert not (tmp_path / "audio.m4a").exists()
