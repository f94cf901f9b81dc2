"""An aligned transcript with one of everything that a report tells of."""

from dataclasses import replace

from alignment.transcript import Passage, Provenance, Segment, Source, Status, Transcript, Word

HOSTILE = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\"> & 'so' on"


def line(
    id: int,
    text: str,
    start: float | None = None,
    confidence: float = 0.97,
    status: Status = "aligned",
    unsure: int | None = None,
) -> Segment:
    """A line whose words take half a second each. unsure: number of a word that is in doubt."""
    parts = text.split()
    if start is None:
        words = tuple(Word(part) for part in parts)
        return Segment(id, text, status="not_in_audio", confidence=0.0, words=words)
    words = tuple(
        Word(part, start + n / 2, start + n / 2 + 0.5, 0.4 if n == unsure else confidence)
        for n, part in enumerate(parts)
    )
    return Segment(id, text, start, start + len(parts) / 2, status=status, confidence=confidence, words=words)


def eventful() -> Transcript:
    """A minute and a half in which everything happens once."""
    return Transcript(
        segments=(
            line(0, "Good evening and welcome.", 4.0),
            line(1, "Tonight we speak of rivers.", 6.5, confidence=0.62, unsure=2),
            line(2, "Slide seven, please."),
            line(3, "They are older than the hills.", 20.0, status="interpolated", confidence=0.3),
            line(4, "And they will outlast us.", 40.0),
        ),
        title="Of rivers",
        language="en",
        duration=90.0,
        source=Source(channel="Riverside Radio"),
        provenance=Provenance("verbatime 1", "base", "a" * 64, "b" * 64, "c" * 64),
        untranscribed=(Passage(12.0, 18.0, "is this thing on no it is not"),),
    )


def hostile() -> Transcript:
    """Wherever text from elsewhere can stand, something that would run if it were taken for HTML."""
    segments = tuple(
        replace(
            segment, text=HOSTILE, words=tuple(replace(word, text="<script>") for word in segment.words[:1])
        )
        for segment in eventful().segments
    )
    return replace(
        eventful(),
        title=HOSTILE,
        language="'><b>",
        segments=segments,
        source=Source(channel=HOSTILE),
        untranscribed=(Passage(12.0, 18.0, HOSTILE),),
        provenance=Provenance(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    )
