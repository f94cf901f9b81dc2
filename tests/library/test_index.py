"""The index finds what is in the folders, whatever became of it, and never stands in anybody's way."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alignment.corrections import Text
from alignment.disk import read_json, write_json
from alignment.library import Library
from alignment.library.corrections import correct
from alignment.library.folding import fold, fold_places
from alignment.library.index import INDEX, Index, Selection
from alignment.library.query import Phrase, Query, parse_query
from alignment.transcript import Segment, Source, Transcript
from tests.library.episodes import audio_file


@pytest.fixture
def add(library: Library, tmp_path: Path) -> Callable[..., str]:
    """Adds an episode with these lines, two seconds each; a line `Ann: ...` is said by Ann."""
    audio = audio_file(tmp_path)

    def added(
        *lines: str, title: str = "Talk", language: str = "en", duration: float = 600.0, **source: str
    ) -> str:
        segments = []
        for number, line in enumerate(lines):
            speaker, _, text = line.rpartition(": ")
            segments.append(
                Segment(number, text, 2.0 * number, 2.0 * number + 1.5, speaker or None, status="aligned")
            )
        aligned = Transcript(tuple(segments), title, language, duration, Source(**source))
        given = "\n".join((title, *lines)).encode()
        return library.add(transcript=given, audio=audio, aligned=aligned).id

    return added


def found(library: Library, text: str) -> list[str]:
    """The excerpts that are found, what was sought in them in brackets."""
    index = Index(library)
    index.look()
    excerpts = []
    for hit in index.search(text).hits:
        for line in hit.lines:
            shown, last = "", 0
            for begin, end in line.marks:
                shown += f"{line.text[last:begin]}[{line.text[begin:end]}]"
                last = end
            excerpts.append(shown + line.text[last:])
    return excerpts


@pytest.mark.parametrize(
    ("line", "sought", "shown"),
    [
        ("Who left the gate open?", "gate ", "Who left the [gate] open?"),
        ("Who left the gate open?", "GA", "Who left the [gate] open?"),
        ("Who left the gate open?", "open gate ", "Who left the [gate] [open]?"),
        ("Who left the gate open?", '"the gate"', "Who left [the gate] open?"),
        ("Who left the gate open?", "lef* open ", "Who [left] the gate [open]?"),
        ("It's don’t, isn't it", "dont ", "It's [don’t], isn't it"),
        ("Un café très serré", "cafe tres ", "Un [café] [très] serré"),
        ("Un cafe\u0301 noir", "café ", "Un [cafe\u0301] noir"),
        ("Auf der Straße", "STRASSE ", "Auf der [Straße]"),
        ("Schöne Grüße", "schone gruße ", "[Schöne] [Grüße]"),
        ("Ὁ λόγος τοῦ Ἀχιλλέως", "λογος αχιλλεως ", "Ὁ [λόγος] τοῦ [Ἀχιλλέως]"),
        ("Ещё раз, Алёша", "ЕЩЕ алеша ", "[Ещё] раз, [Алёша]"),
        ("今日は東京に行きます", "東京", "今日は[東京]に行きます"),
        ("今日は東京に行きます", "京に行", "今日は東[京に行]きます"),
        ("วันนี้อากาศดีมาก", "อากาศ", "วันนี้[อากาศ]ดีมาก"),
        ("안녕하세요 여러분", "안녕", "[안녕하세요] 여러분"),
        ("A well-known tale", "well-known ", "A [well-known] tale"),
        ("C++ and 3.14", "3.14", "C++ and [3.14]"),
    ],
)
def test_words_are_found_as_people_type_them(
    library: Library, add: Callable[..., str], line: str, sought: str, shown: str
) -> None:
    add(line)
    add("Nothing of the kind is said here", title="Other")

    assert found(library, sought) == [shown]


def test_a_phrase_runs_over_the_end_of_a_line(library: Library, add: Callable[..., str]) -> None:
    add("The kettle is", "...", "on, said the cook", "and left")

    assert found(library, '"is on"') == ["The kettle [is ... on], said the cook and left"]
    assert found(library, '"on is"') == []


def test_a_hit_says_when_and_which_line(library: Library, add: Callable[..., str]) -> None:
    id = add("One", "Two", "Three", title="Counting")
    index = Index(library)
    index.look()

    (hit,) = index.search("three").hits

    assert (hit.episode.id, hit.episode.title, hit.count) == (id, "Counting", 1)
    assert (hit.lines[0].id, hit.lines[0].start) == (2, 4.0)


def test_words_far_apart_are_found_where_they_are_nowhere_together(
    library: Library, add: Callable[..., str]
) -> None:
    add("The zebra", *["of many other words that are said in between"] * 8, "and the quagga")

    assert len(found(library, "zebra quagga ")) == 2


def test_best_comes_first(library: Library, add: Callable[..., str]) -> None:
    often = add("A heron, a heron, another heron", title="Birds")
    titled = add("Nothing about it", title="The heron")
    once = add("One heron", *["and very many other words"] * 40, title="Walks")
    index = Index(library)
    index.look()

    assert [hit.episode.id for hit in index.search("heron ").hits] == [titled, often, once]


def test_filters(library: Library, add: Callable[..., str]) -> None:
    add("Ann Lee: The wind rose", "Bob: What wind?", title="One", channel="Rádio Uno", published="2021-03-04")
    add("Bob: No wind", title="Two", channel="Two Cooks", published="2023-10-01")

    assert len(found(library, "wind")) == 3
    assert found(library, "wind channel:radio") == found(library, 'channel:"radio uno" wind')
    assert len(found(library, "wind channel:radio")) == 2
    assert len(found(library, "wind speaker:bob")) == 2
    assert len(found(library, 'wind speaker:"ann lee"')) == 1
    assert found(library, "wind after:2023") == ["No [wind]"]
    assert found(library, "wind after:2023-10-02") == []
    assert len(found(library, "wind before:2021-03")) == 2
    assert found(library, "wind channel:nobody") == []


def test_a_filter_alone_lists_its_episodes(library: Library, add: Callable[..., str]) -> None:
    id = add("The wind rose", channel="Radio Uno")
    add("No wind", title="Two", channel="Two Cooks")
    index = Index(library)
    index.look()

    assert [hit.episode.id for hit in index.search("channel:uno").hits] == [id]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("gate", Query((Phrase("gate", open=True),))),
        ("gate ", Query((Phrase("gate"),))),
        ('"the gate', Query((Phrase("the gate", open=True),))),
        ("„the gate“", Query((Phrase("the gate"),))),
        ("speaker: gate ", Query((Phrase("gate"),))),
        ("before:soon gate ", Query((Phrase("gate"),))),
        ("title:gate ", Query((Phrase("title gate"),))),
        ("before:2024-02 ", Query(before="2024-02-29")),
        ("AFTER:2024 ", Query(after="2024-01-01")),
    ],
)
def test_the_language_of_queries(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "OR", "AND NOT", "NEAR(a b, 3)", "text : x", "{title} : x", "^x", "x + y", "(", '"', '""', "*", "a*b",
        "';--", "\x00", "\ud800", ":", "channel:", 'channel:"', "after:9999-99", "%_", "a " * 500, "é" * 1000,
    ],
)  # fmt: skip
def test_no_query_is_an_error(library: Library, add: Callable[..., str], text: str) -> None:
    add("Who left the gate open?")

    found(library, text)


def test_folding_knows_where_each_letter_came_from() -> None:
    folded, places = fold_places("«Cœur» — l’Été")

    assert folded == fold("«Cœur» — l’Été") == "coeur lete"
    assert places == [1, 2, 2, 3, 4, 5, 9, 11, 12, 13]


def test_every_change_is_seen_at_the_next_look(library: Library, add: Callable[..., str]) -> None:
    id = add("The kettle is on", title="Kitchen")
    assert found(library, "kettle ") == ["The [kettle] is on"]

    correct(library, id, Text(0, "The cattle is gone"), revision=0)
    assert found(library, "kettle ") == []
    assert found(library, "cattle ") == ["The [cattle] is gone"]

    description = library.episode(id).folder / "episode.json"
    write_json(description, read_json(description) | {"title": "Meadow"})
    index = Index(library)
    index.look()
    assert [hit.episode.title for hit in index.search("meadow").hits] == ["Meadow"]
    assert index.search("kitchen").hits == ()

    library.remove(id)
    assert found(library, "cattle ") == []


def test_looking_again_reads_nothing(
    library: Library, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add("The kettle is on")
    Index(library).look()
    monkeypatch.setattr(library, "episode", None)
    monkeypatch.setattr("alignment.library.index.read_text", None)

    assert found(library, "kettle") == ["The [kettle] is on"]


@pytest.mark.parametrize("harm", ["missing", "garbage", "cut", "old", "hole", "folder"])
def test_an_index_that_is_of_no_use_is_made_anew(
    library: Library, add: Callable[..., str], harm: str
) -> None:
    add("The kettle is on")
    found(library, "kettle")
    path = library.root / INDEX
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    match harm:
        case "missing":
            path.unlink()
        case "garbage":
            path.write_bytes(b"no database" * 1000)
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case "old":
            with sqlite3.connect(path) as db:
                db.execute("PRAGMA user_version=0")
        case "hole":
            data = bytearray(path.read_bytes())
            data[4096:] = bytes(len(data) - 4096)
            path.write_bytes(data)
        case "folder":  # as on a disk that lets nothing be written there
            path.unlink()
            path.mkdir()

    assert found(library, "kettle") == ["The [kettle] is on"]
    assert found(library, "kettle") == ["The [kettle] is on"]


def test_a_library_that_nobody_has_begun_is_left_alone(tmp_path: Path) -> None:
    assert found(Library(tmp_path / "none"), "kettle") == []
    assert not (tmp_path / "none").exists()


def test_a_damaged_episode_is_listed_as_such(library: Library, add: Callable[..., str]) -> None:
    id = add("The kettle is on")
    whole = add("The kettle is off", title="Two")
    (library.root / "episodes" / id / "episode.json").unlink()
    index = Index(library)
    index.look()

    shelf = index.shelf(Selection())

    assert [episode.id for episode in shelf.episodes] == [whole]
    assert [(entry.id, entry.reason) for entry in shelf.damaged] == [(id, "Its episode.json is missing.")]
    assert [hit.episode.id for hit in index.search("kettle").hits] == [whole]


def test_private_episodes_show_nowhere(library: Library, add: Callable[..., str]) -> None:
    secret = add("The kettle is on", title="Secret", channel="Hidden", language="de")
    add("The kettle is off", title="Open", channel="Known")
    index = Index(library)
    index.look()

    def visible(episode: object) -> bool:
        return getattr(episode, "id", "") != secret

    shelf = index.shelf(Selection(), visible=visible)

    assert [hit.episode.title for hit in index.search("kettle", visible=visible).hits] == ["Open"]
    assert [hit.episode.title for hit in index.search("before:2999", visible=visible).hits] == ["Open"]
    assert index.search("secret", visible=visible).hits == ()
    assert (shelf.count, shelf.channels, shelf.languages) == (1, ("Known",), ("en",))


def test_the_shelf_is_sorted_filtered_and_paged(library: Library, add: Callable[..., str]) -> None:
    add("x", title="Éclair", duration=30.0, channel="B", language="fr")
    add("x", title="apple", duration=10.0, channel="A")
    add("x", title="Zebra", duration=20.0, channel="A")
    index = Index(library)
    index.look()

    def titles(selection: Selection, **which: int) -> list[str]:
        return [episode.title for episode in index.shelf(selection, **which).episodes]

    assert titles(Selection("title")) == ["apple", "Éclair", "Zebra"]
    assert titles(Selection("longest")) == ["Éclair", "Zebra", "apple"]
    assert titles(Selection("title", channel="A")) == ["apple", "Zebra"]
    assert titles(Selection("title", language="fr")) == ["Éclair"]
    assert titles(Selection("title"), limit=1, offset=1) == ["Éclair"]
    assert index.shelf(Selection(), limit=1).count == 3


def test_a_search_goes_on_where_it_stopped(library: Library, add: Callable[..., str]) -> None:
    ids = {add("The kettle", title=f"Number {number}") for number in range(5)}
    index = Index(library)
    index.look()

    first = index.search("kettle", limit=3)
    second = index.search("kettle", limit=3, offset=first.next or 0)

    assert {hit.episode.id for hit in first.hits + second.hits} == ids
    assert second.next is None


def _rebuild_for_ever(root: Path) -> None:
    while True:
        Index(Library(root)).rebuild()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_writers_and_others_at_work_leave_a_good_index(
    library: Library, add: Callable[..., str]
) -> None:
    for number in range(12):
        add(f"The kettle {number}", title=f"Number {number}")
    context = multiprocessing.get_context("fork")
    for _ in range(3):
        writers = [context.Process(target=_rebuild_for_ever, args=(library.root,)) for _ in range(2)]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 0.4
        while time.monotonic() < until:
            index = Index(library)
            index.look()
            assert len(index.search("kettle", limit=20).hits) in range(13)
        for writer in writers:
            os.kill(writer.pid or 0, signal.SIGKILL)
            writer.join()
        assert len(found(library, "kettle")) == 10


def test_an_episode_keeps_its_number_when_it_is_aligned_again(
    library: Library, add: Callable[..., str]
) -> None:
    id = add("The kettle is on")
    found(library, "kettle")
    aligned = library.aligned_transcript(id)
    moved = tuple(replace(segment, start=9.0, end=9.5) for segment in aligned.segments)

    library.replace_alignment(id, replace(aligned, segments=moved))
    index = Index(library)
    index.look()

    assert [line.start for hit in index.search("kettle").hits for line in hit.lines] == [9.0]


def test_a_folder_that_was_copied_in_by_hand_is_found(
    library: Library, add: Callable[..., str], tmp_path: Path
) -> None:
    id = add("The kettle is on")
    shutil.copytree(library.episode(id).folder, tmp_path / "kept")
    library.remove(id)
    assert found(library, "kettle") == []
    shutil.copytree(tmp_path / "kept", library.root / "episodes" / id)

    assert found(library, "kettle") == ["The [kettle] is on"]
    assert library.episode(id).added <= datetime.now(UTC)


@pytest.mark.parametrize("column", ["folded", "starts", "lines"])
def test_what_is_damaged_inside_a_whole_database_is_made_anew(
    library: Library, add: Callable[..., str], column: str
) -> None:
    add("The kettle is on.")
    assert found(library, "kettle") == ["The [kettle] is on."]
    with sqlite3.connect(library.root / INDEX) as db:
        db.execute(f"UPDATE texts SET {column} = x'ffffffff00'")
    db.close()
    assert found(library, "kettle") == ["The [kettle] is on."]
