"""What `alignment doctor` says of a machine that lacks what the program needs."""

import importlib.metadata
import platform
from pathlib import Path

import deno
import imageio_ffmpeg
import pytest

from alignment import environment
from alignment.engine import models, whisper
from alignment.environment import troubles
from alignment.errors import ModelError


@pytest.fixture(autouse=True)
def weights(monkeypatch, tmp_path):
    """Weights that are there, without the time that it takes to look at them."""
    monkeypatch.setattr(models, "find_base_offline", lambda: tmp_path)


def told() -> dict[str, str]:
    """What is wrong, by where."""
    return {where: what for where, what, advice in troubles() if advice}


def test_this_machine_lacks_nothing():
    assert told() == {}


def test_a_package_that_is_missing_or_too_old_is_named(monkeypatch):
    def version(name: str) -> str:
        if name == "rapidfuzz":
            raise importlib.metadata.PackageNotFoundError(name)
        return "0.1" if name == "lxml" else importlib.metadata.version(name)

    monkeypatch.setattr(environment, "version", version)

    found = told()

    assert found["rapidfuzz"] == "The package is missing."
    assert found["lxml"].startswith("Version 0.1 is installed, >=")
    assert set(found) == {"rapidfuzz", "lxml"}


def test_a_program_that_is_not_installed_is_all_that_is_told_of_packages(monkeypatch):
    def requires(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(environment, "requires", requires)

    assert told() == {"verbatime": "The program itself is not installed."}


def test_a_python_that_is_too_old_is_named(monkeypatch):
    monkeypatch.setattr(platform, "python_version", lambda: "3.9.1")

    assert told() == {"Python": "It is 3.9.1, >=3.11 needed."}


def test_an_ffmpeg_that_does_not_run_is_told(monkeypatch):
    def version() -> str:
        raise OSError("Exec format error")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_version", version)

    assert told() == {"ffmpeg": "It cannot be run (Exec format error)."}


def test_a_deno_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(deno, "find_deno_bin", lambda: tmp_path / "deno")

    assert told() == {"deno": f"There is none at {tmp_path / 'deno'}; YouTube needs it."}


def test_weights_that_are_missing_or_damaged_are_told(monkeypatch):
    monkeypatch.setattr(models, "find_base_offline", lambda: None)
    assert "not on this machine" in told()["model"]

    def damaged() -> Path:
        raise ModelError("model.bin has another SHA-256 than its publisher lists.")

    monkeypatch.setattr(models, "find_base_offline", damaged)
    assert told() == {"model": "model.bin has another SHA-256 than its publisher lists."}


def test_a_gpu_that_cannot_be_used_is_told_with_the_reason(monkeypatch, tmp_path):
    tried = []

    def trouble(folder: Path) -> str:
        tried.append(folder)
        return "The GPU cannot be used (no libcublas.so.12)."

    monkeypatch.setattr(whisper, "gpu_trouble", trouble)

    assert told() == {"GPU": "The GPU cannot be used (no libcublas.so.12)."}
    assert tried == [tmp_path]
