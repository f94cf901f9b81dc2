"""A library in a store of objects, on which several machines work."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from s3fs import S3FileSystem

from alignment.corrections import Text
from alignment.errors import LibraryError, StoreError
from alignment.library import Library, open_library
from alignment.library.backing import AUDIO_AWAY
from alignment.library.corrections import correct, corrections_put_aside, read_corrections
from alignment.library.doctor import examine
from alignment.library.notes import keep_note, read_notes, remove_note
from alignment.library.object_store import ChangedElsewhereError, ObjectStore
from alignment.library.retrying import is_passing
from tests.library.episodes import GIVEN, aligned, audio_file
from tests.library.machines import Machines
from tests.library.stores import KEYS, bucket, machine, s3_server
from tests.library.test_notes import noted

Open = Callable[[str], Library]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["memory", "s3"])
def address(request: pytest.FixtureRequest, endpoint: str) -> Iterator[str]:
    if request.param == "memory":
        yield f"memory://{uuid4()}/library"
        return
    with bucket(endpoint) as found:
        yield found


@pytest.fixture
def at(address: str, tmp_path: Path) -> Open:
    """Opens the library on a machine of this name, as a new process does."""
    return lambda name: machine(address, tmp_path / name)


def added(library: Library, audio: Path, title: str = "At the gate") -> str:
    return library.add(transcript=GIVEN, audio=audio, aligned=aligned(title)).id


def test_what_one_machine_adds_another_one_has(at: Open, audio: Path) -> None:
    id = added(at("one"), audio)
    other = at("two")
    assert [episode.id for episode in other.episodes()] == [id]
    episode = other.episode(id)
    assert other.transcript(id) == at("one").transcript(id)
    assert episode.transcript.read_bytes() == GIVEN
    assert not episode.audio.exists()
    assert other.read_audio(episode, 40, 50) == audio.read_bytes()[40:50]
    assert other.audio_path(id).read_bytes() == audio.read_bytes()
    assert not (episode.folder / AUDIO_AWAY).exists()
    assert other.damaged() == [] and list(examine(other, deep=True)) == []


def test_an_episode_is_found_by_its_id_without_a_look_at_all_others(at: Open, audio: Path) -> None:
    one, two = at("one"), at("two")
    assert two.episodes() == []
    id = added(one, audio)
    assert two.episode(id).title == "At the gate"
    with pytest.raises(LibraryError, match="has no episode"):
        two.episode("aaaaaaaaaaaa")


def test_what_others_have_changed_is_seen_at_the_next_look(at: Open, audio: Path) -> None:
    one = at("one")
    id = added(one, audio)
    two = at("two")
    two.describe(id, title="By the gate", collections=["Evenings"])
    keep_note(two, id, noted(text="mine"))
    one = at("one")
    assert [(e.title, e.collections) for e in one.episodes()] == [("By the gate", ("Evenings",))]
    assert [note.text for note in read_notes(one, id)] == ["mine"]
    one.replace_alignment(id, aligned(shift=0.1))
    assert at("two").transcript(id) == one.transcript(id)


def test_whoever_changes_an_episode_has_what_others_did_to_it(at: Open, audio: Path) -> None:
    one, two = at("one"), at("two")
    id = added(one, audio)
    two.episode(id)
    first, second = noted(text="from one"), noted(text="from two")
    keep_note(one, id, first)
    keep_note(two, id, second)
    assert remove_note(one, id, second.id)
    assert [note.text for note in read_notes(at("three"), id)] == ["from one"]
    correct(one, id, Text(0, "The kettle is off."), revision=0)
    with pytest.raises(LibraryError):
        correct(two, id, Text(0, "The kettle was on."), revision=0)
    assert at("three").transcript(id).segments[0].text == "The kettle is off."


def test_what_is_removed_is_in_the_bin_of_all_and_can_be_restored_by_any(at: Open, audio: Path) -> None:
    one, two = at("one"), at("two")
    id = added(one, audio)
    two.episodes()
    keep_note(two, id, noted(text="stays"))
    two.remove(id)
    one = at("one")
    assert one.episodes() == []
    (entry,) = at("three").binned()
    assert at("three").restore(entry.name) == id
    three = at("four")
    assert [note.text for note in read_notes(three, id)] == ["stays"]
    assert three.audio_path(id).read_bytes() == audio.read_bytes()
    assert at("two").binned() == []
    at("one").remove(id)
    at("two").delete(at("two").binned()[0].name)
    assert at("one").binned() == [] and at("one").episodes() == []


def broken(patch: pytest.MonkeyPatch, *methods: str) -> None:
    """Let the store refuse from now on."""

    def refuse(*args: Any, **more: Any) -> Any:
        raise StoreError("The store is away.")

    for method in methods:
        patch.setattr(ObjectStore, method, refuse)


@pytest.mark.parametrize("allowed", range(8))
def test_what_could_not_be_kept_is_kept_by_the_next_process(
    at: Open, audio: Path, allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store goes away after so many objects of an episode were put."""
    one, put, left = at("one"), ObjectStore.put, [allowed]

    def put_some(self: ObjectStore, *what: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise StoreError("The store is away.")
        return put(self, *what)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStore, "put", put_some)
        try:
            added(one, audio)
        except StoreError as error:
            assert is_passing(error)
        else:
            assert allowed >= 4, "nothing was put"
    whole = [episode.title for episode in at("two").episodes()]
    assert whole in ([], ["At the gate"])
    assert at("two").damaged() == []
    assert [episode.title for episode in at("one").episodes()] == ["At the gate"]
    assert [episode.title for episode in at("two").episodes()] == ["At the gate"]


