"""Libraries of older versions open and keep everything; those of newer programs are left alone.

`versions/v1` was kept by the last program of version 1.
"""

import json
import shutil
from pathlib import Path

import pytest

from alignment.disk import read_json, write_json
from alignment.errors import LibraryError
from alignment.library import Jobs, JobStatus, Library
from alignment.library.corrections import corrections_put_aside, read_corrections
from alignment.library.notes import notes_put_aside, read_notes
from tests.library.episodes import GIVEN, aligned, audio_file

VERSION_1 = Path(__file__).with_name("versions") / "v1"
GATE, SECOND = "2y2cjg2ke6ix", "gt43zdjbntbu"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(shutil.copytree(VERSION_1, tmp_path / "library"))


def test_a_library_of_version_1_opens_with_all_that_is_in_it(library: Library) -> None:
    assert {episode.id for episode in library.episodes()} == {GATE, SECOND} and library.damaged() == []
    gate = library.episode(GATE)
    assert (gate.title, gate.collections, gate.owner, gate.private) == (
        "At the gate – Über Türen",
        (),
        None,
        False,
    )
    assert gate.source.channel == "Garden talk" and len(gate.source.chapters) == 2
    assert gate.thumbnail is not None and gate.thumbnail.is_file() and gate.peaks.is_file()
    assert library.transcript(GATE).segments[1].text == "Who left the garden gate open?"
    assert [correction.who for correction in read_corrections(library, GATE).done] == ["Ada"]
    assert [note.text for note in read_notes(library, GATE)] == ["It was me."]
    assert len(notes_put_aside(library, GATE)) == 1 and corrections_put_aside(library, GATE) == []
    [job] = Jobs(library.root).all()
    assert (job.status, job.message) == (JobStatus.FAILED, "The video is private.")


def test_reading_an_old_library_changes_nothing_in_it(library: Library) -> None:
    for episode in library.episodes():
        library.transcript(episode.id)

    kept = {path.relative_to(library.root) for path in library.root.rglob("*") if path.is_file()}
    assert {path.relative_to(VERSION_1) for path in VERSION_1.rglob("*") if path.is_file()} == kept
    for path in kept:
        assert (library.root / path).read_bytes() == (VERSION_1 / path).read_bytes()


def test_the_first_change_writes_the_new_version_and_keeps_the_old_file(library: Library) -> None:
    old = library.episode(GATE)
    before = (old.folder / "episode.json").read_bytes()

    library.replace_alignment(GATE, aligned(model="small"))

    new = library.episode(GATE)
    assert read_json(new.folder / "episode.json")["version"] == 2
    assert (new.folder / "episode.v1.json").read_bytes() == before
    assert (new.title, new.added, new.source, new.model) == (old.title, old.added, old.source, "small")
    assert read_json(library.root / "library.json") == {"version": 1}

    library.replace_alignment(GATE, aligned(model="base"))
    assert (new.folder / "episode.v1.json").read_bytes() == before
    assert read_json(library.episode(SECOND).folder / "episode.json")["version"] == 1


def test_a_new_library_says_its_version(tmp_path: Path) -> None:
    library = Library(tmp_path / "new")
    assert not library.root.exists()

    episode = library.add(
        transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned(), owner="ada@example.org", private=True
    )

    assert read_json(library.root / "library.json") == {"version": 1}
    assert (episode.owner, episode.private) == ("ada@example.org", True)
    assert not (episode.folder / "episode.v1.json").exists()


def test_who_adds_an_episode_again_does_not_become_its_owner(tmp_path: Path) -> None:
    library, audio = Library(tmp_path / "library"), audio_file(tmp_path)
    mine = library.add(transcript=GIVEN, audio=audio, aligned=aligned(), owner="ada", private=True)

    again = library.add(transcript=GIVEN, audio=audio, aligned=aligned("Mine!"), owner="eve")
    assert (again.owner, again.private, again.title) == ("ada", True, "At the gate")

    mine.audio.unlink()
    repaired = library.add(transcript=GIVEN, audio=audio, aligned=aligned("Mine!"), owner="eve")
    assert (repaired.owner, repaired.private, repaired.title) == ("ada", True, "At the gate")
    assert repaired.added == again.added and library.damaged() == []


def test_what_a_newer_program_has_kept_is_refused_and_left_alone(library: Library, tmp_path: Path) -> None:
    path = library.episode(GATE).folder / "episode.json"
    newer = json.dumps({**read_json(path), "version": 3}).encode()
    path.write_bytes(newer)
    with pytest.raises(LibraryError, match=r"version 3, from a newer program; .*up to 2. Update"):
        library.episode(GATE)
    assert [episode.id for episode in library.episodes()] == [SECOND] and path.read_bytes() == newer

    write_json(library.root / "library.json", {"version": 2})
    with pytest.raises(LibraryError, match=r"newer program: it is of version 2.*Update"):
        Library(library.root)
    with pytest.raises(LibraryError, match="newer program"):  # it was open when the other came
        library.remove(SECOND)
    assert (library.root / "episodes" / SECOND).is_dir()


@pytest.mark.parametrize("version", [0, -1, True, "1", None, 1.5])
def test_a_version_that_never_was_is_refused(library: Library, version: object) -> None:
    path = library.episode(GATE).folder / "episode.json"
    path.write_text(json.dumps({**read_json(path), "version": version}))

    [entry] = library.damaged()
    assert "no such version" in entry.reason
