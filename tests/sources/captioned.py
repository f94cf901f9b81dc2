"""A site with a talk, its captions, and a podcast's feed of it."""

import json

from tests.command import Talk
from tests.sources.servers import Site, html, media

__all__ = ["captioned_site"]

_FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Reading</title>
<item><title>Two people</title><guid isPermaLink="false">two</guid>
<enclosure url="/talk.wav" type="audio/wav" length="1"/>
<podcast:transcript url="/podcast.vtt" type="text/vtt"/>
<podcast:chapters url="/chapters.json" type="application/json+chapters"/></item></channel></rss>"""
_CHAPTERS = {"chapters": [{"startTime": 0, "title": "Hello"}, {"startTime": 8, "title": "And on"}]}
_AUDIO = "<title>A page</title><audio src='/talk.wav'>{}</audio>"


def captioned_site(talk: Talk) -> Site:
    """/page has captions of the talk, /bare has none; /feed.xml has it with a transcript and two chapters."""
    cues = [f"00:{line.start:06.3f} --> 00:{line.end:06.3f}\n<v Ada>{line.text}" for line in talk.lines]
    return Site(
        {
            "/talk.wav": media(talk.audio.read_bytes(), "audio/wav"),
            "/talk.vtt": html("WEBVTT\n\n" + "\n\n".join(cues)),
            "/podcast.vtt": html("WEBVTT - Two people\n\n" + "\n\n".join(cues)),
            "/page": html(_AUDIO.format("<track srclang='en' src='/talk.vtt'>")),
            "/bare": html(_AUDIO.format("")),
            "/feed.xml": html(_FEED),
            "/chapters.json": html(json.dumps(_CHAPTERS)),
        }
    )
