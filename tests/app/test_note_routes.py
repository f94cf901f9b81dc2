"""Notes over the real server: who may write what, and what comes back."""

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from alignment.library import Episode, Library
from alignment.library.notes import MOST_CHARACTERS
from tests.app.servers import served
from tests.library.episodes import GIVEN, aligned, audio_file, opening
from tests.library.test_notes import described


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"])


@dataclass(frozen=True)
class Site:
    host: str
    library: Library
    episode: Episode

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Ask as a program does; headers with `_` for `-`."""
        connection = http.client.HTTPConnection(self.host)
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} if data is not None else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=data, headers=sent)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        content = answer.read()
        connection.close()
        return Answer(answer.status, found, content)

    @property
    def folder(self) -> str:
        return f"/episodes/{self.episode.id}"

    def put(self, note: dict[str, Any], **headers: str) -> Answer:
        return self.ask("PUT", f"{self.folder}/notes/{note['id']}", note, **headers)

    def delete(self, id: str, **headers: str) -> Answer:
        return self.ask("DELETE", f"{self.folder}/notes/{id}", **headers)

    def listed(self) -> list[dict[str, Any]]:
        answer = self.ask("GET", f"{self.folder}/notes.json")
        assert answer.status == 200
        return list(json.loads(answer.body)["notes"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("noted")
    library = Library(folder / "library")
    episode = library.add(transcript=GIVEN, audio=audio_file(folder), aligned=aligned())
    with served(library.root) as address:
        yield Site(address.removeprefix("http://"), library, episode)


@pytest.fixture
def site(running: Site) -> Site:
    """The server, with no notes."""
    for file in running.episode.folder.glob("notes*"):
        file.unlink()
    return running


def test_a_note_is_kept_changed_listed_and_deleted(site: Site) -> None:
    assert site.listed() == []
    note = described(text="Which <b>one</b>?\ud800")

    assert site.put(note).status == 204
    assert site.listed() == [note]
    assert site.put({**note, "text": "The front one."}).status == 204
    assert [kept["text"] for kept in site.listed()] == ["The front one."]

    assert site.delete(note["id"]).status == 204
    assert site.delete(note["id"]).status == 204  # it is not there, as was asked for
    assert site.listed() == []


def test_notes_that_one_has_are_not_sent_again_until_they_change(site: Site) -> None:
    path = f"{site.folder}/notes.json"
    first = site.ask("GET", path)
    tag = first.headers["etag"]
    assert first.headers["content-type"] == "application/json"
    assert first.headers["x-content-type-options"] == "nosniff"

    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = site.ask("GET", path, If_None_Match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)

    site.put(described())
    changed = site.ask("GET", path, If_None_Match=tag)
    assert changed.status == 200 and changed.headers["etag"] != tag


@pytest.mark.parametrize(
    "sender",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_writes_and_deletes_nothing(site: Site, sender: dict[str, str]) -> None:
    note = described()
    site.put(note)

    assert site.put({**note, "text": "harm"}, **sender).status == 403
    refused = site.delete(note["id"], **sender)

    assert refused.status == 403 and "own pages" in refused.error
    assert site.listed() == [note]
    preflight = site.ask("OPTIONS", f"{site.folder}/notes/{note['id']}", **sender)
    assert "access-control-allow-methods" not in preflight.headers


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"null", 400),
        (b"[" * 100_000, 400),
        (b"{}", 400),
        (described(colour="red"), 400),
        (described(start=-1), 400),
        (described(text="a" * (MOST_CHARACTERS + 1)), 400),
        (described(), 400),  # of another id than the address
        (b'"' + b"a" * 600_000 + b'"', 413),
    ],
    ids=lambda value: (
        value if isinstance(value, int) else "a note" if isinstance(value, dict) else str(value)[:24]
    ),
)
def test_wrong_values_are_refused_in_words(site: Site, body: object, status: int) -> None:
    answer = site.ask("PUT", f"{site.folder}/notes/{uuid4()}", body)

    assert (answer.status, bool(answer.error)) == (status, True)
    assert site.listed() == []


def test_what_a_form_can_send_is_refused(site: Site) -> None:
    assert site.put(described(), Content_Type="text/plain").status == 415


def test_the_longest_note_of_any_characters_is_taken(site: Site) -> None:
    note = described(text="\U0001f600" * MOST_CHARACTERS, quote="\U0001f600" * MOST_CHARACTERS)

    assert site.put(note).status == 204
    assert site.listed() == [note]


def test_an_episode_is_full_at_some_time(site: Site) -> None:
    notes = [described(text="") for _ in range(5_000)]
    (site.episode.folder / "notes.json").write_text(json.dumps({"version": 1, "notes": notes}))

    answer = site.put(described())

    assert answer.status == 409 and "5,000 notes" in answer.error
    assert site.put({**notes[0], "text": "changed"}).status == 204
    assert len(site.listed()) == 5_000


@pytest.mark.parametrize("id", ["aaaaaaaaaaaa", "..%2f..", "%2e%2e", "AAAAAAAAAAAA", "%00", "a" * 500])
def test_what_is_not_there_is_a_404_that_says_so(site: Site, id: str) -> None:
    note = described()
    for answer in (
        site.ask("GET", f"/episodes/{id}/notes.json"),
        site.ask("PUT", f"/episodes/{id}/notes/{note['id']}", note),
        site.ask("DELETE", f"/episodes/{id}/notes/{note['id']}"),
    ):
        # A path that leads to no route is answered by Streamlit's own page, which takes no PUT.
        assert answer.status in {400, 404, 405} or b'<div id="root">' in answer.body
    assert site.ask("GET", "/episodes/aaaaaaaaaaaa/notes.json").error


@pytest.mark.parametrize("id", ["..%2fepisode.json", "%2e%2e%2f%2e%2e", "notes", "%00", "a" * 5000])
def test_no_notes_id_leads_to_a_file(site: Site, id: str) -> None:
    def files() -> list[str]:
        """Without those of the index, which comes and goes by itself."""
        found = (path.name for path in site.library.root.rglob("*"))
        return sorted(name for name in found if "index.sqlite3" not in name)

    before = files()

    assert site.ask("PUT", f"{site.folder}/notes/{id}", described(id=id)).status in {400, 404, 405}
    assert site.ask("DELETE", f"{site.folder}/notes/{id}").status in {204, 400, 404, 405}

    assert files() == before


def test_two_who_write_at_once_lose_nothing(site: Site) -> None:
    notes = [described(start=number / 100, end=1) for number in range(20)]

    def write(share: list[dict[str, Any]]) -> None:
        for note in share:
            assert site.put(note).status == 204

    writers = [threading.Thread(target=write, args=(notes[at::2],)) for at in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert site.listed() == notes


def test_a_damaged_file_is_put_aside_and_told(site: Site) -> None:
    (site.episode.folder / "notes.json").write_bytes(b"{ precious")

    answer = site.ask("GET", f"{site.folder}/notes.json")

    assert answer.status == 200
    [aside] = json.loads(answer.body)["aside"]
    assert (site.episode.folder / aside).read_bytes() == b"{ precious"
    note = described()
    assert site.put(note).status == 204
    assert site.listed() == [note]


def test_notes_of_an_episode_in_the_making_wait(site: Site, tmp_path: Path) -> None:
    preview = site.library.show_preview(transcript=b"Another.", audio=audio_file(tmp_path), aligned=opening())
    note = described()

    answer = site.ask("PUT", f"/episodes/{preview.id}/notes/{note['id']}", note)

    assert answer.status == 409 and "still being made" in answer.error
    assert site.ask("GET", f"/episodes/{preview.id}/notes.json").status == 200
