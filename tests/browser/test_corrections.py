"""Correcting a transcript by hand in the app, while it plays; and that nothing typed is lost."""

import re
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from alignment.corrections import Found, Join, Realign, Text
from alignment.library import Jobs, do_job
from alignment.library.corrections import correct, read_corrections
from alignment.transcript import Segment, Transcript
from tests.browser.desk import Desk
from tests.browser.test_accessibility import assert_no_violation
from tests.library.episodes import quick_tools


def test_a_word_is_corrected_while_the_line_plays_on(desk: Desk) -> None:
    desk.edit(20)
    before = desk.text_of(10)
    expect(desk.field).to_have_value(before)
    desk.listener.press("Control+Space")
    desk.listener.wait_for_position(20.2)

    desk.field.press_sequentially("Lo, ")
    desk.listener.press("Enter")

    expect(desk.listener.line(10)).to_contain_text(f"Lo, {before}")
    assert desk.texts[10] == f"Lo, {before}"
    assert desk.page.evaluate("document.querySelector('audio').mine") and desk.listener.playing
    expect(desk.field).to_be_focused()
    assert desk.caret() == 4
    expect(desk.listener.line(10)).to_have_attribute("title", "Corrected: words")
    expect(desk.listener.line(10).locator("button")).to_have_accessible_name(
        "Play from 20 seconds. Corrected: words"
    )
    expect(desk.page.locator(".vt-corrected")).to_have_count(1)


def test_a_line_is_split_at_the_caret_and_joined_again(desk: Desk) -> None:
    desk.edit(20)
    first, rest = desk.text_of(10).split(" ", 1)
    for _ in range(len(first) + 1):
        desk.listener.press("ArrowRight")

    desk.listener.press("Control+Enter")
    expect(desk.field).to_have_value(rest)
    assert (desk.text_of(10), desk.text_of(11), desk.caret()) == (first, rest, 0)
    assert len(desk.texts) == 41

    desk.listener.press("Backspace")
    expect(desk.field).to_have_value(f"{first} {rest}")
    assert desk.caret() == len(first) + 1
    expect(desk.field).to_be_focused()
    assert len(desk.texts) == 40 and desk.text_of(10) == f"{first} {rest}"


def test_what_is_typed_goes_along_into_both_parts(desk: Desk) -> None:
    desk.edit(20)
    desk.field.fill("Slow river, old bridge")
    desk.field.evaluate("field => field.setSelectionRange(12, 12)")

    desk.press("Split")

    expect(desk.field).to_have_value("old bridge")
    assert desk.texts[10:12] == ["Slow river,", "old bridge"]


def test_a_line_is_set_nudged_and_shifted_by_buttons(desk: Desk) -> None:
    desk.edit(21)
    desk.press("Start now")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:21.0")
    assert desk.starts[9:12] == [18.0, 21.0, 22.0]

    desk.press("A tenth of a second later")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:21.1")
    desk.press("A tenth of a second earlier")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:21.0")
    # Under a right-to-left line, too, earlier stands before later.
    desk.page.evaluate("document.querySelectorAll('.vt-paragraph').forEach((it) => (it.dir = 'rtl'))")
    nudges = [desk.page.get_by_role("button", name=f"second {way}") for way in ("earlier", "later")]
    earlier, later = (nudge.bounding_box() for nudge in nudges)
    assert earlier and later and earlier["x"] < later["x"]

    desk.page.evaluate("document.querySelector('audio').currentTime = 24")
    desk.press("Shift all from here")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:24.0")
    assert desk.starts[9:13] == [18.0, 24.0, 25.0, 27.0]
    expect(desk.page.locator(".vt-corrected")).to_have_count(30)


