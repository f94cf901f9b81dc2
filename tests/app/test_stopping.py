"""The server ends in good order when it is told to, and at once when it is told again."""

import json
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alignment.demo import DEMO
from alignment.library import JobRequest, Jobs, JobStatus, Library
from tests.app.proxied import Served, serving
from tests.library.episodes import aligned

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
_PATIENCE_S = 60.0
_LONG = 24 * 1024 * 1024
"""Bytes: more than the system takes in advance of a listener."""


def until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path / "library")
    audio = tmp_path / "long.wav"
    audio.write_bytes(bytes(_LONG))
    library.add(transcript=b"tea", audio=audio, aligned=aligned())
    return library


def listening(served: Served, library: Library) -> socket.socket:
    """A listener who has asked for all of the audio, and takes it as slowly as one listens."""
    (id,) = [episode.id for episode in library.episodes() if episode.title == "At the gate"]
    listener = socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2])))
    listener.sendall(f"GET /episodes/{id}/audio HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert listener.recv(12) == b"HTTP/1.1 200"
    return listener


def test_sigterm_cuts_the_audio_and_ends_with_status_0(library: Library):
    with serving(library.root, "--log-format", "json") as served, listening(served, library):
        assert served.ask("/readyz").status == 200
        assert served.ask("/metrics").status == 200
        served.process.send_signal(signal.SIGTERM)

        assert served.process.wait(_PATIENCE_S) == 0

    records = [json.loads(line) for line in served.log.read_text().splitlines()]
    assert [record["message"] for record in records if "Stop" in record["message"]] == ["Stopping", "Stopped"]
    assert {record["level"] for record in records} == {"info"}
    (cut,) = [record for record in records if record.get("route") == "/episodes/{id}/audio"]
    assert 0 < cut["bytes"] < _LONG


def test_a_second_signal_ends_it_at_once(library: Library):
    with serving(library.root) as served, listening(served, library):
        served.process.send_signal(signal.SIGTERM)
        until(lambda: "Stopping" in served.log.read_text())
        served.process.send_signal(signal.SIGTERM)

        assert served.process.wait(_PATIENCE_S) == 128 + signal.SIGTERM

    assert "Stopped" not in served.log.read_text()
    assert "Traceback" not in served.log.read_text()


def test_the_job_in_hand_is_left_to_the_next_start(tmp_path: Path):
    jobs = Jobs(tmp_path / "library")
    with DEMO.audio.open("rb") as audio:
        request = JobRequest("Spoken", language="en")
        job = jobs.submit(request, DEMO.transcript.read_bytes(), audio, DEMO.audio.name)
    with serving(tmp_path / "library") as served:
        until(lambda: jobs.get(job.id).status is JobStatus.RUNNING)
        served.process.send_signal(signal.SIGTERM)

        assert served.process.wait(_PATIENCE_S) == 0

    assert "Traceback" not in served.log.read_text()
    assert [waiting.id for waiting in jobs.waiting()] == [job.id]
