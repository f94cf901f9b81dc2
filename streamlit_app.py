"""The app's entry: `streamlit run streamlit_app.py` serves it, and so does `alignment serve`."""

import streamlit as st
from starlette.middleware import Middleware

from alignment.app.links import EpisodeLinks
from alignment.app.routes import routes
from alignment.app.service import SCRIPT, library, lifespan

app = st.App(SCRIPT, routes=routes(library), middleware=[Middleware(EpisodeLinks)], lifespan=lifespan)
