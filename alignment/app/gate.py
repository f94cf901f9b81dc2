"""The one gate in front of every route of a hosted app: it knows who asks, and what each route takes.

What has no rule here is refused, so that a new route is shut until somebody has thought about it. In a
personal app everything passes.
"""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from alignment.app.discretion import discreet
from alignment.app.private_links import COOKIE, cookie_paths, time_left
from alignment.app.rights import Visitor, may_add, may_change
from alignment.app.settings import Settings
from alignment.app.share_page import missing_page, page_headers
from alignment.app.visitors import asked_by, visitor_with
from alignment.errors import LibraryError
from alignment.library import Library
from alignment.library.link_salt import link_salt

__all__ = ["RULES", "Gate", "Need", "Rule", "rule_for"]


class Need(Enum):
    """What a request needs to pass."""

    NOTHING = "nothing"
    READING = "the right to read the episode named in the path"
    CHANGING = "the right to change it"
    ADDING = "the right to add episodes"
    NEARNESS = "to come from this machine itself, not through a proxy"


@dataclass(frozen=True, slots=True)
class Rule:
    """What requests with one of these methods need. path: the form of theirs, as Starlette writes it."""

    need: Need
    path: str
    methods: frozenset[str] = frozenset({"GET", "HEAD"})

    def id_in(self, method: str, path: str) -> str | None:
        """None where the rule is not for such a request; else the episode's id in the path, or ""."""
        pattern, _, _ = compile_path(self.path)
        match = pattern.match(path) if method in self.methods else None
        return match and match.groupdict().get("id", "")


def _rules(need: Need, paths: Iterable[str], *methods: str) -> list[Rule]:
    allowed = frozenset(methods or ("GET", "HEAD"))
    return [Rule(need, path, allowed) for path in paths]


_PAGES = ("/", "/listen", "/add")
_STREAMLIT = (
    "/favicon.png",
    "/manifest.json",
    "/static/{path:path}",
    "/media/{path:path}",
    "/component/{path:path}",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/bidi-components/{path:path}",
    "/_stcore/stream",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
)
_LISTS = (
    "/healthz",
    "/readyz",
    "/player/{file}",
    "/search/{file}",
    "/feed.xml",
    "/sitemap.xml",
    "/oembed",
    "/search.json",
)
_OF_AN_EPISODE = (
    "/episodes/{id}/audio",
    "/episodes/{id}/transcript.json",
    "/episodes/{id}/transcript.{format}",
    "/episodes/{id}/peaks.json",
    "/episodes/{id}/report",
    "/episodes/{id}/thumbnail",
    "/episodes/{id}/page.html",
    "/episodes/{id}/book.epub",
    "/episodes/{id}/clip.{kind}",
    "/s/{id}",
    "/s/{id}/picture.png",
    "/embed/{id}",
    "/e/{id}/chapters.json",
    "/e/{id}.{format}",
    "/e/{id}",
)
# Who noted or corrected what is no business of listeners.
_BY_ITS_PEOPLE = (
    "/episodes/{id}/notes.json",
    "/episodes/{id}/corrections.json",
    "/episodes/{id}/corrections/realign/{job}.json",
)
_CORRECTIONS = "/episodes/{id}/corrections"
_UPLOADS = ("/_stcore/upload_file/{session}/{file}",)

RULES = (
    *_rules(Need.NOTHING, (*_PAGES, *_STREAMLIT, *_LISTS)),
    *_rules(Need.NEARNESS, ("/metrics", "/_stcore/metrics")),
    *_rules(Need.READING, _OF_AN_EPISODE),
    *_rules(Need.CHANGING, _BY_ITS_PEOPLE),
    *_rules(Need.CHANGING, (f"{_CORRECTIONS}{what}" for what in ("", "/undo", "/redo", "/realign")), "POST"),
    *_rules(Need.CHANGING, (f"{_CORRECTIONS}/realign/{{job}}",), "DELETE"),
    *_rules(Need.CHANGING, ("/episodes/{id}/notes/{note}",), "PUT", "DELETE"),
    *_rules(Need.ADDING, _UPLOADS, "PUT", "DELETE", "OPTIONS"),
)
"""What each route needs in a hosted app, the first that fits."""

_FRAMING = 64 * 1024
"""Bytes of a request around the file that it hands over."""

_NOT_HERE = "There is nothing at this address."
_NO_LINK = "This link leads nowhere: it may have expired, or been taken back."
_SIGN_IN = "Sign in to do this."
_NOT_YOURS = "This can be done by those alone whom the owner of this app has named."


