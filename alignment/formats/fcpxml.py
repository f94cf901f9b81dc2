"""Markers for Final Cut Pro and programs that import its projects: FCPXML
(https://developer.apple.com/documentation/professional-video-applications/fcpxml-reference).

A project as long as the audio, with nothing in it but a gap that bears the markers; from there they can be
copied to the clip with the audio. Who speaks is the note of a marker. Version 1.9 of the format. Only
written: it is no way to keep a transcript.
"""

from fractions import Fraction

from lxml import etree

from alignment.formats.cues import milliseconds
from alignment.formats.format import Format
from alignment.formats.markers import markers
from alignment.formats.xml_text import printable
from alignment.transcript import Transcript

__all__ = ["FORMAT", "write"]

_RATE = 25
_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'


def write(transcript: Transcript) -> str:
    """A marker for every segment with times, as long as the segment, at 25 frames a second.

    Raises TranscriptError if no segment has a time.
    """
    found = list(markers(transcript, _RATE))
    end = max(round(milliseconds(transcript.duration) * _RATE / 1000), found[-1].start + found[-1].length)
    name = printable(" ".join((transcript.title or "Transcript").split()))
    root = etree.Element("fcpxml", version="1.9")
    resources = etree.SubElement(root, "resources")
    etree.SubElement(
        resources,
        "format",
        id="r1",
        name="FFVideoFormat1080p25",
        frameDuration=_time(1),
        width="1920",
        height="1080",
    )
    library = etree.SubElement(root, "library")
    project = etree.SubElement(etree.SubElement(library, "event", name=name), "project", name=name)
    sequence = etree.SubElement(project, "sequence", format="r1", duration=_time(end), tcStart="0s")
    spine = etree.SubElement(sequence, "spine")
    gap = etree.SubElement(spine, "gap", name="Gap", offset="0s", start="0s", duration=_time(end))
    for marker in found:
        element = etree.SubElement(
            gap,
            "marker",
            start=_time(marker.start),
            duration=_time(marker.length),
            value=printable(marker.text),
        )
        if marker.speaker:
            element.set("note", printable(marker.speaker))
    return _PROLOG + etree.tostring(root, encoding="unicode", pretty_print=True)


def _time(frames: int) -> str:
    """Seconds as the format has them: a fraction, or a whole number."""
    return f"{Fraction(frames, _RATE)}s"


FORMAT = Format(
    "fcpxml",
    "Markers for Final Cut Pro (FCPXML)",
    lambda text: False,
    write=write,
    speakers=True,
    media_type="application/xml",
)
