"""Who may read, add and write in a hosted app: every route, for everybody who may come."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from alignment.app import visitors
from alignment.app.gate import Need, rule_for
from alignment.app.private_links import LIFETIME_S, new_key
from alignment.app.rights import Visitor, may_add, may_change, may_list, may_read
from alignment.app.routes import routes
from alignment.app.settings import Settings
from alignment.library.link_salt import link_salt, renew_link_salt
from tests.app.hosted import ADA, BEN, COOKIE_SECRET, EVE, SETTINGS, Hosted, hosted, signed_in

FORMS = {"file": "main.js", "format": "srt", "kind": "m4a", "note": "n1", "job": "aaaaaaaaaaaa"}
REFUSALS = {401, 403, 404}
WRITES = ("POST", "PUT", "DELETE")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visitors, "get_cookie_secret", lambda: COOKIE_SECRET)
        yield hosted(tmp_path_factory.mktemp("hosted"))


def all_routes(site: Hosted, *methods: str, id: str) -> list[tuple[str, str]]:
    """Each of the app's routes that take one of the methods, with the id of an episode where it names one."""
    found = []
    for route in routes(site.library):
        for method in sorted((route.methods or set()) & set(methods)):
            path = re.sub(r"{(\w+)(:\w+)?}", lambda name: {**FORMS, "id": id}[name[1]], route.path)
            found.append((method, path))
    return found


def of_episode(site: Hosted, *methods: str, id: str) -> list[tuple[str, str]]:
    return [(method, path) for method, path in all_routes(site, *methods, id=id) if id in path]


def ask(client: TestClient, method: str, path: str, **headers: str) -> tuple[int, str]:
    query = "?t=0.1&end=0.6" if "/clip." in path else ""
    body = {"revision": 0, "change": {"kind": "offset", "seconds": 1}} if method == "POST" else None
    answer = client.request(method, path + query, json=body, headers=headers)
    return answer.status_code, answer.text if answer.status_code >= 400 else ""


def test_every_route_has_a_rule(site: Hosted) -> None:
    listed = all_routes(site, "GET", *WRITES, id="aaaaaaaaaaaa")

    assert len(listed) > 25
    assert [each for each in listed if rule_for(*each) is None] == []


def test_streamlits_own_routes_have_rules_or_are_shut() -> None:
    from streamlit.web.server.starlette import starlette_routes

    assert starlette_routes.BASE_ROUTE_UPLOAD_FILE == "_stcore/upload_file"
    found = rule_for("PUT", "/_stcore/upload_file/session/file")
    assert found and found[0].need is Need.ADDING
    assert rule_for("POST", "/_stcore/agent/interact") is None
    assert rule_for("GET", "/_stcore/agent/openapi.json") is None


def test_a_route_without_a_rule_is_refused(site: Hosted) -> None:
    app = site.app()
    app.router.routes.insert(0, Route("/new", lambda request: pytest.fail("reached"), methods=["GET"]))
    client = TestClient(app, base_url="http://talks.example.org")

    assert client.get("/new").status_code == 404


def test_the_gate_does_not_count_on_the_route_to_look(site: Hosted) -> None:
    app = site.app()
    app.router.routes.insert(0, Route("/episodes/{id}/audio", lambda request: pytest.fail("reached")))
    client = TestClient(app, base_url="http://talks.example.org")

    assert client.get(f"/episodes/{site.private.id}/audio").status_code == 404


def test_visitors_read_what_is_public(site: Hosted) -> None:
    behind = re.compile(r"/(notes|corrections)")
    paths = [each for each in of_episode(site, "GET", id=site.public.id) if not behind.search(each[1])]

    answers = {path: ask(site.visit(), method, path)[0] for method, path in paths}

    assert len(answers) >= 14
    assert {path: status for path, status in answers.items() if status in REFUSALS} == {}


@pytest.mark.parametrize("who", [None, EVE, BEN])
def test_private_episodes_are_missing_on_every_route(site: Hosted, who: str | None) -> None:
    nowhere = "aaaaaaaaaaaa"
    client = site.visit(who)

    for method, path in of_episode(site, "GET", *WRITES, id=site.private.id):
        status, text = ask(client, method, path)
        assert status == 404, (method, path)
        other_status, other_text = ask(client, method, path.replace(site.private.id, nowhere))
        assert (status, text.replace(site.private.id, nowhere)) == (other_status, other_text), (method, path)


def test_the_owner_reads_a_private_episode_on_every_route(site: Hosted) -> None:
    client = site.visit(ADA)
    paths = [each for each in of_episode(site, "GET", id=site.private.id) if "/realign/" not in each[1]]

    answers = {path: ask(client, method, path)[0] for method, path in paths}

    assert len(answers) >= 16
    assert {path: status for path, status in answers.items() if status in REFUSALS} == {}


