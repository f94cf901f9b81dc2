"""Notes as files to take along: what they say, where they lead, and that no text does harm in them."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.browser.test_notes import panel, write

Write = Callable[..., str]
HOSTILE = "\ud800 \x00 \u2028 <script> 👩‍👩‍👧‍👦"

WRITE = """async ([ending, title, notes]) => {
    const { EXPORTS } = await import(new URL("note-export.js", document.baseURI));
    return EXPORTS[ending].write({ episode: "gate", title, notes });
}"""


@pytest.fixture
def written(page: Page, server: PlayerServer) -> Write:
    """What the file of a kind holds: `written("md", note(...), title="...")`."""
    page.goto(f"{server.url}/player/time.js")

    def written(ending: str, *notes: dict[str, Any], title: str = "At the gate") -> str:
        return str(page.evaluate(WRITE, [ending, title, list(notes)]))

    return written


def note(start: float = 0.25, end: float = 0.5, quote: str = "a gate", text: str = "") -> dict[str, Any]:
    """A note at the place where its words stand now."""
    kept = {
        "id": "n",
        "start": 0,
        "end": 0,
        "quote": quote,
        "text": text,
        "colour": "green",
        "created": "2026-11-26T08:00:00Z",
        "modified": "2026-11-26T09:00:00Z",
    }
    return {"note": kept, "start": start, "end": end}


def moment(link: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(link).query).items() if name != "v"}


def rows(table: str) -> list[dict[str, str]]:
    assert table.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline="")))


def test_markdown_shows_the_words_as_they_are(written: Write) -> None:
    text = written(
        "md",
        note(quote="left the *gate*\n# open?", text="=cmd|' /C calc'!A0\n- [x](y)"),
        note(3723, 3723, quote="", text="12. a|b"),
        title="At *the*\ngate",
    )

    head, first, *rest, last = text.removesuffix("\n").split("\n\n")
    assert head == "# Notes on At \\*the\\* gate"
    assert first.startswith("## [0:00](") and moment(first[10:-1]) == {"t": "0.25", "end": "0.5"}
    assert rest[:2] == ["> left the \\*gate\\*\\\n> \\# open?", "\\=cmd\\|' /C calc'\\!A0\\\n\\- \\[x\\](y)"]
    assert rest[2].startswith("## [1:02:03](") and moment(rest[2][13:-1]) == {"t": "3723"}
    assert last == "12\\. a\\|b"


def test_a_table_has_a_row_a_note(written: Write) -> None:
    first, second = rows(written("csv", note(text='"quoted",\r\n@home é'), note(3723, 3723)))
    link = first.pop("link")
    assert first == {
        "time": "0:00",
        "start": "0.250",
        "end": "0.500",
        "quote": "a gate",
        "note": '"quoted",\r\n@home é',
        "colour": "green",
        "created": "2026-11-26T08:00:00Z",
        "modified": "2026-11-26T09:00:00Z",
    }
    assert moment(link) == {"t": "0.25", "end": "0.5"}
    assert (second["time"], moment(second["link"])) == ("1:02:03", {"t": "3723"})


def test_json_has_all_of_a_note(written: Write) -> None:
    kept = json.loads(written("json", note(text="A thought"), title="At the gate"))
    assert (kept["version"], kept["title"]) == (1, "At the gate")
    [taken] = kept["notes"]
    link = taken.pop("link")
    assert taken == {**note(text="A thought")["note"], "start": 0.25, "end": 0.5}
    assert moment(link) == {"t": "0.25", "end": "0.5"}


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1"])
def test_no_cell_is_something_to_work_out(written: Write, begin: str) -> None:
    [row] = rows(written("csv", note(quote=begin, text=begin)))
    assert row["note"] == row["quote"] == f"'{begin}"


@pytest.mark.parametrize("ending", ["md", "csv", "json"])
def test_any_text_can_be_taken_along(written: Write, ending: str) -> None:
    text = written(ending, note(quote="\udfff", text=HOSTILE))
    assert "👩‍👩‍👧‍👦" in text
    assert ending != "md" or "<script>" not in text


@pytest.mark.parametrize(("ending", "label"), [("md", "Markdown"), ("csv", "CSV"), ("json", "JSON")])
def test_a_file_has_the_times_at_which_the_words_are_now(
    listener: Listener, server: PlayerServer, tones: AudioClip, tmp_path: Path, ending: str, label: str
) -> None:
    server.add("moving", make_transcript(60, words=12), tones)
    listener.open("moving")
    write(listener, 10, "A thought")
    later = make_transcript(60, words=12)
    for segment in later["segments"]:
        for timed in (segment, *segment["words"]):
            timed["start"], timed["end"] = timed["start"] + 0.5, timed["end"] + 0.5
    server.add("moving", later, tones)
    listener.open("moving")
    listener.press("N")

    with listener.page.expect_download() as download:
        panel(listener).get_by_role("link", name=label).click()
    assert download.value.suggested_filename.endswith(f".{ending}")
    download.value.save_as(tmp_path / "notes")

    text = (tmp_path / "notes").read_text("utf-8")
    assert "A thought" in text and "t=20.5" in text and "t=20&" not in text
