"""What is removed can be had back, and what people say of an episode stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alignment.disk import read_json
from alignment.errors import LibraryError
from alignment.library import Binned, Library
from alignment.library import bin as bin_module
from alignment.library.bin import KEPT_FOR
from alignment.library.describing import DescriptionNotTakenError
from alignment.library.upkeep import Upkeep
from tests.library.episodes import GIVEN, aligned


def test_what_is_removed_can_be_restored_as_it_was(library: Library, audio: Path) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    files = sorted(path.name for path in episode.folder.iterdir())

    binned = library.remove(episode.id, who="ada@example.org")
    assert library.episodes() == [] and library.binned() == [binned]
    assert (binned.id, binned.title, binned.who) == (episode.id, "At the gate", "ada@example.org")

    assert library.restore(binned.name) == episode.id
    assert library.episode(episode.id) == episode and library.binned() == []
    assert sorted(path.name for path in episode.folder.iterdir()) == files


def test_an_episode_that_was_removed_can_be_added_again_and_removed_again(
    library: Library, audio: Path
) -> None:
    first = library.add(transcript=GIVEN, audio=audio, aligned=aligned("First"))
    binned = library.remove(first.id)
    second = library.add(transcript=GIVEN, audio=audio, aligned=aligned("Second"))

    assert second.id == first.id and library.episode(first.id).title == "Second"
    with pytest.raises(LibraryError, match=f"has the episode {first.id} again. Remove that first"):
        library.restore(binned.name)

    again = library.remove(second.id)
    assert [entry.title for entry in library.binned()] == ["Second", "First"]
    library.delete(again.name)
    assert library.restore(binned.name) == first.id and library.episode(first.id).title == "First"


def test_a_damaged_episode_that_makes_way_lies_in_the_bin(library: Library, audio: Path) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    (episode.folder / "episode.json").write_text("{half")

    library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    [binned] = library.binned()
    assert (binned.folder / "episode.json").read_text() == "{half" and "damaged" in (binned.why or "")


def test_the_bin_is_emptied_of_what_is_older_than_a_month_now_and_then(library: Library, audio: Path) -> None:
    old, new, later = (
        library.remove(library.add(transcript=text, audio=audio, aligned=aligned()).id)
        for text in (b"old", b"new", b"later")
    )
    _age(old, KEPT_FOR + timedelta(hours=1))
    _age(new, KEPT_FOR - timedelta(hours=1))
    seconds = 5.0
    upkeep = Upkeep(library, lambda: seconds)

    upkeep.if_due()
    assert {entry.id for entry in library.binned()} == {new.id, later.id}

    _age(later, KEPT_FOR + timedelta(hours=1))
    seconds += 60
    upkeep.if_due()
    assert {entry.id for entry in library.binned()} == {new.id, later.id}
    seconds += 3600
    upkeep.if_due()
    assert {entry.id for entry in library.binned()} == {new.id}


def _age(binned: Binned, age: timedelta) -> None:
    """Have it removed so long ago."""
    when = f"{datetime.now(UTC) - age:%Y%m%dT%H%M%S%fZ}"
    binned.folder.rename(binned.folder.with_name(f"{binned.id}-{when}"))


def test_on_a_full_disk_an_episode_can_be_removed_all_the_same(
    library: Library, audio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bin_module, "write_json", full)
    binned = library.remove(episode.id, who="ada")

    assert binned.who is None and library.restore(binned.name) == episode.id


@pytest.mark.parametrize("name", ["", ".", "..", "../episodes", "aaaaaaaaaaaa", "a/b", "a\0b"])
def test_no_name_in_the_bin_leads_outside(library: Library, name: str) -> None:
    for use in (library.restore, library.delete):
        with pytest.raises(LibraryError, match="The bin holds no"):
            use(name)


def test_a_new_title_outlives_a_new_alignment_and_stands_in_the_transcript(
    library: Library, audio: Path
) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    before = episode.aligned.read_bytes()

    renamed = library.describe(
        episode.id, title=" At the\n garden gate ", collections=["Radio", "b", "radio"]
    )
    assert (renamed.title, renamed.collections) == ("At the garden gate", ("b", "Radio"))
    assert episode.aligned.read_bytes() == before, "the aligner's outcome stays as it is"
    assert library.transcript(episode.id).title == "At the garden gate"

    library.replace_alignment(episode.id, aligned(model="small"))
    library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    assert library.episode(episode.id).title == library.transcript(episode.id).title == "At the garden gate"
    assert read_json(episode.folder / "episode.json")["collections"] == ["b", "Radio"]

    assert library.describe(episode.id, collections=[], private=True).collections == ()
    assert library.episode(episode.id).private and library.episode(episode.id).title == "At the garden gate"


@pytest.mark.parametrize("title", ["", " \n ", "x" * 301, "bell\a", "\ud800"])
def test_what_is_no_title_is_refused_and_changes_nothing(library: Library, audio: Path, title: str) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())

    with pytest.raises(DescriptionNotTakenError, match="Give"):
        library.describe(episode.id, title=title)
    with pytest.raises(DescriptionNotTakenError, match=r"Give|Leave"):
        library.describe(episode.id, collections=[title, *map(str, range(60))])

    assert library.episode(episode.id) == episode
