"""Environments of their own for the peers that this project is measured against, made when first needed.

They lie in `.venv-peers/` beside the repository's own `.venv`, one folder to a peer, and are never
dependencies. A peer that cannot be installed is a row of the table that says why.
"""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Absent", "Peer", "environment"]

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""

_HOME = ROOT / ".venv-peers"


class Absent(Exception):
    """A system that cannot be measured on this machine; its text says why, on one line."""


@dataclass(frozen=True, slots=True)
class Peer:
    """How to install a peer.

    python: the versions that it runs on, as uv takes them. steps: arguments of `pip install`, one call after
    the other. programs: what it wants on the PATH, and must come from the system's own packages.
    """

    name: str
    python: str
    steps: tuple[tuple[str, ...], ...]
    programs: tuple[str, ...] = ()


def environment(peer: Peer) -> Path:
    """The Python of the peer's environment, which is made first where it is not there.

    pip installs, not uv: it alone knows the wheels that a machine's own pip configuration points to.
    Raises Absent where a program is missing or an installation fails.
    """
    missing = [program for program in peer.programs if shutil.which(program) is None]
    if missing:
        raise Absent(f"needs {' and '.join(missing)} from the system's packages")
    folder = _HOME / peer.name
    python = folder / "bin" / "python"
    recipe = hashlib.sha256(repr(peer).encode()).hexdigest()
    ready = folder / "ready"
    if ready.is_file() and ready.read_text("utf-8") == recipe and python.exists():
        return python
    uv = _run(["bash", str(ROOT / ".ci" / "get-uv")]).splitlines()[-1]
    print(f"Installing {peer.name} into {folder.relative_to(ROOT)} ...", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _run([uv, "venv", "--quiet", "--seed", "--python", peer.python, str(folder)])
    for step in peer.steps:
        _run([str(python), "-m", "pip", "install", "--quiet", *step])
    ready.write_text(recipe, "utf-8")
    return python


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        reason = next(
            (line for line in lines if "error" in line.lower()), lines[-1] if lines else "no reason given"
        )
        raise Absent(f"cannot be installed: {reason.strip()[:200]}")
    return done.stdout
