"""The report as one HTML file that asks nothing of anybody: no script, no picture or font from elsewhere."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from alignment.report.figures import (
    CLASSES,
    PAUSE,
    Interval,
    Stretch,
    Summary,
    classes,
    duration,
    pauses,
    stretches,
    written,
)
from alignment.report.findings import DOUBTFUL, Finding, find
from alignment.report.pictures import confidence_picture, histogram, lanes, pace_picture
from alignment.report.places import places_section
from alignment.transcript import Transcript
from alignment.wording import clock, in_words, length

__all__ = ["report_html"]

_FOLDER = Path(__file__).parent
_LONGEST_PAUSES = 10


def report_html(transcript: Transcript, *, player: str | None = None) -> str:
    """A page on how the alignment went, with pictures and every place to check.

    player: address of a page that plays the audio and takes `&t=SECONDS`; times become links to it.

    Everything from the transcript is escaped, and the page's own policy forbids to run or load anything.
    Raises TranscriptError where the transcript has not been aligned yet.
    """
    found = find(transcript)
    named = [(f"place-{number}", finding) for number, finding in enumerate(found, 1)]
    style = (_FOLDER / "report.css").read_text("utf-8")
    return Template((_FOLDER / "page.html").read_text("utf-8")).substitute(
        policy=f"default-src 'none'; style-src 'sha256-{_sha256(style)}'",
        style=style,
        title=escape(transcript.title or "Transcript"),
        facts=escape(_facts(transcript)),
        verdict=_verdict(transcript, found),
        summary=_summary(transcript),
        pictures=_pictures(transcript, named),
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


def _verdict(transcript: Transcript, found: Sequence[Finding]) -> str:
    summary = Summary.of(transcript)
    first = (
        "Every line has its time."
        if summary.placed == summary.lines
        else f"{summary.placed:,} of {in_words(summary.lines, 'line')} have their time."
    )
    if not found:
        return f"{first} Nothing needs a second look."
    return f'{first} <a href="#places">{in_words(len(found), "place")} to check</a>.'


def _summary(transcript: Transcript) -> str:
    summary = Summary.of(transcript)
    confidences = [
        s.confidence for s in transcript.segments if s.start is not None and s.confidence is not None
    ]
    doubtful = sum(kind.kind == "uncertain" for kind in find(transcript))
    longest = max(pauses(transcript), key=lambda pause: pause[1] - pause[0], default=None)
    figures = [
        ("Found", f"{summary.lines_by_status['aligned']:,}", "lines"),
        ("Estimated", f"{summary.lines_by_status['interpolated']:,}", "lines"),
        ("Not in the audio", f"{summary.lines_by_status['not_in_audio']:,}", "lines"),
        ("Uncertain", f"{doubtful:,}", f"lines below {DOUBTFUL:g}"),
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


def _pictures(transcript: Transcript, named: Sequence[tuple[str, Finding]]) -> str:
    parts = stretches(transcript)
    quiet = pauses(transcript)
    counts = classes(transcript.segments)
    figures = []
    if parts:
        figures = [
            _figure(
                "Confidence",
                "The chance that a line starts within 200 ms of where it says. The curve is the mean of a "
                f"stretch; dots are lines below {DOUBTFUL:g} or estimated.",
                confidence_picture(parts, named),
                _table(
                    "Stretch by stretch", ("From", "Lines", "Mean", "Lowest"), map(_confidence_row, parts)
                ),
            ),
            _figure(
                "Words per minute",
                "A sudden low is a pause or speech that the text lacks; a sudden high is text squeezed into "
                "too little time. The dashed line is the mean.",
                pace_picture(parts),
                _table(
                    "Stretch by stretch",
                    ("From", "Words", "A minute"),
                    ((clock(s.start), f"{s.words}", f"{s.words_per_minute:.0f}") for s in parts),
                ),
            ),
            _figure(
                "Text and gaps",
                f"Pauses are shown from {PAUSE:g} s on. What is said and not in the text, and what is in the "
                "text and not said, is listed below.",
                lanes(parts[-1].end, written(transcript), quiet, named),
                _longest_pauses(quiet),
            ),
        ]
    figures.append(
        _figure(
            "Lines by confidence",
            "How many lines have which confidence.",
            histogram(counts),
            _table(
                "In figures",
                ("Confidence", "Lines"),
                ((f"{n / CLASSES:.1f} to {(n + 1) / CLASSES:.1f}", f"{c:,}") for n, c in enumerate(counts)),
            ),
        )
    )
    return "\n".join(figures)


def _figure(heading: str, reading: str, picture: str, details: str) -> str:
    return (
        f"<figure><figcaption><h3>{heading}</h3><p>{reading}</p></figcaption>"
        f'<div class="plot">{picture}</div>{details}</figure>'
    )


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """What a picture shows, in figures."""
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<details><summary>{caption}</summary>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></details>"
    )


def _confidence_row(stretch: Stretch) -> tuple[str, ...]:
    mean = stretch.mean_confidence
    if mean is None:
        return clock(stretch.start), "0", "", ""
    return (
        clock(stretch.start),
        str(len(stretch.confidences)),
        f"{mean:.2f}",
        f"{min(stretch.confidences):.2f}",
    )


def _longest_pauses(quiet: Sequence[Interval]) -> str:
    longest = sorted(quiet, key=lambda pause: pause[0] - pause[1])[:_LONGEST_PAUSES]
    if not longest:
        return ""
    rows = ((clock(start), f"{end - start:.1f} s") for start, end in longest)
    return _table("The longest pauses", ("From", "Length"), rows)


def _origin(transcript: Transcript) -> str:
    made = transcript.provenance
    if made is None:
        return ""
    return (
        f"Aligned by {made.engine} with the model {made.model}. "
        f"SHA-256 of the audio {made.audio_sha256[:16]}, of the text {made.transcript_sha256[:16]}."
    )
