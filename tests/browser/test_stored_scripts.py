"""What others have written runs nowhere: every field of an episode, through every format, on every surface.

One episode has hostile strings in all that a transcript, its page, its notes and its corrections can say,
and lines with what each format that is written and read makes of them. A trap waits in every page: a function
that they call, dialogs, and requests to a host that is nobody's.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from alignment.corrections import Text
from alignment.errors import AlignmentError
from alignment.formats import read_transcript, writable, write_bytes
from alignment.library import Episode, Library
from alignment.library.corrections import correct
from alignment.library.notes import Note, keep_note
from alignment.transcript import (
    About,
    Chapter,
    Comment,
    Passage,
    Segment,
    Source,
    Transcript,
    Word,
)
from tests.app.servers import served
from tests.browser.recordings import AudioClip
from tests.library.episodes import aligned
from tests.library.test_notes import described

MARKER = "marker.invalid"
PAYLOADS = (
    "<script>hit()</script>",
    "</script><script>hit()</script>",
    "</style></title></textarea><script>hit()</script>",
    "<!--<script>hit()//-->",
    "<img src=x onerror=hit()>",
    "<svg/onload=hit()>",
    "' onmouseover='hit()' x='",
    '" autofocus tabindex=1 onfocus="hit()" x="',
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<a href=javascript:hit()>a link</a>",
    "[a link](javascript:hit())",
    f"![a picture](http://{MARKER}/picture.png)",
    f"<link rel=stylesheet href=//{MARKER}/style.css>",
    f"<style>@import url(//{MARKER}/import.css)</style>",
    f"<meta http-equiv=refresh content='0;url=//{MARKER}/'>",
    f"<base href=//{MARKER}/>",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>hit()</script><![CDATA[",
    "&lt;script&gt;hit()&lt;/script&gt;",
    "$\\href{javascript:hit()}{x}$ ${hit()} {{hit()}} `hit()`",
    "\u202e\u2066\u2028hit()\u2069",
)
ALL = " ".join(PAYLOADS)
LINK = "javascript:hit()//"
ADDRESS = f'http://{MARKER}/"><script>hit()</script>'

_TRAP = """
    window.hits = 0;
    window.hit = () => { window.hits += 1; };
    for (const name of ["alert", "confirm", "prompt"]) window[name] = window.hit;
