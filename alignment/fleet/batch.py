"""The coordinator of a batch: what is to be done, handed out, taken back and written down.

It alone knows the truth: a task without an outcome is handed in again, whoever had it. An episode is known by
its content, so what is done twice is there once.
"""

import heapq
import itertools
import queue
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from alignment.disk import clearly, digest, identifier
from alignment.errors import LibraryError
from alignment.fleet.events import Begun, Ended, Event, GivenBack, OnEvent, Planned, PutOff, Trouble
from alignment.fleet.item import BatchItem
from alignment.fleet.ledger import Entry, Ledger
from alignment.fleet.order import hosts_in_turn
from alignment.fleet.task import PER_HOST, Outcome, OutcomeStatus, Task, work_of
from alignment.fleet.workforce import WorkerLost, Workforce, noted_progress
from alignment.library.episode import Episode
from alignment.library.jobs import JobRequest, Jobs
from alignment.library.retrying import PAUSES_S
from alignment.library.store import Library
from alignment.progress import Progress

__all__ = ["MAX_CRASHES", "Batch", "Errand", "Wishes", "plan"]

MAX_CRASHES = 3
"""How often a recording may take its process down before it counts as failed."""

_MEMORY = (
    "The system ended its process each time, most likely because memory ran out. Have fewer done at a time "
    "with --jobs, or take a smaller model; then try again with --retry-failed."
)
_LOOK_EVERY_S = 0.5
_AWAY_S = 1.0
_LET_GO_S = 10.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of all recordings of a batch.

    model: name of the recogniser's weights. retry_failed: also what failed in an earlier run.
    per_host: how many fetch from one host at once.
    pauses_s: seconds before another try where trouble may pass by itself.
    """

    model: str = "base"
    retry_failed: bool = False
    per_host: int = PER_HOST
    pauses_s: tuple[float, ...] = PAUSES_S


@dataclass(slots=True)
class Errand:
    """An item to do. tries: how often it was handed in. put_off, crashes: how often it came back so."""

    key: str
    item: BatchItem
    state: str
    tries: int = 0
    put_off: int = 0
    crashes: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """items: all by key, in order, each once. to_do: what is left. known: how the rest came out, by key."""

    items: Mapping[str, BatchItem]
    to_do: tuple[Errand, ...]
    known: Mapping[str, Entry]


def plan(items: Sequence[BatchItem], library: Library, ledger: Ledger, wishes: Wishes) -> _Plan:
    """What is left to do, by one look at the library. Raises LibraryError."""
    episodes = library.episodes()
    present = {episode.id for episode in episodes}
    made_from: dict[str | None, dict[str, Episode]] = defaultdict(dict)
    for episode in episodes:
        made_from[episode.source.url][episode.transcript_sha256] = episode
    to_do: list[Errand] = []
    known: dict[str, Entry] = {}
    by_key: dict[str, BatchItem] = {}
    for item in items:
        key = _key(item, wishes)
        if key in by_key:
            continue
        by_key[key] = item
        state = _state_of(item.audio)
        entry = ledger.entries.get(key)
        if entry and entry.state == state:
            if entry.status == "done" and entry.episode in present:
                known[key] = entry
                continue
            if entry.status == "failed" and not wishes.retry_failed:
                known[key] = entry
                continue
        made = made_from.get(item.audio, {}).get(_digest_of(item.transcript)) if item.transcript else None
        if made and made.model == wishes.model and item.language in {None, made.language}:
            known[key] = Entry(key, item.title, item.audio, state, "done", made.id, "", made.duration, 0.0, 0)
        else:
            to_do.append(Errand(key, item, state))
    return _Plan(by_key, tuple(to_do), known)


class Batch:
    """One run over a list of recordings; made, it knows what there is to do. Raises LibraryError."""

    def __init__(
        self,
        items: Sequence[BatchItem],
        library: Library,
        ledger: Ledger,
        wishes: Wishes,
    ) -> None:
        self._library = library
        self._ledger = ledger
        self._wishes = wishes
        self._tell: OnEvent = _say_nothing
        self._workforce: Workforce | None = None
        self._plan = plan(items, library, ledger, wishes)
        self._line = deque(hosts_in_turn(self._plan.to_do, lambda errand: errand.item.audio))
        self._later: list[tuple[float, int, Errand]] = []
        self._number = itertools.count()
        self._in_hand: dict[str, tuple[Errand, Task]] = {}
        self._back: queue.SimpleQueue[tuple[str, Future[Outcome]]] = queue.SimpleQueue()
        self._done: dict[str, Entry] = dict(self._plan.known)

    @property
    def to_do(self) -> int:
        """How many recordings have no outcome yet."""
        return len(self._plan.items) - len(self._done)

    @property
    def outcomes(self) -> list[tuple[BatchItem, str, Entry | None]]:
        """Every recording with its key, in the order of the list, and how it came out; None for not yet."""
        return [(item, key, self._done.get(key)) for key, item in self._plan.items.items()]

    def progress(self, key: str) -> Progress | None:
        """How far a recording is; None where it is not at work, or nobody can tell from here."""
        _, task = self._in_hand.get(key, (None, None))
        if task is None or self._workforce is None:
            return None
        return self._workforce.progress(task) or noted_progress(task)

    def run(self, open_workforce: Callable[[], Workforce], on_event: OnEvent) -> None:
        """Have everything done that is left; `open_workforce` is called where there is something.

        on_event: told of everything that happens, in this thread. KeyboardInterrupt, and anything else that
        is raised here, first has the work in hand let go to its checkpoint. Raises LibraryError where the
        ledger cannot be written, and what `open_workforce` raises.
        """
        self._tell = on_event
        failed = sum(entry.status == "failed" for entry in self._done.values())
        on_event(Planned(len(self._plan.items), len(self._done) - failed, failed))
        if not self.to_do:
            return
        workforce = self._workforce = open_workforce()
        try:
            while self.to_do:
                self._line_up_again()
                is_there = self._hand_out(workforce)
                came = self._take_back(self._next_look_s())
                if is_there and not came and not workforce.at_a_time:
                    self._tell(Trouble("Nobody is there at present to do the work."))
        except BaseException:
            self._let_go(workforce)
            raise
        workforce.close()

    def _line_up_again(self) -> None:
        """Back into the line with what was put off and has waited for its time."""
        while self._later and self._later[0][0] <= time.monotonic():
            self._line.append(heapq.heappop(self._later)[2])

    def _next_look_s(self) -> float:
        until = self._later[0][0] - time.monotonic() if self._later else _LOOK_EVERY_S
        return min(max(until, 0.0), _LOOK_EVERY_S)

    def _hand_out(self, workforce: Workforce) -> bool:
        """Hand in what there is room for; whether somebody was there to take it."""
        while self._line and len(self._in_hand) < workforce.window:
            errand = self._line.popleft()
            try:
                task = self._task(errand)
            except OSError as error:
                message = f"{errand.item.transcript} cannot be read ({error.strerror})."
                self._end(errand, Outcome(errand.key, OutcomeStatus.FAILED, message=message))
                continue
            try:
                future = workforce.hand_in(task)
            except WorkerLost as error:
                self._line.appendleft(errand)
                self._tell(Trouble(str(error)))
                time.sleep(_AWAY_S)
                return False
            errand.tries += 1
            self._in_hand[errand.key] = (errand, task)
            self._tell(Begun(errand.key, errand.item))
            future.add_done_callback(lambda done, key=errand.key: self._back.put((key, done)))  # type: ignore[misc]
        return True

    def _task(self, errand: Errand) -> Task:
        item, wishes = errand.item, self._wishes
        return Task(
            key=errand.key,
            library=self._library.address,
            request=JobRequest(item.title, item.audio, wishes.model, item.language, text=item.text),
            transcript=item.transcript.read_bytes() if item.transcript else b"",
            pause_s=wishes.pauses_s[errand.put_off] if errand.put_off < len(wishes.pauses_s) else None,
            per_host=wishes.per_host,
        )

    def _take_back(self, timeout_s: float) -> bool:
        """Look at what has come back, after a wait for the first of it; whether something has."""
        came = False
        with suppress(queue.Empty):
            while True:
                key, future = self._back.get(timeout=0.0 if came else timeout_s)
                came = True
                errand, task = self._in_hand.pop(key)
                self._look_at(errand, task, future)
        return came

    def _look_at(self, errand: Errand, task: Task, future: "Future[Outcome]") -> None:
        try:
            outcome = future.result()
        except WorkerLost as error:
            self._give_back(errand, str(error), error.crashes, _MEMORY)
        except CancelledError:
            self._give_back(errand, "It was taken from those who work.", 0, "")
        except Exception as error:
            message = f"A worker could not do it ({type(error).__name__}: {error})."
            self._give_back(errand, message, 1, message)
        else:
            if outcome.status is OutcomeStatus.PUT_OFF and task.pause_s is not None:
                errand.put_off += 1
                heapq.heappush(self._later, (time.monotonic() + task.pause_s, next(self._number), errand))
                self._tell(PutOff(errand.key, errand.item, outcome.message, task.pause_s))
            else:
                self._end(errand, outcome)

    def _give_back(self, errand: Errand, message: str, crashes: int, why: str) -> None:
        """Back into the line. why: the reason to give where it came back so too often."""
        errand.crashes += crashes
        if errand.crashes >= MAX_CRASHES:
            why = f"{errand.crashes} times it was begun and came to no end. {why}"
            self._end(errand, Outcome(errand.key, OutcomeStatus.FAILED, message=why))
            return
        self._line.append(errand)
        self._tell(GivenBack(errand.key, errand.item, message))

    def _end(self, errand: Errand, outcome: Outcome) -> None:
        done = outcome.status is OutcomeStatus.DONE
        message = outcome.message
        if outcome.status is OutcomeStatus.STOPPED:
            message = "It was stopped in the app, or by `alignment jobs cancel`."
        entry = Entry(
            key=errand.key,
            title=errand.item.title,
            audio=errand.item.audio,
            state=errand.state,
            status="done" if done else "failed",
            episode=outcome.episode,
            message=message,
            audio_s=outcome.audio_s,
            work_s=outcome.work_s,
            tries=errand.tries,
        )
        with clearly(self._library.root):
            self._ledger.note(entry)
        self._done[errand.key] = entry
        self._tell(Ended(entry, outcome.there))

    def _let_go(self, workforce: Workforce) -> None:
        """Ask those at work to stop, wait a little, then end them; nobody goes on with it unasked.

        Where they share no root with this process, what they have begun they do to its end.
        """
        jobs = Jobs(self._library.root)
        ids = {key: work_of(task) for key, (_, task) in self._in_hand.items()}
        try:
            deadline = time.monotonic() + _LET_GO_S
            while self._in_hand and time.monotonic() < deadline:
                _ask_to_stop(jobs, [ids[key] for key in self._in_hand])
                self._take_back_the_last()
        finally:
            workforce.close()
        for id in ids.values():
            with suppress(LibraryError, OSError):
                jobs.cancel(id)

    def _take_back_the_last(self) -> None:
        """Write down what is done; the rest of what comes back was stopped."""
        with suppress(queue.Empty):
            key, future = self._back.get(timeout=_LOOK_EVERY_S)
            errand, _ = self._in_hand.pop(key)
            if future.cancelled() or future.exception() is not None:
                return
            if (outcome := future.result()).status is OutcomeStatus.DONE:
                self._end(errand, outcome)


def _ask_to_stop(jobs: Jobs, ids: Sequence[str]) -> None:
    """Ask once, those whose jobs there are by now."""
    for id in ids:
        with suppress(LibraryError, OSError):
            if not jobs.get(id).stopping:
                jobs.folder(id).ask_to_stop()


def _say_nothing(event: Event) -> None:
    pass


def _key(item: BatchItem, wishes: Wishes) -> str:
    """What the item is known by."""
    try:
        return item.key(wishes.model)
    except OSError:  # its transcript cannot be read, which is told when its turn comes
        return identifier(item.audio, str(item.transcript), wishes.model)


def _digest_of(transcript: Path) -> str:
    """SHA-256 of the file; "" where it cannot be read."""
    try:
        return digest(transcript)
    except OSError:
        return ""


def _state_of(audio: str) -> str:
    """Which version of a file here; "" for an address, and for what is not there."""
    try:
        found = Path(audio).stat() if Path(audio).is_absolute() else None
    except (OSError, ValueError):
        return ""
    return f"{found.st_size} {found.st_mtime_ns}" if found else ""
