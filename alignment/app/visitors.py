"""Who visits: by the cookie that Streamlit's login signs, and by the keys of private links.

The same for the routes, which have a request, and the pages, which have the connection that began with one.
No other header says who somebody is.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.server_util import AUTH_COOKIE_NAME, get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from alignment.app.private_links import keys_in
from alignment.app.rights import NOBODY, Visitor
from alignment.app.settings import Settings

__all__ = ["asked_by", "current_visitor", "visitor_with"]

_asking: ContextVar[Visitor] = ContextVar("visitor", default=NOBODY)


def visitor_with(settings: Settings, cookies: Mapping[str, str]) -> Visitor:
    """The visitor who sent these cookies."""
    if not settings.hosted:
        return NOBODY
    return Visitor(_signed_in(settings, cookies), keys_in(cookies))


@contextmanager
def asked_by(visitor: Visitor) -> Iterator[None]:
    """Let `current_visitor` be this one meanwhile, in what is called and in threads that Starlette uses."""
    before = _asking.set(visitor)
    try:
        yield
    finally:
        _asking.reset(before)


def current_visitor(settings: Settings) -> Visitor:
    """Who asks for what is done now: through a route, or a page; nobody where neither is at work."""
    if settings.hosted and get_script_run_ctx(suppress_warning=True) is not None:
        visitor = visitor_with(settings, st.context.cookies.to_dict())
        # Streamlit takes the cookie only with proof that its own page opened the connection.
        return visitor if st.user.get("is_logged_in") is True else Visitor(None, visitor.keys)
    return _asking.get()


def _signed_in(settings: Settings, cookies: Mapping[str, str]) -> str | None:
    """The address that the login has verified, in small letters."""
    secret = get_cookie_secret()
    if settings.login is None or not secret:
        return None

    def proved(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies.get(name, "").encode("latin-1", "replace"))

    try:
        who: Any = json.loads(get_cookie_with_chunks(proved, AUTH_COOKIE_NAME) or b"{}")
    except ValueError:
        return None
    here = urlsplit(settings.address)
    if who.get("is_logged_in") is not True or who.get("origin") != f"{here.scheme}://{here.netloc}":
        return None
    email = who.get("email")
    verified = who.get("email_verified") is True and isinstance(email, str) and "@" in email
    return email.strip().lower() if verified else None
