"""`alignment search` and `alignment reindex`: what they print, and that they take what people type."""

import json
from pathlib import Path

import pytest

from alignment.library import Library
from alignment.transcript import Source
from tests.command import Command, environment
from tests.library.episodes import aligned, audio_file


@pytest.fixture
def alignment(tmp_path: Path) -> Command:
    return Command(tmp_path, environment(tmp_path / "cache"))


@pytest.fixture
def episode(tmp_path: Path) -> str:
    """The id of the one episode in the library."""
    talk = aligned("At the gate", source=Source(channel="Radio Uno"))
    library = Library(tmp_path / "library")
    return library.add(transcript=b"one", audio=audio_file(tmp_path), aligned=talk).id


def test_hits_are_printed_with_time_and_address(alignment: Command, episode: str) -> None:
    outcome = alignment.run("search", '"the wind"', "channel:radio", "--library", "library")

    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "At the gate (Radio Uno)",
        "      0:00  The kettle is on. Who left the gate open? Nobody, it was the wind.",
        f"            /listen?v={episode}&t=0.5",
    ]


def test_json_is_that_of_the_route(alignment: Command, episode: str) -> None:
    outcome = alignment.call("search", "kett*", "--json", "--library", "library")

    found = json.loads(outcome.out)
    assert [hit["id"] for hit in found["hits"]] == [episode]
    assert found["hits"][0]["lines"][0]["marks"] == [[4, 10]]


def test_nothing_found_is_no_failure(alignment: Command, episode: str) -> None:
    outcome = alignment.call("search", "kett", "--library", "library")

    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.said == ["Nothing was found."]


def test_a_day_that_is_none_is_said_to_be_left_out(alignment: Command, episode: str) -> None:
    outcome = alignment.call("search", "kettle", "after:spring", "before:2099", "--library", "library")

    assert "At the gate" in outcome.out
    assert outcome.said == ["after:spring is left out, as it names no day: give 2023, 2023-05 or 2023-05-17."]


def test_the_index_is_made_anew(alignment: Command, episode: str, tmp_path: Path) -> None:
    (tmp_path / "library" / "index.sqlite3").write_bytes(b"no database")

    outcome = alignment.call("reindex", "--library", "library")

    assert (outcome.status, outcome.said) == (0, ["1 episode indexed."])
    assert (tmp_path / "library" / "index.sqlite3").read_bytes().startswith(b"SQLite format 3")
