"""The synced player: ES modules and a stylesheet, a Streamlit component, a page without Streamlit."""

import html
import json
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["ASSETS", "page_html", "player"]

ASSETS = Path(__file__).parent
"""The folder of the player's modules and stylesheet; a server gives its files out under `player/`."""


def page_html(options: dict[str, Any], *, assets: str) -> str:
    """A whole HTML page that is the player alone.

    options: what `mount` in main.js takes, as JSON-serialisable values.
    assets: address of the folder that holds the player's files, with its closing slash; relative is fine.
    """
    template = Template((ASSETS / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        # In a <script> element only "<" could end the element or open a comment.
        options=json.dumps(options, ensure_ascii=False).replace("<", "\\u003c"),
        title=html.escape(f"{options.get('title', 'Transcript')} · Verbatime"),
        assets=assets,
        preloads="\n    ".join(f'<link rel="modulepreload" href="{assets}{name}">' for name in _modules()),
    )


def _modules() -> list[str]:
    """Names of the modules, for a page to ask for at once: else each import waits for the one above it."""
    return sorted(path.name for path in ASSETS.glob("*.js"))


# Streamlit calls the default export again for every rerun with new data and every change of theme, and calls
# the last function that it returned when the component goes. Hence one instance an element, kept over calls.
_COMPONENT_JS = """
const players = new WeakMap();
const base = new URL("player/", document.baseURI);

for (const name of MODULES) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = new URL(name, base).href;
  document.head.append(link);
}

export default async function ({ data, parentElement }) {
  const { mount } = await import(new URL("main.js", base).href);
  let player = players.get(parentElement);
  if (player) {
    player.update(data);
  } else {
    player = mount(parentElement, data);
    players.set(parentElement, player);
  }
  return () => {
    player.destroy();
    players.delete(parentElement);
  };
}
"""


def player(
    *,
    transcript_url: str,
    audio_url: str,
    episode_id: str,
    title: str,
    key: str,
    artwork_url: str | None = None,
    peaks_url: str | None = None,
    notes_url: str | None = None,
    corrections_url: str | None = None,
    clips_url: str | None = None,
    height: int | None = None,
) -> None:
    """Show the player in a Streamlit script. It never causes a rerun.

    transcript_url, audio_url: addresses, absolute or relative to the page's base, of the native JSON and of
        an audio file that answers Range requests.
    episode_id: goes into shared links as `v`, and the listener's place is kept under it.
    artwork_url: a picture for the lock screen.
    peaks_url: of the loudness that `Library.peaks` makes, for the timeline; without it that is a plain rail.
    notes_url: of the episode's notes, each of which is written under it; None keeps them in the browser.
    corrections_url: takes corrections, as `app/correction_routes.py` does; None lets nobody edit.
    clips_url: with ".m4a" and so on behind it gives out clips, as `app/take_away_routes.py` does.
    height: pixels of a scrolling pane of its own; None lets the transcript scroll with the page.

    Give it a fixed place among its siblings (make containers for messages before it): else a rerun may
    destroy it.
    """
    _component()(
        key=key,
        data={
            "episodeId": episode_id,
            "title": title,
            "transcriptUrl": transcript_url,
            "audioUrl": audio_url,
            "artworkUrl": artwork_url,
            "peaksUrl": peaks_url,
            "notesUrl": notes_url,
            "correctionsUrl": corrections_url,
            "clipsUrl": clips_url,
            "topBar": '[data-testid="stHeader"]',
        },
        height="content" if height is None else height,
    )


@cache
def _component() -> "ComponentRenderer":
    # Registered at first use: importing this package for its files is not to load Streamlit.
    # Not in a shadow tree: `getSelection()` calls every selection inside one collapsed and tells only its
    # host (Chromium 156), so that following could not wait for a selection nor a link be made from one.
    import streamlit as st

    script = f"const MODULES = {json.dumps(_modules())};\n{_COMPONENT_JS}"
    return st.components.v2.component("verbatime_player", js=script, isolate_styles=False)
