"""Weights: the installed copy without a network, and a hub that serves, fails and lies."""

import hashlib
import random
import re
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

import huggingface_hub.constants
import pytest
from huggingface_hub.utils import close_session

from alignment.engine import models
from alignment.engine.models import BASE_SHA256, find_weights
from alignment.errors import Cancelled, ModelError
from tests.engine.hub import Hub

REPOSITORY = "someone/tiny-whisper"
FILES = {
    "config.json": b"{}",
    "preprocessor_config.json": b'{"feature_size": 80}',
    "model.bin": random.Random(1).randbytes(600_000),
    "tokenizer.json": b'{"version": "1.0"}',
    "vocabulary.txt": b"one\ntwo\n",
    "README.md": b"Not needed to hear anything.",
}
NEEDED = sorted(FILES.keys() - {"README.md"})


@pytest.fixture(autouse=True)
def caches(tmp_path, monkeypatch):
    """Empty caches of our own and of the hub's client."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    yield tmp_path
    close_session()


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*address):
        raise AssertionError(f"connected to {address[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def hub(monkeypatch):
    with Hub(REPOSITORY, dict(FILES)) as hub:
        use_endpoint(monkeypatch, hub.endpoint)
        yield hub


def use_endpoint(monkeypatch, endpoint: str) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    constants = huggingface_hub.constants
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda seconds: None)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 50_000)
    close_session()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ---- the installed copy -------------------------------------------------------------------------------


installed = pytest.mark.skipif(
    any(find_spec(name) is None for name in models._PARTS), reason="the weights of base are not installed"
)


@installed
def test_the_installed_copy_is_joined_once_checked_and_used_without_a_network(caches, no_network):
    first = find_weights("base")
    written = (first.folder / "model.bin").stat().st_mtime_ns

    again = find_weights("base")

    assert first == again and first.folder.is_relative_to(caches / "cache")
    assert (first.folder / "model.bin").stat().st_mtime_ns == written
    for name, digest in BASE_SHA256.items():
        assert hashlib.sha256((first.folder / name).read_bytes()).hexdigest() == digest
    assert first.sha256 == BASE_SHA256["model.bin"]
    assert list(first.folder.parent.iterdir()) == [first.folder]


@installed
def test_a_copy_that_was_tampered_with_is_joined_anew(no_network):
    folder = find_weights("base").folder
    with (folder / "model.bin").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"tampered")
    (folder / "config.json").unlink()

    assert find_weights("base").folder == folder
    assert hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest() == BASE_SHA256["model.bin"]


@pytest.fixture
def wrong_parts(tmp_path, monkeypatch):
    """Two data packages of the right names that hold something else."""
    monkeypatch.setattr(models, "_PARTS", ("other_weights_part1", "other_weights_part2"))
    for number, name in enumerate(models._PARTS, start=1):
        data = tmp_path / "site" / name / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{number}").write_bytes(b"something else")
        for file in BASE_SHA256.keys() - {"model.bin"}:
            (data / file).write_text("{}")
    monkeypatch.syspath_prepend(tmp_path / "site")


def test_parts_that_are_not_the_published_ones_are_refused(wrong_parts, caches, no_network):
    with pytest.raises(ModelError, match=r"SHA-256 differs.*run make setup again"):
        find_weights("base")

    assert not list((caches / "cache" / "verbatime" / "models").iterdir())


def test_a_cache_that_cannot_be_written_is_named(wrong_parts, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(ModelError, match=r"could not be written to .*XDG_CACHE_HOME"):
        find_weights("base")


# ---- a folder, a name ---------------------------------------------------------------------------------


def test_a_folder_is_used_as_it_is(tmp_path, no_network):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)

    weights = find_weights(str(folder))

    assert (weights.name, weights.folder) == ("mine", folder)
    assert weights.sha256 == hashlib.sha256(FILES["model.bin"]).hexdigest()


def test_a_folder_that_lacks_a_file_is_refused(tmp_path):
    (tmp_path / "config.json").touch()

    with pytest.raises(ModelError, match=r"lacks model\.bin, tokenizer\.json"):
        find_weights(str(tmp_path))


@pytest.mark.parametrize("name", ["enormous", "", "a/b/c", "../base", "base "])
def test_an_unknown_name_is_refused_with_those_that_are_known(name, tmp_path, monkeypatch, no_network):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ModelError, match=r"There is no model .*base.*large-v3"):
        find_weights(name)


# ---- the hub ------------------------------------------------------------------------------------------


def test_a_model_is_fetched_with_progress_then_used_without_the_hub(hub):
    told = []

    weights = find_weights(REPOSITORY, progress=told.append)

    assert contents(weights.folder) == {name: FILES[name] for name in NEEDED}
    assert weights.sha256 == hashlib.sha256(FILES["model.bin"]).hexdigest()
    assert hub.fetched() == NEEDED
    assert {progress.stage for progress in told} == {"Fetching the model"}
    fractions = [progress.fraction for progress in told if progress.fraction is not None]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    assert told[-1].detail == "0.6 of 0.6 MB"

    hub.site.asked.clear()
    assert find_weights(REPOSITORY) == weights
    assert hub.site.asked == []


def test_a_size_is_its_repository_on_the_hub(hub, monkeypatch):
    monkeypatch.setitem(models.HUB_REPOSITORIES, "tiny", REPOSITORY)

    assert find_weights("tiny").name == "tiny"
    assert hub.fetched() == NEEDED


def test_a_repository_that_the_hub_does_not_have_is_named(hub):
    with pytest.raises(ModelError, match=r"hub has no someone/nothing.*--model base"):
        find_weights(Hub.ELSEWHERE)


def test_a_hub_that_cannot_be_reached_leaves_a_way_on(monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    use_endpoint(monkeypatch, f"http://127.0.0.1:{port}")

    with pytest.raises(ModelError, match=rf"{REPOSITORY} could not be fetched .*--model base"):
        find_weights(REPOSITORY)


def test_a_hub_with_trouble_leaves_a_way_on(hub):
    hub.site.pages.clear()
    hub.site.pages[f"/api/models/{REPOSITORY}/revision/main"] = lambda reply: reply.start(
        500, {"Content-Length": "0"}
    )

    with pytest.raises(ModelError, match="could not be fetched"):
        find_weights(REPOSITORY)


def test_a_download_that_breaks_off_goes_on_where_it_was(hub):
    again = hub.site.pages[hub.path("model.bin")]
    hub.breaks_off("model.bin", 200_000, then=lambda: hub.site.pages.update({hub.path("model.bin"): again}))

    weights = find_weights(REPOSITORY)

    assert (weights.folder / "model.bin").read_bytes() == FILES["model.bin"]
    assert [asked.first_byte for asked in hub.site.continued(hub.path("model.bin"))] == [200_000]


def test_a_hub_that_goes_away_leaves_nothing_half_done(hub):
    again = hub.site.pages[hub.path("model.bin")]

    def gone(reply):
        reply.break_off()

    hub.breaks_off("model.bin", 200_000, then=lambda: hub.site.pages.update({hub.path("model.bin"): gone}))

    with pytest.raises(ModelError, match="could not be fetched"):
        find_weights(REPOSITORY)

    hub.site.pages[hub.path("model.bin")] = again
    assert contents(find_weights(REPOSITORY).folder) == {name: FILES[name] for name in NEEDED}


def test_stopping_a_download_stops_it(hub):
    def cancel(progress):
        if progress.fraction:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        find_weights(REPOSITORY, progress=cancel)

    assert contents(find_weights(REPOSITORY).folder) == {name: FILES[name] for name in NEEDED}


def test_weights_that_are_not_what_the_hub_lists_are_refused_until_they_are(hub):
    hub.served["model.bin"] = random.Random(2).randbytes(len(FILES["model.bin"]))

    with pytest.raises(ModelError, match="not the published ones") as refused:
        find_weights(REPOSITORY)
    with pytest.raises(ModelError, match="not the published ones"):
        find_weights(REPOSITORY)

    hub.served.clear()
    shutil.rmtree(re.search(r"Delete (.+) and try again", str(refused.value))[1])
    assert contents(find_weights(REPOSITORY).folder) == {name: FILES[name] for name in NEEDED}


def test_a_repository_of_another_format_is_refused(monkeypatch):
    others = {"config.json": b"{}", "model.safetensors": b"weights", "tokenizer.json": b"{}"}
    with Hub(REPOSITORY, others) as hub:
        use_endpoint(monkeypatch, hub.endpoint)

        with pytest.raises(ModelError, match=rf"{REPOSITORY} lacks model\.bin"):
            find_weights(REPOSITORY)


def test_base_from_the_hub_must_be_the_published_one(monkeypatch):
    """Where the data packages are not installed, the hub serves base too: the same hash is asked for."""
    monkeypatch.setattr(models, "_PARTS", ("not_installed_part1", "not_installed_part2"))
    with Hub(models.HUB_REPOSITORIES["base"], dict(FILES)) as hub:
        use_endpoint(monkeypatch, hub.endpoint)

        with pytest.raises(ModelError, match=r"not the published ones.*expected d01c3014881c"):
            find_weights("base")
