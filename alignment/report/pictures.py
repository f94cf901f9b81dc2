"""The pictures of a report, as SVG that stands in a page.

Widths are shares of the picture's own (per cent) and text keeps its size, so that a picture can be read on a
phone. Lines and areas, which SVG does not take in per cent, stand in a stretched coordinate system of 1000 to
100. Colours come from the page's style sheet, by class.
"""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from alignment.report.figures import CLASSES, Interval, Stretch, joined
from alignment.report.findings import DOUBTFUL, NAMES, Finding
from alignment.wording import clock

__all__ = ["confidence_picture", "histogram", "lanes", "pace_picture"]

_WIDE, _HIGH = 1000, 100
_THINNEST = 0.25
"""Per cent of the width below which nothing could be seen."""

_TICKS = (1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
"""Seconds between the marks of a time axis."""

_MOST_TICKS = 6
_UNDER_COUNTS = 0.88
"""Share of the height for the bars that have their count above them."""

_LOWEST = 0.015
"""Share of the highest bar below which nothing could be seen."""

_ROOM = {"confidence": 150, "pace": 110, "lanes": 148, "histogram": 150}
"""Heights in pixels."""


def confidence_picture(stretches: Sequence[Stretch], found: Sequence[tuple[str, Finding]]) -> str:
    """Mean confidence over time as a line, each line in doubt as a dot. found: with the name to link to."""
    duration = stretches[-1].end
    doubtful = [(name, finding) for name, finding in found if finding.kind in ("uncertain", "interpolated")]
    body = [_levels({0.0: "0", 0.5: "0.5", 1.0: "1"}), _level(DOUBTFUL, f"{DOUBTFUL:g}", "bound")]
    body.append(_stretched(f'<path class="trend" d="{_trend(stretches)}"/>'))
    for name, finding in doubtful:
        confidence = finding.confidence or 0.0
        label = f"{clock(finding.at)} {NAMES[finding.kind]}, {confidence:.2f}: {finding.text}"
        dot = f'<circle class="{finding.kind}" cx="{_x(finding.at, duration)}" cy="{_y(confidence)}" r="4">'
        body.append(_linked(name, f"{dot}<title>{escape(label)}</title></circle>"))
    means = [s.mean_confidence for s in stretches if s.mean_confidence is not None]
    told = f"Means of {len(stretches)} stretches of the audio"
    told += f", from {min(means):.2f} to {max(means):.2f}" if means else ""
    return _picture(
        "confidence",
        "Confidence over time",
        f"{told}. {len(doubtful)} lines in doubt are marked one by one.",
        [*body, _time_axis(duration)],
    )


def pace_picture(stretches: Sequence[Stretch]) -> str:
    """Words per minute over time, a bar to each stretch, and the mean of all as a line."""
    duration = stretches[-1].end
    mean = 60 * sum(stretch.words for stretch in stretches) / duration
    top = max(50.0, 50.0 * -(-max(stretch.words_per_minute for stretch in stretches) // 50))
    bars = []
    for stretch in stretches:
        share = stretch.words_per_minute / top
        label = (
            f"{clock(stretch.start)} to {clock(stretch.end)}: {stretch.words_per_minute:.0f} words a minute"
        )
        bars.append(
            f'<rect class="bar" x="{_x(stretch.start, duration)}" y="{_y(share)}" '
            f'width="{_x(stretch.end - stretch.start, duration)}" height="{100 * share:.2f}%">'
            f"<title>{label}</title></rect>"
        )
    slowest, fastest = (f(stretch.words_per_minute for stretch in stretches) for f in (min, max))
    return _picture(
        "pace",
        "Words per minute over time",
        f"From {slowest:.0f} to {fastest:.0f} words a minute; {mean:.0f} in the mean.",
        [
            _levels({0.0: "0", 0.5: f"{top / 2:.0f}", 1.0: f"{top:.0f}"}),
            *bars,
            _level(mean / top, "", "mean"),
            _time_axis(duration),
        ],
    )


def lanes(
    duration: float,
    written: Sequence[Interval],
    pauses: Sequence[Interval],
    found: Sequence[tuple[str, Finding]],
) -> str:
    """Where the text is spoken, pauses, speech without text, and text without speech, a lane to each.

    found: with the names to link to.
    """
    unwritten = [(name, finding) for name, finding in found if finding.kind == "not_in_text"]
    unsaid = [(name, finding) for name, finding in found if finding.kind == "not_in_audio"]
    pieces = (
        ("Text", "written", _blocks(joined(written, duration / _WIDE), duration)),
        ("Pauses", "pause", [_block(pause, duration, "") for pause in pauses]),
        (
            "Said, not in the text",
            "not_in_text",
            [_linked(name, _block((f.at, f.end), duration, f.text)) for name, f in unwritten],
        ),
        (
            "In the text, not said",
            "not_in_audio",
            [_linked(name, _block((f.at, f.end), duration, f.text)) for name, f in unsaid],
        ),
    )
    height = _ROOM["lanes"] // len(pieces)
    body = []
    for number, (label, kind, marks) in enumerate(pieces):
        body.append(f'<text class="lane" y="{number * height + 12}">{label}</text>')
        body.append(f'<svg y="{number * height + 18}" width="100%" height="{height - 22}" class="{kind}">')
        body += ['<rect class="track" width="100%" height="100%"/>', *marks, "</svg>"]
    return _picture(
        "lanes",
        "Text, pauses and gaps over time",
        f"{len(pauses)} pauses, {len(unwritten)} passages that are said and not in the text, "
        f"{len(unsaid)} lines that are in the text and not said.",
        [*body, _time_axis(duration)],
    )


def histogram(counts: Sequence[int]) -> str:
    """How many lines are in each class of confidence; those in doubt have their own colour."""
    most = max(1, *counts)
    step = 100 / CLASSES
    body = [_levels({0.0: "0"})]
    for number, count in enumerate(counts):
        if not count:
            continue
        low, high = number / CLASSES, (number + 1) / CLASSES
        kind = "uncertain" if high <= DOUBTFUL + 1e-9 else "written"
        share = _UNDER_COUNTS * max(_LOWEST, count / most)
        body.append(
            f'<rect class="{kind}" x="{(number + 0.1) * step:.2f}%" y="{_y(share)}" '
            f'width="{0.8 * step:.2f}%" height="{100 * share:.2f}%">'
            f"<title>{low:.1f} to {high:.1f}: {count}</title></rect>"
            f'<text class="count" x="{(number + 0.5) * step:.2f}%" y="{_y(share)}" dy="-4">{count:,}</text>'
        )
    body += [_label(100 * n / 5, f"{n / 5:g}") for n in range(6)]
    return _picture(
        "histogram",
        "Lines by confidence",
        "; ".join(
            f"{n / CLASSES:.1f} to {(n + 1) / CLASSES:.1f}: {count}"
            for n, count in enumerate(counts)
            if count
        )
        or "No line has a confidence.",
        body,
    )


def _picture(kind: str, title: str, description: str, body: Iterable[str]) -> str:
    drawn = "".join(body)
    role = "group" if "<a " in drawn else "img"  # an image has nothing in it to be clicked
    return (
        f'<svg class="{kind}" role="{role}" aria-labelledby="{kind}-title" aria-describedby="{kind}-about" '
        f'width="100%" height="{_ROOM[kind]}">'
        f'<title id="{kind}-title">{title}</title><desc id="{kind}-about">{description}</desc>'
        f"{drawn}</svg>"
    )


def _stretched(body: str) -> str:
    box = f'viewBox="0 0 {_WIDE} {_HIGH}" preserveAspectRatio="none"'
    return f'<svg {box} width="100%" height="100%" class="stretched">{body}</svg>'


def _x(seconds: float, duration: float) -> str:
    return f"{100 * seconds / duration:.3f}%"


def _y(share: float) -> str:
    return f"{100 - 100 * share:.2f}%"


def _levels(labels: dict[float, str]) -> str:
    return "".join(_level(share, label) for share, label in labels.items())


def _level(share: float, label: str, kind: str = "level") -> str:
    """A line across, with its label at the left. kind: a bound and a mean are drawn apart."""
    return (
        f'<line class="{kind}" x2="100%" y1="{_y(share)}" y2="{_y(share)}"/>'
        f'<text class="level" x="-8" y="{_y(share)}" dy="0.35em">{label}</text>'
    )


def _time_axis(duration: float) -> str:
    step = next((s for s in _TICKS if duration / s <= _MOST_TICKS), duration / _MOST_TICKS)
    marks = int(duration / step + 1e-9)
    return "".join(_label(100 * n * step / duration, clock(n * step)) for n in range(marks + 1))


def _label(percent: float, text: str) -> str:
    """Below the picture."""
    return f'<text class="axis" x="{percent:.3f}%" y="100%" dy="1.5em">{text}</text>'


def _trend(stretches: Sequence[Stretch]) -> str:
    """A path through the means, broken where no line starts; a mean that stands alone is a short dash."""
    path: list[str] = []
    duration = stretches[-1].end
    for missing, run in groupby(stretches, key=lambda stretch: stretch.mean_confidence is None):
        if missing:
            continue
        group = list(run)
        points = [
            (_WIDE * (s.start + s.end) / 2 / duration, _HIGH - _HIGH * (s.mean_confidence or 0.0))
            for s in group
        ]
        if len(points) == 1:
            (x, y), half = points[0], _WIDE * (group[0].end - group[0].start) / 2 / duration
            points = [(x - half, y), (x + half, y)]
        path += [f"{'L' if number else 'M'}{x:.1f} {y:.2f}" for number, (x, y) in enumerate(points)]
    return "".join(path)


def _blocks(intervals: Sequence[Interval], duration: float) -> list[str]:
    """Many in one path."""
    scale = _WIDE / duration
    path = "".join(
        f"M{start * scale:.1f} 0H{end * scale:.1f}V{_HIGH}H{start * scale:.1f}Z" for start, end in intervals
    )
    return [_stretched(f'<path d="{path}"/>')]


def _block(interval: Interval, duration: float, text: str) -> str:
    start, end = interval
    label = f"{clock(start)}, {end - start:.1f} s" + (f": {text}" if text else "")
    width = max(_THINNEST, 100 * (end - start) / duration)
    at = min(100 * start / duration, 100 - width)
    return f'<rect x="{at:.3f}%" width="{width:.3f}%" height="100%"><title>{escape(label)}</title></rect>'


def _linked(name: str, mark: str) -> str:
    """The mark, leading to its place in the list; by pointer only, for keys reach the list itself."""
    return f'<a href="#{name}" tabindex="-1">{mark}</a>'
