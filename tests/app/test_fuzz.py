"""Our routes, asked at random for a few seconds; `python -m tests.app.fuzz` asks for longer."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.app.fuzz import Place, fuzz, table
from tests.elsewhere import run_elsewhere


def test_no_request_brings_a_route_down(tmp_path: Path) -> None:
    place = Place(tmp_path)

    figures = run_elsewhere(fuzz(place, 4.0, seed=6))

    assert figures.wrong == {}
    assert set(figures.statuses) == {route.path for route in place.routes}
    assert "| `/healthz` |" in table(figures)


def test_wrong_answers_are_found(tmp_path: Path) -> None:
    """So that the silence of the test above means something."""

    def breaks(request: Request) -> Response:
        return JSONResponse({"length": int(request.headers.get("content-length", "0"))})

    def echoes(request: Request) -> Response:
        return Response(headers={"X-Asked": request.query_params.get("t", "").replace("\u0663", "3")[:99]})

    def lies(request: Request) -> Response:
        return PlainTextResponse("no JSON", media_type="application/json")

    place = Place(tmp_path)
    place.routes = [Route("/breaks", breaks), Route("/echoes", echoes), Route("/lies", lies)]
    place.app = Starlette(routes=place.routes)

    figures = run_elsewhere(fuzz(place, 1.0, seed=6, tell=lambda text: None))

    found = "\n".join(figures.wrong)
    for expected in (
        "/breaks: ValueError",
        "/echoes: a header that was put in",
        "/lies: not the application/json",
    ):
        assert expected in found
