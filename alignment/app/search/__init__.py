"""The search of the library page: a Streamlit component that asks /search.json as one types."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["ASSETS", "search_box"]

ASSETS = Path(__file__).parent
"""The folder of its module and style sheet; the server gives them out under `search/`."""

# Streamlit calls this again for every rerun with new data, and what it returned when the component goes.
_COMPONENT_JS = """
const boxes = new WeakMap();

export default function ({ parentElement }) {
  if (!boxes.has(parentElement)) {
    const module = import(new URL("search/search-box.js", document.baseURI).href);
    boxes.set(parentElement, module.then(({ mount }) => mount(parentElement)));
  }
  return () => {
    boxes.get(parentElement)?.then((box) => box.destroy());
    boxes.delete(parentElement);
  };
}
"""


def search_box() -> None:
    """Show the search in a Streamlit script. It never causes a rerun."""
    _component()(key="library-search", height="content")


@cache
def _component() -> "ComponentRenderer":
    import streamlit as st

    return st.components.v2.component("verbatime_search", js=_COMPONENT_JS, isolate_styles=False)
