"""The app as a server: what `alignment serve` starts, wherever the package is installed."""

import os
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.web import bootstrap

from alignment.app.base_path import normal_base
from alignment.app.login import login_secrets
from alignment.app.routes import middleware, routes
from alignment.app.running import LOOPBACK, run_server
from alignment.app.service import SCRIPT, library, lifespan, runner, settings, submit, whole_library
from alignment.library import open_library
from alignment.logs import LogFormat, set_up_logs

__all__ = ["application", "serve"]

_SETTINGS = Path(__file__).with_name("config.toml")
"""The twin of .streamlit/config.toml, which Streamlit reads only where a checkout is."""


def application() -> st.App:
    """The app: an ASGI application with the pages, the routes, and the runner of the library's jobs."""
    return st.App(
        SCRIPT,
        routes=routes(library, runner, submit),
        middleware=middleware(library, settings()),
        lifespan=lifespan,
        secrets=login_secrets(settings()),
    )


def serve(
    *,
    library_address: str | None = None,
    address: str = "127.0.0.1",
    port: int = 8501,
    base: str = "",
    proxied: bool = False,
    log_format: LogFormat = "text",
    log_level: str = "info",
    jobs: int | None = None,
) -> None:
    """Serve the app until the process is told to stop.

    library_address: of the library; None for ALIGNMENT_LIBRARY, else `cache`.
    jobs: how many are done at a time; None for ALIGNMENT_JOBS, else by cores and memory.
    base: see `run_server`; "" for the path of ALIGNMENT_ADDRESS. proxied: believe a proxy on this machine,
    beside those of ALIGNMENT_PROXY. log_format, log_level: see `set_up_logs`.
    Raises LibraryError where the library cannot be had, or a newer program keeps it.
    """
    if library_address is not None:
        os.environ["ALIGNMENT_LIBRARY"] = open_library(library_address).address
    if jobs is not None:
        os.environ["ALIGNMENT_JOBS"] = str(jobs)
    whole_library()
    config = _flat(tomllib.loads(_SETTINGS.read_text(encoding="utf-8")))
    if settings().hosted:
        config["server.maxUploadSize"] = settings().limits.upload_bytes >> 20
    bootstrap.load_config_options({**config, "server.address": address, "server.port": port})
    set_up_logs(log_format, log_level)
    run_server(
        application(),
        address=address,
        port=port,
        base=base or normal_base(settings().path),
        proxies=(*settings().proxies, *(LOOPBACK if proxied else ())),
    )


def _flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    """The table's values by their dotted names."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = value
    return flat
