"""Saving what is selected as a file of sound or a film."""

from pathlib import Path

import av
import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk import Desk


def choose(desk: Desk, kind: str, first: int = 3, last: int = 4) -> None:
    desk.listener.select(first, until=last)
    desk.listener.button("Save clip").click()
    desk.listener.button(kind).click()


@pytest.mark.parametrize(
    ("kind", "ending", "streams"),
    [("Sound (MP3)", ".mp3", ["audio"]), ("Film 1:1", ".mp4", ["video", "audio"])],
)
def test_what_is_selected_is_saved(
    desk: Desk, tmp_path: Path, kind: str, ending: str, streams: list[str]
) -> None:
    desk.listener.open(desk.episode.id)
    with desk.page.expect_download() as download:
        choose(desk, kind)
        expect(desk.page.get_by_role("status")).to_contain_text("it is saved when it is ready")

    name = download.value.suggested_filename
    assert name.endswith(ending) and "0 06" in name
    download.value.save_as(tmp_path / name)
    with av.open(tmp_path / name) as container:
        assert [stream.type for stream in container.streams] == streams
        assert (container.duration or 0) / av.time_base == pytest.approx(4.0, abs=0.6)
    expect(desk.page.get_by_role("status")).to_contain_text("saved.")
    assert desk.page.evaluate("String(getSelection())") == ""


def test_why_there_is_no_clip_is_told_and_another_try_is_offered(desk: Desk) -> None:
    desk.listener.open(desk.episode.id)
    answers = [{"status": 503, "json": {"error": "Another film is being drawn."}}, None]

    def answer(route: Route) -> None:
        said = answers.pop(0)
        if said is None:
            route.abort()
        else:
            route.fulfill(**said)

    desk.page.route("**/clip.mp4*", answer)
    choose(desk, "Film 9:16")
    expect(desk.page.get_by_role("status")).to_contain_text("Another film is being drawn.")
    desk.listener.button("Try again").click()
    expect(desk.page.get_by_role("status")).to_contain_text("The server does not answer.")


def test_a_clip_can_be_called_off(desk: Desk) -> None:
    desk.listener.open(desk.episode.id)
    desk.page.route("**/clip.mp4*", lambda route: None)  # no answer comes
    with desk.page.expect_event("requestfailed") as failed:
        choose(desk, "Film 16:9")
        desk.listener.button("Cancel").click()
    assert "shape=16%3A9" in failed.value.url and "t=6.00" in failed.value.url
    expect(desk.page.get_by_role("status")).to_be_hidden()


def test_the_choices_are_hidden_until_they_are_asked_for(desk: Desk) -> None:
    desk.listener.open(desk.episode.id)
    desk.listener.select(3)
    choices = desk.page.get_by_role("group", name="Save clip as")
    expect(choices).to_be_hidden()
    desk.listener.button("Save clip").click()
    expect(choices).to_be_visible()
    # One of the two sets of choices at a time.
    desk.listener.button("How to quote").click()
    expect(choices).to_be_hidden()
    expect(desk.page.get_by_role("group", name="How to quote")).to_be_visible()
