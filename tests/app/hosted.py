"""A hosted app within the test's own process, with episodes of several owners, and people who visit it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from alignment.app import visitors
from alignment.app.readable import ReadableLibrary
from alignment.app.routes import middleware, routes
from alignment.app.settings import Login, Settings
from alignment.app.visitors import current_visitor
from alignment.library import Episode, Library
from alignment.transcript import Chapter, Source
from tests.library.episodes import GIVEN, aligned, audio_file

ADA, BEN, EVE = "ada@example.org", "ben@example.org", "eve@elsewhere.net"
COOKIE_SECRET = "c" * 32
SETTINGS = Settings(
    hosted=True,
    address="http://talks.example.org/",
    hosts=("talks.example.org",),
    secret="s" * 32,
    login=Login("http://127.0.0.1:9/.well-known/openid-configuration", "talks", "nobody's business"),
    adders=frozenset({"@example.org"}),
    editors=frozenset({BEN}),
)


@dataclass(frozen=True)
class Hosted:
    """The app, and what its library has: an episode for everybody, and one for Ada alone."""

    whole: Library
    public: Episode
    private: Episode
    settings: Settings = SETTINGS

    def library(self) -> Library:
        return ReadableLibrary(self.whole, self.settings, current_visitor(self.settings))

    def app(self) -> Starlette:
        return Starlette(routes=routes(self.library), middleware=middleware(self.library, self.settings))

    def visit(self, email: str | None = None, **changes: object) -> TestClient:
        """A visitor, signed in as somebody. changes: in what the login's cookie says."""
        client = TestClient(self.app(), base_url="http://talks.example.org", follow_redirects=False)
        if email is not None:
            client.cookies.set(visitors.AUTH_COOKIE_NAME, signed_in(email, **changes))
        return client


def signed_in(email: str, /, secret: str = COOKIE_SECRET, **changes: object) -> str:
    """The cookie of Streamlit's login."""
    who: Mapping[str, object] = {
        "email": email,
        "email_verified": True,
        "is_logged_in": True,
        "origin": "http://talks.example.org",
        **changes,
    }
    return create_signed_value(secret, visitors.AUTH_COOKIE_NAME, json.dumps(who)).decode()


def hosted(folder: Path) -> Hosted:
    """The app with its two episodes."""
    whole = Library(folder / "library")
    source = Source(channel="Gates", chapters=(Chapter(0.0, "First"),))
    picture = folder / "cover.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    public = whole.add(
        transcript=GIVEN,
        audio=audio_file(folder, "public.wav"),
        aligned=aligned("At the gate", source=source),
        thumbnail=picture,
        owner=ADA,
    )
    private = whole.add(
        transcript=GIVEN,
        audio=audio_file(folder, "private.wav", pitch_hz=440.0),
        aligned=aligned("Behind the gate", source=source),
        thumbnail=picture,
        owner=ADA,
        private=True,
    )
    return Hosted(whole, public, private)
