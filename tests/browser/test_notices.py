"""What the player says above the bar passes, save while somebody is at it."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener


def test_a_notice_waits_for_who_is_at_it(browser: Browser, server: PlayerServer, river: str) -> None:
    context = browser.new_context()  # of its own: all its pages share the clock
    page = context.new_page()
    page.clock.install()
    Listener(page, server).open(river, t=20)
    notice = page.locator(".vt-notice")
    page.keyboard.press("h")
    page.get_by_role("button", name="Write a note").focus()
    page.clock.run_for(20_000)
    expect(notice).to_be_visible()
    page.keyboard.press("Tab")
    page.clock.run_for(6_000)
    expect(notice).to_be_hidden()
    context.close()
