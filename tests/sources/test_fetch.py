"""`fetch` for files on this machine, and what it leaves so that the same call goes on after any end."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from alignment.errors import AudioError, Cancelled, FetchError
from alignment.progress import Progress
from alignment.sources import fetch
from alignment.sources.background import Reporter, alone_in, run_watched
from alignment.sources.pictures import keep_picture
from tests.sources.recordings import CLICKS, click_times, click_track, heard_by_pyav, murmur, write_recording


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "talk.flac", click_track(44_100), 44_100, "flac")


def test_a_local_file_is_made_playable_and_left_alone(recording: Path, tmp_path: Path) -> None:
    before = recording.read_bytes()

    fetched = fetch(recording, tmp_path / "work")

    assert fetched.path == tmp_path / "work" / "audio.m4a"
    assert click_times(heard_by_pyav(fetched.path)) == pytest.approx(CLICKS, abs=0.002)
    assert (fetched.title, fetched.duration) == ("talk", pytest.approx(6.0, abs=0.01))
    assert recording.read_bytes() == before


def test_a_path_given_as_text_is_a_file(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eleven letters may be a YouTube id; a file of that name here is meant first."""
    monkeypatch.chdir(tmp_path)
    recording.rename("interview_1")

    assert fetch("interview_1", tmp_path / "work").title == "interview_1"


def test_repeating_a_call_gives_its_answer_again(recording: Path, tmp_path: Path) -> None:
    first = fetch(recording, tmp_path / "work")
    written = first.path.stat()

    assert fetch(recording, tmp_path / "work") == first
    assert first.path.stat() == written


def test_another_version_of_the_file_is_another_recording(recording: Path, tmp_path: Path) -> None:
    first = fetch(recording, tmp_path / "work")
    write_recording(recording, click_track(44_100, 7.0), 44_100, "flac")

    assert fetch(recording, tmp_path / "work").duration == pytest.approx(first.duration + 1, abs=0.01)


@pytest.mark.parametrize(
    "note", ["", "[]", "{", '{"version": 99}', json.dumps({"version": 1, "wanted": 5, "audio": "../../x"})]
)
def test_a_damaged_note_is_no_note(note: str, recording: Path, tmp_path: Path) -> None:
    first = fetch(recording, tmp_path / "work")
    (tmp_path / "work" / "fetched.json").write_text(note)

    assert fetch(recording, tmp_path / "work") == first


def test_a_shortened_file_is_made_anew(recording: Path, tmp_path: Path) -> None:
    first = fetch(recording, tmp_path / "work")
    whole = first.path.read_bytes()
    first.path.write_bytes(whole[: len(whole) // 2])

    assert fetch(recording, tmp_path / "work").path.read_bytes() == whole


KILLED = """
import os, signal, sys
from pathlib import Path
from alignment.sources.playable import make_playable

def die(progress):
    if (progress.fraction or 0) > 0.3:
        os.kill(os.getpid(), signal.SIGKILL)

make_playable(Path(sys.argv[1]), Path(sys.argv[2]), progress=die)
"""


def test_killed_while_encoding_the_next_call_finishes(tmp_path: Path) -> None:
    recording = write_recording(tmp_path / "long.wav", murmur(44_100, 40), 44_100, "pcm_s16le")
    work = tmp_path / "work"
    work.mkdir()

    died = subprocess.run([sys.executable, "-c", KILLED, str(recording), str(work)], check=False)

    assert died.returncode == -9
    assert [path.name for path in work.iterdir()] == ["audio.m4a.tmp"]
    fetched = fetch(recording, work)
    assert fetched.duration == pytest.approx(40, abs=0.01)
    assert not (work / "audio.m4a.tmp").exists()


@pytest.mark.parametrize("typed", ["", "  \n", "no such talk.mp3", "x" * 5000, "nul\0.mp3"])
def test_what_is_neither_address_nor_file_is_refused(typed: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"give an address .*or the path of an audio"):
        fetch(typed, tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_a_folder_that_cannot_be_made_is_named(recording: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(FetchError, match=r"/file/work cannot be made to hold the audio"):
        fetch(recording, tmp_path / "file" / "work")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", "thumbnail.jpg"),
        (b"\x89PNG\r\n\x1a\n png", "thumbnail.png"),
        (b"GIF89a", "thumbnail.gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "thumbnail.webp"),
        (b"<svg onload='alert(1)'/>", None),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"", None),
    ],
)
def test_pictures_are_known_by_their_bytes(content: bytes, name: str | None, tmp_path: Path) -> None:
    kept = keep_picture(content, tmp_path)

    assert (kept.name if kept else None) == name
    assert [path.name for path in tmp_path.iterdir()] == ([name] if name else [])


def test_the_listener_s_error_leaves_and_the_work_ends() -> None:
    worker: list[Reporter] = []

    def work(reporter: Reporter) -> None:
        worker.append(reporter)
        while True:
            reporter.report(Progress("Waiting"))
            reporter.wait(0.01)

    def stop(progress: Progress) -> None:
        raise Cancelled(progress.stage)

    with pytest.raises(Cancelled, match="Waiting"):
        run_watched(work, stop)
    with pytest.raises(Cancelled, match="Stopped"):
        worker[0].check()


def test_an_error_of_the_work_comes_to_the_one_who_waits() -> None:
    def work(reporter: Reporter) -> None:
        raise FetchError("no luck")

    with pytest.raises(FetchError, match="no luck"):
        run_watched(work, lambda progress: None)


def test_two_in_one_directory_take_turns(recording: Path, tmp_path: Path) -> None:
    """The first holds the directory until the second has been seen to wait for it."""
    waits = threading.Event()
    seen: list[Progress] = []

    def first(reporter: Reporter) -> str:
        with alone_in(tmp_path, reporter):
            reporter.report(Progress("Mine"))
            waits.wait()
            return "done"

    def watch(progress: Progress) -> None:
        seen.append(progress)
        waits.set()

    def look(progress: Progress) -> None:
        if progress.stage == "Mine" and not seen:
            fetch(recording, tmp_path, progress=watch)

    assert run_watched(first, look) == "done"
    assert seen[0].stage == "Waiting"
    assert (tmp_path / "audio.m4a").exists()
