"""Who may change something, and with what."""

import json
from typing import Any

import pytest
from starlette.requests import Request

from alignment.app.writes import Refused, json_body
from tests.elsewhere import run_elsewhere

JSON = {"content-type": "application/json", "host": "localhost:8501"}


def taken(body: bytes, headers: dict[str, str], **how: Any) -> Any:
    """What the server makes of a request that comes in pieces of 1,000 bytes."""
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)] or [b""]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "PUT", "path": "/", "query_string": b"", "headers": encoded}
    return run_elsewhere(json_body(Request(scope, receive), **how))


@pytest.mark.parametrize(
    "sender",
    [
        {"sec-fetch-site": "same-origin", "origin": "http://localhost:8501"},
        {"origin": "http://localhost:8501"},
        {},
    ],
    ids=["a browser", "an old browser", "a program"],
)
def test_what_our_own_page_sends_is_taken(sender: dict[str, str]) -> None:
    assert taken(json.dumps({"text": "né" * 900}).encode(), {**JSON, **sender}) == {"text": "né" * 900}


@pytest.mark.parametrize(
    "sender",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8501"},
        {"origin": "http://localhost:8502"},
        {"origin": "null"},
    ],
)
def test_what_another_site_sends_is_refused(sender: dict[str, str]) -> None:
    with pytest.raises(Refused, match="own pages") as refused:
        taken(b"{}", {**JSON, **sender})
    assert refused.value.status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_form_can_send_is_refused(kind: str) -> None:
    with pytest.raises(Refused, match="application/json") as refused:
        taken(b"{}", {**JSON, "content-type": kind})
    assert refused.value.status == 415


def test_more_than_is_reasonable_is_refused() -> None:
    assert taken(b'"' + b"a" * 1998 + b'"', JSON, most_bytes=2000)
    with pytest.raises(Refused, match="2,000 bytes") as refused:
        taken(b'"' + b"a" * 1999 + b'"', JSON, most_bytes=2000)
    assert refused.value.status == 413


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"NaN", b"[" * 100_000], ids=lambda body: repr(body[:4])
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="no JSON") as refused:
        taken(body, JSON)
    assert refused.value.status == 400
