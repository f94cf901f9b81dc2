"""The real app on a port of its own, for the tests to visit."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_PATIENCE_S = 60.0


@contextmanager
def served(
    library: Path | str,
    script: str = "streamlit_app.py",
    *,
    port: int | None = None,
    log: Path | None = None,
    **environment: str,
) -> Iterator[str]:
    """Serve the library with `streamlit run`, as its user does; gives the address. port: any by default.

    log: a file for all that the server prints.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    paths = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
    printed = log.open("wb") if log else None
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "ALIGNMENT_LIBRARY": str(library), "PYTHONPATH": paths, **environment},
        stdout=printed or subprocess.DEVNULL,
        stderr=subprocess.STDOUT if printed else None,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_up(address, process)
            yield address
        finally:
            _end(process)
            if printed:
                printed.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Have it end. `streamlit run` waits for ever where a browser has just connected and asks nothing."""
    process.terminate()
    try:
        process.wait(_PATIENCE_S / 4)
    except subprocess.TimeoutExpired:
        process.kill()


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while time.monotonic() < limit:
        assert process.poll() is None, "the server ended before it was up"
        try:
            with urllib.request.urlopen(f"{address}/healthz") as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("the server did not come up")
