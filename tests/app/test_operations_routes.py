"""What watches the server: whether it lives, whether it can work, what it has done."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request

from alignment.app.metrics import metrics
from alignment.app.operations_routes import may_scrape
from alignment.app.readiness import Check, Readiness
from alignment.app.routes import middleware, routes
from alignment.library import JobRequest, Jobs, Library
from tests.app.proxied import Served
from tests.browser.conftest import serving
from tests.library.episodes import aligned, audio_file


@dataclass
class Works:
    """Stands for a runner."""

    is_alive: bool


def look(root: Path, alive: bool | None = None) -> dict[str, Check]:
    works = None if alive is None else lambda: Works(alive)
    checks = Readiness(lambda: Library(root), works).checks()  # type: ignore[arg-type]
    return {check.name: check for check in checks}


def figure(text: str, name: str, **labels: str) -> float:
    """The value of the sample with this name and at least these labels."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    (value,) = [
        sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items()
    ]
    return float(value)


def test_a_library_that_can_be_used_is_ready(tmp_path: Path):
    checks = look(tmp_path, alive=True)

    assert {name for name, check in checks.items() if check.passed} >= {"library", "writing", "disk", "jobs"}
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALIGNMENT_LEAST_FREE_MB", str(10**9))

    checks = look(tmp_path / "gone", alive=False)

    assert {name for name, check in checks.items() if check.needed and not check.passed} == {
        "library",
        "writing",
        "disk",
        "jobs",
    }
    assert str(tmp_path) not in " ".join(check.fact for check in checks.values())


def test_the_checks_are_made_once_a_second_however_many_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr("alignment.app.readiness.time.monotonic", lambda: now)
    readiness = Readiness(lambda: Library(tmp_path))
    first = readiness.checks()

    assert readiness.checks() is first
    now += 1.5
    assert readiness.checks() is not first


@pytest.mark.parametrize(
    ("client", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("203.0.113.9", {}, False),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, False),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, False),
        ("testclient", {}, False),
    ],
)
def test_figures_are_for_this_machine_alone(client: str, headers: dict[str, str], may: bool):
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "client": (client, 1), "headers": raw})

    assert may_scrape(request) is may


def test_a_setting_opens_the_figures_to_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALIGNMENT_METRICS", "open")

    assert may_scrape(Request({"type": "http", "client": ("203.0.113.9", 1), "headers": []}))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Without a runner: the jobs wait."""
    folder = tmp_path_factory.mktemp("watched")
    library = Library(folder / "library")
    library.add(transcript=b"tea", audio=audio_file(folder), aligned=aligned())
    Jobs(library.root).submit(JobRequest("Waiting", source="https://example.org/talk"), b"Tea.")
    metrics.cache_clear()
    app = Starlette(routes=routes(lambda: library), middleware=middleware(lambda: library))
    with serving(app) as url:
        yield Served(url, url, None, folder / "log")  # type: ignore[arg-type]
    metrics.cache_clear()


def test_requests_are_counted_by_the_pattern_of_their_route(server: Served):
    for path in ("/episodes/aaaaaaaaaaaa/transcript.json", "/episodes/bbbbbbbbbbbb/transcript.json"):
        assert server.ask(path).status == 404
    for number in range(5):
        server.ask(f"/nowhere/{number}")

    text = server.ask("/metrics").read().decode()

    pattern = "/episodes/{id}/transcript.json"
    assert figure(text, "verbatime_requests_total", route=pattern, method="GET", status="404") == 2
    assert figure(text, "verbatime_request_seconds_count", route=pattern) == 2
    assert figure(text, "verbatime_requests_total", route="pages") == 5
    assert "nowhere" not in text


def test_audio_jobs_episodes_and_the_disk_are_counted(server: Served):
    (id,) = [entry.name for entry in (server.log.parent / "library" / "episodes").iterdir()]
    server.ask(f"/episodes/{id}/audio", Range="bytes=0-999").read()

    text = server.ask("/metrics").read().decode()

    assert figure(text, "verbatime_audio_bytes_total") == 1000
    assert figure(text, "verbatime_jobs", status="queued") == 1
    assert figure(text, "verbatime_queue_age_seconds") > 0
    assert figure(text, "verbatime_episodes") == 1
    assert figure(text, "verbatime_disk_free_bytes") > 0
    assert figure(text, "process_resident_memory_bytes") > 0


def test_a_method_that_nobody_knows_makes_no_figure_of_its_own(server: Served):
    server.ask("/healthz", "BREW")

    assert "BREW" not in server.ask("/metrics").read().decode()
