"""The doctor finds what is wrong, says what to do, and repairs without losing what people have written."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alignment.disk import read_json, write_json
from alignment.errors import LibraryError
from alignment.library import JobRequest, Jobs, JobStatus, Library
from alignment.library.doctor import Finding, examine, repair
from alignment.library.index import INDEX, Index
from alignment.library.notes import notes_put_aside
from alignment.library.usage import clean, measure
from tests.library.episodes import GIVEN, aligned, audio_file
from tests.library.test_versions import GATE, SECOND, VERSION_1

Damage = Callable[[Path], object]
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(shutil.copytree(VERSION_1, tmp_path / "library"))


def test_nothing_is_found_in_a_sound_library_nor_in_none(library: Library, tmp_path: Path) -> None:
    assert list(examine(library, deep=True)) == []
    assert list(examine(Library(tmp_path / "none"), deep=True)) == []
    assert not (tmp_path / "none").exists()


def _write(name: str, text: str) -> Damage:
    return lambda folder: (folder / name).write_text(text)


def _cut_off(name: str) -> Damage:
    return lambda folder: os.truncate(folder / name, 100)


def _change(name: str, **changes: object) -> Damage:
    return lambda folder: write_json(folder / name, {**read_json(folder / name), **changes})


@pytest.mark.parametrize(
    ("damage", "where", "says", "is_repaired"),
    [
        (_cut_off("audio.wav"), GATE, "100 bytes", True),
        (lambda folder: (folder / "audio.wav").unlink(), GATE, "audio.wav is missing", True),
        (_write("episode.json", '{"version": 2, "ti'), GATE, "no JSON", True),
        (_write("aligned.json", '{"version": 1, "segm'), GATE, "cannot be shown", True),
        (_write("notes.json", "{half"), "notes.json", "cannot be read", True),
        (_write("corrections.json", "[]"), "corrections.json", "cannot be read", True),
        (_write("peaks.json", "{half"), "peaks.json", "made again", True),
        (_write("removed.json", "{}"), "removed.json", "about to be removed", True),
        (_write(".notes.json.new", '{"ver'), ".notes.json.new", "cut off", True),
        (lambda folder: (folder / "transcript.txt").unlink(), "transcript.txt", "is missing", False),
        (lambda folder: (folder / "thumbnail.png").unlink(), "thumbnail.png", "is missing", False),
        (_change("episode.json", added=TOMORROW), "episode.json", "has not come yet", False),
        (_change("episode.json", version=3), GATE, "newer program", False),
    ],
)
def test_a_damaged_episode_is_found_and_repaired_where_that_is_safe(
    library: Library, damage: Damage, where: str, says: str, is_repaired: bool
) -> None:
    folder = library.episode(GATE).folder
    damage(folder)
    texts = _texts(library.root)

    [finding] = examine(library)

    assert Path(finding.where).name == where and says in str(finding)
    assert bool(repair([finding])) == is_repaired
    assert list(examine(library)) == ([] if is_repaired else [finding])
    assert texts <= _texts(library.root), "what people wrote is still somewhere in the library"
    assert library.episode(SECOND)


def _texts(root: Path) -> set[bytes]:
    """What people have written, wherever it lies by now."""
    names = ("transcript.txt", "notes*.json", "corrections*.json", "episode.json")
    return {path.read_bytes() for name in names for path in root.rglob(name) if path.name != "removed.json"}


def test_bytes_that_have_changed_are_found_by_reading_them_all(library: Library) -> None:
    audio = library.episode(GATE).audio
    data = bytearray(audio.read_bytes())
    data[2000] ^= 1
    audio.write_bytes(data)

    assert list(examine(library)) == []
    [finding] = examine(library, deep=True)
    assert finding.where == str(audio) and "SHA-256" in finding.what and finding.mend is None


@pytest.mark.parametrize(
    ("place", "text", "says"),
    [
        ("library.json", "{", "version"),
        ("library.json", '{"version": "one"}', "version"),
        ("jobs/aaaaaaaaaaaa/state.json", "{", "cannot be read"),
        ("previews/aaaaaaaaaaaa/episode.json", "{", "in the making is damaged"),
    ],
)
def test_what_belongs_to_no_episode_is_looked_over_too(
    library: Library, place: str, text: str, says: str
) -> None:
    path = library.root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    opened = Library(library.root)

    [finding] = examine(opened)
    assert says in str(finding)
    repair([finding])
    assert list(examine(opened)) == []


@pytest.mark.parametrize("place", ["episodes/Holiday pictures", "bin/Holiday pictures"])
def test_what_is_not_the_library_s_is_named_and_left_alone(library: Library, place: str) -> None:
    folder = library.root / place
    folder.mkdir(parents=True)

    [finding] = examine(library)
    assert finding.mend is None and "Move it out of the library." in str(finding) and folder.is_dir()


def test_a_half_copied_folder_is_repaired_by_adding_it_again(library: Library, tmp_path: Path) -> None:
    audio = audio_file(tmp_path)
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    for name in ("aligned.json", "transcript.txt"):
        (episode.folder / name).unlink()
    [finding] = examine(library)
    assert "aligned.json is missing" in str(finding) and "Add it again" in finding.advice

    library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    assert list(examine(library, deep=True)) == []
    assert len(library.binned()) == 1


def test_the_damage_of_notes_is_put_aside_not_away(library: Library) -> None:
    path = library.episode(GATE).folder / "notes.json"
    path.write_text('{"version": 1, "notes": [{"text": "the half of a thou')

    repair(list(examine(library)))

    aside = notes_put_aside(library, GATE)
    assert len(aside) == 2 and any("half of a thou" in (path.parent / name).read_text() for name in aside)


def test_a_disk_with_little_room_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(library.root)._replace(free=5_000_000)
    monkeypatch.setattr("alignment.library.usage.shutil.disk_usage", lambda _: usage)

    [finding] = examine(library)
    assert "5 MB left" in finding.what and "alignment library clean" in finding.advice


def test_a_read_only_library_can_be_read_and_says_so_when_written_to(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alignment.library.doctor.os.access", lambda *_: False)
    [finding] = examine(library)
    assert "cannot be written to" in finding.what

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("alignment.disk.os.fsync", read_only)
    with pytest.raises(LibraryError, match="cannot be written to"):
        library.describe(GATE, title="New")
    assert library.transcript(GATE).title == "At the gate – Über Türen"
    assert not (library.episode(GATE).folder / "episode.v1.json").exists()


def test_a_finding_says_itself_as_json(library: Library) -> None:
    (library.episode(GATE).folder / "peaks.json").write_text("{")
    [finding] = examine(library)
    assert json.loads(json.dumps(finding.describe()))["repairable"] is True
    assert isinstance(finding, Finding) and "\n" not in str(finding)


def test_room_is_freed_of_what_is_made_again_alone(library: Library, tmp_path: Path) -> None:
    job_folder = next((library.root / "jobs").iterdir())
    (job_folder / "fetched").mkdir()
    (job_folder / "fetched" / "audio.m4a").write_bytes(b"0" * 50_000)
    library.peaks(SECOND)
    preview = library.show_preview(transcript=b"P", audio=audio_file(tmp_path), aligned=aligned())
    waiting = Jobs(library.root).submit(JobRequest("Wait", source="https://example.org/"), b"Words.")
    (library.root / "jobs" / waiting.id / "checkpoints").mkdir()
    (library.root / "jobs" / waiting.id / "checkpoints" / "half").write_bytes(b"0" * 1000)
    texts, before = _texts(library.root / "episodes"), measure(library)
    assert before.freeable > 60_000 and before.episodes == 2 and before.bin == 0

    freed = clean(library)

    assert freed == before.freeable and measure(library).freeable == 0
    assert not library.has_peaks(SECOND) and not preview.folder.exists()
    assert (library.root / "jobs" / waiting.id / "checkpoints" / "half").exists()
    assert Jobs(library.root).get(job_folder.name).status is JobStatus.FAILED
    assert list(examine(library, deep=True)) == [] and _texts(library.root) >= texts


def test_a_file_that_two_folders_share_counts_once(library: Library) -> None:
    before = measure(library).total
    os.link(library.episode(GATE).audio, library.root / "jobs" / "same.wav")
    assert measure(library).total == before


def test_an_index_that_cannot_be_used_is_found_and_made_anew(library: Library) -> None:
    index = Index(library)
    index.rebuild()
    (library.root / INDEX).write_bytes(b"no database" * 400)

    [finding] = examine(library)
    repair([finding])

    assert "alignment reindex" in str(finding)
    assert list(examine(library)) == [] and index.search("gate").hits
