"""The app's entry: `streamlit run streamlit_app.py` serves it, and so does `alignment serve`."""

import streamlit as st

from alignment.app.login import login_secrets
from alignment.app.routes import middleware, routes
from alignment.app.service import SCRIPT, library, lifespan, runner, settings, submit

app = st.App(
    SCRIPT,
    routes=routes(library, runner, submit),
    middleware=middleware(library, settings()),
    lifespan=lifespan,
    secrets=login_secrets(settings()),
)