def test_a_line_is_not_in_the_audio_and_all_is_undone_and_done_again_with_keys(desk: Desk) -> None:
    desk.edit(20)
    desk.press("Not in the audio")
    expect(desk.listener.line(10)).to_have_class("vt-line vt-not_in_audio vt-corrected")
    desk.page.get_by_role("button", name="Done").focus()

    desk.listener.press("Control+z")
    expect(desk.page.locator(".vt-corrected")).to_have_count(0)
    assert desk.starts[10] == 20.0
    desk.listener.press("Control+Shift+z")
    expect(desk.page.locator(".vt-corrected")).to_have_count(1)
    desk.listener.press("Control+z")
    expect(desk.page.locator(".vt-corrected")).to_have_count(0)
    desk.listener.press("Control+y")
    expect(desk.page.locator(".vt-corrected")).to_have_count(1)
    expect(desk.page.get_by_role("button", name="Done")).to_be_focused()


def test_undo_in_the_field_is_the_fields(desk: Desk) -> None:
    desk.edit(20)
    desk.press("A tenth of a second later")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:20.1")
    before = desk.field.input_value()
    desk.page.keyboard.type("x")
    desk.listener.press("Control+z")

    expect(desk.field).to_have_value(before)
    assert len(read_corrections(desk.library, desk.episode.id).done) == 1


def test_from_line_to_line_with_the_keyboard_and_what_was_typed_is_saved(desk: Desk) -> None:
    desk.edit(20)
    desk.page.keyboard.type("Ah. ")
    desk.listener.press("Alt+ArrowDown")
    expect(desk.field).to_have_value(desk.text_of(11))
    expect(desk.listener.line(10)).to_contain_text("Ah. ")
    assert desk.texts[10].startswith("Ah. ")

    expect(desk.field).to_be_focused()
    desk.listener.press("Alt+ArrowUp", "Alt+ArrowUp")
    expect(desk.field).to_have_value(desk.text_of(9))
    desk.listener.press("Escape")
    expect(desk.field).to_have_count(0)
    expect(desk.listener.line(9).get_by_role("button")).to_be_focused()


def test_a_click_edits_instead_of_playing_and_escape_takes_back_what_is_typed(desk: Desk) -> None:
    desk.edit(20)
    desk.listener.click_word(12, 1)
    expect(desk.field).to_have_value(desk.text_of(12))
    assert not desk.listener.playing and desk.caret() > 0

    desk.page.keyboard.type("zzz")
    desk.listener.press("Escape")
    expect(desk.field).to_have_value(desk.text_of(12))
    desk.listener.press("Escape")
    expect(desk.field).to_have_count(0)
    desk.listener.click_word(12, 1)
    desk.page.wait_for_function("!document.querySelector('audio').paused")