@pytest.mark.parametrize(("who", "status"), [(None, 401), (EVE, 403)])
def test_visitors_trying_every_write_route_are_refused(site: Hosted, who: str | None, status: int) -> None:
    before = {path: path.read_bytes() for path in site.public.folder.iterdir()}
    client = site.visit(who)
    writes = of_episode(site, *WRITES, id=site.public.id)

    answers = {each: ask(client, *each)[0] for each in writes}
    answers["upload"] = client.put("/_stcore/upload_file/a/b", content=b"x").status_code

    assert len(writes) == 7
    assert set(answers.values()) == {status}
    assert {path: path.read_bytes() for path in site.public.folder.iterdir()} == before


@pytest.mark.parametrize("path", ["notes.json", "corrections.json"])
def test_who_noted_and_corrected_is_told_to_its_people_alone(site: Hosted, path: str) -> None:
    address = f"/episodes/{site.public.id}/{path}"

    assert [site.visit(who).get(address).status_code for who in (None, EVE, ADA, BEN)] == [401, 403, 200, 200]


@pytest.mark.parametrize("who", [ADA, BEN])
def test_owners_and_editors_correct_what_is_public(tmp_path: Path, site: Hosted, who: str) -> None:
    own = hosted(tmp_path)
    change = {"revision": 0, "change": {"kind": "text", "line": 0, "text": "The kettle is off."}}

    answer = own.visit(who).post(f"/episodes/{own.public.id}/corrections", json=change)

    assert answer.status_code == 200, answer.text


def test_a_page_of_another_site_writes_with_nobodys_rights(site: Hosted) -> None:
    address = f"/episodes/{site.public.id}/corrections/undo"

    for sender in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
        answer = site.visit(ADA).post(address, json={"revision": 0}, headers=sender)
        assert answer.status_code == 403
        assert "own pages" in answer.text


@pytest.mark.parametrize("path", ["/feed.xml", "/sitemap.xml"])
@pytest.mark.parametrize("who", [None, EVE, BEN])
def test_lists_show_what_may_be_read(site: Hosted, path: str, who: str | None) -> None:
    text = site.visit(who).get(path).text

    assert site.public.id in text
    assert site.private.id not in text


def test_oembed_does_not_tell_of_private_episodes(site: Hosted) -> None:
    address = "/oembed?url=http://talks.example.org/s/"

    assert site.visit().get(address + site.public.id).status_code == 200
    assert site.visit().get(address + site.private.id).status_code == 404
    assert site.visit(ADA).get(address + site.private.id).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "another secret, just as long as it"},
        {"email_verified": False},
        {"email_verified": "yes"},
        {"is_logged_in": False},
        {"origin": "http://elsewhere.net"},
        {"email": None},
    ],
)
def test_a_sign_in_counts_only_as_the_login_made_it(site: Hosted, changes: dict[str, object]) -> None:
    client = site.visit()
    client.cookies.set(visitors.AUTH_COOKIE_NAME, signed_in(ADA, **changes))  # type: ignore[arg-type]

    assert client.get(f"/episodes/{site.private.id}/audio").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": ADA, "X-Forwarded-Email": ADA, "X-Auth-Request-Email": ADA},
        {"Remote-User": ADA, "Authorization": f"Bearer {ADA}"},
        {"Cookie": "_streamlit_user=chunks-2; _streamlit_user_1=a"},
        {"X-Forwarded-Host": "127.0.0.1", "X-Original-URL": "/healthz", "X-HTTP-Method-Override": "GET"},
    ],
)
def test_no_header_says_who_somebody_is(site: Hosted, headers: dict[str, str]) -> None:
    assert site.visit().get(f"/episodes/{site.private.id}/audio", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "path", ["/episodes/{}/audio/", "//episodes/{}/audio", "/EPISODES/{}/audio", "/./episodes/{}/audio"]
)
def test_no_other_spelling_of_a_path_leads_in(site: Hosted, path: str) -> None:
    app = site.app()
    client = TestClient(app, base_url="http://talks.example.org", follow_redirects=True)

    assert client.get(path.format(site.private.id)).status_code == 404


def opened(site: Hosted, key: str, id: str | None = None) -> TestClient:
    """A visitor who has followed a link with the key."""
    client = site.visit()
    client.get(f"/listen?v={id or site.private.id}&key={key}")
    return client


