"""The app as `streamlit run` serves it, with jobs that really fetch, and are quick at the rest."""

from functools import cache

import streamlit as st

from alignment.app import service
from alignment.app.login import login_secrets
from alignment.app.routes import middleware, routes
from alignment.library import Runner
from tests.library.working import fetching_tools

service.runner = cache(lambda: Runner(service.whole_library(), fetching_tools))

app = st.App(
    service.SCRIPT,
    routes=routes(service.library, service.runner, service.submit),
    middleware=middleware(service.library, service.settings()),
    lifespan=service.lifespan,
    secrets=login_secrets(service.settings()),
)
