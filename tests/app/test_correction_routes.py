"""Corrections over HTTP: what is taken, what is refused and how, and that the transcript has them."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from alignment.library import Episode, Library
from tests.app.servers import served
from tests.library.episodes import GIVEN, LINES, aligned, audio_file, opening


@dataclass(frozen=True)
class Site:
    """The server, and its episodes."""

    host: str
    library: Library
    episode: Episode
    preview: Episode

    def ask(
        self, method: str, part: str, body: object = None, *, id: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host)
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kept = {"Content-Type": "application/json"} if sent is not None else {}
        kept |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/episodes/{id or self.episode.id}/{part}", sent, kept)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        read = answer.read()
        connection.close()
        return answer.status, found, read

    def post(self, part: str, body: object, **how: str) -> tuple[int, Any]:
        status, _, answer = self.ask("POST", part, body, **how)
        return status, json.loads(answer)

    @property
    def state(self) -> Any:
        return json.loads(self.ask("GET", "corrections.json")[2])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    library = Library(folder / "library")
    episode = library.add(transcript=GIVEN, audio=audio_file(folder), aligned=aligned())
    preview = library.show_preview(
        transcript=b"another", audio=audio_file(folder, pitch_hz=500.0), aligned=opening()
    )
    with served(library.root) as address:
        yield Site(address.removeprefix("http://"), library, episode, preview)


@pytest.fixture
def site(running: Site) -> Site:
    """With no corrections yet."""
    for path in running.episode.folder.glob("corrections*.json"):
        path.unlink()
    return running


def text(words: str, line: int = 0) -> dict[str, Any]:
    return {"kind": "text", "line": line, "text": words}


def test_a_correction_is_made_undone_and_done_again(site: Site) -> None:
    made = site.post("corrections", {"revision": 0, "change": text("Off."), "who": "Ada"})
    assert made == (200, {"revision": 1, "undo": "text", "redo": None, "offset": 0.0, "part": None})
    assert site.post("corrections/undo", {"revision": 1}) == (
        200,
        {"revision": 2, "undo": None, "redo": "text", "offset": 0.0},
    )
    redone = site.post("corrections/redo", {"revision": 2})[1]
    assert redone == {"revision": 3, "undo": "text", "redo": None, "offset": 0.0}

    state = site.state
    assert (state["version"], state["revision"], state["skipped"], state["aside"]) == (1, 3, [], [])
    (correction,) = state["corrections"]
    assert (
        correction["who"] == "Ada"
        and correction["change"] == text("Off.")
        and correction["was"] == [LINES[0]]
    )
    assert correction["when"].endswith("Z")


def test_a_split_tells_the_name_of_its_part(site: Site) -> None:
    change = {"kind": "split", "line": 1, "offset": 13}
    assert site.post("corrections", {"revision": 0, "change": change})[1]["part"] == 3


def test_the_whole_transcript_is_moved_step_by_step(site: Site) -> None:
    later = {"kind": "offset", "seconds": 0.1}
    for revision in range(3):
        status, state = site.post("corrections", {"revision": revision, "change": later})
    assert (status, state["undo"], state["offset"]) == (200, "offset", pytest.approx(0.3))
    assert site.post("corrections/undo", {"revision": 3})[1]["offset"] == 0.2

    state = site.state
    assert (state["offset"], state["skipped"]) == (0.2, [])
    assert [(made["change"], made["was"], made["state"]) for made in state["corrections"]] == [
        (later, [], "done"),
        (later, [], "done"),
        (later, [], "undone"),
    ]
    moved = json.loads(site.ask("GET", "transcript.json")[2])["segments"]
    assert moved[0]["start"] == 0.2 and "corrected" not in moved[0]


def test_the_transcript_and_what_is_made_of_it_have_the_corrections(site: Site) -> None:
    _, headers, _ = site.ask("GET", "transcript.json")
    site.post("corrections", {"revision": 0, "change": text("The kettle is off.")})

    status, changed, body = site.ask("GET", "transcript.json", If_None_Match=headers["etag"])

    assert status == 200 and changed["etag"] != headers["etag"]
    assert json.loads(body)["segments"][0] | {"words": []} == {
        "id": 0,
        "text": "The kettle is off.",
        "start": 0.0,
        "end": 0.2,
        "speaker": None,
        "turn": 0,
        "status": "aligned",
        "confidence": 0.9,
        "words": [],
        "corrected": ["text"],
    }
    assert site.ask("GET", "transcript.json", If_None_Match=changed["etag"])[0] == 304
    assert b"The kettle is off." in site.ask("GET", "transcript.srt")[2]
    assert site.ask("GET", "report")[0] == 200

    site.post("corrections/undo", {"revision": 1})
    assert site.ask("GET", "transcript.json", If_None_Match=headers["etag"])[0] == 304


def test_who_has_not_seen_the_latest_is_told(site: Site) -> None:
    site.post("corrections", {"revision": 0, "change": text("Off.")})

    for part, body in (
        ("corrections", {"revision": 0, "change": text("On.")}),
        ("corrections/undo", {"revision": 0}),
        ("corrections/redo", {"revision": 7}),
    ):
        status, answer = site.post(part, body)
        assert status == 409 and "meanwhile" in answer["error"]
    assert site.state["revision"] == 1


@pytest.mark.parametrize(
    "change",
    [
        None,
        [],
        "text",
        {},
        {"kind": "delete", "line": 0},
        {"kind": "text", "line": 0},
        {"kind": "text", "line": "0", "text": "a"},
        {"kind": "text", "line": True, "text": "a"},
        {"kind": "text", "line": 0, "text": 5},
        {"kind": "text", "line": 0, "text": "a", "more": 1},
        {"kind": "split", "line": 0, "offset": 1.5},
        {"kind": "nudge", "line": 0, "seconds": "0.1"},
        {"kind": "start", "line": 0, "seconds": None},
        {"kind": "offset"},
        {"kind": "offset", "seconds": "0.1"},
        {"kind": "offset", "seconds": True},
        {"kind": "offset", "seconds": 0.1, "line": 0},
        text("\ud800"),
    ],
    ids=lambda change: f"{change!a}",
)
def test_what_is_no_change_is_refused(site: Site, change: object) -> None:
    status, answer = site.post("corrections", {"revision": 0, "change": change})

    assert status == 400 and "cannot be understood" in answer["error"]


@pytest.mark.parametrize(
    "change",
    [
        text("Nowhere.", 99),
        text("Nowhere.", 10**30),
        text("  "),
        text("a" * 10_001),
        {"kind": "split", "line": 0, "offset": 10**30},
        {"kind": "join", "line": 2},
        {"kind": "offset", "seconds": 3600.1},
        {"kind": "offset", "seconds": -1e300},
    ],
    ids=lambda change: f"{str(change)[:40]!a}",
)
def test_what_does_not_fit_is_refused_in_words(site: Site, change: object) -> None:
    status, answer = site.post("corrections", {"revision": 0, "change": change})

    assert status == 422 and answer["error"].endswith(".")
    assert site.state["revision"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        [],
        {"change": text("Off.")},
        {"revision": 0},
        {"revision": -1, "change": text("Off.")},
        {"revision": "0", "change": text("Off.")},
        {"revision": True, "change": text("Off.")},
        {"revision": 0, "change": text("Off."), "who": ""},
        {"revision": 0, "change": text("Off."), "who": "a" * 101},
        {"revision": 0, "change": text("Off."), "who": "a\nb"},
        {"revision": 0, "change": text("Off."), "who": {"name": "Ada"}},
        {"revision": 0, "change": text("Off."), "undone": True},
        b'{"revision": 0, "change": {"kind": "nudge", "line": 0, "seconds": 1e999}}',
        b'{"revision": 0, "change": {"kind": "offset", "seconds": -1e999}}',
        b'{"revision": 0, "change": {"kind": "offset", "seconds": NaN}}',
    ],
)
def test_what_is_no_request_is_refused(site: Site, body: object) -> None:
    assert site.post("corrections", body)[0] in {400, 422}
    assert site.state["revision"] == 0


def test_other_pages_and_large_requests_are_refused(site: Site) -> None:
    change = {"revision": 0, "change": text("Off.")}
    assert site.post("corrections", change, Sec_Fetch_Site="cross-site")[0] == 403
    assert site.post("corrections", change, Content_Type="text/plain")[0] == 415
    assert site.post("corrections", {**change, "who": "a" * 200_000})[0] == 413


@pytest.mark.parametrize("id", ["aaaaaaaaaaaa", "short"])
def test_an_episode_that_is_not_there_is_not_found(site: Site, id: str) -> None:
    assert site.ask("GET", "corrections.json", id=id)[0] == 404
    assert site.post("corrections", {"revision": 0, "change": text("Off.")}, id=id)[0] == 404


def test_an_episode_in_the_making_takes_none(site: Site) -> None:
    status, answer = site.post("corrections", {"revision": 0, "change": text("Off.")}, id=site.preview.id)

    assert status == 422 and "still being made" in answer["error"]


def test_what_was_put_aside_is_told(site: Site) -> None:
    (site.episode.folder / "corrections.json").write_text("{")

    assert site.ask("GET", "transcript.json")[0] == 200
    assert [name.startswith("corrections.damaged-") for name in site.state["aside"]] == [True]
