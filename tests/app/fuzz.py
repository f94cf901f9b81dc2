"""Ask every route of ours for everything, for a while: python -m tests.app.fuzz --seconds 300.

The routes are those that `routes` gives, so a new one is asked by itself; only the names of query parameters
and valid bodies are kept here. The application is called in this process with what a server would hand to it:
any method, path, query, headers and body, valid ones among them and broken ones. An answer counts as wrong
where it is a 500, an exception, takes a second of processor time (twice), is not what its headers say, is out
of all proportion, or carries a header that the request has put into it.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
import traceback
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from PIL import Image
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import Message

from alignment.app.routes import middleware, routes
from alignment.formats import writable
from alignment.library import JobRequest, Jobs, Library
from alignment.library.corrections import read_corrections
from tests.library.episodes import GIVEN, aligned, audio_file, opening
from tests.library.test_notes import described
from tests.sources.recordings import murmur, write_recording

LIMIT_S = 1.0
PATIENCE_S = 20.0
LARGEST_ANSWER = 32 << 20
MEANT = (501, 503)
"""Beside those below 500: a format that is not given out, too many who wait."""
RESET_EVERY = 400

QUERIES = ("t", "end", "h", "v", "q", "url", "format", "maxwidth", "maxheight", "page", "sort", "token")
TIMES = ("0", "0.25", "1", "00:00:01", "1m2s", "-1", "1e308", "nan", "inf", "9" * 400, "٣", "1:2:3:4:5", "")
NASTY = (
    *(
        "",
        " ",
        "0",
        "-1",
        "..",
        "../../etc/passwd",
        "..%2f..%2fetc",
        "%00",
        "a\0b",
        "null",
        "é",
        "\u202e",
        "😀",
    ),
    *(
        "x\r\nX-Injected: 1",
        "x%0d%0aX-Injected:%201",
        "\n\nX-Injected: 1",
        "<script>",
        "'\"><img src=x>",
        "{{7*7}}",
    ),
    *(
        "%",
        "%zz",
        "a" * 5000,
        "/" * 50,
        "\\..\\..",
        "file:///etc/passwd",
        "con",
        ".",
        "~",
        "*",
        "\ufeff",
        "\ud7ff",
    ),
)
RANGES = (
    *(
        "bytes=0-",
        "bytes=0-0",
        "bytes=-1",
        "bytes=5-2",
        "bytes=99999999999-",
        "bytes=-99999999999",
        "bytes=",
        "x",
    ),
    *(
        "bytes=0-0,1-1,2-2",
        "bytes=" + ",".join(["0-"] * 2000),
        "bytes=" + ",".join(f"{n}-{n}" for n in range(999)),
    ),
    *(
        "bytes=0-18446744073709551616",
        "bytes=-0",
        "bytes=a-b",
        "items=0-5",
        "bytes=0-5,",
        "bytes=--5",
        "bytes= 0 - 5",
    ),
    "bytes=" + "9" * 5000 + "-",
)
HEADERS: dict[str, tuple[str, ...]] = {
    "range": RANGES,
    "if-range": ('"x"', 'W/"x"', "Wed, 21 Oct 2015 07:28:00 GMT", "\xff", ""),
    "if-none-match": ("*", '"x"', 'W/"x"', '""', '"' * 999, ", ,,", "\xe9"),
    "if-modified-since": ("Wed, 21 Oct 2015 07:28:00 GMT", "never", "\xff"),
    "accept": (
        "*/*",
        "text/vtt",
        "application/json;q=0.5, */*;q=x",
        ";",
        "a/b;q=1e999",
        ",".join(["a/b"] * 999),
    ),
    "accept-encoding": ("gzip", "gzip;q=0", "*", "br, gzip", "identity;q=0", "\xff"),
    "accept-language": ("de", "*", "x" * 999),
    "content-type": ("application/json", "text/plain", "application/json; charset=utf-7", ";", "\xff"),
    "content-length": ("0", "-1", "99999999999", "x"),
    "host": (
        "127.0.0.1:8501",
        "evil.example",
        "",
        "a b",
        "[::1",
        "x:y",
        "x:99999999",
        "\xff",
        "a/b?c#d",
        "@",
    ),
    "origin": ("http://127.0.0.1:8501", "https://evil.example", "null", "http://[", "\xff"),
    "referer": ("http://127.0.0.1:8501/", "x", "http://["),
    "sec-fetch-site": ("same-origin", "cross-site", "none", "x"),
    "sec-fetch-mode": ("navigate", "x"),
    "x-forwarded-for": ("127.0.0.1", "::1, x", "\xff"),
    "x-forwarded-host": ("evil.example", "["),
    "x-forwarded-proto": ("https", "javascript"),
    "x-forwarded-prefix": ("/a", "//evil.example"),
    "cookie": ("a=b", "=;=;", "x" * 5000, "\xff"),
    "authorization": ("Basic x", "Bearer " + "y" * 999, "\xff"),
    "user-agent": ("", "\xff"),
}
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get")
STRANGE_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**31,
        2**63,
        -(2**70),
        10**400,
        0.5,
        -0.0,
        1e308,
        "",
        "x",
        "é" * 3000,
        [],
        {},
    ),
    *(
        "\ud800",
        "\0",
        "\u202e",
        [[]] * 50,
        {"": None},
        {"a": {"b": {"c": []}}},
        "2026-99-99T99:99:99Z",
        "<script>",
    ),
)
LITERALS = (
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"0e0",
    b"[" * 50_000,
    b'{"a":' * 20_000,
    b"9" * 5000,
)


@dataclass(frozen=True)
class Case:
    """One request. route: the pattern that it was made for."""

    route: str
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def scope(self) -> dict[str, Any]:
        raw = quote(self.path, safe="/%:@!$&'()*+,;=~-._")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": self.query.encode("ascii", "replace"),
            "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in self.headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8501),
            "state": {},
        }


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    finished: bool = False

    def header(self, name: str) -> str:
        return next(
            (value.decode("latin-1") for key, value in self.headers if key.lower() == name.encode()), ""
        )


@dataclass
class Figures:
    """What came of it. wrong: a sentence and the case for each kind of wrong answer, once."""

    requests: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: dict[str, Case] = field(default_factory=dict)
    slowest: float = 0.0


class Place:
    """A library with an episode that has all it can have, and a preview; and the application over it."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder / "library")
        recording, picture = folder / "tone.m4a", folder / "thumbnail.png"
        write_recording(recording, murmur(16_000, 1), 16_000, "aac", options={"movflags": "+faststart"})
        Image.new("RGB", (32, 18), "teal").save(picture)
        self.episode = self.library.add(
            transcript=GIVEN, audio=recording, aligned=aligned(), thumbnail=picture
        )
        self.preview = self.library.show_preview(
            transcript=b"another", audio=audio_file(folder, pitch_hz=500.0), aligned=opening()
        )
        page = "<!doctype html><html><head><title>x</title></head><body></body></html>"
        self.routes = [
            *routes(lambda: self.library),
            Route("/listen", lambda request: HTMLResponse(page)),
        ]
        self.app = Starlette(routes=self.routes, middleware=middleware(lambda: self.library))
        self.most_bytes = self.episode.audio.stat().st_size
        self.job = ""
        self.reset()

    def reset(self) -> None:
        """As at the beginning: without notes, corrections and jobs."""
        for folder in (self.episode.folder, self.preview.folder):
            for path in (*folder.glob("notes*"), *folder.glob("corrections*")):
                path.unlink()
        jobs = Jobs(self.library.root)
        for job in jobs.all():
            jobs.cancel(job.id)
            jobs.dismiss(job.id)
        request = JobRequest(title="x", model="base", language=None, episode=self.episode.id, first=0, last=1)
        self.job = jobs.submit(request).id