def rule_for(method: str, path: str) -> tuple[Rule, str] | None:
    """The rule for such a request, with the episode's id or ""; None where there is none."""
    for rule in RULES:
        if (id := rule.id_in(method, path)) is not None:
            return rule, id
    return None


class Gate:
    """Lets through what the rules allow whoever asks. library: called with that visitor known."""

    def __init__(self, app: ASGIApp, library: Callable[[], Library], settings: Settings) -> None:
        self._app = app
        self._library = library
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] not in {"http", "websocket"} or not self._settings.hosted:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visitor = visitor_with(self._settings, connection.cookies)
        with asked_by(visitor):
            refusal = await self._refusal(connection, visitor)
            if refusal is None:
                if scope["type"] == "http":
                    send = discreet(send, self._library().root)
                await self._app(scope, receive, send)
            elif scope["type"] == "http":
                await refusal(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})

    async def _refusal(self, asked: HTTPConnection, visitor: Visitor) -> Response | None:
        """The answer to a request that does not pass."""
        path = _route(self._settings, asked.scope["path"])
        method = asked.scope.get("method", "GET")
        found = rule_for(method, path)
        if found is None:
            return _refused(404, _NOT_HERE)
        rule, id = found
        if path == "/listen" and "key" in asked.query_params:
            return await run_in_threadpool(self._opened, Request(asked.scope))
        match rule.need:
            case Need.NOTHING:
                return None
            case Need.NEARNESS:
                return None if _is_near(asked) else _refused(404, _NOT_HERE)
            case Need.ADDING:
                allowed = may_add(self._settings, visitor)
                return _too_large(asked, self._settings) if allowed else _not_allowed(visitor)
            case Need.READING | Need.CHANGING:
                return await run_in_threadpool(self._for_episode, rule.need, path, id, visitor)

    def _for_episode(self, need: Need, path: str, id: str, visitor: Visitor) -> Response | None:
        try:
            episode = self._library().episode(id)
        except LibraryError as error:
            # The same answer whether it is missing or somebody's own.
            return _missing(str(error)) if path.startswith(("/s/", "/embed/")) else _refused(404, str(error))
        if need is Need.CHANGING and not may_change(self._settings, visitor, episode):
            return _not_allowed(visitor)
        return None

    def _opened(self, request: Request) -> Response:
        """On to the page of a private episode, with the key in cookies and no longer in the address."""
        id, key = request.query_params.get("v", ""), request.query_params["key"]
        holder = Visitor(keys=((id, key),))
        try:
            with asked_by(holder):
                episode = self._library().episode(id)
                left = time_left(self._settings, episode, link_salt(self._library(), id), key)
        except LibraryError:
            return _missing(_NO_LINK, home="./")
        others = [(name, value) for name, value in parse_qsl(request.url.query) if name != "key"]
        answer = RedirectResponse(f"listen?{urlencode(others)}", 303, headers={"Cache-Control": "no-store"})
        if left > 0:  # what is public needs none
            for path in cookie_paths(self._settings, id):
                answer.set_cookie(
                    COOKIE + id,
                    key,
                    max_age=int(left),
                    path=path,
                    secure=self._settings.encrypted,
                    httponly=True,
                    samesite="lax",
                )
        return answer


def _route(settings: Settings, path: str) -> str:
    """The path within the app, whether or not what is in front has taken the app's own path off."""
    return path.removeprefix(settings.path.rstrip("/")) or "/" if path.startswith(settings.path) else path


def _is_near(asked: HTTPConnection) -> bool:
    if asked.client is None or "x-forwarded-for" in asked.headers or "forwarded" in asked.headers:
        return False
    try:
        return ipaddress.ip_address(asked.client.host).is_loopback
    except ValueError:
        return False


def _too_large(asked: HTTPConnection, settings: Settings) -> Response | None:
    """What is larger than one person may hand over is refused before it is read."""
    most = settings.limits.upload_bytes + _FRAMING
    size = asked.headers.get("content-length", "0")
    if size.isascii() and size.isdigit() and int(size) <= most:
        return None
    return _refused(413, f"Up to {most >> 20:,} MB are taken.")


def _not_allowed(visitor: Visitor) -> Response:
    return _refused(401, _SIGN_IN) if visitor.email is None else _refused(403, _NOT_YOURS)


def _refused(status: int, message: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return JSONResponse({"error": message}, status_code=status, headers=headers)


def _missing(message: str, home: str = "../") -> Response:
    headers = {**page_headers(), "Cache-Control": "no-store"}
    return Response(missing_page(message, home), 404, media_type="text/html", headers=headers)
