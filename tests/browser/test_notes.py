"""Passages are highlighted and written about, and what was written is never lost."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from alignment.library.notes import Note
from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

EPISODE = "noted"
HOSTILE = "<img src=x onerror='window.harmed = 1'> \u202e </textarea>"


@pytest.fixture
def noting(listener: Listener, server: PlayerServer, tones: AudioClip) -> Iterator[Listener]:
    """At an episode of 60 lines of two seconds whose notes the server keeps; it has none."""
    server.add(EPISODE, make_transcript(60, words=12), tones)
    server.with_notes(EPISODE)
    yield listener.open(EPISODE, t=20)
    server.down = False


def kept(server: PlayerServer) -> list[Note]:
    return list(server.notes[EPISODE].values())


def highlighted(listener: Listener) -> dict[str, list[str]]:
    """The words that each of the four highlights has."""
    found: dict[str, list[str]] = listener.evaluate(
        """() => Object.fromEntries([1, 2, 3, 4].map((number) => [
            String(number), [...(CSS.highlights.get(`vt-note-${number}`) ?? [])].map(String)
        ]).filter(([, words]) => words.length))"""
    )
    return found


def wait_until_saved(listener: Listener, changes: int = 1) -> None:
    """Wait until the server has answered, and the browser keeps nothing back."""
    listener.page.wait_for_function(
        """([episode, changes]) => {
            const entries = performance.getEntriesByType("resource");
            const sent = entries.filter(({ name }) => name.includes("/notes/")).length;
            const waiting = JSON.parse(localStorage.getItem(`verbatime:notes:${episode}`) ?? "{}");
            return sent >= changes && Object.keys(waiting).length === 0;
        }""",
        arg=[EPISODE, changes],
    )


def write(listener: Listener, line: int, text: str, colour: str | None = None) -> None:
    """Write a note at a line, by keyboard but for the colour."""
    listener.line(line).locator(".vt-time").focus()
    listener.press("n")
    editor(listener).get_by_label("Note", exact=True).fill(text)
    if colour:
        editor(listener).get_by_role("radio", name=colour).check()
    listener.press("Control+Enter")
    expect(editor(listener)).to_be_hidden()


def editor(listener: Listener) -> Locator:
    return listener.page.get_by_role("dialog", name="Note", exact=True)


def panel(listener: Listener) -> Locator:
    return listener.page.get_by_role("region", name="Notes", exact=True)


def items(listener: Listener) -> Locator:
    return panel(listener).get_by_role("listitem")


def give(listener: Listener, transcript: str) -> None:
    """As the page does when the episode has been aligned anew."""
    listener.evaluate(
        """(address) => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: address });
        }""",
        f"/episodes/{transcript}/transcript.json",
    )


def test_selected_words_are_highlighted_and_stay_so(noting: Listener, server: PlayerServer) -> None:
    words = noting.select(8, until=9)
    noting.button("Highlight").click()

    assert highlighted(noting) == {"1": [words]}
    assert noting.evaluate("String(getSelection())") == ""
    wait_until_saved(noting)
    [note] = kept(server)
    assert (note.quote, note.colour, note.text) == (words, "green", "")
    assert (note.start, note.end, note.first.line, note.last.line) == (16, 20, 8, 9)

    noting.open(EPISODE)
    noting.page.wait_for_function("CSS.highlights.get('vt-note-1')?.size === 1")
    assert highlighted(noting) == {"1": [words]}


def test_a_highlight_by_keyboard_alone(noting: Listener) -> None:
    noting.line(12).locator(".vt-time").focus()
    noting.press("h")
    noting.press("ArrowDown", "h")
    noting.press("h")  # once more at the same line

    expect(noting.page.get_by_role("status").filter(has_text="highlighted already")).to_be_visible()
    lines = [noting.line(number).evaluate("line => line.lastChild.data") for number in (12, 13)]
    assert highlighted(noting) == {"1": lines}


def test_a_colour_is_never_the_only_sign(noting: Listener) -> None:
    for line, colour in enumerate(["Green", "Blue", "Violet", "Pink"], start=10):
        write(noting, line, "", colour)

    assert sorted(highlighted(noting)) == ["1", "2", "3", "4"]
    styles = [
        noting.evaluate(
            "name => getComputedStyle(document.querySelector('.vt-line'), `::highlight(${name})`)"
            ".textDecorationStyle",
            f"vt-note-{number}",
        )
        for number in range(1, 5)
    ]
    assert len(set(styles)) == 4


def test_a_click_on_highlighted_words_plays_from_there(noting: Listener) -> None:
    noting.select(11)
    noting.button("Highlight").click()

    noting.click_word(11, 6)

    noting.wait_for_position(23)
    assert noting.playing and noting.position < 24


def test_a_note_at_the_line_that_is_said(noting: Listener, server: PlayerServer) -> None:
    noting.press("n")
    expect(editor(noting).get_by_role("heading")).to_have_text("New note at 0:20")
    noting.page.keyboard.type("Why k, j and n?")
    noting.press("Tab", "ArrowRight")
    noting.press("Tab", "Enter")

    wait_until_saved(noting)
    [note] = kept(server)
    assert (note.text, note.colour, note.start, note.end) == ("Why k, j and n?", "blue", 20, 22)
    assert not noting.playing
    sign = noting.page.get_by_role("button", name="Note: Why k, j and n?")
    expect(sign).to_have_count(1)
    line, at = noting.line(10).bounding_box(), sign.bounding_box()
    assert line and at and at["x"] > line["x"] + line["width"] - 40
    expect(noting.button("Notes, 1")).to_be_visible()

    # The next one has the colour of the last.
    noting.select(14)
    noting.button("Note").click()
    expect(editor(noting).get_by_role("radio", name="Blue")).to_be_checked()


def test_what_is_typed_and_not_saved_can_be_written_on(noting: Listener) -> None:
    noting.press("n")
    noting.page.keyboard.type("Half a tho")
    noting.press("Escape")
    expect(editor(noting)).to_be_hidden()
    noting.button("Write on").click()
    expect(editor(noting).get_by_label("Note", exact=True)).to_have_value("Half a tho")
    noting.press("Escape")
    assert highlighted(noting) == {}


def test_the_sign_at_a_line_leads_to_its_note_and_plays_nothing(noting: Listener) -> None:
    write(noting, 10, "First")
    write(noting, 12, "Second")

    noting.page.get_by_role("button", name="Note: Second").click()

    expect(items(noting).nth(1).locator("button").first).to_be_focused()
    assert not noting.playing and noting.position == pytest.approx(20)


def test_the_list_by_keyboard(noting: Listener) -> None:
    for line, text in ((30, "Third"), (5, "First"), (10, "Second")):
        write(noting, line, text)
    opener = noting.line(10).locator(".vt-time")

    noting.press("N")

    expect(items(noting).locator(".vt-note-text")).to_have_text(["First", "Second", "Third"])
    expect(items(noting).nth(1).locator("button").first).to_be_focused()  # where the playback is
    assert panel(noting).locator("li [tabindex='0']").count() == 3
    noting.press("ArrowDown", "Enter")
    noting.wait_for_line(30)
    noting.page.wait_for_function("!document.querySelector('audio').paused")
    noting.press("Escape")
    expect(panel(noting)).to_be_hidden()
    noting.press("N")
    noting.press("N")
    expect(panel(noting)).to_be_hidden()
    assert opener.count() == 1


def test_the_focus_goes_back_to_where_it_was(noting: Listener) -> None:
    write(noting, 10, "A note")
    expect(noting.line(10).locator(".vt-time")).to_be_focused()
    noting.press("N")
    noting.press("Tab", "Enter")  # edit
    expect(editor(noting)).to_be_visible()
    noting.press("Escape")
    expect(panel(noting).get_by_role("button", name="Edit note")).to_be_focused()
    noting.press("Escape")
    expect(noting.line(10).locator(".vt-time")).to_be_focused()


def test_the_filter_finds_words_of_the_note_and_of_the_passage(noting: Listener) -> None:
    write(noting, 5, "Café by the WATER")
    write(noting, 6, "Something else")
    noting.press("N")
    field = panel(noting).get_by_label("Filter notes")

    field.fill("cafe, by")
    expect(items(noting).filter(visible=True)).to_have_count(1)
    expect(panel(noting).locator(".vt-notes-count")).to_have_text("1 of 2")
    field.fill("6.")  # the last word of that line
    expect(items(noting).filter(visible=True)).to_contain_text("Something else")
    field.press("Enter")
    noting.wait_for_line(6)
    field.fill("nowhere")
    expect(panel(noting)).to_contain_text("No note has these words.")
    field.press("k")
    assert noting.playing


def test_a_note_is_changed(noting: Listener, server: PlayerServer) -> None:
    write(noting, 10, "Before")
    wait_until_saved(noting)
    noting.press("N")
    panel(noting).get_by_role("button", name="Edit note").click()
    editor(noting).get_by_label("Note", exact=True).fill("After")
    editor(noting).get_by_role("radio", name="Pink").check()
    noting.button("Save").click()

    expect(items(noting)).to_contain_text("After")
    wait_until_saved(noting, 2)
    [note] = kept(server)
    assert (note.text, note.colour) == ("After", "pink")
    assert note.modified > note.created
    assert list(highlighted(noting)) == ["4"]


@pytest.mark.parametrize("undo", ["notice", "key"])
def test_a_deleted_note_comes_back(noting: Listener, server: PlayerServer, undo: str) -> None:
    for line in (10, 12, 14):
        write(noting, line, f"At {line}")
    wait_until_saved(noting, 3)
    before = set(kept(server))
    noting.press("N")
    noting.press("ArrowDown", "Delete")

    expect(items(noting)).to_have_count(2)
    expect(noting.page.get_by_role("button", name="Note: At 12")).to_have_count(0)
    expect(items(noting).nth(1).locator("button").first).to_be_focused()
    wait_until_saved(noting, 4)
    assert {note.text for note in kept(server)} == {"At 10", "At 14"}

    if undo == "key":
        noting.press("Control+z")
    else:
        noting.button("Undo").click()
    expect(items(noting)).to_have_count(3)
    wait_until_saved(noting, 5)
    assert set(kept(server)) == before


def test_a_failure_loses_nothing_and_ends_by_itself(noting: Listener, server: PlayerServer) -> None:
    server.down = True
    write(noting, 10, "In bad weather")

    expect(noting.page.get_by_role("status").filter(has_text="kept in this browser").first).to_be_visible()
    expect(noting.button("Notes, 1, 1 not saved")).to_be_visible()
    assert kept(server) == []
    tries = len([path for path in server.requests if path.startswith("PUT")])
    server.down = False

    expect(noting.page.get_by_role("status").filter(has_text="The notes are saved.")).to_be_visible()
    expect(noting.button("Notes, 1")).to_be_visible()
    assert [note.text for note in kept(server)] == ["In bad weather"]
    assert len([path for path in server.requests if path.startswith("PUT")]) > tries


def test_a_note_that_failed_outlives_the_page(noting: Listener, server: PlayerServer) -> None:
    server.down = True
    write(noting, 10, "In bad weather")
    expect(noting.button("Notes, 1, 1 not saved")).to_be_visible()
    noting.page.goto("about:blank")
    server.down = False

    noting.open(EPISODE)

    wait_until_saved(noting)
    assert [note.text for note in kept(server)] == ["In bad weather"]
    expect(noting.page.get_by_role("button", name="Note: In bad weather")).to_have_count(1)


def test_what_the_server_refuses_is_told_and_kept(noting: Listener, server: PlayerServer) -> None:
    answer = {"status": 409, "json": {"error": "An episode takes 5,000 notes."}}
    noting.page.route("**/notes/*", lambda route: route.fulfill(**answer))  # type: ignore[arg-type]
    write(noting, 10, "One too many")

    expect(noting.page.get_by_role("status").first).to_contain_text("An episode takes 5,000 notes.")
    noting.page.unroute("**/notes/*")
    noting.open(EPISODE)
    wait_until_saved(noting)
    assert [note.text for note in kept(server)] == ["One too many"]


def test_two_pages_do_not_undo_each_other(noting: Listener, server: PlayerServer) -> None:
    other = Listener(noting.page.context.new_page(), server).open(EPISODE)
    write(noting, 10, "Here")
    expect(other.page.get_by_role("button", name="Note: Here")).to_have_count(1)
    write(other, 20, "There")

    expect(noting.page.get_by_role("button", name="Note: There")).to_have_count(1)
    wait_until_saved(noting)
    assert {note.text for note in kept(server)} == {"Here", "There"}
    other.page.close()


def test_without_a_server_the_browser_keeps_them(listener: Listener, river: str) -> None:
    listener.open(river, t=20)
    write(listener, 10, "Mine alone")
    listener.open(river)
    expect(listener.button("Notes, 1")).to_be_visible()

    listener.press("N")
    panel(listener).get_by_role("button", name="Delete note").click()
    listener.open(river)
    expect(
        listener.button(
            "Notes",
        )
    ).to_be_visible()
    assert highlighted(listener) == {}


def test_notes_of_an_episode_in_the_making_come_to_the_server_with_it(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    server.add(EPISODE, make_transcript(60, words=12), tones)
    listener.open(EPISODE, t=20)
    write(listener, 10, "Early")

    server.with_notes(EPISODE)
    listener.evaluate(
        """() => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, notesUrl: "/episodes/noted/notes.json" });
        }"""
    )

    wait_until_saved(listener)
    assert [note.text for note in kept(server)] == ["Early"]


def moved(transcript: dict[str, Any], seconds: float) -> dict[str, Any]:
    later = deepcopy(transcript)
    for timed in [*later["segments"], *(word for line in later["segments"] for word in line["words"])]:
        timed["start"], timed["end"] = timed["start"] + seconds, timed["end"] + seconds
    return later


def test_a_note_finds_its_words_in_new_times_and_other_lines(
    noting: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    words = noting.select(10)
    noting.button("Highlight").click()
    changed = moved(make_transcript(60, words=12), 1.5)
    changed["segments"][10]["text"] = "Well, " + changed["segments"][10]["text"]
    changed["segments"].insert(0, {**changed["segments"][0], "text": "Good evening.", "words": []})
    server.add("changed", changed, tones)

    give(noting, "changed")

    expect(noting.line(11)).to_contain_text("Well, ")
    assert highlighted(noting) == {"1": [words]}
    assert noting.evaluate("CSS.highlights.get('vt-note-1').values().next().value.startContainer.isConnected")
    expect(noting.line(11).locator(".vt-sign")).to_have_count(1)
    noting.press("N")
    expect(items(noting).locator(".vt-note-time")).to_have_text("0:21")
    expect(panel(noting)).not_to_contain_text("The text has changed")


def test_a_note_whose_words_are_gone_stays_at_its_time_and_says_so(
    noting: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    write(noting, 10, "On something said")
    changed = make_transcript(60, words=12)
    changed["segments"][10] |= {"text": "Something entirely different here.", "words": []}
    server.add("changed", changed, tones)

    give(noting, "changed")

    expect(noting.line(10)).to_contain_text("entirely different")
    assert highlighted(noting) == {}
    expect(noting.line(10).locator(".vt-sign")).to_have_count(1)
    noting.press("N")
    expect(items(noting)).to_contain_text("The text has changed")
    expect(items(noting)).to_contain_text("On something said")
    items(noting).locator("button").first.click()
    noting.wait_for_line(10)


def test_nothing_is_drawn_twice(noting: Listener, server: PlayerServer, tones: AudioClip) -> None:
    server.add("again", moved(make_transcript(60, words=12), 2.0), tones)
    write(noting, 10, "Once")
    for address in ("again", EPISODE, "again"):
        give(noting, address)
        noting.page.wait_for_function(
            "label => document.querySelector('[data-line=\"10\"] .vt-time').ariaLabel === label",
            arg=f"Play from {20 if address == EPISODE else 22} seconds",
        )
        noting.page.wait_for_function("CSS.highlights.get('vt-note-1').size === 1")
    expect(noting.page.locator(".vt-sign")).to_have_count(1)
    assert noting.line(10).evaluate("line => line.textContent === line.lastChild.data")

    noting.evaluate("player.destroy()")
    assert highlighted(noting) == {}


def test_hostile_text_stays_text(noting: Listener, server: PlayerServer) -> None:
    write(noting, 10, HOSTILE)
    wait_until_saved(noting)
    noting.open(EPISODE)
    noting.press("N")

    expect(items(noting).locator(".vt-note-text")).to_have_text(HOSTILE)
    panel(noting).get_by_role("button", name="Edit note").click()
    expect(editor(noting).get_by_label("Note", exact=True)).to_have_value(HOSTILE)
    assert noting.evaluate("window.harmed") is None
    assert noting.evaluate("document.querySelectorAll('.vt img').length") == 0


def test_a_list_without_notes_is_closed_by_key(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.press("N")
    expect(panel(listener).get_by_role("button", name="Close notes")).to_be_focused()
    listener.press("Escape")
    expect(panel(listener)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_hangs_over_and_the_line_stays_in_sight(
    noting: Listener, scheme: str
) -> None:
    noting.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    noting.page.set_viewport_size({"width": 360, "height": 740})
    write(noting, 10, "x" * 400)
    write(noting, 30, "Another")
    noting.press("N")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert noting.evaluate(fits)

    items(noting).nth(1).locator("button").first.click()
    noting.wait_for_line(30)
    noting.press("k")
    noting.wait_until_still()
    assert 0 < noting.place_of(30) < 1
    noting.press("Escape")
    noting.page.get_by_role("button", name="Note: Another").click()
    expect(panel(noting)).to_be_visible()
    noting.press("Escape")
    noting.press("b")
    noting.wait_until_still()
    noting.select(31)
    menu = noting.page.get_by_role("toolbar", name="Selected text").bounding_box()
    assert menu and menu["x"] >= 0 and menu["x"] + menu["width"] <= 360
    noting.button("Note").click()
    box = editor(noting).bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert noting.evaluate(fits)