def cases(place: Place, chance: random.Random) -> Iterable[Case]:
    """Requests without end, for each route as often."""
    note = described()
    values = {
        "id": (place.episode.id, place.episode.id, place.episode.id, place.preview.id),
        "file": ("main.js", "player.css"),
        "format": tuple(writable()),
        "kind": ("m4a", "mp3", "mp4"),
        "note": (note["id"],),
    }
    bodies: tuple[dict[str, Any], ...] = (
        note,
        {"revision": 0, "change": {"kind": "text", "line": 0, "text": "Off."}, "who": "Ada"},
        {"revision": 0, "change": {"kind": "split", "line": 1, "offset": 13}},
        {"revision": 0, "change": {"kind": "offset", "seconds": 0.1}},
        {"revision": 0, "change": {"kind": "join", "line": 0}},
        {"revision": 0, "change": {"kind": "start", "line": 1, "seconds": 0.3}},
        {"revision": 0, "change": {"kind": "nudge", "line": 1, "seconds": 0.1}},
        {"revision": 0, "change": {"kind": "shift", "line": 1, "seconds": 0.1}},
        {"revision": 0, "change": {"kind": "absent", "line": 1}},
        {"revision": 1},
        {"first": 0, "last": 1, "who": "Ada"},
    )
    while True:
        for route in place.routes:
            revision = read_corrections(place.library, place.episode.id).revision
            current = [{**body, "revision": revision} if "revision" in body else body for body in bodies]
            yield _case(route, {**values, "job": (place.job,)}, _fitting(route.path, current), chance)


