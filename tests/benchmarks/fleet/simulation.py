"""A fleet at work, event by event: workers that take recordings in turn from one coordinator.

A worker that is free asks the coordinator, which hands out one recording at a time; waits until the
recording's host may be asked; fetches; works; puts the episode into the store. It may be lost at any moment:
then the recording is handed out anew, and another worker comes in its place a while later. A fetch may fail:
then the recording is put off. That is what `alignment batch` does.

Everything random comes from one seed, so a run is the same every time.
"""

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

__all__ = ["Courtesy", "Fleet", "Outcome", "Rates", "Recording", "interleaved", "recordings", "simulate"]

Recording = tuple[float, int, float]
"""Seconds of sound, the number of its host (-1: it need not be fetched), processor seconds a second of it."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """workers: how many at a time. lost_per_hour: how often one is lost.

    replaced_s: from then until another one in its place takes work. spread: of the machines' speeds, the
    standard deviation of the logarithm. slow: share of the machines that are `slow_times` slower than that.
    """

    workers: int
    lost_per_hour: float = 0.0
    replaced_s: float = 120.0
    spread: float = 0.0
    slow: float = 0.0
    slow_times: float = 3.0


@dataclass(frozen=True, slots=True)
class Rates:
    """What a recording costs a worker.

    cores: how many of them one has at work on average. fixed_s: seconds beside the work, however long the
    recording. store_s: seconds to put it into the store. coordinator_s: of the coordinator's time, which
    does one thing at a time. fetch_s: seconds to fetch a second of sound; fetch_fails: share of the fetches
    that fail; pauses_s: before each further try.
    """

    cores: float = 1.0
    fixed_s: float = 0.0
    store_s: float = 0.0
    coordinator_s: float = 0.0
    fetch_s: float = 0.0
    fetch_fails: float = 0.0
    pauses_s: tuple[float, ...] = (30.0, 120.0, 600.0)


@dataclass(frozen=True, slots=True)
class Courtesy:
    """at_a_time: fetches from one host. pause_s: from the start of one to the start of the next."""

    at_a_time: int = 1 << 30
    pause_s: float = 0.0


@dataclass(slots=True)
class Outcome:
    """makespan_s: until the last recording was done. paid_s: of all workers while they had something in hand,
    or one came in another's place. useful_s, lost_s, host_s: of these, for what was kept; for what was not,
    and the coming; waiting for hosts. coordinator_s: that the coordinator was busy. done, failed, tries:
    recordings, and how often they were handed out. sound_s: seconds of sound that were done.
    """

    workers: int
    makespan_s: float = 0.0
    paid_s: float = 0.0
    useful_s: float = 0.0
    lost_s: float = 0.0
    host_s: float = 0.0
    coordinator_s: float = 0.0
    done: int = 0
    failed: int = 0
    tries: int = 0
    sound_s: float = 0.0

    @property
    def utilisation(self) -> float:
        """Share of the workers' time up to the end that went into what was kept."""
        return self.useful_s / (self.workers * self.makespan_s)

    @property
    def waste(self) -> float:
        """Share of what was paid that went into what was not kept."""
        return self.lost_s / self.paid_s

    @property
    def waiting(self) -> float:
        """Share of what was paid that went by in waiting for hosts."""
        return self.host_s / self.paid_s

    @property
    def hours_an_hour(self) -> float:
        """Hours of sound done in an hour, from the beginning to the end."""
        return self.sound_s / self.makespan_s


class _Hosts:
    """Turns at the hosts, in the order in which they are asked for."""

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy = courtesy
        self._ends: dict[int, list[float]] = {}
        self._not_before: dict[int, float] = {}

    def turn(self, host: int, now: float, seconds: float) -> float:
        """When a fetch that is asked for now, and takes so long, begins."""
        ends = self._ends.setdefault(host, [])
        begins = max(now, self._not_before.get(host, 0.0))
        if len(ends) < self._courtesy.at_a_time:
            heapq.heappush(ends, begins + seconds)
        else:
            begins = max(begins, ends[0])
            heapq.heapreplace(ends, begins + seconds)
        self._not_before[host] = begins + self._courtesy.pause_s
        return begins


class _Losses:
    """When each worker is lost."""

    def __init__(self, fleet: Fleet, random: np.random.Generator) -> None:
        self._scale = 3600 / fleet.lost_per_hour if fleet.lost_per_hour else math.inf
        self._random = random
        self.at = [self._next(0.0) for _ in range(fleet.workers)]

    def replace(self, worker: int, now: float) -> None:
        """Another one is in its place from now on."""
        self.at[worker] = self._next(now)

    def _next(self, now: float) -> float:
        return now + float(self._random.exponential(self._scale)) if self._scale < math.inf else math.inf


def simulate(
    work: Iterable[Recording],
    fleet: Fleet,
    rates: Rates,
    courtesy: Courtesy = Courtesy(),
    seed: int = 1,
) -> Outcome:
    """Do all recordings in the order in which they come."""
    run = _Run(fleet, rates, courtesy, np.random.default_rng(seed))
    fresh = iter(work)
    following = next(fresh, None)
    while following is not None or run.again:
        now, worker = run.free[0]
        if run.losses.at[worker] <= now:
            run.replace_idle(worker, now)
        elif run.again and run.again[0][0] <= now:
            _, _, recording, put_off = heapq.heappop(run.again)
            run.hand_out(recording, put_off, worker, now)
        elif following is not None:
            run.hand_out(following, 0, worker, now)
            following = next(fresh, None)
        else:
            heapq.heapreplace(run.free, (run.again[0][0], worker))
    return run.out


