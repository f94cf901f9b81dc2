"""A library leaves as one archive and comes back whole; an archive is not trusted."""

import io
import json
import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from alignment.corrections import Text
from alignment.errors import LibraryError
from alignment.library import JobRequest, Jobs, JobStatus, Library
from alignment.library.corrections import correct, read_corrections
from alignment.library.exporting import archive_name, export_library
from alignment.library.importing import import_archive
from alignment.library.notes import Note, Place, keep_note, read_notes
from tests.library.episodes import GIVEN, aligned, audio_file, tone
from tests.library.test_versions import GATE, SECOND, VERSION_1

Files = dict[str, bytes]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(shutil.copytree(VERSION_1, tmp_path / "library"))


@pytest.fixture
def archive(library: Library, tmp_path: Path) -> Path:
    return export_library(library, tmp_path / "all.zip").path


def test_a_whole_library_comes_back_from_its_archive(library: Library, tmp_path: Path) -> None:
    removed = library.add(transcript=b"Gone.", audio=audio_file(tmp_path), aligned=aligned("Gone"))
    library.remove(removed.id, who="ada")

    made = export_library(library, tmp_path / "all.zip")
    other = Library(tmp_path / "other")
    outcome = import_archive(other, made.path)

    assert (made.episodes, made.binned, made.jobs) == (2, 1, 1)
    assert len(outcome.new) == 4 and not outcome.kept and not outcome.refused
    for id in (GATE, SECOND):
        assert _files(other.root / "episodes" / id) == _files(VERSION_1 / "episodes" / id)
    assert other.binned()[0].who == "ada" and other.binned()[0].title == "Gone"
    [job] = Jobs(other.root).all()
    assert job.status is JobStatus.FAILED and "Try again" in job.message
    assert list((other.root / "tmp").iterdir()) == [] == list((library.root / "tmp").iterdir())

    again = import_archive(other, made.path)
    assert not again.new and not again.merged and len(again.kept) == 4


