"""A library on a disk of its own: python -m tests.library.on_a_disk full|read-only FOLDER.

The folder is where a small file system is mounted, which nobody else sees; see test_disks.py.
"""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from alignment.errors import LibraryError
from alignment.library import Library
from alignment.library.doctor import examine
from alignment.library.exporting import export_library
from alignment.library.index import Index
from alignment.library.notes import keep_note, read_notes
from tests.library.episodes import GIVEN, aligned, audio_file
from tests.library.test_notes import noted


def full(folder: Path) -> None:
    """Add until no more fits; what was there stays whole, and once there is room it goes on."""
    library, beside = Library(folder / "library"), folder.parent
    ids: list[str] = []
    try:
        while True:
            audio = audio_file(beside, pitch_hz=200.0 + len(ids), seconds=4.0)
            ids.append(library.add(transcript=GIVEN, audio=audio, aligned=aligned()).id)
    except LibraryError as error:
        assert "is full" in str(error), error
    assert len(ids) > 2
    assert sorted(episode.id for episode in library.episodes()) == sorted(ids)
    assert not list((folder / "library" / "tmp").iterdir())
    refused = 0
    for _ in range(400):  # until not even a note fits
        try:
            keep_note(library, ids[0], noted(id=str(uuid4()), text="x" * 10_000))
        except LibraryError as error:
            assert "is full" in str(error), error
            refused += 1
            break
    assert refused
    kept = len(read_notes(library, ids[0]))
    assert kept and library.damaged() == []
    library.delete(library.remove(ids[1]).name)
    keep_note(library, ids[0], noted(text="there is room again"))
    assert len(read_notes(library, ids[0])) == kept + 1
    left = [str(finding) for finding in examine(library, deep=True) if "MB left" not in finding.what]
    assert left == [], left


def read_only(folder: Path) -> None:
    """All can be read and searched; what would write is refused in one sentence."""
    library, beside = Library(folder / "library"), folder.parent
    id = library.add(transcript=GIVEN, audio=audio_file(beside), aligned=aligned()).id
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    library = Library(folder / "library")
    assert [episode.id for episode in library.episodes()] == [id]
    assert library.transcript(id).segments[0].text == "The kettle is on."
    assert library.audio_path(id).is_file()
    index = Index(library)
    index.update()
    assert [hit.episode.id for hit in index.search("kettle").hits] == [id]
    export_library(library, beside / "backup.zip")
    for act in (
        lambda: keep_note(library, id, noted()),
        lambda: library.remove(id),
        lambda: library.describe(id, title="Another"),
        lambda: library.add(transcript=b"Other.", audio=audio_file(beside), aligned=aligned()),
    ):
        try:
            act()
        except LibraryError as error:
            assert "cannot be written to" in str(error), error
        else:
            raise AssertionError("it was written to")
    assert any("cannot be written to" in finding.what for finding in examine(library))


if __name__ == "__main__":
    {"full": full, "read-only": read_only}[sys.argv[1]](Path(sys.argv[2]))
