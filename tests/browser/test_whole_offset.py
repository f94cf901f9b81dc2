"""The whole transcript earlier or later, from the listening panel, while it plays."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from alignment.corrections import Offset, Text
from alignment.library.corrections import correct, read_corrections
from tests.browser.desk import Desk
from tests.browser.listener import Listener
from tests.browser.test_accessibility import assert_no_violation


def opened(desk: Desk, t: float = 20) -> Locator:
    """The group of controls, in the listening panel of the episode."""
    desk.listener.open(desk.episode.id, t=t)
    with desk.page.expect_response("**/corrections.json"):
        desk.listener.press("t")
    group = desk.page.get_by_role("group", name="Whole transcript")
    expect(group).to_be_visible()
    return group


def later(desk: Desk) -> Locator:
    return desk.listener.button("Whole transcript later")


def earlier(desk: Desk) -> Locator:
    return desk.listener.button("Whole transcript earlier")


def offsets(desk: Desk) -> list[float]:
    """Of all corrections, in their order."""
    changes = [made.change for made in read_corrections(desk.library, desk.episode.id).corrections]
    return [change.seconds for change in changes if isinstance(change, Offset)]


def hold_next(desk: Desk) -> list[Route]:
    """Let the next correction wait on its way; it comes into the list."""
    waiting: list[Route] = []
    desk.page.route("**/corrections", lambda route: waiting.append(route), times=1)  # noqa: PLW0108
    return waiting


def let_go(desk: Desk, waiting: list[Route]) -> None:
    while not waiting:
        desk.page.evaluate("new Promise(requestAnimationFrame)")
    waiting[0].continue_()


def test_the_mark_moves_at_once_while_it_plays_on(desk: Desk) -> None:
    sum_shown = opened(desk).get_by_role("status")
    expect(sum_shown).to_have_text("0 s")
    desk.page.evaluate("document.querySelector('audio').mine = true")
    desk.listener.press("Escape", "k")
    desk.listener.wait_for_position(20.2)
    desk.listener.wait_for_line(10)

    # A quarter of the speed, so that a slow machine looks before the line is over.
    desk.page.evaluate("document.querySelector('audio').playbackRate = 0.25")
    correct(desk.library, desk.episode.id, Offset(30.0), revision=0)
    desk.listener.press("t")

    expect(sum_shown).to_have_text("+30 s")
    expect(desk.page.locator("[data-line][aria-current=true]")).to_have_count(0)
    later(desk).click()
    expect(sum_shown).to_have_text("+30.1 s")
    expect(desk.listener.line(0).get_by_role("button")).to_have_accessible_name("Play from 30 seconds")
    assert desk.page.evaluate("document.querySelector('audio').mine") and desk.listener.playing
    assert offsets(desk) == [30.0, 0.1]


def test_of_several_quick_presses_none_is_lost(desk: Desk) -> None:
    group = opened(desk)
    waiting = hold_next(desk)
    for _ in range(4):
        later(desk).click()
    earlier(desk).click()

    expect(group.get_by_role("status")).to_have_text("+0.3 s")
    with desk.page.expect_response(lambda response: response.url.endswith("&corrections=5")):
        let_go(desk, waiting)

    assert offsets(desk) == [0.1, 0.1, 0.1, 0.1, -0.1]
    expect(group.get_by_role("status")).to_have_text("+0.3 s")
    assert desk.starts[0] == pytest.approx(0.3)


def test_who_is_overtaken_is_told_and_what_was_to_follow_is_not_made(desk: Desk) -> None:
    group = opened(desk)
    correct(desk.library, desk.episode.id, Offset(-2.0), revision=0)
    waiting = hold_next(desk)
    later(desk).click()
    later(desk).click()
    expect(group.get_by_role("status")).to_have_text("+0.2 s")
    let_go(desk, waiting)

    expect(group.get_by_role("alert")).to_have_text(
        "Not moved: Somebody else has corrected this transcript meanwhile. "
        "Look at what it is now, then try again."
    )
    expect(group.get_by_role("status")).to_have_text("−2 s")
    assert offsets(desk) == [-2.0]

    later(desk).click()
    expect(group.get_by_role("status")).to_have_text("−1.9 s")
    expect(group.get_by_role("alert")).to_be_hidden()
    expect(desk.listener.line(11).get_by_role("button")).to_have_accessible_name("Play from 20 seconds")
    assert offsets(desk) == [-2.0, 0.1]


def test_a_server_that_does_not_answer_is_told_and_nothing_is_moved(desk: Desk) -> None:
    group = opened(desk)
    desk.page.route("**/corrections", lambda route: route.abort())
    earlier(desk).click()

    expect(group.get_by_role("alert")).to_have_text("Not moved: the server does not answer.")
    expect(group.get_by_role("status")).to_have_text("0 s")


def test_an_offset_is_in_the_history_and_undone_like_any_correction(desk: Desk) -> None:
    correct(desk.library, desk.episode.id, Text(3, "One."), revision=0)
    group = opened(desk)
    later(desk).click()
    expect(group.get_by_role("status")).to_have_text("+0.1 s")
    desk.listener.press("Escape", "w")
    expect(desk.field).to_be_focused()
    desk.press("History")
    told = desk.page.get_by_role("region", name="History of corrections").locator("li")
    expect(told.first).to_contain_text("Whole transcript 0.1 s later")

    desk.press("Undo")
    expect(told.first).to_contain_text("Undone")
    assert desk.starts[10] == 20.0
    desk.press("Redo")
    expect(told.first).to_contain_text("Done")
    desk.press("Undo")
    expect(told.first).to_contain_text("Undone")
    desk.press("Done")
    desk.listener.press("t")
    expect(group.get_by_role("status")).to_have_text("0 s")


def test_it_is_there_only_where_corrections_are_taken(desk: Desk) -> None:
    desk.listener.open(desk.episode.id, plain=1)
    desk.listener.press("t")

    expect(desk.page.get_by_role("group", name="Headphone delay")).to_be_visible()
    expect(later(desk)).to_be_hidden()


def test_an_episode_without_a_place_for_corrections_opens_its_panel(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.press("t")

    expect(listener.page.get_by_role("group", name="Whole transcript")).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), [((1280, 800), "light"), ((360, 740), "dark")])
def test_the_panel_breaks_no_rule_and_fits(desk: Desk, scheme: Any, size: tuple[int, int]) -> None:
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    group = opened(desk)
    desk.page.route("**/corrections", lambda route: route.abort())
    later(desk).click()
    expect(group.get_by_role("alert")).to_be_visible()

    assert_no_violation(desk.page)
    assert desk.page.evaluate("document.scrollingElement.scrollWidth") <= size[0]
    later(desk).scroll_into_view_if_needed()
    expect(later(desk)).to_be_in_viewport()
