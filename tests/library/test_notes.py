"""Notes are kept beside the episode, whole or not at all, whatever becomes of its lines."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.library import Episode, Library
from alignment.library.notes import (
    MOST_CHARACTERS,
    Note,
    NoteError,
    NoteNotTakenError,
    keep_note,
    notes_put_aside,
    read_notes,
    remove_note,
)
from tests.library.episodes import GIVEN, aligned, audio_file, opening


def described(**changes: Any) -> dict[str, Any]:
    """A note as JSON."""
    return {
        "id": str(uuid4()),
        "start": 0.25,
        "end": 0.5,
        "from": {"line": 1, "offset": 8},
        "to": {"line": 1, "offset": 16},
        "quote": "the gate",
        "colour": "green",
        "text": "Which one?",
        "created": "2026-03-01T10:00:00.000Z",
        "modified": "2026-03-01T10:00:00.000Z",
        **changes,
    }


def noted(**changes: Any) -> Note:
    return Note.from_description(described(**changes))


@pytest.fixture
def episode(library: Library, tmp_path: Path) -> Episode:
    return library.add(transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned())


def test_without_a_file_there_are_no_notes(library: Library, episode: Episode) -> None:
    assert read_notes(library, episode.id) == []
    assert not (episode.folder / "notes.json").exists()


def test_what_is_kept_is_read_by_time_and_a_person_can_read_the_file(
    library: Library, episode: Episode
) -> None:
    later, sooner = noted(start=0.4), noted(start=0.1, text="é 👩‍👩‍👧‍👦 \ud800")
    keep_note(library, episode.id, later)
    keep_note(library, episode.id, sooner)

    assert read_notes(Library(library.root), episode.id) == [sooner, later]
    stored = json.loads((episode.folder / "notes.json").read_bytes())
    assert stored["version"] == 1
    assert [note["quote"] for note in stored["notes"]] == ["the gate", "the gate"]


def test_the_later_of_two_changes_to_one_note_stays(library: Library, episode: Episode) -> None:
    note = described()
    keep_note(library, episode.id, Note.from_description(note))
    keep_note(library, episode.id, Note.from_description({**note, "text": "The front one."}))

    assert [kept.text for kept in read_notes(library, episode.id)] == ["The front one."]
    assert remove_note(library, episode.id, note["id"])
    assert not remove_note(library, episode.id, note["id"])
    assert read_notes(library, episode.id) == []


def test_new_times_a_second_adding_and_a_repair_leave_the_notes(
    library: Library, episode: Episode, tmp_path: Path
) -> None:
    note = noted()
    keep_note(library, episode.id, note)

    library.replace_alignment(episode.id, aligned(shift=0.1))
    assert read_notes(library, episode.id) == [note]

    library.add(transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned(model="small"))
    assert read_notes(library, episode.id) == [note]

    (episode.folder / "episode.json").write_text("{")
    library.add(transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned())
    assert read_notes(library, episode.id) == [note]


def test_a_preview_takes_no_notes_that_its_end_would_take_away(library: Library, tmp_path: Path) -> None:
    preview = library.show_preview(transcript=GIVEN, audio=audio_file(tmp_path), aligned=opening())

    assert read_notes(library, preview.id) == []
    with pytest.raises(NoteNotTakenError, match="still being made"):
        keep_note(library, preview.id, noted())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"version": 2, "notes": []}',
        b'{"version": 1, "notes": [{}]}',
        b'{"version": 1}',
        b"\xff",
        b'{"a":' * 100_000,
    ],
    ids=lambda content: repr(content[:30]),
)
def test_a_damaged_file_is_put_aside_with_all_that_is_in_it(
    library: Library, episode: Episode, content: bytes
) -> None:
    (episode.folder / "notes.json").write_bytes(content)
    if content:
        assert read_notes(library, episode.id) == []

    note = noted()
    keep_note(library, episode.id, note)

    assert read_notes(library, episode.id) == [note]
    [aside] = notes_put_aside(library, episode.id)
    assert (episode.folder / aside).read_bytes() == content


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "../../secret"}, "UUID"),
        ({"id": str(uuid4()).upper() + "\n"}, "UUID"),
        ({"id": 5}, "UUID"),
        ({"colour": "red"}, "green, blue, violet, pink"),
        ({"colour": ["green"]}, "green"),
        ({"start": "1"}, "start is a number"),
        ({"start": True}, "start is a number"),
        ({"start": -1}, "start is a number"),
        ({"end": float("nan")}, "end is a number"),
        ({"end": 10**400}, "end is a number"),
        ({"start": 5, "end": 4}, "before it starts"),
        ({"from": {"line": 2, "offset": 0}}, "before it starts"),
        ({"from": {"line": 1, "offset": 0.5}}, "whole numbers"),
        ({"from": {"line": -1, "offset": 0}}, "whole numbers"),
        ({"to": {"line": 1}}, "a line and an offset"),
        ({"to": None}, "a line and an offset"),
        ({"text": None}, "text is text"),
        ({"text": "a" * (MOST_CHARACTERS + 1)}, "20,001 characters"),
        ({"quote": "a" * (MOST_CHARACTERS + 1)}, "20,001 characters"),
        ({"created": "yesterday"}, "ISO 8601"),
        ({"modified": "2026-03-01T10:00:00"}, "ISO 8601"),
        ({"modified": 17}, "ISO 8601"),
        ({"modified": "0001-01-01T00:00:00+23:00"}, "ISO 8601"),
        ({"link": "https://example.org"}, "link"),
    ],
)
def test_what_is_no_note_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(NoteError, match=says):
        noted(**changes)


@pytest.mark.parametrize("value", [None, [], "note", 1, {}])
def test_what_is_no_object_is_no_note(value: object) -> None:
    with pytest.raises(NoteError):
        Note.from_description(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
    st.sampled_from(sorted(described())),
)
def test_any_value_is_a_note_that_is_written_as_it_was_read_or_is_refused(value: Any, member: str) -> None:
    try:
        note = noted(**{member: value})
    except NoteError:
        return
    assert Note.from_description(json.loads(json.dumps(note.describe()))) == note


def test_there_are_not_more_notes_than_one_can_list(
    library: Library, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alignment.library.notes.MOST_NOTES", 2)
    first, second = noted(), noted()
    keep_note(library, episode.id, first)
    keep_note(library, episode.id, second)

    with pytest.raises(NoteNotTakenError, match="2 notes"):
        keep_note(library, episode.id, noted())
    keep_note(library, episode.id, Note.from_description({**second.describe(), "text": "longer"}))

    assert {note.text for note in read_notes(library, episode.id)} == {"Which one?", "longer"}


def test_no_note_is_lost_where_many_write_at_once(library: Library, episode: Episode) -> None:
    notes = [noted(start=number / 100, end=1) for number in range(24)]

    def write(share: list[Note]) -> None:
        other = Library(library.root)
        for note in share:
            keep_note(other, episode.id, note)

    writers = [threading.Thread(target=write, args=(notes[at::4],)) for at in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert read_notes(library, episode.id) == notes


def test_killed_at_any_moment_of_writing_the_notes_are_whole(library: Library, episode: Episode) -> None:
    """A process keeps and removes notes for ever and is killed: what it had kept before is left."""
    steady = noted(text="There from the beginning")
    keep_note(library, episode.id, steady)
    script = textwrap.dedent(
        """
        import sys
        from alignment.library import Library
        from alignment.library.notes import keep_note, remove_note
        from tests.library.test_notes import noted
        library, id = Library(sys.argv[1]), sys.argv[2]
        print("ready", flush=True)
        while True:
            note = noted(text="x" * 20_000)
            keep_note(library, id, note)
            remove_note(library, id, note.id)
        """
    )
    chance = random.Random(7)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(library.root), episode.id], stdout=subprocess.PIPE
        )
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, 0.08))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

        notes = read_notes(Library(library.root), episode.id)
        assert steady in notes and len(notes) <= 2
        assert notes_put_aside(library, episode.id) == []
        for other in notes:
            if other != steady:
                remove_note(library, episode.id, other.id)
