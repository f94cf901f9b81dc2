"""What watches the server asks for: /readyz (can it work) and /metrics (figures for Prometheus)."""

import ipaddress
import os
from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alignment.app.metrics import metrics
from alignment.app.readiness import Readiness
from alignment.library import Library, Runner

__all__ = ["may_scrape", "operations_routes"]

_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded")


def operations_routes(
    library: Callable[[], Library], runner: Callable[[], Runner] | None = None
) -> list[Route]:
    """The routes. library: called at each request. runner: of the jobs, None where none are done here."""
    readiness = Readiness(library, runner)
    metrics().watch_library(library)

    def readyz(request: Request) -> Response:
        checks = readiness.checks()
        ready = all(check.passed for check in checks if check.needed)
        value = {
            "status": "ready" if ready else "not ready",
            "checks": {
                check.name: {"passed": check.passed, "fact": check.fact, "needed": check.needed}
                for check in checks
            },
        }
        return JSONResponse(value, 200 if ready else 503, headers=_FRESH)

    def figures(request: Request) -> Response:
        if not may_scrape(request):
            return JSONResponse({"error": "There is no such page."}, 404, headers=_FRESH)
        data = generate_latest(metrics().registry)
        return Response(data, media_type=CONTENT_TYPE_LATEST, headers=_FRESH)

    return [Route("/readyz", readyz), Route("/metrics", figures)]


def may_scrape(request: Request) -> bool:
    """Whether it comes from this machine, past any proxy; or ALIGNMENT_METRICS is `open`."""
    if os.environ.get("ALIGNMENT_METRICS") == "open":
        return True
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