"""
_LOOK = """() => {
    const found = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            for (const { name, value } of element.attributes) {
                const runs = name.startsWith("on") && value.includes("hit()");
                const leads = ["href", "src", "action", "data", "formaction"].includes(name);
                if (runs || name === "srcdoc" || (leads && /^\\s*javascript:/i.test(value)))
                    found.push(element.outerHTML.slice(0, 200));
            }
            if (element.localName === "script" && /^\\s*hit\\(\\)/.test(element.textContent))
                found.push(element.outerHTML.slice(0, 200));
            if (element.shadowRoot) look(element.shadowRoot);
        }
    };
    look(document);
    return { hits: window.hits, found };
}"""


@dataclass
class Trap:
    """A page with a trap in it."""

    page: Page
    sprung: list[str] = field(default_factory=list)

    def open(self, address: str, shown: str | None = None) -> None:
        """Go there and look, once `shown` (a selector) is."""
        self.page.goto(address)
        if shown:
            self.page.wait_for_selector(shown, state="attached")
            self.page.wait_for_load_state("load")
        self.look()

    def look(self) -> None:
        seen = self.page.evaluate(_LOOK)
        assert seen == {"hits": 0, "found": []}
        assert self.sprung == []


@pytest.fixture
def trap(browser: Browser) -> Iterator[Trap]:
    context = browser.new_context(bypass_csp=True)  # so that nothing but the pages themselves stops a script
    context.add_init_script(_TRAP)
    page = context.new_page()
    trap = Trap(page)

    def asked(url: str) -> None:
        if MARKER in url.partition("?")[0].partition("#")[0]:
            trap.sprung.append(url)

    page.on("dialog", lambda dialog: (trap.sprung.append(dialog.message), dialog.dismiss()))
    context.on("request", lambda request: asked(request.url))
    context.set_default_timeout(15_000)
    yield trap
    context.close()


def hostile() -> Transcript:
    """Hostile in every field that holds text."""
    texts = (*PAYLOADS, ALL)
    segments = tuple(
        Segment(
            number,
            text,
            number * 1.0,
            number + 0.9,
            speaker=PAYLOADS[number % len(PAYLOADS)],
            status="aligned",
            confidence=0.3,
            words=tuple(Word(word, number * 1.0, number + 0.9, 0.3) for word in text.split()),
        )
        for number, text in enumerate(texts)
    )
    return Transcript(
        segments=segments,
        title=ALL,
        language="en",
        duration=120.0,
        source=Source(
            id=ALL,
            url=LINK,
            channel=ALL,
            length=100.0,
            published=PAYLOADS[0],
            description=f"{ALL}\n{LINK}\n{ADDRESS}",
            thumbnail=ADDRESS,
            chapters=tuple(Chapter(number * 2.0, text) for number, text in enumerate(PAYLOADS)),
        ),
        about=About(
            views=1,
            info={ALL: ALL, "Link": LINK},
            comments=(Comment(ALL, ALL, ALL, 1, 1), Comment(LINK, LINK)),
            related=(ALL, LINK),
            note=f"{ALL} {LINK}",
        ),
        provenance=aligned().provenance,
        untranscribed=(Passage(30.0, 35.0, ALL),),
    )


def through_every_format(transcript: Transcript) -> Transcript:
    """With lines of what each format makes of it, written and read again."""
    segments = list(transcript.segments)
    formats = set()
    for name in writable():
        try:
            read = read_transcript(write_bytes(transcript, name))
        except AlignmentError:  # written for other programs alone
            continue
        formats.add(name)
        for line in read.segments:
            texts = (line.text, line.speaker or "", read.title or "", read.source.channel or "")
            segments.append(
                Segment(len(segments), " ".join(texts), speaker=line.speaker, status="not_in_audio")
            )
    assert {"srt", "vtt", "ass", "ttml", "md", "csv", "docx"} <= formats
    return replace(transcript, segments=tuple(segments))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, tones: AudioClip) -> tuple[Library, Episode]:
    library = Library(tmp_path_factory.mktemp("hostile") / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    episode = library.add(transcript=ALL.encode(), audio=tones.path, aligned=through_every_format(hostile()))
    texts = {"quote": ALL[:300], "text": ALL}
    for start in (0.5, 3.5):
        keep_note(library, episode.id, Note.from_description(described(start=start, end=start + 1, **texts)))
    correct(library, episode.id, Text(1, ALL), revision=0, who=PAYLOADS[4])
    return library, episode


@pytest.fixture(scope="module")
def address(written: tuple[Library, Episode]) -> Iterator[str]:
    with served(written[0].root) as address:
        yield address


@pytest.fixture
def id(written: tuple[Library, Episode]) -> str:
    return written[1].id


def test_the_library(trap: Trap, address: str):
    trap.open(f"{address}/", ".page-episode, [data-testid=stMarkdown], a")
    trap.page.get_by_text("hit()").first.wait_for()
    trap.look()


def test_the_player_and_its_panels(trap: Trap, address: str, id: str):
    trap.open(f"{address}/listen?v={id}&t=3&h=<script>hit()</script>&q=<img src=x onerror=hit()>", ".vt-line")
    panels = trap.page.locator("button[aria-expanded=false], summary")
    opened = 0
    for number in range(panels.count()):
        if panels.nth(number).is_visible():
            panels.nth(number).click(timeout=2000)
            trap.look()
            trap.page.keyboard.press("Escape")
            opened += 1
    assert opened >= 3


@pytest.mark.parametrize(
    "path",
    [
        "/s/{id}?t=3&end=9",
        "/s/{id}?t=<script>hit()</script>&end='\"><img src=x onerror=hit()>",
        "/s/<script>hit()<%2Fscript>",
        "/embed/{id}?t=3",
        "/episodes/{id}/report",
        "/episodes/{id}/transcript.json",
        "/episodes/{id}/transcript.md",
        "/episodes/{id}/transcript.ttml",
        "/episodes/{id}/notes.json",
        "/episodes/{id}/corrections.json",
        "/episodes/<script>hit()<%2Fscript>/report",
        "/player/<script>hit()<%2Fscript>",
        "/e/{id}",
        "/e/{id}/chapters.json",
        "/oembed?url={address}/listen%3Fv={id}",
        "/oembed?url=<script>hit()</script>&format=<script>hit()</script>",
        "/feed.xml",
        "/sitemap.xml",
    ],
)
def test_what_the_routes_give_out(trap: Trap, address: str, id: str, path: str):
    """Opened in a browser's window as any link is, whatever it was meant for; some are saved instead."""
    place = address + path.format(id=id, address=address)
    # A shared link's page goes on to the player at once; here it is to be looked at.
    trap.page.route(re.compile(r"^[^?]*/listen(\?|$)"), lambda route: route.abort("aborted"))
    try:
        trap.open(place, ".vt-line" if "/embed/" in path else None)
    except Exception as error:
        assert "Download is starting" in str(error)
    assert trap.sprung == []


def test_the_page_that_plays_from_a_disk(trap: Trap, address: str, id: str, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_bytes(trap.page.request.get(f"{address}/episodes/{id}/page.html").body())

    trap.open(page.as_uri(), ".vt-line")


def test_the_pages_of_the_book(trap: Trap, address: str, id: str, tmp_path: Path):
    book = tmp_path / "book.epub"
    book.write_bytes(trap.page.request.get(f"{address}/episodes/{id}/book.epub").body())
    with zipfile.ZipFile(book) as archive:
        archive.extractall(tmp_path / "book")
    pages = [path for path in (tmp_path / "book").rglob("*") if path.suffix in {".xhtml", ".opf"}]

    assert len(pages) >= 3
    for page in pages:
        trap.open(page.as_uri())


def test_the_trap_springs(trap: Trap, tmp_path: Path):
    """So that silence means something."""
    page = tmp_path / "page.html"
    page.write_text(
        f"<img src=x onerror=hit()><img src=http://{MARKER}/x.png><a href=' JavaScript:hit()'>x</a>"
    )

    with pytest.raises(AssertionError):
        trap.open(page.as_uri())

    seen = trap.page.evaluate(_LOOK)
    assert seen["hits"] == 1
    assert len(seen["found"]) == 2
    assert trap.sprung == [f"http://{MARKER}/x.png"]


def test_hostile_is_hostile_in_each_field():
    """A field that is added to a transcript is to be hostile, too."""
    described = json.loads(write_bytes(hostile(), "json"))

    def silent(value: object, place: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from silent(part, f"{place}.{name}")
        elif isinstance(value, list):
            for part in value:
                yield from silent(part, place)
        elif isinstance(value, str) and "hit()" not in value and MARKER not in value:
            yield place

    places = {place for place in silent(described, "") if not place.startswith((".provenance", ".segments"))}
    assert places <= {".language", ".source.published"}