def _fitting(path: str, bodies: Sequence[Any]) -> Sequence[Any]:
    """The bodies that a route takes, where it is one that is known."""
    needed = {"notes/{note}": "quote", "corrections": "change", "realign": "first", "do": "revision"}
    key = next((key for end, key in needed.items() if path.endswith(end)), None)
    return [body for body in bodies if key in body] or bodies


def _case(
    route: Route, values: dict[str, tuple[str, ...]], bodies: Sequence[Any], chance: random.Random
) -> Case:
    path = route.path
    for name in route.param_convertors:
        good = chance.random() < 0.8
        value = chance.choice(values.get(name, NASTY)) if good else chance.choice(NASTY)
        path = path.replace(f"{{{name}}}", quote(value, safe="%") if chance.random() < 0.9 else value)
    own = sorted(route.methods or {"GET"})
    method = chance.choice(own) if chance.random() < 0.8 else chance.choice(METHODS)
    asked = [
        (name, chance.choice(TIMES + NASTY))
        for name in chance.sample(QUERIES, chance.choice((0, 0, 1, 2, 4)))
    ]
    if chance.random() < 0.3:
        asked = [("t", "0.1"), ("end", "0.6"), *asked]
    if asked and chance.random() < 0.3:
        asked += [("url", f"http://127.0.0.1:8501/listen?v={values['id'][0]}&t=0.25"), ("v", values["id"][0])]
    query = (
        urlencode(asked, errors="replace")
        if chance.random() < 0.9
        else "&".join("=".join(pair) for pair in asked)
    )
    headers = [("host", "127.0.0.1:8501")] if chance.random() < 0.9 else []
    for name in chance.sample(list(HEADERS), chance.choice((0, 1, 1, 2, 5))):
        value = chance.choice(HEADERS[name] if chance.random() < 0.9 else NASTY)
        headers.append(
            (name, value.replace("\r", "").replace("\n", "").replace("\0", ""))
        )  # as servers see to
    body = b""
    if method not in ("GET", "HEAD") and chance.random() < 0.95:
        body = _body(chance.choice(bodies), chance)
        if chance.random() < 0.95:
            headers.append(("content-type", "application/json"))
    return Case(route.path, method, path or "/", query, tuple(headers), body)


def _body(valid: Any, chance: random.Random) -> bytes:
    value = json.loads(json.dumps(valid))
    for _ in range(chance.choice((0, 1, 1, 2, 6))):
        value = _mutated(value, chance)
    try:
        text = json.dumps(value).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):  # a number with more digits than Python writes
        text = b'{"revision": ' + b"9" * 5000 + b"}"
    dice = chance.random()
    if dice < 0.05:
        return text[: chance.randrange(len(text) + 1)]
    if dice < 0.1:
        return text.replace(b"0", chance.choice(LITERALS), 1)
    if dice < 0.12:
        return chance.randbytes(chance.choice((1, 100, 10_000)))
    if dice < 0.13:
        return b'"' + b"x" * (5 << 20) + b'"'
    return b"\xef\xbb\xbf" + text if dice < 0.14 else text


