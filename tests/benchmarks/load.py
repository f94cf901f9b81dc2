"""How the server bears many at once: `python -m tests.benchmarks.load --minutes 10`.

The real server, on the loopback, with a library made for it. Listeners take audio by Range at the pace of
listening, and seek; others search and read; meanwhile one alignment runs after the other. The run ends by
itself and prints which requests failed, how long answers took, what the server's memory did, what it sent.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from alignment.demo import DEMO
from alignment.formats import read_transcript
from alignment.library import JobRequest, Jobs, Library
from tests.app.servers import REPOSITORY, free_port
from tests.benchmarks.machine import describe_machine
from tests.browser.recordings import make_transcript

EPISODES = 4
EPISODE_S = 3600.0
LINES = 1000
"""Of an episode."""
SEARCHES = ("/search.json?q={word}",)
"""Of the whole library; left out where the server has no such route."""
READINGS = (
    "/episodes/{id}/transcript.json",
    "/episodes/{id}/transcript.json",
    "/episodes/{id}/report",
    "/e/{id}.vtt",
    "/episodes/{id}/peaks.json",
    "/episodes/{id}/notes.json",
)
"""What who reads and searches asks for."""
WORDS = ("one", "two", "line", "word", "seven")
WAKING = "(how late the measuring process itself woke)"
"""By how much the figures are too high where the machine is busy with other things."""

_BYTES_A_SECOND = 8_000
"""A listener's pace: audio of 64 kbit/s."""
_TAKE_S = 10.0
"""Seconds of audio that a listener takes at once."""
_READ_EVERY_S = 2.0
_LONGEST_ANSWER_S = 30.0
_LOOK_EVERY_S = 5.0
_WAKE_EVERY_S = 0.1
_MB = 1024 * 1024


