"""Which captions are taken, and that they come with the recording."""

from pathlib import Path

import pytest

from alignment.errors import FetchError
from alignment.formats import read_transcript
from alignment.sources import fetch
from alignment.sources.captions import CaptionsAt, choose_captions
from tests.sources.servers import Site, html, media, status

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe tide turns.\n"
GERMAN = "WEBVTT\n\n00:01.000 --> 00:02.000\nDie Flut kommt.\n"


MADE, GIVEN = "automatic_captions", "subtitles"


def at(*kinds: str) -> list[dict[str, str]]:
    return [{"ext": kind, "url": f"http://site/{kind}"} for kind in kinds]


@pytest.mark.parametrize(
    ("info", "wanted", "found"),
    [
        # What people wrote comes before what a machine did.
        (
            {GIVEN: {"en": at("vtt")}, MADE: {"en": at("json3")}},
            "en",
            ("vtt", "en", False),
        ),
        # The language that is wanted before any other, by its regions, too.
        ({GIVEN: {"de": at("vtt"), "en-GB": at("srt")}}, "en", ("srt", "en-GB", False)),
        ({GIVEN: {"de": at("vtt"), "en-GB": at("srt")}}, "fr", None),
        # A translation of the captions is not what is said.
        (
            {MADE: {"de": at("vtt"), "en": at("vtt"), "en-orig": at("srt")}},
            None,
            ("srt", "en", True),
        ),
        # The recording's own language, where the site knows it.
        ({"language": "fr", GIVEN: {"en": at("vtt"), "fr": at("ttml")}}, None, ("ttml", "fr", False)),
        ({"language": "fr", GIVEN: {"en": at("vtt")}}, None, None),
        # The form that says most.
        ({GIVEN: {"en": at("srt", "vtt", "json3", "srv1")}}, None, ("json3", "en", False)),
        (
            {GIVEN: {"en": at("docx")}, MADE: {"en": at("vtt")}},
            None,
            ("vtt", "en", True),
        ),
        ({GIVEN: {"live_chat": at("json")}}, None, None),
        ({GIVEN: {"en": [{"ext": "vtt"}]}, MADE: None}, None, None),
        ({}, None, None),
    ],
)
def test_the_best_captions_are_chosen(info, wanted, found):
    expected = None if found is None else CaptionsAt(f"http://site/{found[0]}", *found[1:])
    assert choose_captions(info, wanted) == expected


@pytest.fixture
def page(site: Site, talk: bytes) -> str:
    """A page with a recording that has captions in two languages."""
    site.pages |= {
        "/talk.m4a": media(talk),
        "/en.vtt": html(VTT),
        "/de.vtt": html(GERMAN),
        "/page": html(
            "<title>On tides</title><video src='/talk.m4a'>"
            "<track kind='subtitles' srclang='de' src='/de.vtt'>"
            "<track kind='captions' srclang='en' src='/en.vtt'></video>"
        ),
    }
    return site.address("/page")


@pytest.mark.parametrize(("language", "line"), [("en", "The tide turns."), ("de", "Die Flut kommt.")])
def test_captions_come_with_the_recording(page: str, tmp_path: Path, language: str, line: str):
    fetched = fetch(page, tmp_path, captions=language)

    assert fetched.captions is not None
    assert (fetched.captions.language, fetched.captions.automatic) == (language, False)
    assert [segment.text for segment in read_transcript(fetched.captions.path).segments] == [line]
    assert fetch(page, tmp_path, captions=language) == fetched  # from the receipt


def test_captions_are_fetched_only_where_they_are_wanted(site: Site, page: str, tmp_path: Path):
    assert fetch(page, tmp_path / "without").captions is None
    assert fetch(page, tmp_path / "french", captions="fr").captions is None
    assert not [asked for asked in site.asked if asked.path.endswith(".vtt")]


def test_captions_that_cannot_be_had_are_told_of(site: Site, page: str, tmp_path: Path):
    site.pages["/en.vtt"] = status(404)

    with pytest.raises(FetchError, match=r"404|not found|nothing"):
        fetch(page, tmp_path, captions="en")
