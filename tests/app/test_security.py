"""The headers that go with every answer, in a personal app and in a hosted one."""

import dataclasses
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alignment.app.security import page_policy
from tests.app.hosted import SETTINGS, Hosted, hosted


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Hosted:
    return hosted(tmp_path_factory.mktemp("security"))


def test_every_answer_carries_them_refusals_too(site: Hosted) -> None:
    for path in ("/healthz", "/nowhere", f"/episodes/{site.private.id}/audio", f"/s/{site.public.id}"):
        headers = site.visit().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert (
            "frame-ancestors" in headers["content-security-policy"]
            or "sandbox" in headers["content-security-policy"]
        )


def test_what_a_route_says_itself_stays(site: Hosted) -> None:
    def policy(path: str) -> str:
        return str(site.visit().get(path).headers["content-security-policy"])

    assert policy(f"/episodes/{site.public.id}/audio") == "sandbox; default-src 'none'"
    assert policy(f"/episodes/{site.public.id}/report") == "sandbox"
    assert "frame-ancestors *" in policy(f"/embed/{site.public.id}")
    assert "frame-ancestors 'none'" in policy(f"/s/{site.public.id}")


def test_only_what_is_for_other_sites_is_given_to_them(site: Hosted) -> None:
    def allowed(path: str) -> str:
        return str(site.visit().get(path).headers["cross-origin-resource-policy"])

    id = site.public.id
    for path in (
        f"/embed/{id}",
        f"/s/{id}/picture.png",
        f"/e/{id}.vtt",
        "/feed.xml",
        f"/episodes/{id}/audio",
    ):
        assert allowed(path) == "cross-origin", path
    for path in ("/healthz", f"/episodes/{id}/page.html", f"/episodes/{id}/notes.json"):
        assert allowed(path) == "same-origin", path


def test_the_policy_of_the_page_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in page_policy().split("; "))

    assert rules["default-src"] == rules["object-src"] == "'none'"
    assert "unsafe" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]
    assert rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'self'"
    assert "http" not in page_policy()
    assert "*" not in page_policy()


def test_tls_is_kept_to_by_those_who_came_by_it(site: Hosted, tmp_path: Path) -> None:
    settings = dataclasses.replace(SETTINGS, address="https://talks.example.org/")
    app = dataclasses.replace(site, settings=settings).app()

    by_tls = TestClient(app, base_url="https://talks.example.org").get("/healthz").headers
    plain = TestClient(app, base_url="http://talks.example.org").get("/healthz").headers

    assert by_tls["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in plain
