"""What goes wrong is said in the player, with a way on."""

import wave
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import make_transcript


@pytest.fixture
def away(server: PlayerServer) -> Iterator[PlayerServer]:
    """The server, back at the end of the test."""
    yield server
    server.down = False


def test_a_transcript_that_cannot_be_loaded(listener: Listener, away: PlayerServer, river: str) -> None:
    listener.page.route("**/transcript.json", lambda route: route.fulfill(status=503))
    listener.page.goto(away.page_url(river, t=30))
    message = listener.page.get_by_role("alert").filter(has_text="transcript")
    expect(message).to_contain_text("The transcript could not be loaded: the server answered 503.")
    listener.press("k")
    listener.page.wait_for_function("document.querySelector('audio').currentTime > 0.1")  # it plays without
    listener.page.unroute("**/transcript.json")
    message.get_by_role("button", name="Try again").click()
    listener.wait_until_ready()
    expect(message).to_be_hidden()


def test_an_episode_that_is_gone(listener: Listener, away: PlayerServer, river: str) -> None:
    listener.page.route("**/transcript.json", lambda route: route.fulfill(status=404))
    listener.page.goto(away.page_url(river))
    expect(listener.page.get_by_role("alert").filter(has_text="transcript")).to_contain_text(
        "this episode is no longer in the library"
    )


def test_audio_that_cannot_be_loaded_is_tried_again(
    listener: Listener, away: PlayerServer, river: str
) -> None:
    listener.page.route("**/audio", lambda route: route.fulfill(status=503))
    listener.page.goto(away.page_url(river, t=30))
    trouble = listener.page.locator(".vt-trouble")
    expect(trouble).to_contain_text("The audio cannot be loaded")
    listener.wait_for_line(15)  # the text can be read meanwhile, at its place
    listener.press("k")
    listener.page.unroute("**/audio")
    expect(trouble).to_be_hidden()
    listener.wait_for_position(30.1)
    assert listener.playing


def test_a_server_that_goes_and_comes_back(
    listener: Listener, away: PlayerServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # More than a browser keeps: it has to ask for the end when it gets there.
    path = tmp_path_factory.mktemp("noise") / "noise.wav"
    with wave.open(str(path), "wb") as recording:
        recording.setparams((2, 2, 48_000, 0, "NONE", ""))
        recording.writeframes(np.random.default_rng(1).bytes(4 * 48_000 * 200))
    away.add("noise", make_transcript(100), path)
    listener.open("noise")
    listener.press("k")
    listener.wait_for_position(0.2)
    away.down = True
    listener.press("9")
    trouble = listener.page.locator(".vt-trouble")
    expect(trouble).to_contain_text("The audio cannot be loaded", timeout=20_000)
    listener.wait_for_line(90)
    away.down = False
    expect(trouble).to_be_hidden(timeout=20_000)
    listener.wait_for_position(180.2)
    assert listener.playing


def test_another_episode_takes_the_place_of_the_one_before(
    listener: Listener, away: PlayerServer, river: str
) -> None:
    listener.open(river)
    listener.press("k")
    listener.wait_for_position(0.2)
    options = away.options[river]
    listener.evaluate("options => window.player.update(options)", options)
    assert listener.playing  # the same episode: left alone
    listener.evaluate(
        "options => window.player.update(options)", {**options, "episodeId": "twin", "title": "Twin"}
    )
    listener.wait_until_ready()
    assert listener.page.locator(".vt").count() == 1
    expect(listener.page.locator("h1")).to_have_text("Twin")
    assert not listener.playing
    listener.press("5")
    listener.wait_for_line(30)
    listener.evaluate("window.player.destroy()")
    assert listener.page.locator(".vt, audio").count() == 0
    assert listener.evaluate("CSS.highlights.get('vt-word').size") == 0
    listener.press("k", "/", "5")
