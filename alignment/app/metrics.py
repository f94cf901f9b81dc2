"""What the server counts, for Prometheus: requests, bytes of audio, jobs, episodes, the disk, the process.

Labels have few values: the pattern of a route rather than the path that was asked for, a method that HTTP
knows, a status.
"""

import shutil
import threading
import time
from collections import Counter as Count
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from alignment.errors import LibraryError
from alignment.library import Jobs, JobStatus, Library

__all__ = ["Metrics", "metrics"]

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_KEEP_S = 5.0
"""What is counted on the disk is counted again after this long."""


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._library_lock = threading.Lock()
        self._watches_library = False
        self._requests = Counter(
            "verbatime_requests",
            "Requests that were answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "verbatime_request_seconds",
            "Time from a request to the end of its answer; of audio, as long as it was listened to.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self._audio = Counter("verbatime_audio_bytes", "Bytes of audio sent.", registry=self.registry)
        self.under_way = Gauge(
            "verbatime_requests_in_progress", "Requests that are being answered.", registry=self.registry
        )
        ProcessCollector(registry=self.registry)

    def count(self, route: str, method: str, status: int, seconds: float, sent: int) -> None:
        """A request that has ended. route: its pattern. sent: bytes of its answer's body."""
        method = method if method in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if route.endswith("/audio"):
            self._audio.inc(sent)

    def watch_library(self, library: Callable[[], Library]) -> None:
        """Count what the library holds as well, each time that somebody asks for the figures."""
        with self._library_lock:
            if not self._watches_library:
                self.registry.register(_LibraryFigures(library))
                self._watches_library = True


@cache
def metrics() -> Metrics:
    """Those of this process."""
    return Metrics()


class _LibraryFigures(Collector):
    """Counted when they are asked for, a few seconds apart at least."""

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._counted: tuple[float, list[Metric]] = (-_KEEP_S, [])

    def describe(self) -> list[Metric]:
        """Nothing: they are not to be counted when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        with self._lock:
            at, figures = self._counted
            if time.monotonic() - at >= _KEEP_S:
                figures = _figures(self._library())
                self._counted = (time.monotonic(), figures)
        yield from figures


def _figures(library: Library) -> list[Metric]:
    jobs = GaugeMetricFamily("verbatime_jobs", "Jobs by their status.", labels=["status"])
    oldest = 0.0
    try:
        found = Jobs(library.root).all()
    except LibraryError:
        found = []
    by_status = Count(job.status for job in found)
    for status in JobStatus:
        jobs.add_metric([status.value], by_status[status])
    if waiting := [job.submitted for job in found if job.status is JobStatus.QUEUED]:
        oldest = max(0.0, (datetime.now(UTC) - min(waiting)).total_seconds())
    episodes = _folders(library.root / "episodes")
    return [
        jobs,
        GaugeMetricFamily("verbatime_queue_age_seconds", "How long the oldest waiting job waits.", oldest),
        GaugeMetricFamily("verbatime_episodes", "Episodes in the library.", episodes),
        GaugeMetricFamily("verbatime_disk_free_bytes", "Free on the library's disk.", _free(library.root)),
    ]


def _folders(parent: Path) -> int:
    try:
        return sum(not entry.name.startswith(".") for entry in parent.iterdir())
    except OSError:
        return 0


def _free(root: Path) -> int:
    try:
        return shutil.disk_usage(root).free
    except OSError:
        return 0
