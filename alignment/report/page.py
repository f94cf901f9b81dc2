"""The report as one HTML file that asks nothing of anybody: no script, no picture or font from elsewhere."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from alignment.report.figures import Summary, duration, pauses
from alignment.report.findings import DOUBTFUL, Finding, find
from alignment.report.overview import pictures_section
from alignment.report.places import places_section
from alignment.transcript import Transcript
from alignment.wording import clock, in_words, length

__all__ = ["report_html"]

_FOLDER = Path(__file__).parent


def report_html(transcript: Transcript, *, player: str | None = None) -> str:
    """A page on how the alignment went, with pictures and every place to check.

    player: address of a page that plays the audio and takes `&t=SECONDS`; times become links to it.

    Everything from the transcript is escaped, and the page's own policy forbids to run or load anything.
    Raises TranscriptError where the transcript has not been aligned yet.
    """
    found = find(transcript)
    summary = Summary.of(transcript)
    named = [(f"place-{number}", finding) for number, finding in enumerate(found, 1)]
    style = (_FOLDER / "report.css").read_text("utf-8")
    return Template((_FOLDER / "page.html").read_text("utf-8")).substitute(
        policy=f"default-src 'none'; style-src 'sha256-{_sha256(style)}'",
        style=style,
        title=escape(transcript.title or "Transcript"),
        facts=escape(_facts(transcript)),
        verdict=_verdict(summary, found),
        figures=_figures(transcript, summary, found),
        pictures=pictures_section(transcript, named),
        places=places_section(named, transcript.language, player),
        origin=escape(_origin(transcript)),
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _facts(transcript: Transcript) -> str:
    facts = [
        transcript.source.channel,
        length(duration(transcript)),
        in_words(len(transcript.segments), "line"),
        transcript.language and f"language: {transcript.language}",
    ]
    return " · ".join(fact for fact in facts if fact)


def _verdict(summary: Summary, found: Sequence[Finding]) -> str:
    first = (
        "Every line has its time."
        if summary.placed == summary.lines
        else f"{summary.placed:,} of {in_words(summary.lines, 'line')} have their time."
    )
    if not found:
        return f"{first} Nothing needs a second look."
    return f'{first} <a href="#places">{in_words(len(found), "place")} to check</a>.'


def _figures(transcript: Transcript, summary: Summary, found: Sequence[Finding]) -> str:
    doubtful = sum(finding.kind == "uncertain" for finding in found)
    longest = max(pauses(transcript), key=lambda pause: pause[1] - pause[0], default=None)
    confidences = [
        s.confidence for s in transcript.segments if s.start is not None and s.confidence is not None
    ]
    figures = [
        ("Found", *_of_lines(summary.lines_by_status["aligned"])),
        ("Estimated", *_of_lines(summary.lines_by_status["interpolated"])),
        ("Not in the audio", *_of_lines(summary.lines_by_status["not_in_audio"])),
        ("Uncertain", f"{doubtful:,}", f"below {DOUBTFUL:g}"),
        ("Words placed", f"{summary.words_placed:,}", f"of {summary.words:,}"),
        ("Speech with text", f"{100 * summary.covered:.1f} %", f"{length(summary.unwritten)} without"),
    ]
    if confidences:
        figures.append(("Mean confidence", f"{sum(confidences) / len(confidences):.2f}", "of the lines"))
    if longest:
        figures.append(("Longest pause", f"{longest[1] - longest[0]:.1f} s", f"at {clock(longest[0])}"))
    return "".join(
        f"<div><dt>{name}</dt><dd>{value}<small>{unit}</small></dd></div>" for name, value, unit in figures
    )


def _of_lines(number: int) -> tuple[str, str]:
    value, unit = in_words(number, "line").split()
    return value, unit


def _origin(transcript: Transcript) -> str:
    made = transcript.provenance
    if made is None:
        return ""
    return (
        f"Aligned by {made.engine} with the model {made.model}. "
        f"SHA-256 of the audio {made.audio_sha256[:16]}, of the text {made.transcript_sha256[:16]}."
    )
