"""Notes over the real server: who may write what, and what comes back."""

import csv
import http.client
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from alignment.app.note_export import EXPORTS
from alignment.library import Episode, Library
from alignment.library.notes import MOST_CHARACTERS, Note
from tests.app.servers import served
from tests.library.episodes import GIVEN, aligned, audio_file, opening
from tests.library.test_notes import described, noted


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
        site.ask("GET", f"/episodes/{id}/notes.md"),
        site.ask("PUT", f"/episodes/{id}/notes/{note['id']}", note),
        site.ask("DELETE", f"/episodes/{id}/notes/{note['id']}"),
    ):
        # A path that leads to no route is answered by Streamlit's own page, which takes no PUT.
        assert answer.status in {400, 404, 405} or b'<div id="root">' in answer.body
    assert site.ask("GET", "/episodes/aaaaaaaaaaaa/notes.json").error
    assert site.ask("GET", f"{site.folder}/notes.exe").status == 404


@pytest.mark.parametrize("id", ["..%2fepisode.json", "%2e%2e%2f%2e%2e", "notes", "%00", "a" * 5000])
def test_no_notes_id_leads_to_a_file(site: Site, id: str) -> None:
    before = sorted(path.name for path in site.library.root.rglob("*"))

    assert site.ask("PUT", f"{site.folder}/notes/{id}", described(id=id)).status in {400, 404, 405}
    assert site.ask("DELETE", f"{site.folder}/notes/{id}").status in {204, 400, 404, 405}

    assert sorted(path.name for path in site.library.root.rglob("*")) == before


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


def test_notes_are_taken_along_as_a_file_with_links_to_their_moments(site: Site) -> None:
    site.put(
        described(start=0.25, end=0.5, quote="left the *gate*\n# open?", text="=cmd|' /C calc'!A0\n- [x](y)")
    )
    site.put(described(start=0.5, end=0.5, text="", quote=""))
    link = f"http://{site.host}/listen?v={site.episode.id}&t=0.25&end=0.5"

    markdown = site.ask("GET", f"{site.folder}/notes.md")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert 'attachment; filename="notes.md"' in markdown.headers["content-disposition"]
    assert "At%20the%20gate" in markdown.headers["content-disposition"]
    text = markdown.body.decode()
    assert text.startswith(f"# Notes on At the gate\n\n## [0:00]({link})\n\n")
    assert "> left the \\*gate\\*\\\n> \\# open?\n" in text
    assert "=cmd\\|' /C calc'\\!A0" in text and "\\- \\[x\\](y)" in text

    table = site.ask("GET", f"{site.folder}/notes.csv")
    assert table.headers["content-type"].startswith("text/csv")
    first, second = csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"), newline=""))
    assert (first["note"], first["link"]) == ("'=cmd|' /C calc'!A0\n- [x](y)", link)
    assert second["link"] == f"http://{site.host}/listen?v={site.episode.id}&t=0.5"

    taken = site.ask("GET", f"{site.folder}/notes.json?download")
    assert "attachment" in taken.headers["content-disposition"]
    assert [note["link"] for note in json.loads(taken.body)["notes"]] == [first["link"], second["link"]]


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1"])
def test_no_cell_is_something_to_work_out(begin: str) -> None:
    note: Note = noted(text=begin, quote=begin)
    text = EXPORTS["csv"][1]("Title", [note], lambda note: "https://example.org/")

    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row["note"] == row["quote"] == f"'{begin}"


@pytest.mark.parametrize("ending", EXPORTS)
def test_any_text_can_be_taken_along(site: Site, ending: str) -> None:
    site.put(described(text="\ud800 \x00 \u2028 <script> 👩‍👩‍👧‍👦", quote="\udfff"))

    assert site.ask("GET", f"{site.folder}/notes.{ending}?download").status == 200