def test_an_archive_replaces_files_alone(library: Library, tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    (link := tmp_path / "link.zip").symlink_to("disk/all.zip")
    (tmp_path / "disk").mkdir()

    for place in (pipe, tmp_path / "disk"):
        with pytest.raises(LibraryError, match=f"{place.name} is a folder, a device or a pipe.* Name a file"):
            export_library(library, place)
    export_library(library, link)

    assert pipe.is_fifo() and link.is_symlink()
    assert zipfile.is_zipfile(tmp_path / "disk" / "all.zip")


def test_any_program_for_zip_files_reads_it_and_sound_is_not_packed_again(archive: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        assert content.testzip() is None
        kinds = {entry.filename.rpartition(".")[2]: entry.compress_type for entry in content.infolist()}
    assert kinds["wav"] == kinds["png"] == zipfile.ZIP_STORED and kinds["json"] == zipfile.ZIP_DEFLATED


def test_a_collection_goes_out_alone(library: Library, tmp_path: Path) -> None:
    library.describe(SECOND, collections=["Radio"])

    made = export_library(library, tmp_path / "radio.zip", collection="Radio")
    other = Library(tmp_path / "other")
    import_archive(other, made.path)

    assert [episode.id for episode in other.episodes()] == [SECOND] and made.jobs == 0
    with pytest.raises(LibraryError, match=r"collection 'radio'\. There are: Radio"):
        export_library(library, tmp_path / "no.zip", collection="radio")


def test_an_episode_that_is_there_stays_and_gets_what_it_lacks(
    library: Library, archive: Path, tmp_path: Path
) -> None:
    other = Library(tmp_path / "other")
    import_archive(other, archive)
    other.describe(GATE, title="Mine")
    keep_note(other, GATE, _note("mine"))
    (other.root / "episodes" / SECOND / "notes.json").unlink(missing_ok=True)
    correct(library, GATE, Text(0, "The kettle sings."), revision=1)
    correct(other, GATE, Text(0, "The kettle whistles."), revision=1)
    keep_note(library, GATE, _note("theirs", "2"))
    correct(library, SECOND, Text(0, "The kettle sings."), revision=0)
    newer = export_library(library, tmp_path / "newer.zip").path

    outcome = import_archive(other, newer)

    assert outcome.merged == [f"episodes/{GATE}", f"episodes/{SECOND}"] and not outcome.refused
    assert other.episode(GATE).title == "Mine"
    assert {note.text for note in read_notes(other, GATE)} == {"It was me.", "mine", "theirs"}
    texts = [change.change.text for change in read_corrections(other, GATE).done]  # type: ignore[union-attr]
    assert texts[-1] == "The kettle whistles."
    [beside] = other.episode(GATE).folder.glob("corrections.imported-*.json")
    assert beside.read_bytes() == (library.episode(GATE).folder / "corrections.json").read_bytes()
    assert len(read_corrections(other, SECOND).done) == 1
    assert import_archive(other, newer).merged == []


def test_a_damaged_episode_is_repaired_by_an_archive(library: Library, archive: Path) -> None:
    library.describe(GATE, title="Mine", private=True)
    keep_note(library, GATE, _note("mine"))
    audio = library.episode(GATE).audio
    audio.write_bytes(audio.read_bytes()[:99])

    outcome = import_archive(library, archive)

    assert f"episodes/{GATE}" in outcome.new and library.damaged() == []
    assert (library.episode(GATE).title, library.episode(GATE).private) == ("Mine", True)
    assert {note.text for note in read_notes(library, GATE)} == {"It was me.", "mine"}
    assert len(library.binned()) == 1


def test_a_backup_is_whole_while_the_library_is_written_to(library: Library, tmp_path: Path) -> None:
    stop = threading.Event()
    writer = threading.Thread(target=_write_for_ever, args=(library, stop))
    writer.start()
    try:
        for number in range(4):
            made = export_library(library, tmp_path / f"{number}.zip")
            other = Library(tmp_path / f"other-{number}")
            assert import_archive(other, made.path).refused == [] and other.damaged() == []
            other.transcript(GATE).check()
    finally:
        stop.set()
        writer.join()


def _write_for_ever(library: Library, stop: threading.Event) -> None:
    number = 0
    while not stop.wait(0.01):  # else nobody would ever find the lock free
        number += 1
        library.replace_alignment(GATE, aligned(placed=number % 3))
        library.describe(GATE, title=f"Title {number}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../evil.txt", b"x"),
        ("/etc/evil", b"x"),
        ("episodes/../../evil", b"x"),
        (f"episodes/{GATE}/../x", b"x"),
        (f"episodes/{GATE}/a/b", b"x"),
        (f"episodes/{GATE}/..", b"x"),
        (f"episodes/{GATE}/.hidden", b"x"),
        (f"episodes/{GATE}/C:x", b"x"),
        (f"episodes/{GATE}/a\\b", b"x"),
        (f"episodes/{GATE}/a\nb", b"x"),
        ("episodes/UPPER/x", b"x"),
        ("library.json", b'{"version": 9}'),
        ("tmp/x", b"x"),
        (f"episodes/{GATE}/folder/", b""),
        (f"episodes/{GATE}/bomb.json", b"0" * 20_000_000),
    ],
)
def test_what_would_lead_out_or_blow_up_is_refused_whole(
    archive: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    _refused(_rebuilt(archive, lambda files: {**files, name: content}), tmp_path, "refused")


def test_links_and_files_that_are_there_twice_are_refused(archive: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo(f"episodes/{GATE}/link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as content:
        content.writestr(link, "/etc/passwd")
    _refused(archive, tmp_path, "link")

    twice = _rebuilt(archive, lambda files: {k: v for k, v in files.items() if "link" not in k})
    with zipfile.ZipFile(twice, "a") as content, pytest.warns(UserWarning, match="Duplicate"):
        content.writestr(f"episodes/{GATE}/notes.json", b"{}")
    _refused(twice, tmp_path, "twice|not what")


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.5, 0.99])
def test_half_an_archive_is_refused(archive: Path, tmp_path: Path, kept: float) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: round(len(data) * kept)])
    _refused(archive, tmp_path, "only a part of one")


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (b"nonsense", "not as expected"),
        (b"{}", "not as expected"),
        (b"[" * 100_000, "not as expected"),
        (b'{"format": "verbatime library", "version": 2, "made": "", "files": {}}', "newer program"),
        (b'{"format": "verbatime library", "version": 1, "made": "", "files": {}}', "not what its manifest"),
    ],
)
def test_another_manifest_is_refused(archive: Path, tmp_path: Path, manifest: bytes, says: str) -> None:
    _refused(_rebuilt(archive, lambda files: files, manifest), tmp_path, says)


def test_a_file_that_is_listed_and_missing_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        manifest = content.read("manifest.json")
    lacking = _rebuilt(archive, lambda files: dict(list(files.items())[1:]), manifest)
    _refused(lacking, tmp_path, "is missing in it")


