"""Politeness to those who are asked: few at a time, not too often, and patience when they ask for a pause.

    HOST.0.lock, HOST.1.lock, ...   held by those who fetch from a host; freed when their process dies
    HOST.json                       when the next one may begin, and how often the host refused
    HOST.lock                       held while that is read and written

Any number of processes of a machine keep to it together by these files. A host is known by its name; what
else answers for the same site is another one.
"""

import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from alignment.disk import clearly, identifier, read_json, write_json
from alignment.errors import Cancelled
from alignment.progress import Progress, ProgressCallback, ignore_progress

__all__ = ["Courtesy", "host_of"]

_LOOK_EVERY_S = 0.25
_LONGEST_ASKED_S = 24 * 3600.0
"""Of a pause that a host asks for."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of a host; all times are those of the clock. noted: when this was written.

    next: before this nobody begins. until: before this nobody begins because the host refused.
    refusals: how often in a row, the last time at `refused`.
    """

    noted: float = 0.0
    next: float = 0.0
    until: float = 0.0
    refusals: int = 0
    refused: float = 0.0


@dataclass(frozen=True, slots=True)
class Courtesy:
    """How hosts are treated, by all who are given the same folder.

    at_once: fetches from one host at a time. pause_s: least time between two beginnings there.
    first_wait_s: nobody asks a host for so long after it refused; twice as long after each further refusal in
    a row, longest_wait_s at most. Where the host says how long, it is that long at least, a day at most.
    clock: seconds since 1970. sleep: waits so many seconds.
    """

    folder: Path
    at_once: int = 2
    pause_s: float = 1.0
    first_wait_s: float = 30.0
    longest_wait_s: float = 3600.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if self.at_once < 1 or self.pause_s < 0:
            raise ValueError("At least one fetch at a time, and no pause of less than nothing.")

    @contextmanager
    def turn(self, address: str | Path, progress: ProgressCallback = ignore_progress) -> Iterator[None]:
        """Around a fetch: wait until its host may be asked, and learn from how it goes.

        A path needs no turn. progress: told what is waited for, several times a second; what it raises, as
        Cancelled, ends the wait. An error of the fetch goes on; where the host asked for a pause, everybody
        waits. Raises LibraryError where the folder cannot be written.
        """
        host = host_of(address)
        if host is None:
            yield
            return
        with self._slot(host, progress):
            began = self._begin(host, progress)
            try:
                yield
            except Cancelled:
                raise
            except Exception as error:
                self._learn(host, began, error)
                raise
            self._forget(host, began)

    @contextmanager
    def _slot(self, host: str, progress: ProgressCallback) -> Iterator[None]:
        with clearly(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            locks = [FileLock(self._file(host, f".{number}.lock")) for number in range(self.at_once)]
            while (held := next(filter(_taken, locks), None)) is None:
                self._wait(host, progress, None, "As much is fetched from there as is polite")
        try:
            yield
        finally:
            held.release()

    def _begin(self, host: str, progress: ProgressCallback) -> float:
        """Wait until the next may begin, and return when that was."""
        while True:
            with self._state(host) as known:
                now = self.clock()
                # Where the clock was put back, nothing waits for its old times.
                state = known if now >= known.noted else replace(known, next=0.0, until=0.0)
                due = max(state.next, state.until)
                if now >= due:
                    self._note(host, replace(state, noted=now, next=now + self.pause_s))
                    return now
            why = "It asked for a pause" if state.until > now else ""
            self._wait(host, progress, due - now, why)

    def _learn(self, host: str, began: float, error: Exception) -> None:
        """Have everybody wait, where the host refused."""
        # yt-dlp; loaded already where something was fetched
        from alignment.sources.refusals import refusal_in

        now = self.clock()
        if (refusal := refusal_in(error, now)) is None:
            return
        with self._state(host) as state:
            # Those that began before the last refusal could not know of it: they are refused with it.
            refusals = state.refusals + (began >= state.refused)
            pause = min(self.first_wait_s * 2.0 ** min(refusals - 1, 30), self.longest_wait_s)
            pause = max(pause, min(refusal.pause_s or 0.0, _LONGEST_ASKED_S))
            until = max(state.until, now + pause)
            self._note(host, replace(state, noted=now, until=until, refusals=refusals, refused=now))

    def _forget(self, host: str, began: float) -> None:
        """Forget refusals, where one that began after them went well."""
        with self._state(host) as state:
            if state.refusals and began >= state.refused:
                self._note(host, replace(state, noted=self.clock(), until=0.0, refusals=0, refused=0.0))

    @contextmanager
    def _state(self, host: str) -> Iterator[_State]:
        """What is known of a host, while nobody else changes it. What cannot be read counts as nothing."""
        with clearly(self.folder), FileLock(self._file(host, ".lock")):
            try:
                known = read_json(self._file(host, ".json"))
                state = _State(**{name: type(value)(known[name]) for name, value in asdict(_State()).items()})
            except (FileNotFoundError, ValueError, KeyError, TypeError):
                state = _State()
            yield state

    def _note(self, host: str, state: _State) -> None:
        write_json(self._file(host, ".json"), asdict(state), sync=False)

    def _wait(self, host: str, progress: ProgressCallback, left_s: float | None, why: str) -> None:
        progress(Progress(f"Waiting for {host}", eta_s=left_s, detail=why))
        self.sleep(_LOOK_EVERY_S if left_s is None else min(left_s, _LOOK_EVERY_S))

    def _file(self, host: str, ending: str) -> Path:
        name = urllib.parse.quote(host, safe="")
        return self.folder / f"{name if len(name) <= _LONGEST_NAME else identifier(name)}{ending}"


def host_of(address: str | Path) -> str | None:
    """Who is asked for an http(s) address, without `www.`; None for a path, and for what is no address."""
    try:
        parts = urllib.parse.urlsplit(str(address))
        host = parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:  # brackets that hold no IPv6 address
        return None
    return host.rstrip(".").removeprefix("www.") or None if host else None


def _taken(lock: FileLock) -> bool:
    """Whether the lock could be had."""
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True
