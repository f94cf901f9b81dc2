"""The pictures of the report with what to look for in them, and their figures as tables."""

from collections.abc import Iterable, Sequence

from alignment.report.figures import CLASSES, PAUSE, Stretch, classes, pauses, stretches, written
from alignment.report.findings import DOUBTFUL, Finding
from alignment.report.pictures import confidence_picture, histogram, lanes, pace_picture
from alignment.transcript import Transcript
from alignment.wording import clock

__all__ = ["pictures_section"]

_LONGEST_PAUSES = 10


def pictures_section(transcript: Transcript, named: Sequence[tuple[str, Finding]]) -> str:
    """The section. named: each finding with the id of its place in the list, to link to."""
    parts = stretches(transcript)
    over_time = (_confidence(parts, named), _pace(parts), _gaps(transcript, parts, named)) if parts else ()
    figures = "".join((*over_time, _shares(classes(transcript.segments))))
    return f'<section class="pictures"><h2>At a glance</h2>{figures}</section>'


def _confidence(parts: Sequence[Stretch], named: Sequence[tuple[str, Finding]]) -> str:
    return _figure(
        "Confidence",
        "The chance that a line starts within 200 ms of where it says. The curve is the mean of a stretch; "
        f"dots are lines below {DOUBTFUL:g} or estimated.",
        confidence_picture(parts, named),
        _table("Stretch by stretch", ("From", "Lines", "Mean", "Lowest"), map(_confidence_row, parts)),
    )


def _confidence_row(part: Stretch) -> tuple[str, ...]:
    mean = part.mean_confidence
    if mean is None:
        return clock(part.start), "0", "", ""
    return clock(part.start), str(len(part.confidences)), f"{mean:.2f}", f"{min(part.confidences):.2f}"


def _pace(parts: Sequence[Stretch]) -> str:
    rows = ((clock(part.start), str(part.words), f"{part.words_per_minute:.0f}") for part in parts)
    return _figure(
        "Words per minute",
        "A sudden low is a pause or speech that the text lacks; a sudden high is text squeezed into too "
        "little time. The dashed line is the mean.",
        pace_picture(parts),
        _table("Stretch by stretch", ("From", "Words", "A minute"), rows),
    )


def _gaps(transcript: Transcript, parts: Sequence[Stretch], named: Sequence[tuple[str, Finding]]) -> str:
    quiet = pauses(transcript)
    longest = sorted(quiet, key=lambda pause: pause[0] - pause[1])[:_LONGEST_PAUSES]
    rows = ((clock(start), f"{end - start:.1f} s") for start, end in longest)
    return _figure(
        "Text and gaps",
        f"Pauses are shown from {PAUSE:g} s on. What is said and not in the text, and what is in the text "
        "and not said, is listed below.",
        lanes(parts[-1].end, written(transcript), quiet, named),
        _table("The longest pauses", ("From", "Length"), rows) if longest else "",
    )


def _shares(counts: Sequence[int]) -> str:
    rows = (
        (f"{number / CLASSES:.1f} to {(number + 1) / CLASSES:.1f}", f"{count:,}")
        for number, count in enumerate(counts)
    )
    return _figure(
        "Lines by confidence",
        "How many lines have which confidence.",
        histogram(counts),
        _table("In figures", ("Confidence", "Lines"), rows),
    )


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
