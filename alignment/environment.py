"""Whether this machine has what the program needs: Python, packages, programs, the recogniser's weights."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from alignment.errors import AlignmentError

__all__ = ["troubles"]

_PACKAGE = "verbatime"
_SET_UP = "Install the program again (`make setup` in a checkout)."


def troubles() -> Iterator[tuple[str, str, str]]:
    """What is missing or wrong, each as: where, what, and what to do. Asks no network."""
    yield from _packages()
    yield from _ffmpeg()
    yield from _deno()
    yield from _weights()


def _packages() -> Iterator[tuple[str, str, str]]:
    try:
        wanted = [Requirement(line) for line in requires(_PACKAGE) or ()]
    except PackageNotFoundError:
        yield _PACKAGE, "The program itself is not installed.", _SET_UP
        return
    needed = SpecifierSet(metadata(_PACKAGE)["Requires-Python"] or "")
    if not needed.contains(python := platform.python_version(), prereleases=True):
        yield "Python", f"It is {python}, {needed} needed.", "Install a newer one, then the program again."
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield requirement.name, "The package is missing.", _SET_UP
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            yield requirement.name, f"Version {found} is installed, {requirement.specifier} needed.", _SET_UP


def _ffmpeg() -> Iterator[tuple[str, str, str]]:
    from imageio_ffmpeg import get_ffmpeg_exe, get_ffmpeg_version

    try:
        path = get_ffmpeg_exe()
        get_ffmpeg_version()
    except (RuntimeError, OSError) as error:
        yield "ffmpeg", f"It cannot be run ({error}).", _SET_UP
        return
    if not Path(path).exists():
        yield "ffmpeg", f"There is none at {path}.", _SET_UP


def _deno() -> Iterator[tuple[str, str, str]]:
    from deno import find_deno_bin  # type: ignore[import-untyped]

    try:
        path = Path(find_deno_bin())
    except OSError as error:
        yield "deno", f"It is missing ({error}); YouTube needs it.", _SET_UP
        return
    if not path.is_file():
        yield "deno", f"There is none at {path}; YouTube needs it.", _SET_UP


def _weights() -> Iterator[tuple[str, str, str]]:
    from alignment.engine.models import find_base_offline

    try:
        folder = find_base_offline()
    except AlignmentError as error:
        yield "model", str(error), _SET_UP
        return
    if folder is None:
        yield "model", "Whisper base is not on this machine; the first alignment fetches it.", _SET_UP
    else:
        yield from _gpu(folder)


def _gpu(weights: Path) -> Iterator[tuple[str, str, str]]:
    from alignment.engine.device import DEVICE
    from alignment.engine.whisper import gpu_trouble

    if trouble := gpu_trouble(weights):
        yield "GPU", trouble, f'README.md, "With a GPU", says what it needs; {DEVICE}=cpu leaves it alone.'
