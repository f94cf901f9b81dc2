"""The search over HTTP: what comes back, for any question, and for whom."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from alignment.app.search_routes import search_routes
from alignment.library import Episode, Library
from tests.browser.conftest import serving
from tests.library.episodes import aligned, audio_file


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("searched")
    library = Library(folder / "library")
    for number in range(12):
        library.add(
            transcript=f"{number}".encode(),
            audio=audio_file(folder),
            aligned=replace(aligned(f"<b>Walk</b> {number}"), language="en"),
        )
    return library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with serving(Starlette(routes=search_routes(lambda: library))) as address:
        yield address


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def value(self) -> Any:
        return json.loads(self.body)


def get(address: str, **headers: str) -> Answer:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {}, error.read())


def ask(address: str, **query: object) -> Answer:
    return get(f"{address}/search.json?{urlencode(query)}")


def test_a_hit_is_a_link_to_its_second(address: str, library: Library) -> None:
    answer = ask(address, q="gate op", limit=1)

    (hit,) = answer.value["hits"]
    (line,) = hit["lines"]
    assert hit["title"].startswith("<b>Walk</b>")
    assert hit["address"] == f"listen?v={hit['id']}"
    assert line["address"] == f"listen?v={hit['id']}&t=0.25"
    assert (line["id"], line["start"]) == (1, 0.25)
    assert [line["text"][begin:end] for begin, end in line["marks"]] == ["gate", "open"]
    assert hit["id"] in {episode.id for episode in library.episodes()}


def test_the_answer_is_data_that_nobody_keeps(address: str) -> None:
    headers = ask(address, q="gate").headers

    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_go_on_and_are_bounded(address: str) -> None:
    first = ask(address, q="gate", limit=5).value
    second = ask(address, q="gate", limit=5, offset=first["next"]).value
    rest = ask(address, q="gate", limit=5, offset=second["next"]).value

    found = [hit["id"] for page in (first, second, rest) for hit in page["hits"]]
    assert len(found) == len(set(found)) == 12
    assert rest["next"] is None
    assert len(ask(address, q="gate", limit=10**8).value["hits"]) == 12


@pytest.mark.parametrize(
    "query",
    [
        {}, {"q": ""}, {"q": '"'}, {"q": "\x00"}, {"q": "a" * 5000}, {"q": "NEAR("},
        {"q": "gate", "limit": "x"},
        {"q": "gate", "limit": "-1"}, {"q": "gate", "offset": "-1"}, {"q": "gate", "offset": "9" * 30},
        {"q": "gate", "limit": "0"}, {"q": "gate", "limit": "²"},
    ],
)  # fmt: skip
def test_every_question_is_answered(address: str, query: dict[str, str]) -> None:
    answer = ask(address, **query)

    assert answer.status == 200
    assert answer.value.keys() == {"hits", "next", "pending"}


def test_an_added_episode_is_found_at_once(address: str, library: Library, tmp_path: Path) -> None:
    assert ask(address, q="zebra").value["hits"] == []

    added = library.add(transcript=b"zebra", audio=audio_file(tmp_path), aligned=aligned("A zebra"))

    assert [hit["id"] for hit in ask(address, q="zebra").value["hits"]] == [added.id]
    library.remove(added.id)
    assert ask(address, q="zebra").value["hits"] == []


def test_who_may_not_see_an_episode_does_not_find_it(library: Library) -> None:
    class Hers(Library):
        @property
        def whole(self) -> Library:
            return library

        @property
        def shows(self) -> Callable[[Episode], bool]:
            return lambda episode: episode.title.endswith(" 7")

    with serving(Starlette(routes=search_routes(lambda: Hers(library.root)))) as address:
        hers = ask(address, q="gate").value

    assert [hit["title"] for hit in hers["hits"]] == ["<b>Walk</b> 7"]


def test_the_files_of_the_search_and_no_others(address: str) -> None:
    for module in ("search-box.js", "way-back.js"):
        assert get(f"{address}/search/{module}").headers["content-type"].startswith("text/javascript")
    assert get(f"{address}/search/search.css").status == 200
    assert get(f"{address}/search/__init__.py").status == 404
