"""What recordings an address leads to, found out while the page goes on: in a process of its own, which reads
what strangers send and can be ended at any moment."""

import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from alignment.app.choosing.desks import Desks, Find, find_at
from alignment.app.settings import Settings
from alignment.app.tools import fetch_rules
from alignment.errors import AlignmentError, Cancelled, FetchError, LibraryError
from alignment.progress import Progress
from alignment.wording import in_words

if TYPE_CHECKING:
    from alignment.sources.playlist import Recordings
    from alignment.sources.rules import FetchRules

__all__ = ["Look", "Looks", "looking_rules"]

_AT_ONCE = 4
_OF_ONE_PERSON = 2
_AN_HOUR = 60
_HOUR_S = 3600.0
_LOOK_EVERY_S = 0.1
_PATIENCE_S = 120.0
_GRACE_S = 15.0
"""After the time that the rules allow, for a process that reads what it has got."""


def looking_rules(settings: Settings) -> "FetchRules":
    """What may be asked for: as when something is fetched, but others wait less long for a list."""
    rules = fetch_rules(settings)
    if not settings.hosted:
        return rules
    return replace(rules, limits=replace(rules.limits, patience_s=_PATIENCE_S))


class Look:
    """One look at what is at an address, begun when it is made.

    key: a name for this look alone. progress: how far it is.
    found: what came of it; None until then, and where nothing did.
    trouble: why nothing did, in words for a person; "" where it was stopped.
    """

    def __init__(
        self,
        address: str,
        rules: "FetchRules",
        turns: threading.Semaphore,
        desks: Desks,
        find: Find = find_at,
    ) -> None:
        self.key = secrets.token_hex(6)
        self.address = address
        self.progress = Progress("Listing")
        self.found: Recordings | None = None
        self.trouble = ""
        self._rules, self._turns, self._desks, self._find = rules, turns, desks, find
        self._stopped, self._over = threading.Event(), threading.Event()
        threading.Thread(target=self._run, name="look", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self._over.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Until it is over; whether it is."""
        return self._over.wait(timeout_s)

    def stop(self) -> None:
        """End it, whatever it is waiting for."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            while not self._turns.acquire(timeout=_LOOK_EVERY_S):
                self.progress = Progress("Waiting", detail="others are looking, too")
                self._check()
            try:
                self.found = self._ask()
            finally:
                self._turns.release()
        except Cancelled:
            pass
        except AlignmentError as error:
            self.trouble = str(error)
        except (BrokenProcessPool, OSError):
            self.trouble = (
                f"The system ended the look at {self.address}, most likely because memory ran out. "
                "Try again later, or give the address of one recording."
            )
        finally:
            self._over.set()

    def _ask(self) -> "Recordings":
        desk = self._desks.take()
        try:
            work = desk.look(self._find, self.address, self._rules)
            self._follow(work, desk.heard)
            return work.result()
        finally:
            desk.close()

    def _follow(self, work: "Future[Recordings]", heard: Connection) -> None:
        """Until there is an outcome; what is told meanwhile is for all to see."""
        patience_s = self._rules.limits.patience_s
        last = None if patience_s is None else time.monotonic() + patience_s + _GRACE_S
        while not work.done():
            self._check()
            if last is not None and time.monotonic() > last:
                raise FetchError(
                    f"What {self.address} leads to takes too long to be found out. "
                    "Give the address of one recording."
                )
            if heard.poll(_LOOK_EVERY_S):
                self.progress = heard.recv()

    def _check(self) -> None:
        if self._stopped.is_set():
            raise Cancelled("Stopped, as asked.")


class Looks:
    """The looks of all who use the app: few at the same time, and so many for a person.

    at_once: how many. an_hour: of one person. clock: seconds that pass.
    """

    def __init__(
        self,
        at_once: int = _AT_ONCE,
        an_hour: int = _AN_HOUR,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._an_hour, self._clock = an_hour, clock
        self._turns = threading.Semaphore(at_once)
        self._desks = Desks()
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = defaultdict(deque)
        self._under_way: dict[str, list[Look]] = defaultdict(list)

    def get_ready(self) -> None:
        """Somebody is going to look at an address soon."""
        self._desks.get_ready()

    def begin(
        self, address: str, rules: "FetchRules", person: str | None = None, find: Find = find_at
    ) -> Look:
        """Look at an address. person: for whom; None where nobody has limits.

        Raises LibraryError, with what to do, where a person has had as many as one may.
        """
        if person is None:
            return Look(address, rules, self._turns, self._desks, find)
        with self._lock:
            now, times = self._clock(), self._times[person]
            while times and now - times[0] > _HOUR_S:
                times.popleft()
            under_way = [look for look in self._under_way[person] if not look.is_over]
            if len(under_way) >= _OF_ONE_PERSON:
                raise LibraryError(
                    f"{_OF_ONE_PERSON} addresses are being looked at for you already. "
                    "Look at this one when that is done."
                )
            if len(times) >= self._an_hour:
                raise LibraryError(
                    f"{in_words(len(times), 'address', 'addresses')} were looked at for you within an hour, "
                    "as many as one person may have. Look at this one later, or give that of one recording."
                )
            look = Look(address, rules, self._turns, self._desks, find)
            times.append(now)
            self._under_way[person] = [*under_way, look]
            return look