class _Run:
    """The state of a run. free: when each worker has nothing in hand, and its number. again: what is to be
    handed out once more: from when on, a number to tell them apart, and how often it was put off.
    """

    def __init__(self, fleet: Fleet, rates: Rates, courtesy: Courtesy, random: np.random.Generator) -> None:
        self.out = Outcome(fleet.workers)
        self.free = [(0.0, worker) for worker in range(fleet.workers)]
        self.again: list[tuple[float, int, Recording, int]] = []
        self._fleet, self._rates = fleet, rates
        self._speeds = _slowness(fleet, random).tolist()
        self.losses = _Losses(fleet, random)
        self._hosts = _Hosts(courtesy)
        self._chances = _chances(random)
        self._coordinator = 0.0
        self._number = count()

    def replace_idle(self, worker: int, now: float) -> None:
        """It was lost while it had nothing in hand."""
        back = self.losses.at[worker] + self._fleet.replaced_s
        self.losses.replace(worker, back)
        heapq.heapreplace(self.free, (max(now, back), worker))

    def hand_out(self, recording: Recording, put_off: int, worker: int, now: float) -> None:
        """Give a recording to the worker that is free first, and see how that comes out."""
        out, rates = self.out, self._rates
        sound, host, processor = recording
        out.tries += 1
        self._coordinator = handed = max(now, self._coordinator) + rates.coordinator_s
        out.coordinator_s += rates.coordinator_s
        fetching = rates.fetch_s * sound if host >= 0 else 0.0
        begins = self._hosts.turn(host, handed, fetching) if host >= 0 else handed
        fails = host >= 0 and rates.fetch_fails > 0 and next(self._chances) < rates.fetch_fails
        works = 0.0 if fails else processor * sound / rates.cores * self._speeds[worker] + rates.store_s
        ends = begins + rates.fixed_s + fetching + works
        if (lost := self.losses.at[worker]) < ends:
            self._hand_in(lost, recording, put_off)
            ends = lost + self._fleet.replaced_s
            self.losses.replace(worker, ends)
            out.lost_s += ends - now
        else:
            out.host_s += begins - handed
            out.makespan_s = max(out.makespan_s, ends)
            if fails:
                out.lost_s += ends - begins
                self._put_off(ends, recording, put_off)
            else:
                out.done += 1
                out.sound_s += sound
                out.useful_s += ends - begins
        out.paid_s += ends - now
        heapq.heapreplace(self.free, (ends, worker))

    def _put_off(self, now: float, recording: Recording, put_off: int) -> None:
        if put_off < len(self._rates.pauses_s):
            self._hand_in(now + self._rates.pauses_s[put_off], recording, put_off + 1)
        else:
            self.out.failed += 1

    def _hand_in(self, ready: float, recording: Recording, put_off: int) -> None:
        heapq.heappush(self.again, (ready, next(self._number), recording, put_off))


def _slowness(fleet: Fleet, random: np.random.Generator) -> NDArray[np.float64]:
    """How much longer each machine takes: 1 on average, apart from the slow ones."""
    usual = np.exp(fleet.spread * random.standard_normal(fleet.workers) - fleet.spread**2 / 2)
    return usual * np.where(random.random(fleet.workers) < fleet.slow, fleet.slow_times, 1.0)


def _chances(random: np.random.Generator) -> Iterator[float]:
    while True:
        yield from random.random(4096).tolist()


def recordings(
    lengths: NDArray[np.float64], processor: tuple[float, ...], shows: int, hosts: int, seed: int = 2
) -> list[Recording]:
    """Recordings of these lengths in the order of their shows, as the feeds of a list are.

    processor: each costs one of these, by chance. shows: recordings in one. hosts: how many there are; they
    have shows in the proportion 1, 1/2, 1/3 ...; 0 where nothing need be fetched.
    """
    random = np.random.default_rng(seed)
    costs = random.choice(np.array(processor), size=len(lengths))
    if not hosts:
        return [(length, -1, cost) for length, cost in zip(lengths.tolist(), costs.tolist(), strict=True)]
    shares = 1 / np.arange(1, hosts + 1)
    listed = -(-len(lengths) // shows)
    of_show = random.choice(hosts, size=listed, p=shares / shares.sum())
    where = np.repeat(of_show, shows)[: len(lengths)]
    return list(zip(lengths.tolist(), where.tolist(), costs.tolist(), strict=True))


def interleaved(work: list[Recording]) -> list[Recording]:
    """The same with hosts taking turns for as long as each has any left."""
    by_host: dict[int, list[Recording]] = {}
    for recording in work:
        by_host.setdefault(recording[1], []).append(recording)
    total = len(work)
    placed = [
        ((place + 0.5) * total / len(own), recording)
        for own in by_host.values()
        for place, recording in enumerate(own)
    ]
    return [recording for _, recording in sorted(placed, key=lambda pair: pair[0])]