def test_a_note_that_could_not_be_kept_joins_those_of_others(
    at: Open, audio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = at("one"), at("two")
    id = added(one, audio)
    with monkeypatch.context() as patch:
        broken(patch, "put")
        with pytest.raises(StoreError):
            keep_note(one, id, noted(text="from one"))
    keep_note(two, id, noted(text="from two"))
    at("one").episodes()
    assert sorted(note.text for note in read_notes(at("three"), id)) == ["from one", "from two"]


def test_corrections_that_lose_stay_beside_those_of_others(
    at: Open, audio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = at("one"), at("two")
    id = added(one, audio)
    with monkeypatch.context() as patch:
        broken(patch, "put")
        with pytest.raises(StoreError):
            correct(one, id, Text(0, "The kettle is off."), revision=0)
    correct(two, id, Text(0, "The kettle was on."), revision=0)
    one = at("one")
    assert one.transcript(id).segments[0].text == "The kettle was on."
    three = at("three")
    assert len(read_corrections(three, id).done) == 1
    assert corrections_put_aside(three, id) == [] and list((three.episode(id).folder).glob("corrections.*-*"))


def test_a_removal_that_could_not_be_kept_is_kept_by_the_next_process(
    at: Open, audio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = at("one")
    id = added(one, audio)
    with monkeypatch.context() as patch:
        broken(patch, "put", "delete")
        with pytest.raises(StoreError):
            one.remove(id)
    assert [episode.id for episode in at("two").episodes()] == [id]
    assert at("one").episodes() == []
    assert at("two").episodes() == []
    assert [entry.id for entry in at("two").binned()] == [id]


def test_audio_goes_when_there_is_too_much_of_it_and_comes_again(
    address: str, tmp_path: Path, audio: Path
) -> None:
    ids = []
    library = machine(address, tmp_path / "one", most_audio=20_000)  # a second of sound has 16,000 bytes
    for pitch in (200.0, 300.0, 400.0):
        ids.append(added(library, audio_file(tmp_path, f"{pitch}.wav", pitch_hz=pitch)))
    other = machine(address, tmp_path / "two", most_audio=20_000)
    for id in ids:
        other.audio_path(id)
    assert [other.episode(id).audio.exists() for id in ids] == [False, False, True]
    assert other.damaged() == []
    assert other.audio_path(ids[0]).stat().st_size == other.episode(ids[0]).audio_bytes


def test_any_acts_of_three_machines_come_to_the_same_everywhere(at: Open, tmp_path: Path) -> None:
    chance = random.Random(5)
    audios = [audio_file(tmp_path, f"{n}.wav", pitch_hz=200.0 + n, seconds=0.1) for n in range(3)]
    notes: dict[str, set[str]] = {}
    alive: set[str] = set()
    for number in range(40):
        library = at(chance.choice("abc"))
        act = chance.choice(["add", "note", "note", "title", "remove", "restore"])
        if act == "add":
            id = added(library, chance.choice(audios))
            notes.setdefault(id, set())
            alive.add(id)
        elif act in {"note", "title", "remove"} and alive:
            id = chance.choice(sorted(alive))
            if act == "note":
                keep_note(library, id, noted(text=str(number)))
                notes[id].add(str(number))
            elif act == "title":
                library.describe(id, title=f"Title {number}")
            else:
                library.remove(id)
                alive.discard(id)
                notes[id] = set()
        elif act == "restore":
            for entry in library.binned():
                if entry.id not in alive:
                    id = library.restore(entry.name)
                    alive.add(id)
                    notes[id] = {note.text for note in read_notes(library, id)}
                    break
    seen = [
        {
            "episodes": {(e.id, e.title) for e in library.episodes()},
            "notes": {id: {note.text for note in read_notes(library, id)} for id in alive},
            "bin": {entry.name for entry in library.binned()},
        }
        for library in (at("a"), at("b"), at("c"), at("new"))
    ]
    assert all(one == seen[0] for one in seen)
    assert {id for id, _ in seen[0]["episodes"]} == alive
    assert seen[0]["notes"] == {id: notes[id] for id in alive}


def test_a_put_in_place_of_another_version_is_refused(address: str) -> None:
    store = ObjectStore(address)
    first = store.put("a/b", b"1", None)
    with pytest.raises(ChangedElsewhereError):
        store.put("a/b", b"2", None)
    second = store.put("a/b", b"22", first)
    with pytest.raises(ChangedElsewhereError):
        store.put("a/b", b"3", first)
    assert store.list("a") == {"a/b": second}
    assert store.read("a/b") == b"22" and store.read("a/c") is None
    store.delete("a/b")
    store.delete("a/b")
    assert store.list() == {}


def test_a_library_of_a_newer_program_is_left_alone(address: str, at: Open) -> None:
    ObjectStore(address).put("library.json", b'{"version": 99}', None)
    with pytest.raises(LibraryError, match="newer program"):
        at("one")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://example.org/library", "cannot be written to"),
        ("nothing://bucket/library", "no address of a library"),
        ("gs://bucket/library", "package for gs:// is missing"),
    ],
)
def test_what_is_no_store_is_said_so(given: str, said: str) -> None:
    with pytest.raises(LibraryError, match=said):
        open_library(given)


def test_a_store_that_does_not_answer_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    S3FileSystem.clear_instance_cache()
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(StoreError, match="does not answer, or refuses"):
        open_library("s3://nowhere/library")


def test_an_address_of_a_file_system_is_a_folder(tmp_path: Path) -> None:
    assert open_library(f"file://{tmp_path}/shelf").root == tmp_path / "shelf"


def test_machines_killed_at_work_lose_nothing_that_was_acknowledged(endpoint: str, tmp_path: Path) -> None:
    """A short run of `python -m tests.library.machines`."""
    with bucket(endpoint) as address:
        machines = Machines(address, tmp_path, random.Random(2), count=2)
        machines.run(2.0)
        assert machines.kills and machines.acts
        assert machines.troubles() == []