def test_a_damaged_episode_is_refused_and_the_others_come(archive: Path, tmp_path: Path) -> None:
    data = archive.read_bytes()
    sound = tone(0.5, rate=4000)[100:200]
    archive.write_bytes(data.replace(sound, b"\0" * 100, 1))
    other = Library(tmp_path / "other")

    outcome = import_archive(other, archive)

    [refusal] = outcome.refused
    assert "damaged in the archive" in refusal.reason
    assert len(other.episodes()) == 1 and other.damaged() == []


def test_an_episode_that_was_damaged_when_it_left_comes_into_the_bin(
    library: Library, tmp_path: Path
) -> None:
    (library.episode(GATE).folder / "episode.json").write_text("{half")
    other = Library(tmp_path / "other")

    outcome = import_archive(other, export_library(library, tmp_path / "all.zip").path)

    assert [refusal.place for refusal in outcome.refused] == [f"episodes/{GATE}"]
    assert (other.binned()[0].folder / "notes.json").is_file() and other.damaged() == []


@pytest.mark.parametrize("place", ["episodes/{}", "bin/{}-20250101T000000000000Z"])
def test_an_episode_under_another_s_id_is_refused(archive: Path, tmp_path: Path, place: str) -> None:
    forged = "aaaaaaaaaaaa"
    renamed = _rebuilt(
        archive,
        lambda files: {k.replace(f"episodes/{GATE}", place.format(forged)): v for k, v in files.items()},
    )

    outcome = import_archive(Library(tmp_path / "other"), renamed)

    assert [refusal.place for refusal in outcome.refused] == [place.format(forged)]
    assert "id is not that of its audio" in outcome.refused[0].reason


def test_a_job_of_an_archive_reads_no_file_of_this_machine(library: Library, tmp_path: Path) -> None:
    Jobs(library.root).submit(JobRequest("Secrets", source="/etc/passwd"), GIVEN)
    made = export_library(library, tmp_path / "jobs.zip")
    other = Library(tmp_path / "other")

    outcome = import_archive(other, made.path)

    assert "/etc/passwd" in outcome.refused[0].reason
    assert all(job.status is JobStatus.FAILED for job in Jobs(other.root).all())


def test_a_disk_that_is_full_leaves_no_half_archive(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "all.zip"
    target.write_bytes(b"the last one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alignment.library.exporting.os.fsync", full)
    with pytest.raises(LibraryError, match=r"all\.zip could not be written: No space left.*Free some space"):
        export_library(library, target)

    assert target.read_bytes() == b"the last one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "library"]


def test_an_archive_that_does_not_fit_is_refused_before_anything_is_written(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=60_000_000)
    monkeypatch.setattr("alignment.library.importing.shutil.disk_usage", lambda _: usage)
    _refused(archive, tmp_path, "67 MB are to stay free; .* has 60 MB left.* free some space")


def test_an_archive_is_named_by_its_date() -> None:
    assert archive_name(datetime(2026, 3, 1, 7, 5, 9, tzinfo=UTC)) == "verbatime-20260301-070509.zip"


def _refused(archive: Path, folder: Path, says: str) -> None:
    other = Library(folder / "other")
    with pytest.raises(LibraryError, match=rf"(?s){says}"):
        import_archive(other, archive)
    assert not other.root.exists() and not (folder / "evil.txt").exists()


def _rebuilt(archive: Path, change: Callable[[Files], Files], manifest: bytes | None = None) -> Path:
    """The archive with other files, which its manifest lists, unless it is given."""
    from alignment.disk import digest

    with zipfile.ZipFile(archive) as content:
        files = {name: content.read(name) for name in content.namelist() if name != "manifest.json"}
        said: dict[str, Any] = json.loads(content.read("manifest.json"))
    files = change(files)
    said["files"] = {name: {"bytes": len(data), "sha256": digest(data)} for name, data in files.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as content:
        for name, data in files.items():
            content.writestr(name, data)
        content.writestr("manifest.json", manifest or json.dumps(said))
    archive.write_bytes(buffer.getvalue())
    return archive


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _note(text: str, digit: str = "1") -> Note:
    when = datetime(2025, 7, 1, tzinfo=UTC)
    id = f"{digit * 8}-1111-4222-8333-444455556666"
    return Note(id, 0.0, 0.2, Place(0, 0), Place(0, 3), "The", "blue", text, when, when)
