"""The corrections that the library keeps: durably, apart from what was aligned, through a new alignment."""

import json
from pathlib import Path

import pytest

from alignment.corrections import Nudge, Offset, Split, Text
from alignment.errors import LibraryError
from alignment.formats import read_transcript
from alignment.library import Episode, Library
from alignment.library.corrections import (
    CorrectionsChangedError,
    CorrectionsNotTakenError,
    correct,
    corrections_put_aside,
    read_corrections,
    redo_correction,
    undo_correction,
)
from tests.library.episodes import GIVEN, LINES, aligned, audio_file, opening

KETTLE = Text(0, "The kettle is off.")


@pytest.fixture
def episode(library: Library, tmp_path: Path) -> Episode:
    return library.add(transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned())


def texts(library: Library, episode: Episode) -> list[str]:
    return [segment.text for segment in library.transcript(episode.id).segments]


def test_a_correction_is_on_top_of_what_was_aligned_which_stays(library: Library, episode: Episode) -> None:
    before = episode.aligned.read_bytes()

    log = correct(library, episode.id, KETTLE, revision=0, who="Ada")

    assert (log.revision, log.done[0].who) == (1, "Ada")
    assert texts(Library(library.root), episode) == ["The kettle is off.", *LINES[1:]]
    assert episode.aligned.read_bytes() == before
    assert library.aligned_transcript(episode.id) == read_transcript(episode.aligned)
    assert library.aligned_transcript(episode.id).segments[0].text == LINES[0]


def test_corrections_are_undone_and_done_again(library: Library, episode: Episode) -> None:
    correct(library, episode.id, KETTLE, revision=0)
    undo_correction(library, episode.id, revision=1)
    assert texts(library, episode) == list(LINES)

    redo_correction(library, episode.id, revision=2)
    assert texts(library, episode)[0] == "The kettle is off."
    with pytest.raises(CorrectionsNotTakenError, match="nothing to do again"):
        redo_correction(library, episode.id, revision=3)


def test_of_two_changes_made_on_the_same_the_second_is_refused(library: Library, episode: Episode) -> None:
    correct(library, episode.id, KETTLE, revision=0)

    with pytest.raises(CorrectionsChangedError, match="Somebody else"):
        correct(library, episode.id, Text(0, "The kettle was on."), revision=0)

    assert texts(library, episode)[0] == "The kettle is off."


def test_corrections_stay_when_the_episode_is_aligned_again(library: Library, episode: Episode) -> None:
    correct(library, episode.id, Split(1, 13), revision=0)
    correct(library, episode.id, Nudge(1, 0.05), revision=1)
    correct(library, episode.id, Offset(0.25), revision=2)

    library.replace_alignment(episode.id, aligned(shift=0.125))

    segments = library.transcript(episode.id).segments
    assert [segment.text for segment in segments][1:3] == ["Who left the", "gate open?"]
    assert segments[1].start == pytest.approx(0.25 + 0.125 + 0.05 + 0.25)


def test_corrections_stay_when_a_damaged_episode_is_made_anew(
    library: Library, episode: Episode, tmp_path: Path
) -> None:
    correct(library, episode.id, KETTLE, revision=0)
    (episode.folder / "episode.json").write_text("{")

    library.add(transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned())

    assert texts(library, episode)[0] == "The kettle is off."


@pytest.mark.parametrize(
    "damage",
    [
        b"{",
        b"[]",
        b'{"version": 2, "revision": 0, "corrections": []}',
        b'{"version": 1, "revision": 0}',
        b"\xff",
        b'{"a":' * 3000,
    ],
    ids=["cut", "list", "later version", "lacking", "no text", "deep"],
)
def test_a_damaged_file_is_put_aside_whole(library: Library, episode: Episode, damage: bytes) -> None:
    path = episode.folder / "corrections.json"
    path.write_bytes(damage)

    assert texts(library, episode) == list(LINES)

    (aside,) = corrections_put_aside(library, episode.id)
    assert (episode.folder / aside).read_bytes() == damage
    assert correct(library, episode.id, KETTLE, revision=0).revision == 1


def test_a_change_that_does_not_fit_leaves_the_file_as_it_was(library: Library, episode: Episode) -> None:
    correct(library, episode.id, KETTLE, revision=0)
    before = (episode.folder / "corrections.json").read_bytes()

    with pytest.raises(CorrectionsNotTakenError, match="no line 9"):
        correct(library, episode.id, Text(9, "Nowhere."), revision=1)

    assert (episode.folder / "corrections.json").read_bytes() == before
    assert json.loads(before)["corrections"][0]["was"] == [LINES[0]]


def test_an_episode_in_the_making_takes_none(library: Library, tmp_path: Path) -> None:
    preview = library.show_preview(transcript=GIVEN, audio=audio_file(tmp_path), aligned=opening())

    with pytest.raises(CorrectionsNotTakenError, match="still being made"):
        correct(library, preview.id, KETTLE, revision=0)


def test_there_are_none_of_an_episode_that_is_not_there(library: Library) -> None:
    with pytest.raises(LibraryError, match="no episode"):
        read_corrections(library, "aaaaaaaaaaaa")
    with pytest.raises(LibraryError, match="no episode"):
        correct(library, "aaaaaaaaaaaa", KETTLE, revision=0)
