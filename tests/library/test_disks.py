"""A library on real disks that are full, or that cannot be written to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

APART = ["unshare", "--mount"] if os.name == "posix" and os.getuid() == 0 else ["unshare", "-rm"]
MOUNT = 'mount -t tmpfs -o size=400k none "$1" && shift && exec "$@"'


def on_a_disk(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run the command where a file system of 400 kB is mounted at `folder`, for it alone."""
    run = [*APART, "sh", "-c", MOUNT, "sh", str(folder), *command]
    return subprocess.run(run, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_a_library_on_such_a_disk_loses_nothing_and_says_what_is_wrong(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not shutil.which("unshare") or on_a_disk(folder, "true").returncode:
        pytest.skip("This system lets nobody mount a file system for a process.")
    done = on_a_disk(folder, sys.executable, "-m", "tests.library.on_a_disk", kind, str(folder))
    assert done.returncode == 0, done.stderr