def test_what_could_not_be_saved_stays_typed_and_is_saved_later(desk: Desk) -> None:
    desk.edit(20)
    desk.page.route("**/corrections", lambda route: route.abort())
    desk.page.keyboard.type("Kept. ")
    desk.listener.press("Enter")
    expect(desk.page.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
    assert desk.field.input_value().startswith("Kept. ")

    desk.listener.press("Alt+ArrowDown")
    expect(desk.page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    assert desk.field.input_value().startswith("Kept. ")

    desk.page.unroute("**/corrections")
    desk.press("Save")
    expect(desk.listener.line(10)).to_contain_text("Kept. ")
    expect(desk.page.get_by_role("alert").filter(has_text="Not saved")).to_be_hidden()


def test_who_is_overtaken_is_told_and_sees_the_other_correction(desk: Desk) -> None:
    desk.edit(20)
    correct(desk.library, desk.episode.id, Text(3, "Somebody was here."), revision=0)
    desk.page.keyboard.type("Mine. ")
    desk.listener.press("Enter")

    expect(desk.page.get_by_role("alert").filter(has_text="Somebody else has corrected")).to_be_visible()
    expect(desk.listener.line(3)).to_contain_text("Somebody was here.")
    assert desk.field.input_value().startswith("Mine. ")
    expect(desk.field).to_be_focused()
    desk.listener.press("Enter")
    expect(desk.listener.line(10)).to_contain_text("Mine. ")


def test_what_was_to_follow_a_save_that_came_too_late_is_not_made_and_stays_typed(desk: Desk) -> None:
    desk.edit(20)
    waiting: list[Route] = []
    desk.page.route("**/corrections", lambda route: waiting.append(route), times=1)  # noqa: PLW0108
    desk.page.keyboard.type("One. ")
    desk.listener.press("Alt+ArrowDown", "Home")
    desk.page.keyboard.type("Two. ")
    desk.listener.press("Alt+ArrowDown")
    expect(desk.field).to_have_value(desk.text_of(12))
    correct(desk.library, desk.episode.id, Text(11, "Somebody was here."), revision=0)
    waiting[0].continue_()

    expect(desk.page.get_by_role("alert").filter(has_text="Somebody else has corrected")).to_be_visible()
    expect(desk.listener.line(11)).to_contain_text("Somebody was here.")
    assert desk.texts[11] == "Somebody was here."
    desk.listener.line(11).click()
    expect(desk.field).to_have_value(re.compile("^Two. "))
    desk.listener.line(10).click()
    expect(desk.field).to_have_value(re.compile("^One. "))
    desk.press("Save")
    expect(desk.listener.line(10)).to_contain_text("One. ")


def test_what_is_typed_while_a_save_is_on_its_way_is_kept(desk: Desk) -> None:
    desk.edit(20)
    waiting: list[Route] = []
    desk.page.route("**/corrections", lambda route: waiting.append(route))  # noqa: PLW0108 - takes no built-in
    desk.page.keyboard.type("One. ")
    desk.listener.press("Enter")
    desk.page.wait_for_timeout(50)
    desk.page.keyboard.type("Two. ")
    waiting[0].continue_()

    expect(desk.listener.line(10)).to_contain_text("One. ")
    assert desk.field.input_value().startswith("One. Two. ")
    assert desk.caret() == 10
    assert "Two" not in desk.texts[10]


def test_the_page_goes_along_with_the_voice_again_when_editing_ends(desk: Desk) -> None:
    """The row goes from above the line that is said: where that stands is known when the page has settled."""
    desk.page.set_viewport_size({"width": 360, "height": 740})
    desk.edit(20)
    desk.listener.press("Control+Space")
    desk.listener.wait_for_position(24.2)
    desk.listener.press("Escape")
    expect(desk.field).to_have_count(0)
    desk.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    desk.listener.wait_until_still()
    assert desk.listener.current_line == 12
    assert 0 < desk.listener.place_of(12) < 0.65


def test_markup_is_text(desk: Desk) -> None:
    desk.edit(20)
    desk.field.fill("<img src=x onerror=alert(1)> & so on")
    desk.listener.press("Enter")
    expect(desk.listener.line(10)).to_contain_text("<img src=x onerror=alert(1)> & so on")
    assert desk.page.locator(".vt-transcript img").count() == 0


def test_where_nothing_takes_corrections_there_is_no_editing(desk: Desk) -> None:
    desk.listener.open(desk.episode.id, plain=1)
    expect(desk.listener.button("Edit the transcript")).to_be_hidden()
    desk.listener.press("w")
    expect(desk.page.get_by_text("This transcript cannot be edited here.")).to_be_visible()
    expect(desk.field).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editing_breaks_no_rule_and_fits(desk: Desk, scheme: Any, size: tuple[int, int]) -> None:
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    desk.edit(20)
    desk.page.keyboard.type("Ah. ")
    desk.listener.press("Enter")
    expect(desk.page.locator(".vt-corrected")).to_have_count(1)

    assert_no_violation(desk.page)
    assert desk.page.evaluate("document.scrollingElement.scrollWidth") <= size[0]
    expect(desk.page.get_by_role("button", name="Done")).to_be_in_viewport()


# ---- lines aligned again ----------------------------------------------------------------------------------


@pytest.fixture
def worker(desk: Desk) -> Iterator[threading.Event]:
    """Does the library's jobs as soon as it is set; each line is found half a second later."""
    may, ended = threading.Event(), threading.Event()
    jobs = Jobs(desk.library.root)

    def work() -> None:
        while not ended.wait(0.05):
            for job in jobs.waiting():
                if may.is_set():
                    do_job(desk.library, job.id, lambda: replace(quick_tools(), realign=find_later))

    thread = threading.Thread(target=work)
    thread.start()
    yield may
    ended.set()
    thread.join()
    for job in jobs.all():
        jobs.cancel(job.id)
        jobs.dismiss(job.id)


def find_later(
    audio: object,
    transcript: Transcript,
    first: int,
    last: int,
    *,
    fixed: Collection[int] = (),
    **how: object,
) -> Realign:
    def later(segment: Segment) -> Found:
        assert segment.start is not None and segment.end is not None
        words = tuple((segment.start + 0.5, segment.start + 0.5, None) for _ in segment.words)
        return Found(segment.start + 0.5, segment.end, "aligned", 0.9, words)

    lines = transcript.segments[first : last + 1]
    return Realign(lines[0].id, tuple(None if line.id in fixed else later(line) for line in lines))


def test_lines_are_aligned_again_from_here_to_there_while_it_plays_on(
    desk: Desk, worker: threading.Event
) -> None:
    desk.edit(20)
    desk.listener.press("Control+Space")
    desk.press("Align again")
    expect(desk.page.get_by_text("Go to the last line")).to_be_visible()
    desk.listener.press("Alt+ArrowDown", "Alt+ArrowDown")
    expect(desk.listener.line(12)).to_have_attribute("data-edited", "")
    button = desk.page.locator("[data-act=realign]")
    expect(button).to_have_accessible_name("To here: Align again from 0:20 to this line")
    button.click()
    expect(button).to_have_accessible_name("Stop: Stop aligning again")
    expect(desk.page.locator(".vt-edit-work")).to_have_text("Waiting")
    worker.set()

    expect(desk.page.get_by_text("The lines are aligned again.")).to_be_visible()
    expect(button).to_have_accessible_name("Align again: Align again from this line on")
    assert desk.starts[9:14] == [18.0, 20.5, 22.5, 24.5, 26.0]
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:24.5")
    assert desk.listener.playing and desk.page.evaluate("document.querySelector('audio').mine")

    desk.press("Undo")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:24.0")


def test_a_line_alone_is_aligned_again_and_one_placed_by_hand_stays(
    desk: Desk, worker: threading.Event
) -> None:
    worker.set()
    desk.edit(20)
    desk.press("A tenth of a second later")
    expect(desk.page.locator(".vt-edit-time")).to_have_text("0:20.1")
    desk.press("Align again")
    desk.listener.press("Alt+ArrowUp")
    desk.press("To here")
    expect(desk.page.get_by_text("The lines are aligned again.")).to_be_visible()
    assert desk.starts[8:12] == [16.0, 18.5, 20.1, 22.0]


def test_aligning_again_is_stopped_or_not_begun(desk: Desk, worker: threading.Event) -> None:
    desk.edit(20)
    desk.press("Align again")
    desk.listener.button("Never mind").click()
    button = desk.page.locator("[data-act=realign]")
    expect(button).to_have_accessible_name("Align again: Align again from this line on")

    # Stopped before the server has answered that it has taken it.
    waiting: list[Route] = []
    desk.page.route("**/corrections/realign", lambda route: waiting.append(route))  # noqa: PLW0108 - takes no built-in
    button.click()
    button.click()
    expect(desk.page.locator(".vt-edit-work")).to_be_visible()
    button.click()
    waiting[0].continue_()
    expect(desk.page.get_by_text("Stopped. Nothing was changed.")).to_be_visible()
    assert read_corrections(desk.library, desk.episode.id).revision == 0
    expect(button).to_have_accessible_name("Align again: Align again from this line on")


def test_why_lines_were_not_aligned_again_is_told(desk: Desk, worker: threading.Event) -> None:
    desk.edit(20)
    desk.press("Align again")
    desk.press("To here")
    expect(desk.page.locator(".vt-edit-work")).to_have_text("Waiting")
    correct(desk.library, desk.episode.id, Join(9), revision=0)
    worker.set()
    alert = desk.page.get_by_role("alert")
    expect(alert).to_have_text(
        "Not aligned again: The lines to align again are no longer there. Choose them anew."
    )
