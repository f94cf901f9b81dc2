"""The history of corrections in the player: what it says, where it leads, and whose name goes along."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from alignment.corrections import (
    Absent,
    Change,
    Correction,
    CorrectionLog,
    Join,
    Nudge,
    Offset,
    Shift,
    Split,
    Start,
    Text,
)
from alignment.library.corrections import correct, read_corrections, undo_correction
from tests.browser.desk import Desk
from tests.browser.test_accessibility import assert_no_violation


def make(desk: Desk, *changes: Change, who: str | None = None) -> None:
    for change in changes:
        revision = read_corrections(desk.library, desk.episode.id).revision
        correct(desk.library, desk.episode.id, change, revision=revision, who=who)


def panel(desk: Desk) -> Locator:
    return desk.page.get_by_role("region", name="History of corrections")


def entries(desk: Desk) -> Locator:
    return panel(desk).locator("li > button")


def opened(desk: Desk) -> Locator:
    """The entries, in the history opened by its button."""
    desk.press("History")
    expect(panel(desk)).to_be_visible()
    return entries(desk)


def align_again_without(desk: Desk, *lines: int) -> None:
    """Give the episode a new alignment of a text in which some lines say something else."""
    aligned = desk.library.aligned_transcript(desk.episode.id)
    segments = tuple(
        replace(segment, text="Another one.", words=()) if segment.id in lines else segment
        for segment in aligned.segments
    )
    desk.library.replace_alignment(desk.episode.id, aligned.with_segments(segments))


def test_all_that_was_corrected_is_told_the_latest_first(desk: Desk) -> None:
    text = desk.library.transcript(desk.episode.id).segments[3].text
    first, second, *rest = text.split()
    make(
        desk,
        Text(3, " ".join([first, "grey", *rest])),
        Split(5, len(" ".join(desk.texts[5].split()[:2]))),
        Join(7),
        Start(10, 20.3),
        Nudge(10, -0.1),
        Shift(12, 2.0),
        Absent(13),
        Offset(-0.5),
    )

    desk.edit(20)
    shown = opened(desk).locator(".vt-history-done")

    expect(shown).to_have_text(
        [
            "Whole transcript 0.5 s earlier",
            "Not in the audio",
            "All from here 2 s later",
            "0.1 s earlier",
            "Start set to 0:20.3",
            "Joined with the next line",
            f"Split after “{' '.join(desk.texts[5].split())}”",
            f"Text: “{first} {second} {rest[0]} …” → “{first} grey {rest[0]} …”",
        ]
    )
    expect(entries(desk).nth(7).locator(".vt-history-line")).to_have_text(desk.texts[3])
    expect(panel(desk).get_by_role("status").first).to_have_text("8")


def test_each_tells_who_made_it_when_and_whether_it_counts(desk: Desk) -> None:
    make(desk, Text(3, "One."), who="Ada <b>Byron</b>")
    undo_correction(desk.library, desk.episode.id, revision=1)
    make(desk, Text(3, "Two."))
    make(desk, Text(4, "Three."))
    undo_correction(desk.library, desk.episode.id, revision=4)

    desk.edit(20)
    found = opened(desk)

    expect(found.locator(".vt-history-state")).to_have_text(["Undone", "Done", "Replaced"])
    expect(found.nth(2).locator(".vt-history-who")).to_have_text("Ada <b>Byron</b>")
    expect(found.nth(1).locator(".vt-history-who")).to_have_count(0)
    made = read_corrections(desk.library, desk.episode.id).corrections[0].when
    expect(found.nth(2).locator("time")).to_have_attribute("datetime", made)
    year = made[:4]
    expect(found.nth(2).locator("time")).to_contain_text(year)


def test_an_entry_leads_to_its_line_and_edits_it(desk: Desk) -> None:
    make(desk, Nudge(30, 0.1), Join(12), Text(14, "One."), Offset(0.1))
    desk.edit(20)
    found = opened(desk)

    found.nth(3).click()
    expect(desk.field).to_have_value(desk.text_of(29))
    expect(desk.field).to_be_focused()
    expect(desk.listener.line(29)).to_be_in_viewport()
    expect(found.nth(3)).to_have_attribute("aria-current", "true")

    found.nth(0).click()
    expect(desk.page.get_by_text("This moved the whole transcript.")).to_be_visible()
    expect(desk.field).to_have_value(desk.text_of(29))


def test_a_line_that_is_gone_is_said_to_be(desk: Desk) -> None:
    make(desk, Nudge(13, 0.1), Join(12))
    desk.edit(20)
    opened(desk).nth(1).click()

    expect(desk.page.get_by_text("This line is no longer there.")).to_be_visible()


def test_what_no_longer_fits_is_counted_and_shown_with_its_reason(desk: Desk) -> None:
    make(desk, Text(3, "One."), Text(8, "Two."), Text(20, "Three."))
    align_again_without(desk, 3, 8)

    desk.edit(20)
    told = desk.page.get_by_text("2 earlier corrections no longer fit.")
    expect(told).to_be_visible()
    desk.press("Show them")

    expect(entries(desk)).to_have_count(2)
    expect(entries(desk).locator(".vt-history-state")).to_have_text(
        ["Does not fit any more: The line has another text now."] * 2
    )
    panel(desk).get_by_role("button", name="2 no longer fit").click()
    expect(entries(desk)).to_have_count(3)

    # The first to be undone is the one that fits.
    desk.press("Undo")
    desk.press("Undo")
    expect(desk.page.get_by_text("1 earlier correction no longer fits.")).to_be_visible()
    desk.press("Undo")
    expect(told).to_be_hidden()
    expect(desk.page.get_by_role("button", name="Show them")).to_be_hidden()


def test_the_history_keeps_up_with_what_is_done(desk: Desk) -> None:
    desk.edit(20)
    found = opened(desk)
    expect(panel(desk).get_by_text("Nothing has been corrected yet.")).to_be_visible()

    desk.press("A tenth of a second later")
    expect(found.locator(".vt-history-done")).to_have_text(["0.1 s later"])
    expect(panel(desk).get_by_text("Nothing has been corrected yet.")).to_be_hidden()
    desk.press("Undo")
    expect(found.locator(".vt-history-state")).to_have_text(["Undone"])


def test_the_keyboard_moves_through_it_and_escape_leads_back(desk: Desk) -> None:
    make(desk, *[Nudge(10, 0.1)] * 3)
    desk.edit(20)
    history = desk.page.get_by_role("button", name="History: All that was corrected")
    history.focus()
    desk.listener.press("Enter")
    found = entries(desk)
    expect(found.nth(0)).to_be_focused()

    desk.listener.press("ArrowDown", "ArrowDown", "ArrowDown")
    expect(found.nth(2)).to_be_focused()
    desk.listener.press("Home")
    expect(found.nth(0)).to_be_focused()
    desk.listener.press("End", "ArrowUp")
    expect(found.nth(1)).to_be_focused()
    assert found.evaluate_all("all => all.map(({ tabIndex }) => tabIndex)") == [-1, 0, -1]

    expect(history).to_have_attribute("aria-expanded", "true")
    desk.listener.press("Escape")
    expect(panel(desk)).to_be_hidden()
    expect(history).to_have_attribute("aria-expanded", "false")
    expect(history).to_be_focused()
    expect(desk.field).to_be_visible()

    desk.listener.press("Enter")
    expect(found.nth(0)).to_be_focused()
    desk.listener.press("w")
    expect(panel(desk)).to_be_hidden()
    expect(desk.field).to_be_hidden()
    expect(desk.listener.line(9).get_by_role("button")).to_be_focused()


def test_of_thousands_a_hundred_are_shown_and_more_when_wanted(
    desk: Desk, write_log: Callable[[CorrectionLog], None]
) -> None:
    when = "2027-03-04T05:06:07.000Z"
    made = [
        Correction(f"{number:08}", None, when, Text(10, f"Take {number}."), (f"Take {number - 1}.",))
        for number in range(5000)
    ]
    made[0] = replace(made[0], was=(desk.texts[10],))
    write_log(CorrectionLog(5000, tuple(made)))

    desk.edit(20)
    found = opened(desk)
    expect(found).to_have_count(100)
    expect(panel(desk).get_by_role("status").first).to_have_text("5,000")
    desk.listener.press("End", "ArrowDown")
    expect(found).to_have_count(200)
    expect(found.nth(100)).to_be_focused()
    panel(desk).get_by_role("button", name="Show 100 more of 4,800").click()
    expect(found).to_have_count(300)
    expect(found.nth(200)).to_be_focused()


@pytest.fixture
def write_log(desk: Desk) -> Callable[[CorrectionLog], None]:
    """Lets the episode have a log, whoever made it."""
    from pydantic import TypeAdapter

    from alignment.disk import write_json

    def write(log: CorrectionLog) -> None:
        value = {"version": 1, **TypeAdapter(CorrectionLog).dump_python(log, mode="json")}
        write_json(desk.episode.folder / "corrections.json", value)

    return write


def test_the_name_goes_along_and_is_remembered(desk: Desk) -> None:
    desk.edit(20)
    desk.press("A tenth of a second later")
    expect(desk.page.get_by_role("button", name="Undo", exact=True)).to_be_enabled()  # the lines have moved
    opened(desk)
    name = panel(desk).get_by_role("textbox", name="Your name")
    # As typed, with keys that mean something elsewhere.
    name.press_sequentially("w  Ada?")
    desk.listener.press("Enter")
    desk.press("A tenth of a second later")
    expect(entries(desk).locator(".vt-history-who")).to_have_text(["w Ada?"])
    assert [made.who for made in read_corrections(desk.library, desk.episode.id).corrections] == [
        None,
        "w Ada?",
    ]

    desk.page.reload()
    desk.listener.wait_until_ready()
    with desk.page.expect_response("**/corrections.json"):
        desk.listener.press("w")
    desk.press("History")
    expect(name).to_have_value("w Ada?")
    name.fill("")
    desk.press("Undo")
    desk.press("A tenth of a second earlier")
    expect(entries(desk)).to_have_count(3)
    assert read_corrections(desk.library, desk.episode.id).corrections[-1].who is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada\u2028\tByron\u0007 ", "Ada Byron"),
        ("\u200b \u202e", None),
        ("", None),
        ("Ж" * 120, "Ж" * 100),
        ("<img src=x>", "<img src=x>"),
        ("\ud83d\ude00" * 101, "\U0001f600" * 100),
    ],
)
def test_a_name_is_made_fit_for_the_server(in_page: Callable[..., Any], typed: str, name: str | None) -> None:
    assert in_page("your-name.js", "cleanName", typed) == name
    assert name is None or name.isprintable()


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [
        ("teh cat", "the cat", ["teh cat", "the cat"]),
        ("I saw teh cat run", "I saw the cat run", ["… saw teh cat …", "… saw the cat …"]),
        ("the cat", "the old cat", ["the cat", "the old cat"]),
        ("the very old cat sat", "the cat sat", ["the very old cat …", "the cat …"]),
        ("no no no", "no no", ["… no no", "… no"]),
        ("same", "same", ["same", "same"]),
        ("a" * 200, "b", ["a" * 120 + "…", "b"]),
    ],
)
def test_of_a_text_what_was_changed_is_told(
    in_page: Callable[..., Any], before: str, after: str, part: list[str]
) -> None:
    assert in_page("correction-words.js", "changedPart", before, after) == part


@pytest.mark.parametrize(
    ("change", "done"),
    [
        ({"kind": "start", "seconds": 3723.46}, "Start set to 1:02:03.5"),
        ({"kind": "nudge", "seconds": -0.1}, "0.1 s earlier"),
        ({"kind": "shift", "seconds": 0.30000000000000004}, "All from here 0.3 s later"),
        ({"kind": "split", "offset": 2}, "Split after “\U0001f600a”"),
        ({"kind": "offset", "seconds": 3600}, "Whole transcript 3,600 s later"),
        ({"kind": "of a later version"}, "Changed (of a later version)"),
    ],
)
def test_what_was_done_is_told_in_words(in_page: Callable[..., Any], change: Any, done: str) -> None:
    made = {"change": change, "was": ["\U0001f600a bc"], "state": "done"}
    assert in_page("correction-words.js", "sayDone", made) == done


@pytest.mark.parametrize(("size", "scheme"), [((1280, 800), "light"), ((360, 740), "dark")])
def test_the_history_breaks_no_rule_and_fits(desk: Desk, scheme: Any, size: tuple[int, int]) -> None:
    make(desk, Text(3, "One."), Nudge(9, 0.1), Absent(12), who="Ada " * 25)
    undo_correction(desk.library, desk.episode.id, revision=3)
    align_again_without(desk, 3)
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    desk.edit(20)
    expect(desk.page.get_by_text("1 earlier correction no longer fits.")).to_be_visible()
    assert_no_violation(desk.page)
    found = opened(desk)
    expect(found.locator(".vt-history-state")).to_have_count(3)

    assert_no_violation(desk.page)
    assert desk.page.evaluate("document.scrollingElement.scrollWidth") <= size[0]
    expect(panel(desk).get_by_role("button", name="Close the history")).to_be_in_viewport()
    expect(panel(desk).get_by_role("textbox", name="Your name")).to_be_in_viewport()
    found.nth(1).click()
    expect(desk.field).to_be_focused()
    expect(desk.field).to_be_in_viewport()