@dataclass
class Figures:
    """What came of it.

    seconds: of the answers, by what was asked for. memory: of the server in bytes, at seconds of the run.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    memory: list[tuple[float, int]] = field(default_factory=list)
    received: int = 0
    alignments: int = 0

    def growth(self) -> float:
        """Of the memory over the second half of the run, bytes a minute, by least squares."""
        late = self.memory[len(self.memory) // 2 :]
        if len(late) < 2:
            return 0.0
        return statistics.linear_regression(*zip(*late, strict=True)).slope * 60


async def load(
    port: int,
    ids: list[str],
    *,
    seconds: float,
    audio_bytes: int,
    listeners: int,
    readers: int,
    memory: Callable[[], int],
    align: Callable[[], Awaitable[None]],
) -> Figures:
    """Load the server on this port of the loopback for so many seconds.

    ids: of the episodes to listen to, the audio of each of at least audio_bytes. memory: of the server.
    align: one alignment, done when it returns.
    """
    figures = Figures()
    visitor = _Visitor(port, figures, audio_bytes)
    for id in ids:  # what is made when an episode is first opened, and kept
        await visitor.first(id)
    searches = [path for path in SEARCHES if await visitor.is_there(path.format(word="one"))]
    began = time.monotonic()
    visitor.until = until = began + seconds

    async def watch() -> None:
        while time.monotonic() < until:
            figures.memory.append((time.monotonic() - began, memory()))
            await asyncio.sleep(min(_LOOK_EVERY_S, max(0.0, until - time.monotonic())))

    async def wake() -> None:
        while (began := time.monotonic()) < until:
            await asyncio.sleep(_WAKE_EVERY_S)
            figures.seconds[WAKING].append(time.monotonic() - began - _WAKE_EVERY_S)

    async def aligning() -> None:
        while time.monotonic() < until:
            try:
                await asyncio.wait_for(align(), until - time.monotonic())
            except TimeoutError:
                return
            figures.alignments += 1

    work = [visitor.listen(random.Random(number), ids) for number in range(listeners)]
    work += [visitor.read(random.Random(-1 - number), ids, searches) for number in range(readers)]
    await asyncio.gather(watch(), wake(), aligning(), *work)
    return figures


class _Visitor:
    def __init__(self, port: int, figures: Figures, audio_bytes: int) -> None:
        self._port = port
        self._figures = figures
        self.until = 0.0
        self._last = audio_bytes - round(_BYTES_A_SECOND * _TAKE_S)

    async def listen(self, chance: random.Random, ids: list[str]) -> None:
        """Take one piece after the other, at the pace of listening; now and then from elsewhere."""
        await self._sleep(chance.uniform(0, _TAKE_S))
        piece = round(_BYTES_A_SECOND * _TAKE_S)
        path, at = "", self._last
        while time.monotonic() < self.until:
            if at >= self._last or chance.random() < 0.1:
                path, at = f"/episodes/{chance.choice(ids)}/audio", chance.randrange(self._last)
            if chance.random() < 0.05:  # a browser asks for all the rest, and leaves when it seeks
                await self._fetch(path, "audio, left", 206, {"Range": f"bytes={at}-"}, most=65_536)
            asked = {"Range": f"bytes={at}-{at + piece - 1}"}
            await self._fetch(path, "audio", 206, asked, expected=piece)
            at += piece
            await self._sleep(_TAKE_S)

    async def read(self, chance: random.Random, ids: list[str], searches: list[str]) -> None:
        """Ask for one thing after the other, as fast as a person does."""
        await self._sleep(chance.uniform(0, _READ_EVERY_S))
        while time.monotonic() < self.until:
            pattern = chance.choice([*READINGS, *searches * len(READINGS)])
            path = pattern.format(id=chance.choice(ids), word=quote(chance.choice(WORDS)))
            await self._fetch(path, pattern.partition("?")[0], 200, {})
            await self._sleep(_READ_EVERY_S)

    async def first(self, id: str) -> None:
        """Have the loudness of an episode made."""
        await self._fetch(f"/episodes/{id}/peaks.json", "peaks.json, made", 200, {}, patience_s=300)

    async def is_there(self, path: str) -> bool:
        """Whether the server has this route."""
        with suppress(OSError, asyncio.IncompleteReadError):
            status, kind, _ = await self._request(path, {})
            return status == 200 and "json" in kind
        return False

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, min(seconds, self.until - time.monotonic())))

    async def _fetch(
        self,
        path: str,
        what: str,
        wanted: int,
        headers: dict[str, str],
        *,
        most: int | None = None,
        expected: int | None = None,
        patience_s: float = _LONGEST_ANSWER_S,
    ) -> int:
        began = time.monotonic()
        try:
            status, _, length = await asyncio.wait_for(self._request(path, headers, most), patience_s)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            self._figures.failed[f"{what}: {type(error).__name__}"] += 1
            return 0
        self._figures.received += length
        if status != wanted or (expected is not None and length != expected):
            self._figures.failed[f"{what}: {status}"] += 1
        self._figures.seconds[what].append(time.monotonic() - began)
        return length

    async def _request(
        self, path: str, headers: dict[str, str], most: int | None = None
    ) -> tuple[int, str, int]:
        """Status, kind and length of the answer. most: leave after as many bytes of it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Accept-Encoding: gzip"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status = int(head.split(" ", 2)[1])
            told = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            length, wanted = 0, most or (1 << 62)
            while length < wanted and (piece := await reader.read(65_536)):
                length += len(piece)
            if most is None and "content-length" in told and length != int(told["content-length"]):
                raise asyncio.IncompleteReadError(b"", None)
            return status, told.get("content-type", ""), length
        finally:
            writer.close()


def make_library(root: Path, *, episodes: int, seconds: float, lines: int) -> Library:
    """A library of episodes with long audio of few bytes."""
    library = Library(root)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(episodes):
            audio = Path(folder, f"{number}.mp3")
            source = f"sine=frequency={200 + 40 * number}:duration={seconds}:sample_rate=16000"
            how = ["-c:a", "libmp3lame", "-b:a", "16k", "-ac", "1"]
            command = [_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, *how, str(audio)]
            subprocess.run(command, check=True)
            text = json.dumps({**make_transcript(lines, words=10), "title": f"Long talk {number}"})
            library.add(transcript=f"talk {number}".encode(), audio=audio, aligned=read_transcript(text))
    return library


def _ffmpeg() -> str:
    import imageio_ffmpeg

    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())


