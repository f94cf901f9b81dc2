"""The app as `streamlit run` serves it, with jobs that stop at each step until a test lets them go on."""

from functools import cache

import streamlit as st
from starlette.middleware import Middleware

from alignment.app import service
from alignment.app.links import EpisodeLinks
from alignment.app.routes import routes
from alignment.library import Runner
from tests.library.working import slow_tools

service.runner = cache(lambda: Runner(service.library(), slow_tools))

app = st.App(
    service.SCRIPT,
    routes=routes(service.library),
    middleware=[Middleware(EpisodeLinks)],
    lifespan=service.lifespan,
)
