"""The player with its episode as one HTML file that works from a disk, without a server or a network.

A page from a disk may not load modules, so they stand in it: each as a `data:` address in an import map, its
imports renamed to names of that map. Its policy lets it load nothing from anywhere but the audio, where that
is not inside.
"""

import base64
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Template
from urllib.parse import quote, urlsplit

from alignment.formats import write
from alignment.media_types import audio_type
from alignment.player import ASSETS
from alignment.transcript import Transcript

__all__ = ["standalone_page"]

_NAME = "verbatime/"
_IMPORT = re.compile(r"""((?:^|\s)from|^import)(\s*)"\./([\w-]+\.js)\"""", re.MULTILINE)
_STYLE_IMPORT = re.compile(r'@import "([\w-]+\.css)";')
_CHUNK = 3 * 256 * 1024
"""Bytes of audio at a time; a multiple of three, so that their base64 can be put together."""


def standalone_page(
    transcript: Transcript, *, episode_id: str, title: str, audio: Path | str, peaks: str | None = None
) -> Iterator[bytes]:
    """The page, piece by piece, as UTF-8.

    episode_id: goes into its links as `v`.
    audio: a file, which goes into the page; or the address of one, absolute or beside the page.
    peaks: the JSON that `Library.peaks` keeps, for the timeline.

    Raises OSError where the file cannot be read.
    """
    inside = audio if isinstance(audio, Path) else None
    address = None if isinstance(audio, Path) else audio
    options = {
        "episodeId": episode_id,
        "title": title,
        "audioUrl": address,
        "audioType": audio_type(inside) if inside else None,
    }
    # A browser may fetch the picture for a lock screen past any policy.
    carried = replace(transcript, source=replace(transcript.source, thumbnail=None))
    template = Template((ASSETS / "standalone.html").read_text("utf-8"))
    page = template.substitute(
        policy=html.escape(_policy(address)),
        title=html.escape(title),
        style=_style(),
        modules=json.dumps({"imports": _modules()}),
        options=_in_script(json.dumps(options, ensure_ascii=False)),
        transcript=_in_script(write(carried, "json")),
        peaks=f'<script type="application/json" id="peaks">{_in_script(peaks)}</script>' if peaks else "",
        audio='<script type="text/plain" id="audio">\0</script>' if inside else "",
    )
    before, _, after = page.partition("\0")
    yield before.encode()
    if inside:
        with inside.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield base64.b64encode(chunk)
    yield after.encode()


def _policy(address: str | None) -> str:
    """What the page may load: what is in it, and its audio."""
    media = "blob:"
    if address is not None:
        parts = urlsplit(address)
        media = f"{parts.scheme}://{quote(parts.netloc, safe=':[]')}" if parts.netloc else "'self' file:"
    return (
        "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data:; "
        f"connect-src blob:; media-src {media}; base-uri 'none'; form-action 'none'"
    )


def _modules() -> dict[str, str]:
    """Every module by the name that the others import it by."""
    return {f"{_NAME}{path.name}": _address(path.read_text("utf-8")) for path in sorted(ASSETS.glob("*.js"))}


def _address(module: str) -> str:
    renamed = _IMPORT.sub(rf'\1\2"{_NAME}\3"', module)
    return "data:text/javascript;base64," + base64.b64encode(renamed.encode()).decode()


def _style() -> str:
    """The stylesheet with the files that it lists in their places."""
    sheet = (ASSETS / "player.css").read_text("utf-8")
    return _STYLE_IMPORT.sub(lambda name: (ASSETS / name[1]).read_text("utf-8"), sheet)


def _in_script(text: str) -> str:
    """JSON to stand in a <script> element, which only "<" could end; a NUL is no JSON's."""
    return text.replace("<", "\\u003c")
