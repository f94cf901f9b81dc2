"""What people take away: a page, a book, a clip, from the real server."""

import base64
import io
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import unquote

import av
import pytest

from alignment.formats import read_transcript
from alignment.library import Episode, Library
from tests.app.servers import served
from tests.app.test_routes import Answer
from tests.browser.recordings import make_tones
from tests.library.episodes import GIVEN, aligned

TITLE = 'At "the" gate / 門'


class Shop:
    """The server, and the episodes that it has: eight seconds, a tone at half past every one."""

    def __init__(self, host: str, episode: Episode, plain: Episode) -> None:
        self.host, self.episode, self.plain = host, episode, plain

    def get(self, part: str, id: str = "") -> Answer:
        connection = HTTPConnection(self.host)
        connection.request("GET", f"/episodes/{id or self.episode.id}/{part}")
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        connection.close()
        return Answer(answer.status, found, body)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    tones = make_tones(folder / "tones.m4a", duration_s=8.0, every_s=1.0)
    library = Library(folder / "library")
    episode = library.add(transcript=GIVEN, audio=tones.path, aligned=aligned(TITLE))
    # In letters that every machine has a font for.
    plain = library.add(transcript=GIVEN + b".", audio=tones.path, aligned=aligned("At the gate"))
    with served(library.root) as address:
        yield Shop(address.removeprefix("http://"), episode, plain)


def name_of(answer: Answer) -> str:
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    return unquote(disposition.partition("''")[2])


def test_the_page_has_the_sound_in_it(shop: Shop) -> None:
    answer = shop.get("page.html")

    assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    assert name_of(answer) == "At the gate 門.html"
    assert base64.b64encode(shop.episode.audio.read_bytes()) in answer.body


def test_the_book_is_one(shop: Shop) -> None:
    answer = shop.get("book.epub")

    assert answer.headers["content-type"] == "application/epub+zip"
    assert name_of(answer) == "At the gate 門.epub"
    assert read_transcript(answer.body).title == TITLE


@pytest.mark.parametrize("kind", ["m4a", "mp3"])
def test_a_clip_is_what_is_between_two_times(shop: Shop, kind: str) -> None:
    answer = shop.get(f"clip.{kind}?t=0:02&end=5s")

    assert answer.status == 200
    assert name_of(answer).endswith(f".{kind}") and name_of(answer).startswith("At the gate 門, 0 0")
    with av.open(io.BytesIO(answer.body)) as container:
        assert (container.duration or 0) / av.time_base == pytest.approx(3.0, abs=0.6)


@pytest.mark.parametrize(
    ("part", "status", "why"),
    [
        ("clip.m4a", 400, "Give as `t` and `end` two times"),
        ("clip.m4a?t=5&end=2", 400, "Give as `t` and `end` two times"),
        ("clip.m4a?t=0&end=1000", 400, "too long; give 10 min at most"),
        ("clip.mp4?t=0&end=200", 400, "too long; give 2 min at most"),
        ("clip.mp4?t=1&end=2&shape=7:5", 400, "Give one of: 16:9, 1:1, 9:16."),
        ("clip.m4a?t=90&end=100", 400, "ends before 1:30"),
        ("clip.wav?t=1&end=2", 404, "ask for m4a, mp3 or mp4"),
    ],
)
def test_a_clip_that_cannot_be_is_refused(shop: Shop, part: str, status: int, why: str) -> None:
    answer = shop.get(part)

    assert answer.status == status and why in answer.body.decode()


@pytest.mark.parametrize("part", ["page.html", "book.epub", "clip.m4a?t=1&end=2"])
def test_an_episode_that_is_not_there_is_a_404(shop: Shop, part: str) -> None:
    assert shop.get(part, id="aaaaaaaaaaaa").status == 404


def test_a_clip_is_a_film_where_that_is_asked_for(shop: Shop) -> None:
    answer = shop.get("clip.mp4?t=2&end=4&shape=1:1", id=shop.plain.id)

    assert answer.status == 200 and answer.headers["content-type"] == "video/mp4"
    with av.open(io.BytesIO(answer.body)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == (1080, 1080)
