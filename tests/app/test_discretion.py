"""No key, token or cookie in the logs; no path of the server in what it answers."""

import json
import logging
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from alignment.app.discretion import discreet, keep_secrets_out_of_logs, without_paths, without_secrets


@pytest.mark.parametrize(
    "line",
    [
        "GET /listen?v=abc&key=SECRET.a-b_c HTTP/1.1",
        "GET /oauth2callback?code=SECRET&state=SECRET HTTP/1.1",
        "GET /auth/login?provider=SECRET",
        "Authorization: Bearer SECRET",
        "{'authorization': 'Basic SECRET', 'accept': '*/*'}",
        "Cookie: a=SECRET; _streamlit_user=SECRET",
        "(b'cookie', b'_streamlit_user=SECRET; verbatime_key_abc=SECRET')",
        "set-cookie: verbatime_key_abcdefghijkl=SECRET; Path=/",
        "_streamlit_user_1=SECRET",
    ],
)
def test_secrets_are_left_out(line: str) -> None:
    assert "SECRET" not in without_secrets(line)


@pytest.mark.parametrize(
    "line", ["GET /listen?v=abc&t=754 HTTP/1.1", "the key is = to none", "The cookie jar is empty."]
)
def test_other_lines_stay(line: str) -> None:
    assert without_secrets(line) == line


def test_every_logger_keeps_secrets_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    try:
        keep_secrets_out_of_logs()
        keep_secrets_out_of_logs()
        access = logging.getLogger("uvicorn.access")
        with caplog.at_level(logging.INFO, "uvicorn.access"):
            access.info('%s - "%s %s" %d', "127.0.0.1:5", "GET", "/listen?v=abc&key=SECRET", 303)
            access.info("%(path)s", {"path": "/listen?key=SECRET"})
    finally:
        logging.setLogRecordFactory(before)

    assert caplog.messages == ['127.0.0.1:5 - "GET /listen?v=abc&key=…" 303', "/listen?key=…"]


def test_paths_of_the_server_are_left_out(tmp_path: Path) -> None:
    root = tmp_path / "talks"
    text = f"The disk with the library {root} is full: {root}/jobs/a/error.txt, {Path.home()}/x"

    assert str(tmp_path) not in without_paths(text, root)
    assert without_paths(text, root).startswith("The disk with the library the library is full")


@pytest.mark.parametrize("name", ["talks", "gespräche"])
def test_what_went_wrong_is_told_without_paths(tmp_path: Path, name: str) -> None:
    root = tmp_path / name

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told = JSONResponse({"error": f"{root} is full."}, 507)
        told.body = json.dumps({"error": f"{root} is full."}).encode()
        told.headers["content-length"] = str(len(told.body))
        await told(scope, receive, discreet(send, root))

    answer = TestClient(app).get("/")

    assert answer.status_code == 507
    assert answer.json() == {"error": "the library is full."}