def test_a_link_opens_a_private_episode_for_reading_alone(site: Hosted) -> None:
    key = new_key(SETTINGS, site.private, link_salt(site.whole, site.private.id))
    client = site.visit()

    answer = client.get(f"/listen?v={site.private.id}&t=0.5&key={key}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"listen?v={site.private.id}&t=0.5")
    cookies = answer.headers.get_list("set-cookie")
    assert [re.search(r"Path=([^;]+)", each)[1] for each in cookies] == [  # type: ignore[index]
        f"/episodes/{site.private.id}/",
        "/_stcore/stream",
    ]
    assert all("HttpOnly" in each and "samesite=lax" in each.lower() for each in cookies)
    assert client.get(f"/episodes/{site.private.id}/audio").status_code == 200
    assert client.get(f"/episodes/{site.private.id}/transcript.json").status_code == 200
    for method, path in of_episode(site, *WRITES, id=site.private.id):
        assert ask(client, method, path)[0] == 401
    assert site.private.id not in client.get("/feed.xml").text


def test_a_link_is_kept_to_tls_where_visitors_come_by_it(site: Hosted) -> None:
    settings = Settings(hosted=True, address="https://talks.example.org/", secret=SETTINGS.secret)
    secure = Hosted(site.whole, site.public, site.private, settings)
    key = new_key(settings, site.private, "")

    cookies = secure.visit().get(f"/listen?v={site.private.id}&key={key}").headers.get_list("set-cookie")

    assert len(cookies) == 2
    assert all("; Secure" in each for each in cookies)


def test_forged_links_and_those_of_others_lead_nowhere(site: Hosted) -> None:
    good = new_key(SETTINGS, site.private, "")
    of_another = new_key(SETTINGS, site.public, "")
    other_secret = Settings(hosted=True, secret="x" * 32)
    forged = [
        "",
        "a.b.c",
        good[:-9] + good[-9].swapcase() + good[-8:] if good[-9].isalpha() else good[:-9] + "x" + good[-8:],
        good.replace(".", "..", 1),
        of_another,
        new_key(other_secret, site.private, ""),
        new_key(SETTINGS, site.private, "another salt"),
        "é" * 20,
        good + "A" * 400,
    ]
    for key in forged:
        client = site.visit()
        answer = client.get("/listen", params={"v": site.private.id, "key": key})
        assert answer.status_code == 404, key
        assert "set-cookie" not in answer.headers
        if key.isascii():
            client.cookies.set(f"verbatime_key_{site.private.id}", key)
        assert client.get(f"/episodes/{site.private.id}/audio").status_code == 404, key


def test_an_expired_link_leads_nowhere(site: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - LIFETIME_S - 5)
    key = new_key(SETTINGS, site.private, "")
    monkeypatch.undo()

    assert site.visit().get(f"/listen?v={site.private.id}&key={key}").status_code == 404


def test_links_that_are_taken_back_end_at_once(tmp_path: Path, site: Hosted) -> None:
    own = hosted(tmp_path)
    key = new_key(SETTINGS, own.private, link_salt(own.whole, own.private.id))
    client = opened(own, key)
    audio = f"/episodes/{own.private.id}/audio"
    assert client.get(audio).status_code == 200

    renew_link_salt(own.whole, own.private.id)

    assert client.get(audio).status_code == 404
    assert own.visit().get(f"/listen?v={own.private.id}&key={key}").status_code == 404


def test_a_damaged_salt_does_not_bring_old_links_back(tmp_path: Path) -> None:
    own = hosted(tmp_path)
    renew_link_salt(own.whole, own.private.id)
    (own.private.folder / "links.json").write_text("{")

    assert link_salt(own.whole, own.private.id) != ""


@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: a=b", "x\nLocation: http://elsewhere.net", "%0d%0aX: y"])
def test_what_a_visitor_sends_begins_no_header(site: Hosted, value: str) -> None:
    key = new_key(SETTINGS, site.private, "")
    addresses = [
        ("/listen", {"v": site.private.id, "key": key, "t": value}),
        ("/", {"v": value, "key": value}),
        (f"/e/{site.public.id}", {"t": value}),
        (f"/s/{site.public.id}", {"t": value}),
    ]
    for path, query in addresses:
        answer = site.visit().get(path, params=query)
        assert "x" not in answer.headers
        assert all("a=b" not in cookie for cookie in answer.headers.get_list("set-cookie"))
        assert "elsewhere.net" not in answer.headers.get("location", "").partition("?")[0]


def test_other_hosts_are_refused(site: Hosted) -> None:
    assert site.visit().get("/healthz", headers={"Host": "127.0.0.1"}).status_code == 200  # watchers
    for host in ("elsewhere.net", "talks.example.org.elsewhere.net", "127.0.0.2"):
        answer = site.visit().get("/healthz", headers={"Host": host})
        assert answer.status_code == 400
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_measures_are_for_this_machine_alone(site: Hosted) -> None:
    found = rule_for("GET", "/metrics")

    assert found and found[0].need is Need.NEARNESS
    assert site.visit().get("/metrics").status_code == 404


def test_a_personal_app_is_everybodys(site: Hosted) -> None:
    nobody, personal = Visitor(), Settings()

    assert may_add(personal, nobody)
    assert may_list(personal, nobody, site.private)
    assert may_read(personal, nobody, site.private)
    assert may_change(personal, nobody, site.private)


@pytest.mark.parametrize(
    ("email", "adds"), [(None, False), (ADA, True), (EVE, False), ("ada@sub.example.org", False)]
)
def test_those_add_who_are_named(email: str | None, adds: bool) -> None:
    assert may_add(SETTINGS, Visitor(email)) is adds


def test_everybody_who_signs_in_may_be_named() -> None:
    settings = Settings(hosted=True, adders=frozenset({"*"}))

    assert may_add(settings, Visitor(EVE))
    assert not may_add(settings, Visitor())


def test_an_upload_that_is_too_large_is_refused_unread(site: Hosted) -> None:
    answer = site.visit(ADA).put(
        "/_stcore/upload_file/a/b", content=b"x", headers={"Content-Length": str(1 << 40)}
    )

    assert answer.status_code == 413
