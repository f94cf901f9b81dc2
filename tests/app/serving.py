"""The app as `streamlit run` serves it, with the tools of `tests.library.working` that the environment names.

Unasked its jobs stop at each step until a test lets them go on.
"""

import os
from functools import cache

import streamlit as st

from alignment.app import service
from alignment.app.login import login_secrets
from alignment.app.routes import middleware, routes
from alignment.library import Runner
from tests.library import working

_tools = getattr(working, os.environ.get("SERVED_TOOLS", "slow_tools"))
service.runner = cache(lambda: Runner(service.whole_library(), _tools))

app = st.App(
    service.SCRIPT,
    routes=routes(service.library, service.runner, service.submit),
    middleware=middleware(service.library, service.settings()),
    lifespan=service.lifespan,
    secrets=login_secrets(service.settings()),
)
