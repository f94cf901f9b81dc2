"""A model hub on 127.0.0.1 that speaks the little of the real one's language that fetching a model needs."""

import hashlib
import json
from collections.abc import Callable
from typing import Self

from tests.sources.servers import Page, Reply, Site

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """One repository and its files, by name; a name ending in .bin is stored by its SHA-256 (LFS).

    served: what is sent in place of a file; the listing goes on telling of the right one.
    """

    ELSEWHERE = "someone/nothing"
    """A repository that it does not have."""

    def __init__(self, repository: str, files: dict[str, bytes]) -> None:
        self.repository, self.files = repository, files
        self.served: dict[str, bytes] = {}
        self.site = Site()

    def __enter__(self) -> Self:
        self.site.__enter__()
        api = f"/api/models/{self.repository}"
        self.site.pages[f"{api}/revision/main"] = _json(
            {"id": self.repository, "sha": REVISION, "siblings": []}
        )
        sizes = [{"rfilename": name, "size": len(content)} for name, content in self.files.items()]
        self.site.pages[api] = _json({"id": self.repository, "sha": REVISION, "siblings": sizes})
        self.site.pages[f"{api}/tree/{REVISION}"] = _json([self._entry(name) for name in self.files])
        self.site.pages[f"/api/models/{self.ELSEWHERE}"] = _not_found
        self.site.pages[f"/api/models/{self.ELSEWHERE}/revision/main"] = _not_found
        for name in self.files:
            self.site.pages[self.path(name)] = self._file(name)
        return self

    def __exit__(self, *exception: object) -> None:
        self.site.__exit__(*exception)

    @property
    def endpoint(self) -> str:
        return self.site.address("")

    def path(self, name: str) -> str:
        """Of a file, on this server."""
        return f"/{self.repository}/resolve/{REVISION}/{name}"

    def fetched(self) -> list[str]:
        """The names of the files that were asked for, once each."""
        asked = {
            a.path.rpartition("/")[2] for a in self.site.asked if a.method == "GET" and "/resolve/" in a.path
        }
        return sorted(asked)

    def breaks_off(self, name: str, after: int, then: Callable[[], None]) -> None:
        """Send so many bytes of the file, call `then`, and close the connection."""
        content = self.files[name]

        def page(reply: Reply) -> None:
            reply.start(200, self._headers(name))
            reply.send(content[:after])
            if reply.asked.method == "GET":
                then()
                reply.break_off()

        self.site.pages[self.path(name)] = page

    def _entry(self, name: str) -> dict[str, object]:
        content = self.files[name]
        entry: dict[str, object] = {"type": "file", "path": name, "size": len(content), "oid": _sha1(content)}
        if name.endswith(".bin"):
            entry["lfs"] = {"oid": _sha256(content), "size": len(content), "pointerSize": 134}
        return entry

    def _headers(self, name: str) -> dict[str, str]:
        content = self.files[name]
        headers = {
            "X-Repo-Commit": REVISION,
            "Content-Length": str(len(content)),
            "ETag": f'"{_sha1(content)}"',
            "Accept-Ranges": "bytes",
        }
        if name.endswith(".bin"):
            headers |= {"X-Linked-Etag": f'"{_sha256(content)}"', "X-Linked-Size": str(len(content))}
        return headers

    def _file(self, name: str) -> Page:
        def page(reply: Reply) -> None:
            content = self.served.get(name, self.files[name])
            begin = reply.asked.first_byte
            headers = self._headers(name) | {"Content-Length": str(len(content) - begin)}
            if begin:
                headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
            reply.start(206 if begin else 200, headers)
            reply.send(content[begin:])

        return page


def _not_found(reply: Reply) -> None:
    reply.start(404, {"X-Error-Code": "RepoNotFound", "Content-Length": "0"})


def _json(value: object) -> Page:
    def page(reply: Reply) -> None:
        content = json.dumps(value).encode()
        reply.start(200, {"Content-Type": "application/json", "Content-Length": str(len(content))})
        reply.send(content)

    return page


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
