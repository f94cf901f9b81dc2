"""The `alignment` program, run as its user runs it, and talks for it to work on, cut from the demo."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import wave
from collections.abc import Callable, Iterable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO
from unittest import mock

import numpy as np

from alignment.audio import SAMPLE_RATE, Audio, Span, read_audio
from alignment.cli import main

PROGRAM = Path(sys.executable).with_name("alignment")
DEMO = Path(__file__).parents[1] / "alignment" / "demo"
PATIENCE_S = 120.0

_MARK = "TEST_COMMAND"


def until(look: Callable[[], object]) -> None:
    """Wait until `look` finds something."""
    limit = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < limit, f"{look} came to nothing"
        time.sleep(0.02)


@dataclass(frozen=True)
class Said:
    """A line of the demo: what is said, and from when to when."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Talk:
    """A recording and its transcript."""

    audio: Path
    transcript: Path
    lines: tuple[Said, ...]


@cache
def demo_lines() -> tuple[Said, ...]:
    lines = json.loads((DEMO / "truth.json").read_text("utf-8"))["lines"]
    return tuple(Said(line["text"], line["start"], line["end"]) for line in lines)


@cache
def demo_audio() -> Audio:
    return read_audio(DEMO / "audio.m4a")


def opening(folder: Path, count: int) -> Talk:
    """The first lines of the demo as they stand there."""
    lines = demo_lines()[:count]
    end = (lines[-1].end + demo_lines()[count].start) / 2
    return _written(folder, demo_audio().excerpt(Span(0, end)), lines)


def spaced(folder: Path, count: int, every_s: float) -> Talk:
    """The first lines of the demo, one every so many seconds, with silence between."""
    samples = np.zeros(round(count * every_s * SAMPLE_RATE), np.int16)
    lines = []
    for number, line in enumerate(demo_lines()[:count]):
        sound = demo_audio().excerpt(Span(line.start, line.end))
        start = number * every_s + 0.5
        samples[round(start * SAMPLE_RATE) :][: len(sound)] = sound
        lines.append(Said(line.text, start, start + line.end - line.start))
    return _written(folder, samples, lines)


def _written(folder: Path, samples: np.ndarray, lines: Iterable[Said]) -> Talk:
    folder.mkdir(parents=True)
    write_wave(folder / "talk.wav", samples)
    (folder / "talk.txt").write_text("".join(f"{line.text}\n" for line in lines), "utf-8")
    return Talk(folder / "talk.wav", folder / "talk.txt", tuple(lines))


def write_wave(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(SAMPLE_RATE)
        made.writeframes(samples.tobytes())


@dataclass(frozen=True)
class Outcome:
    """How the program ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def stages(self) -> list[str]:
        """The stages that were shown."""
        return [line.removesuffix(" ...") for line in self.err.splitlines() if line.endswith(" ...")]

    @property
    def said(self) -> list[str]:
        """The lines on stderr beside the stages."""
        return [line for line in self.err.splitlines() if not line.endswith(" ...")]


@dataclass(frozen=True)
class Running:
    """The program at work. Its processes are known by a mark in their environment."""

    process: subprocess.Popen[str]
    mark: str
    seen: list[str] = field(default_factory=list)

    def reach(self, stage: str) -> None:
        """Wait until the stage is shown."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.seen.append(line)
            if line.startswith(stage):
                return
        raise AssertionError(f"ended before {stage}: {''.join(self.seen)}")

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> Outcome:
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return Outcome(self.process.returncode, out, "".join(self.seen) + err)

    def assert_nothing_is_left(self) -> None:
        """Every process that it started ends."""
        until(lambda: not self.processes())

    def processes(self) -> list[int]:
        """Its own process and those that it started, as far as they live."""
        return [int(entry.name) for entry in Path("/proc").iterdir() if _has_mark(entry, self.mark)]


def _has_mark(process: Path, mark: str) -> bool:
    try:
        return process.name.isdigit() and f"{_MARK}={mark}".encode() in (process / "environ").read_bytes()
    except OSError:  # gone, or not ours
        return False


@dataclass(frozen=True)
class Command:
    """The program in a folder, with the environment that it gets."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str | Path, **environment: str) -> Outcome:
        with self.started(*arguments, **environment) as running:
            return running.ended()

    def call(self, *arguments: str | Path, **environment: str) -> Outcome:
        """As `run`, without a process of its own: what it prints and how it ends are the same, and sooner."""
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as out,
            tempfile.TemporaryFile("w+", encoding="utf-8") as err,
        ):
            with (
                chdir(self.folder),
                mock.patch.dict(os.environ, {**self.environment, **environment}, clear=True),
                mock.patch.object(sys, "argv", [PROGRAM.name, *map(str, arguments)]),
                mock.patch.object(
                    sys.modules["__main__"], "__package__", None
                ),  # else it is named `python -m`
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                status = _exit_status(main)
            return Outcome(status, _whole(out), _whole(err))

    @contextmanager
    def started(self, *arguments: str | Path, **environment: str) -> Iterator[Running]:
        mark = uuid.uuid4().hex
        with subprocess.Popen(
            [PROGRAM, *arguments],
            cwd=self.folder,
            env={**self.environment, _MARK: mark, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            try:
                yield Running(process, mark)
            finally:
                process.kill()

    def on_terminal(self, *arguments: str | Path, interrupt_at: str) -> tuple[int, str]:
        """Run it on a terminal and press Ctrl-C once `interrupt_at` is shown; exit status and screen."""
        import pty

        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execve(PROGRAM, [PROGRAM, *arguments], {**self.environment, "TERM": "xterm"})
        screen, pressed = b"", False
        while shown := _read(terminal):
            screen += shown
            if not pressed and interrupt_at.encode() in screen:
                os.write(terminal, b"\x03")
                pressed = True
        os.close(terminal)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), screen.decode()


def _exit_status(program: Callable[[], None]) -> int:
    try:
        program()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _whole(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so where the other end is closed
        return b""


def environment(cache: Path) -> dict[str, str]:
    """What the program gets: a cache of its own, and no settings of whoever runs the tests."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALIGNMENT_")}
    return {**inherited, "XDG_CACHE_HOME": str(cache), "COLUMNS": "80", "NO_COLOR": "1"}
