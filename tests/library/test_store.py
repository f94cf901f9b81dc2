"""The library keeps what it was given, whole or not at all."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from alignment.disk import read_json, write_json
from alignment.errors import LibraryError
from alignment.library import Episode, Library
from alignment.transcript import Chapter, Source
from tests.library.episodes import GIVEN, aligned, audio_file


def test_what_is_added_is_there_with_all_its_parts(library: Library, audio: Path, tmp_path: Path) -> None:
    picture = tmp_path / "cover.png"
    picture.write_bytes(b"\x89PNG, as far as anyone looks")
    source = Source(
        id="abc", url="https://example.org/a", channel="Garden talk", chapters=(Chapter(0.0, "Start"),)
    )

    added = library.add(transcript=GIVEN, audio=audio, aligned=aligned(source=source), thumbnail=picture)

    [episode] = Library(library.root).episodes()
    assert episode == added
    assert (episode.title, episode.source, episode.duration) == ("At the gate", source, 1.0)
    assert (episode.lines, episode.placed, episode.share_aligned, episode.model) == (3, 3, 1.0, "base")
    assert episode.transcript.read_bytes() == GIVEN
    assert library.audio_path(episode.id).read_bytes() == audio.read_bytes()
    assert episode.thumbnail is not None and episode.thumbnail.read_bytes() == picture.read_bytes()
    assert library.transcript(episode.id) == aligned(source=source)


def test_peaks_are_made_when_they_are_wanted_and_may_be_deleted(library: Library, audio: Path) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    assert not library.has_peaks(episode.id)

    kept = library.peaks(episode.id)
    assert library.has_peaks(episode.id) and kept.parent == episode.folder
    first = kept.read_bytes()
    kept.write_bytes(b"kept as it is")
    assert library.peaks(episode.id).read_bytes() == b"kept as it is"

    kept.unlink()
    assert library.episode(episode.id) == episode and library.damaged() == []
    assert library.peaks(episode.id).read_bytes() == first


def test_an_id_comes_from_the_contents_alone(library: Library, audio: Path, tmp_path: Path) -> None:
    one = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    elsewhere = Library(tmp_path / "other").add(
        transcript=GIVEN, audio=audio, aligned=aligned("Another title")
    )
    other_text = library.add(transcript=GIVEN + b"\n", audio=audio, aligned=aligned())

    assert one.id == elsewhere.id != other_text.id
    assert one.id.isalnum() and len(one.id) == 12


def test_adding_the_same_again_keeps_one_episode_with_the_new_times(library: Library, audio: Path) -> None:
    first = library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    again = library.add(transcript=GIVEN, audio=audio, aligned=aligned(model="small", shift=0.1))

    assert [episode.id for episode in library.episodes()] == [first.id]
    assert (again.added, again.model) == (first.added, "small")
    assert library.transcript(first.id).segments[0].start == 0.1


def test_an_episode_is_found_by_what_would_be_aligned(library: Library, audio: Path) -> None:
    source = Source(url="https://example.org/a")
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned(source=source))
    contents = (episode.audio_sha256, episode.transcript_sha256)

    assert library.find(*contents, "base") == episode
    assert library.find(*contents, "base", "en") == episode
    assert library.find(*contents, "base", "de") is None
    assert library.find(*contents, "small") is None
    assert library.find(episode.audio_sha256, "0" * 64, "base") is None
    assert library.find_source("https://example.org/a", episode.transcript_sha256, "base") == episode
    assert library.find_source("https://example.org/b", episode.transcript_sha256, "base") is None


def test_new_times_leave_title_source_text_and_audio(library: Library, audio: Path) -> None:
    source = Source(channel="Garden talk")
    before = library.add(transcript=GIVEN, audio=audio, aligned=aligned(source=source))

    after = library.replace_alignment(before.id, aligned("", placed=2))

    assert (after.title, after.source, after.placed, after.lines) == ("At the gate", source, 2, 3)
    assert library.transcript(before.id).segments[2].start is None
    assert library.transcript(before.id).title == "At the gate"
    assert library.episode(before.id) == after


def test_times_written_by_a_process_that_died_before_counting_are_counted(
    library: Library, audio: Path
) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    before = (episode.folder / "episode.json").read_bytes()
    library.replace_alignment(episode.id, aligned(placed=1))
    (episode.folder / "episode.json").write_bytes(before)

    assert library.episode(episode.id).placed == 1


def test_a_removed_episode_is_gone(library: Library, audio: Path) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    library.remove(episode.id)

    assert library.episodes() == [] and not episode.folder.exists()
    with pytest.raises(LibraryError, match="no episode"):
        library.remove(episode.id)


texts = st.text(st.characters(), max_size=20)
sources = st.builds(
    Source,
    id=st.none() | texts,
    url=st.none() | texts,
    channel=st.none() | texts,
    length=st.none() | st.floats(0.1, 1e6),
    chapters=st.lists(st.builds(Chapter, st.floats(0, 1e6), texts), max_size=3).map(tuple),
)


@given(title=texts, source=sources, day=st.datetimes(timezones=st.just(UTC)))
def test_what_an_episode_says_of_itself_is_read_as_it_was_written(
    title: str, source: Source, day: datetime
) -> None:
    episode = Episode(
        id="abcdefghijkl",
        folder=Path("abcdefghijkl"),
        title=title,
        added=day.replace(microsecond=0),
        audio_name="audio.m4a",
        audio_sha256="0" * 64,
        audio_bytes=1,
        transcript_sha256="1" * 64,
        duration=1.5,
        lines=3,
        placed=2,
        model="base",
        aligned_bytes=7,
        source=replace(source, **{name: getattr(source, name) or None for name in ("id", "url", "channel")}),
    )
    with TemporaryDirectory() as folder:
        write_json(Path(folder) / "episode.json", episode.describe())
        read = Episode.from_description(episode.folder, read_json(Path(folder) / "episode.json"))

    assert read == episode


@given(
    st.text(max_size=30)
    | st.sampled_from(["..", "../../etc", "a/../../b", "aaaaaaaaaaa\n", "AAAAAAAAAAAA", "%2e%2e"])
)
def test_no_id_leads_outside(id: str) -> None:
    library = Library("/nowhere/at/all")
    for use in (library.episode, library.audio_path, library.transcript, library.remove):
        with pytest.raises(LibraryError):
            use(id)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda e: (e.folder / "episode.json").write_text("{"), "no JSON"),
        (lambda e: (e.folder / "episode.json").write_text("[]"), "no JSON"),
        (lambda e: (e.folder / "episode.json").unlink(), "episode.json is missing"),
        (lambda e: e.audio.unlink(), "audio.wav is missing"),
        (lambda e: e.audio.write_bytes(e.audio.read_bytes()[:100]), "100 bytes"),
        (lambda e: e.aligned.write_text('{"version": 1, "segm'), "."),
        (lambda e: e.aligned.unlink(), "aligned.json is missing"),
        (lambda e: _change_description(e, version=99), "version 99"),
        (lambda e: _change_description(e, audio={"file": "../../secret"}), "no file name"),
        (lambda e: _change_description(e, added="yesterday"), "isoformat"),
    ],
)
def test_a_damaged_episode_is_named_and_the_others_stay(
    library: Library, audio: Path, damage: Callable[[Episode], object], reason: str
) -> None:
    sound = library.add(transcript=GIVEN + b"!", audio=audio, aligned=aligned())
    broken = library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    damage(broken)

    assert [episode.id for episode in library.episodes()] == [sound.id]
    [entry] = library.damaged()
    assert entry.id == broken.id and reason in entry.reason
    with pytest.raises(LibraryError, match="damaged"):
        library.episode(broken.id)


def test_adding_a_damaged_episode_again_repairs_it(library: Library, audio: Path) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    episode.audio.unlink()

    library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    assert library.damaged() == [] and library.episode(episode.id).audio.is_file()


def test_a_damaged_episode_can_be_removed(library: Library, audio: Path) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    (episode.folder / "episode.json").write_text("nonsense")

    library.remove(episode.id)

    assert library.damaged() == []


def test_audio_of_the_library_s_own_is_linked_and_other_audio_copied(library: Library, audio: Path) -> None:
    inside = library.root / "jobs" / "fetched.wav"
    inside.parent.mkdir(parents=True)
    inside.write_bytes(audio.read_bytes())

    linked = library.add(transcript=GIVEN, audio=inside, aligned=aligned())
    copied = library.add(transcript=GIVEN + b"!", audio=audio, aligned=aligned())

    assert linked.audio.samefile(inside)
    assert not copied.audio.samefile(audio)


def test_leftovers_of_the_dead_are_cleared_and_those_of_the_living_stay(library: Library) -> None:
    dead, living = library.root / "tmp" / "dead", library.root / "tmp" / "living"
    for folder in (dead, living):
        (folder / "half").mkdir(parents=True)
        folder.with_suffix(".lock").touch()

    with FileLock(living.with_suffix(".lock")):
        Library(library.root)
        assert not dead.exists() and living.exists()

    Library(library.root)
    assert list((library.root / "tmp").iterdir()) == []


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    # A limit on the size of files is met like a full disk: a write in the middle of the audio fails.
    audio = audio_file(tmp_path, seconds=20.0)
    library = tmp_path / "library"
    Library(library).add(transcript=GIVEN + b"!", audio=audio, aligned=aligned())
    code = """
        import sys
        from pathlib import Path
        from alignment.errors import LibraryError
        from alignment.library import Library
        from tests.library.episodes import GIVEN, aligned
        try:
            Library(sys.argv[1]).add(transcript=GIVEN, audio=Path(sys.argv[2]), aligned=aligned())
        except LibraryError as error:
            print(error)
    """

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), library, audio],
        preexec_fn=_limit_file_size,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "is full" in done.stdout and "free some space" in done.stdout
    assert len(Library(library).episodes()) == 1
    assert list((library / "tmp").iterdir()) == []


def _limit_file_size() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_place_that_cannot_be_a_library_is_one_clear_error(tmp_path: Path, audio: Path) -> None:
    in_the_way = tmp_path / "library"
    in_the_way.write_text("a file")

    with pytest.raises(LibraryError, match=r"library is a file, not the folder of a library"):
        Library(in_the_way).add(transcript=GIVEN, audio=audio, aligned=aligned())


def test_killed_at_any_moment_of_adding_the_library_is_whole(tmp_path: Path) -> None:
    """A process adds, replaces and removes for ever and is killed: the old state is left, or the new."""
    root, chance = tmp_path / "library", random.Random(7)
    audio_file(tmp_path, seconds=0.2)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_ADD_FOR_EVER), root, tmp_path / "tone.wav"],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 30)):  # so many changes are through, a later one is cut off
            process.stdout.readline()
        time.sleep(chance.uniform(0, 0.01))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

        library = Library(root)
        assert library.damaged() == []
        for episode in library.episodes():
            library.transcript(episode.id).check()
            assert episode.transcript.read_bytes().startswith(GIVEN)
            assert episode.audio.read_bytes() == (tmp_path / "tone.wav").read_bytes()
        assert list((root / "tmp").iterdir()) == []


_ADD_FOR_EVER = """
    import itertools, sys
    from pathlib import Path
    from alignment.library import Library
    from tests.library.episodes import GIVEN, aligned
    library = Library(sys.argv[1])
    for n in itertools.count():
        episode = library.add(transcript=GIVEN + b"%d" % (n % 4), audio=Path(sys.argv[2]), aligned=aligned())
        print("added", flush=True)
        library.replace_alignment(episode.id, aligned(placed=n % 3))
        print("replaced", flush=True)
        if n % 3 == 0:
            library.remove(episode.id)
            print("removed", flush=True)
"""


def _change_description(episode: Episode, **changes: object) -> None:
    path = episode.folder / "episode.json"
    value = json.loads(path.read_text())
    for name, change in changes.items():
        value[name] = {**value[name], **change} if isinstance(change, dict) else change
    path.write_text(json.dumps(value))