@contextmanager
def served(root: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`alignment serve` on a free port; its process."""
    port = free_port()
    command = [sys.executable, "-m", "alignment", "serve"]
    options = ["--port", str(port), "--library", str(root), "--log-level", "warning"]
    with subprocess.Popen([*command, *options], cwd=REPOSITORY, stdout=subprocess.DEVNULL) as process:
        try:
            limit = time.monotonic() + 60
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > limit:
                    raise RuntimeError("The server did not come up.")
                time.sleep(0.1)
            yield port, process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def resident(pid: int) -> int:
    """Bytes of memory that a process holds, as Linux counts them."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


class Alignments:
    """Real work of the real aligner, done by the server: the demo, four times as long, anew each time."""

    def __init__(self, library: Library, times: int = 4) -> None:
        self._jobs = Jobs(library.root)
        self._times = times
        self._done = 0
        self._audio = library.root.with_name("spoken.m4a")
        self._text = ("\n\n".join([DEMO.transcript.read_text("utf-8")] * times)).encode()

    def prepare(self) -> None:
        """Make the audio."""
        command = [_ffmpeg(), "-v", "error", "-stream_loop", str(self._times - 1), "-i", str(DEMO.audio)]
        subprocess.run([*command, "-c", "copy", "-y", str(self._audio)], check=True)

    async def __call__(self) -> None:
        """Ask the server for one, and wait until it has ended."""
        self._done += 1
        request = JobRequest(f"Spoken {self._done}", language="en")
        text = self._text + f"\n\nThat was round {self._done}.".encode()
        with self._audio.open("rb") as audio:
            job = self._jobs.submit(request, text, audio, self._audio.name)
        while not (now := self._jobs.get(job.id)).status.ended:
            await asyncio.sleep(0.5)
        if now.episode is None:
            raise RuntimeError(f"The alignment failed: {now.message}")


def told(figures: Figures, minutes: float) -> str:
    """The figures as a table of Markdown."""
    answers = sum(len(seconds) for what, seconds in figures.seconds.items() if what != WAKING)
    lines = [
        f"{answers:,} answers in {minutes:g} minutes ({answers / minutes / 60:.0f} a second), "
        f"{figures.received / _MB:,.0f} MB; {sum(figures.failed.values())} failed; "
        f"{figures.alignments} alignments done.",
        "",
        "| Asked for | Answers | p50 ms | p95 ms | p99 ms | longest |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for what, seconds in sorted(figures.seconds.items()):
        times = [1000 * _quantile(seconds, share) for share in (0.5, 0.95, 0.99, 1.0)]
        lines.append(f"| {what} | {len(seconds):,} | " + " | ".join(f"{ms:.0f}" for ms in times) + " |")
    lines += ["", "Resident memory of the server, MB at the minute:"]
    step = max(1, len(figures.memory) // 12)
    shown = [f"{size / _MB:.0f} at {at / 60:.1f}" for at, size in figures.memory[::step]]
    growth = f"Over the second half it grew by {figures.growth() / _MB:.2f} MB a minute."
    lines.append(f"{', '.join(shown)}. {growth}")
    lines += [f"- {what}: {count} failed" for what, count in figures.failed.items()]
    return "\n".join(lines)


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> int:
    """Run the load as asked, print its figures; 1 where a request failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="at most 60")
    parser.add_argument("--listeners", type=int, default=200, help="at most 1000")
    parser.add_argument("--readers", type=int, default=50, help="at most 1000")
    parser.add_argument("--no-alignment", action="store_true")
    given = parser.parse_args()
    minutes = min(given.minutes, 60.0)
    with tempfile.TemporaryDirectory(prefix="verbatime-load-") as folder:
        library = make_library(Path(folder, "library"), episodes=EPISODES, seconds=EPISODE_S, lines=LINES)
        episodes = library.episodes()
        work = Alignments(library)
        work.prepare()

        async def rest() -> None:
            await asyncio.sleep(60 * minutes)

        with served(library.root) as (port, process):
            figures = asyncio.run(
                load(
                    port,
                    [episode.id for episode in episodes],
                    audio_bytes=min(episode.audio_bytes for episode in episodes),
                    seconds=60 * minutes,
                    listeners=min(given.listeners, 1000),
                    readers=min(given.readers, 1000),
                    memory=lambda: resident(process.pid),
                    align=rest if given.no_alignment else work,
                )
            )
    print(f"{describe_machine()}\n\n{told(figures, minutes)}")
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(main())
