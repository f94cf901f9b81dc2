"""Markers for the timeline of DaVinci Resolve, in the form of an edit decision list (CMX 3600).

The list is what Resolve itself makes of the markers of a timeline (Timelines > Export > Timeline Markers to
EDL) and takes back (Import > Timeline Markers from EDL): for each marker an event of one frame, and below it
a line with its colour, name and length in frames. Only written: it is no way to keep a transcript.

The list does not tell its frame rate; Resolve counts in that of the timeline. It is written for 24 frames a
second, whose every timecode is one in faster timelines, too. There a marker is in the right second and early
by a part of it: 0.04 s at most at 25 frames a second, 0.2 s at 30. Timelines begin at one hour in Resolve, if
nobody has changed that, and so do the times here.
"""

from alignment.errors import TranscriptError
from alignment.formats.format import Format
from alignment.formats.markers import Marker, markers
from alignment.transcript import Transcript

__all__ = ["FORMAT", "write"]

_RATE = 24
_BEGIN = 3600 * _RATE
_DAY = 24 * 3600 * _RATE


def write(transcript: Transcript) -> str:
    """A marker for every segment with times, named by its speaker and text.

    Raises TranscriptError if no segment has a time, and if one is beyond what timecode can say.
    """
    title = " ".join((transcript.title or "Transcript").split())
    blocks = [f"TITLE: {title}\nFCM: NON-DROP FRAME"]
    for number, marker in enumerate(markers(transcript, _RATE), 1):
        first, last = _timecode(marker.start), _timecode(marker.start + 1)
        event = f"{number:03}  001      V     C        {first} {last} {first} {last}"
        blocks.append(f"{event}\n |C:ResolveColorBlue |M:{_name(marker)} |D:{marker.length}")
    return "\n\n".join(blocks) + "\n"


def _name(marker: Marker) -> str:
    name = f"{marker.speaker}: {marker.text}" if marker.speaker else marker.text
    return name.replace("|", "¦")


def _timecode(frame: int) -> str:
    seconds, frames = divmod(_BEGIN + frame, _RATE)
    if _BEGIN + frame >= _DAY:
        raise TranscriptError(
            "A line is more than 23 hours into the audio, and an EDL, which begins at one hour, ends at 24. "
            "Cut the transcript into parts, or write another format."
        )
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


FORMAT = Format("edl", "Markers for DaVinci Resolve (EDL)", lambda text: False, write=write, speakers=True)