def _mutated(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.2 or not isinstance(value, dict | list) or not value:
        return chance.choice(STRANGE_VALUES)
    if isinstance(value, list):
        place = chance.randrange(len(value))
        return [*value[:place], _mutated(value[place], chance), *value[place + 1 :]]
    key = chance.choice(list(value))
    dice = chance.random()
    if dice < 0.15:
        return {name: kept for name, kept in value.items() if name != key}
    if dice < 0.25:
        return {**value, chance.choice(("x", "__proto__", "id", "kind", "")): chance.choice(STRANGE_VALUES)}
    return {**value, key: _mutated(value[key], chance)}


async def ask(app: Any, case: Case) -> Answer:
    """The application's answer, whole. What it raises is raised."""
    answer = Answer()
    pieces = [case.body[at : at + 65536] for at in range(0, len(case.body), 65536)] or [b""]
    sent = 0
    over = asyncio.Event()

    async def receive() -> Message:
        nonlocal sent
        if sent < len(pieces):
            sent += 1
            return {"type": "http.request", "body": pieces[sent - 1], "more_body": sent < len(pieces)}
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")
            answer.finished = not message.get("more_body")

    try:
        async with asyncio.timeout(PATIENCE_S):
            await app(case.scope(), receive, send)
    finally:
        over.set()
    return answer


def faults(case: Case, answer: Answer, most_bytes: int) -> Iterable[str]:
    """What is wrong with an answer."""
    if not answer.finished:
        yield "the answer was not finished"
    if answer.status >= 500 and answer.status not in MEANT:
        yield f"status {answer.status}"
    for name, value in answer.headers:
        if set(name + value) & set(b"\r\n\0") or name.lower() == b"x-injected":
            yield f"a header that was put in: {name!r}"
    length = answer.header("content-length")
    if length and case.method != "HEAD" and answer.status != 304 and int(length) != len(answer.body):
        yield f"{len(answer.body)} bytes, said to be {length}"
    if answer.status == 206 and len(answer.body) > 2 * most_bytes + 65536:
        yield f"{len(answer.body)} bytes for ranges of {most_bytes}"
    if len(answer.body) > LARGEST_ANSWER:
        yield f"{len(answer.body)} bytes"
    if answer.body and answer.status == 200:
        try:
            _check_kind(answer.header("content-type").partition(";")[0], answer)
        except (ValueError, AssertionError, ET.ParseError) as error:
            yield f"not the {answer.header('content-type')} that it is said to be: {error}"
    if answer.status >= 400 and answer.header("content-type").startswith("application/json"):
        try:
            json.loads(answer.body or b"{}")
        except ValueError:
            yield "an error that is no JSON"


def _check_kind(kind: str, answer: Answer) -> None:
    body = answer.body
    if answer.header("content-encoding") == "gzip":
        import gzip

        body = gzip.decompress(body)
    if kind.endswith("json"):
        json.loads(body)
    elif kind == "text/html":
        assert body.lstrip()[:9].lower() == b"<!doctype"
    elif kind.endswith("xml"):
        ET.fromstring(body)
    elif kind == "image/png":
        assert body.startswith(b"\x89PNG")
    elif kind.startswith(("text/", "application/x-subrip")):
        body.decode("utf-8-sig")


async def fuzz(place: Place, seconds: float, seed: int, tell: Callable[[str], None] = print) -> Figures:
    """Ask for so many seconds; tells of the first wrong answer of each kind."""
    figures = Figures()
    until = time.monotonic() + seconds
    for case in cases(place, random.Random(seed)):
        if time.monotonic() > until:
            break
        found, status = await _tried(place, case, figures)
        figures.requests += 1
        figures.statuses[case.route][status] += 1
        for fault in found:
            kind = f"{case.route}: {fault}"
            if kind not in figures.wrong:
                figures.wrong[kind] = case
                tell(f"{kind}\n{_shown(case)}")
        if figures.requests % RESET_EVERY == 0:
            place.reset()
    return figures


def _shown(case: Case) -> str:
    headers = str(case.headers)[:600]
    return f"  {case.method} {case.path[:200]}?{case.query[:200]}\n  {headers}\n  {case.body[:300]!r}"


async def _tried(place: Place, case: Case, figures: Figures) -> tuple[list[str], int]:
    took = 0.0
    for _ in range(2):
        began = time.process_time()
        try:
            answer = await ask(place.app, case)
        except TimeoutError:
            return [f"no answer within {PATIENCE_S:.0f} s"], 0
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            return [
                f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {str(error)[:200]}"
            ], 500
        took = time.process_time() - began
        if took < LIMIT_S:
            figures.slowest = max(figures.slowest, took)
            return list(faults(case, answer, place.most_bytes)), answer.status
    figures.slowest = max(figures.slowest, took)
    return [f"more than {LIMIT_S:.0f} s of processor time"], answer.status


def table(figures: Figures) -> str:
    """The figures as a table of Markdown: a line a route."""
    rows = ["| route | requests | statuses |", "|---|---:|---|"]
    for route, statuses in sorted(figures.statuses.items()):
        shown = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
        rows.append(f"| `{route}` | {statuses.total():,} | {shown} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.app.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        figures = asyncio.run(fuzz(place, arguments.seconds, arguments.seed))
    print(table(figures))
    print(
        f"\n{figures.requests:,} requests, {len(figures.wrong)} kinds of wrong answers; the slowest took "
        f"{figures.slowest:.2f} s of processor time."
    )
    sys.exit(1 if figures.wrong else 0)


if __name__ == "__main__":
    main()
