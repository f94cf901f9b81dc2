"""The list of places to check, as a section of the report's page."""

from collections.abc import Sequence
from html import escape

from alignment.report.findings import DOUBTFUL, NAMES, Finding, Kind
from alignment.transcript import Segment
from alignment.wording import clock

__all__ = ["places_section"]

_MEANINGS: dict[Kind, str] = {
    "uncertain": f"Found with a confidence below {DOUBTFUL:g}. Words in doubt are underlined unless all are.",
    "interpolated": "Most of its words were not found; its times follow from what is around them.",
    "not_in_audio": "Written, and not found in the audio: it has no time.",
    "not_in_text": "Said, and not written: this is what was heard.",
}


def places_section(named: Sequence[tuple[str, Finding]], language: str | None, player: str | None) -> str:
    """The section, empty where there is nothing to check. named: each finding with the id that it gets."""
    if not named:
        return ""
    kinds = {finding.kind for _, finding in named}
    key = "".join(
        f'<div><dt class="{kind}">{NAMES[kind]}</dt><dd>{_MEANINGS[kind]}</dd></div>'
        for kind in NAMES
        if kind in kinds
    )
    items = "".join(_item(name, finding, language, player) for name, finding in named)
    return (
        f'<section id="places"><h2>Places to check</h2><dl class="key">{key}</dl><ol>{items}</ol></section>'
    )


def _item(name: str, finding: Finding, language: str | None, player: str | None) -> str:
    time = clock(finding.at)
    if player is not None:
        time = f'<a href="{escape(player)}&amp;t={finding.at:.2f}">{time}</a>'
    if finding.kind == "not_in_audio":
        time = f"<small>after</small> {time}"
    segment = finding.segment
    sure = f" {finding.confidence:.2f}" if finding.confidence else ""
    lang = f' lang="{escape(language)}"' if language else ""
    return (
        f'<li id="{name}"><span class="time">{time}</span>'
        f'<span class="{finding.kind}">{NAMES[finding.kind]}{sure}</span>'
        f'<p dir="auto"{lang}>{_marked(segment) if segment else escape(finding.text)}</p></li>'
    )


def _marked(segment: Segment) -> str:
    """The line with the words in doubt marked, where it is not the line as a whole that is."""
    doubtful = [word.confidence is None or word.confidence < DOUBTFUL for word in segment.words]
    if all(doubtful):
        return escape(segment.text)
    pieces = []
    rest = segment.text
    for word, marked in zip(segment.words, doubtful, strict=True):
        before, _, rest = rest.partition(word.text)
        text = escape(word.text)
        pieces += [escape(before), f"<mark>{text}</mark>" if marked else text]
    return "".join([*pieces, escape(rest)])
