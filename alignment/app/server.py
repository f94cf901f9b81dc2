"""The app as a server: what `alignment serve` starts, wherever the package is installed."""

import os
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st

from alignment.app.login import login_secrets
from alignment.app.routes import middleware, routes
from alignment.app.service import SCRIPT, library, lifespan, settings

__all__ = ["application", "serve"]

_SETTINGS = Path(__file__).with_name("config.toml")
"""The twin of .streamlit/config.toml, which Streamlit reads only where a checkout is."""


def application() -> st.App:
    """The app: an ASGI application with the pages, the routes, and the runner of the library's jobs."""
    return st.App(
        SCRIPT,
        routes=routes(library),
        middleware=middleware(library, settings()),
        lifespan=lifespan,
        secrets=login_secrets(settings()),
    )


def serve(*, root: Path | None = None, address: str = "127.0.0.1", port: int = 8501) -> None:
    """Serve the app until the process is told to stop.

    root: the library's folder; None for ALIGNMENT_LIBRARY, else `cache`.
    """
    if root is not None:
        os.environ["ALIGNMENT_LIBRARY"] = str(root)
    config = _flat(tomllib.loads(_SETTINGS.read_text(encoding="utf-8")))
    if settings().hosted:
        config["server.maxUploadSize"] = settings().limits.upload_bytes >> 20
    if settings().proxies:
        os.environ["FORWARDED_ALLOW_IPS"] = ",".join(settings().proxies)  # uvicorn reads it
    application().run(config={**config, "server.address": address, "server.port": port})


def _flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    """The table's values by their dotted names."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = value
    return flat
