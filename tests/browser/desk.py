"""A desk to correct transcripts at: the app's own routes, a library, and a page with the player alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from alignment.app.routes import routes
from alignment.library import Episode, Library
from alignment.player import page_html
from tests.browser.conftest import serving
from tests.browser.listener import Listener


@dataclass
class Desk:
    """The player at an episode of a library, in edit mode where `edit` was called."""

    listener: Listener
    library: Library
    episode: Episode

    @property
    def page(self) -> Page:
        return self.listener.page

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Text of the line")

    @property
    def texts(self) -> list[str]:
        """Of the lines in the library."""
        return [segment.text for segment in self.library.transcript(self.episode.id).segments]

    @property
    def starts(self) -> list[float | None]:
        return [segment.start for segment in self.library.transcript(self.episode.id).segments]

    def edit(self, t: float) -> "Desk":
        """Edit the line at a time."""
        self.listener.open(self.episode.id, t=t)
        self.page.evaluate("document.querySelector('audio').mine = true")
        with self.page.expect_response("**/corrections.json"):
            self.listener.press("w")
        expect(self.field).to_be_focused()
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("group", name="Edit the line").get_by_role("button", name=name).click()

    def caret(self) -> int:
        return int(self.field.evaluate("field => field.selectionStart"))

    def text_of(self, line: int) -> str:
        return str(self.listener.line(line).evaluate("line => line.lastChild.data"))


@contextmanager
def serving_library(library: Library) -> Iterator[str]:
    """Serve the library's episodes; `plain` in a page's address leaves out what takes corrections."""

    def listen(request: Request) -> HTMLResponse:
        id = request.query_params["v"]
        options = {
            "episodeId": id,
            "title": "A river",
            "transcriptUrl": f"episodes/{id}/transcript.json?version=1",
            "audioUrl": f"episodes/{id}/audio",
            "correctionsUrl": None if "plain" in request.query_params else f"episodes/{id}/corrections",
            "clipsUrl": f"episodes/{id}/clip",
        }
        return HTMLResponse(page_html(options, assets="player/"))

    with serving(Starlette(routes=[Route("/listen", listen), *routes(lambda: library)])) as url:
        yield url
