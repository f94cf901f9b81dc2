"""What people correct in a transcript: a log of changes, put on top of what the aligner made.

A line is named by its segment's id. The part that a split cuts off gets an id that no line has or ever had;
it is kept with the split: so a name outlives what is split and joined around it, and a new alignment, whose
segments have the ids of the same text. Each correction keeps the text that it was made on; where the line
has another one now, or is gone, the correction does not fit and is left out.

What moves the whole transcript is summed up and comes on top of all the rest. So what one such change pushed
to an end of the audio is where it was after the opposite one, whatever was corrected in between.
"""

import math
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from alignment.errors import AlignmentError
from alignment.retiming import cut, fill_in, in_order, later, move, reword, start_after, without_times
from alignment.transcript import Corrected, Passage, Segment, Status, Transcript
from alignment.words import WHITE_SPACE, is_blank

__all__ = [
    "MOST_CHARACTERS",
    "MOST_CORRECTIONS",
    "MOST_OFFSET_S",
    "Absent",
    "Applied",
    "Change",
    "Correction",
    "CorrectionError",
    "CorrectionLog",
    "Edit",
    "Found",
    "Join",
    "LineChange",
    "Nudge",
    "Offset",
    "Realign",
    "Shift",
    "Skipped",
    "Split",
    "Start",
    "Text",
    "apply",
]

MOST_CHARACTERS = 10_000
"""Of a line's text."""

MOST_CORRECTIONS = 20_000
"""Of one episode, those that were taken back included."""

MOST_OFFSET_S = 3600
"""By which a whole transcript may be moved, in either direction, all its offsets together."""

_STRICT = ConfigDict(extra="forbid", strict=True)
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class CorrectionError(AlignmentError):
    """A correction that cannot be made. The text says why, and what can be done instead."""


@dataclass(frozen=True, slots=True)
class Text:
    """The line says `text`."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Split:
    """The line ends before the character at `offset`; what follows is a line of its own."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    offset: int
    kind: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class Join:
    """The line goes on with the next one."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    kind: Literal["join"] = "join"


@dataclass(frozen=True, slots=True)
class Start:
    """The line starts at `seconds`."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    seconds: float
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class Nudge:
    """The line is `seconds` later; earlier where that is negative."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    seconds: float
    kind: Literal["nudge"] = "nudge"


@dataclass(frozen=True, slots=True)
class Shift:
    """The line and all that follow are `seconds` later."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    seconds: float
    kind: Literal["shift"] = "shift"


@dataclass(frozen=True, slots=True)
class Absent:
    """The line is not in the audio."""

    __pydantic_config__: ClassVar = _STRICT
    line: int
    kind: Literal["absent"] = "absent"


@dataclass(frozen=True, slots=True)
class Found:
    """Where the aligner has found a line. words: start, end and confidence of each, None for no time."""

    start: float | None
    end: float | None
    status: Status
    confidence: float | None
    words: tuple[tuple[float | None, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class Realign:
    """The line and those after it are where the aligner has found them.

    found: for each line of them, None for one that stays as it is.
    spans: of the audio that was searched, start and end in seconds.
    untranscribed: what is said there and not written.
    """

    __pydantic_config__: ClassVar = _STRICT
    line: int
    found: tuple[Found | None, ...]
    spans: tuple[tuple[float, float], ...] = ()
    untranscribed: tuple[Passage, ...] = ()
    kind: Literal["realign"] = "realign"


@dataclass(frozen=True, slots=True)
class Offset:
    """The whole transcript is `seconds` later; earlier where that is negative.

    Lines, words and untranscribed passages are. The chapters stay: their times come with the recording, and
    no alignment has made them, so that they are right where the lines are not.
    """

    __pydantic_config__: ClassVar = _STRICT
    seconds: float
    kind: Literal["offset"] = "offset"


LineChange = Text | Split | Join | Start | Nudge | Shift | Absent | Realign
"""What is done to lines that are named."""

Edit = Annotated[Text | Split | Join | Start | Nudge | Shift | Absent | Offset, Field(discriminator="kind")]
"""What a person changes by hand."""

Change = Annotated[LineChange | Offset, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Correction:
    """A change that somebody made.

    who: a name, None where nobody gave one. when: ISO 8601, UTC.
    was: the texts of the lines that it was made on: one; for a join two, for a realignment all, for an offset
        none.
    part: the id of the line that a split cuts off.
    state: `undone` may be done again; `dropped` was undone, and then something else was done instead.
    """

    id: str
    who: str | None
    when: str
    change: Change
    was: tuple[str, ...]
    part: int | None = None
    state: Literal["done", "undone", "dropped"] = "done"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A correction that does not fit, and why."""

    correction: Correction
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A transcript with its corrections, and those that did not fit."""

    transcript: Transcript
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionLog:
    """All corrections of a transcript, in the order in which they were made.

    revision: how often the log has changed.
    """

    revision: int = 0
    corrections: tuple[Correction, ...] = ()

    @property
    def done(self) -> tuple[Correction, ...]:
        """Those that count."""
        return tuple(correction for correction in self.corrections if correction.state == "done")

    @property
    def fixed(self) -> frozenset[int]:
        """Ids of the lines whose time was set by hand, or that are said not to be in the audio."""
        return frozenset(
            correction.change.line
            for correction in self.done
            if isinstance(correction.change, Start | Nudge | Absent)
        )

    @property
    def redoable(self) -> Correction | None:
        """The one to be done again: it was undone last."""
        return next((correction for correction in self.corrections if correction.state == "undone"), None)

    @property
    def offset(self) -> float:
        """Seconds by which the whole transcript is later."""
        draft = _Draft(Transcript(()))
        draft.put_what_fits([correction for correction in self.done if correction.change.kind == "offset"])
        return float(draft.offset)

    def made(
        self,
        aligned: Transcript,
        change: Change,
        who: str | None = None,
        *,
        on: tuple[str, ...] | None = None,
    ) -> "CorrectionLog":
        """The log with one change more; what was undone is dropped. Raises CorrectionError.

        on: the texts of the lines that it was made on, None for those that they have now.
        """
        if len(self.corrections) >= MOST_CORRECTIONS:
            raise CorrectionError(f"A transcript takes {MOST_CORRECTIONS:,} corrections, and has them.")
        change = _checked(change)
        draft = _Draft(aligned)
        draft.put_what_fits(self.done)
        was = () if change.kind == "offset" else on or draft.texts(change)
        part = self._free_id(aligned) if change.kind == "split" else None
        when = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        correction = Correction(str(uuid.uuid4()), who, when, change, was, part)
        draft.put(correction)
        kept = tuple(
            replace(correction, state="dropped") if correction.state == "undone" else correction
            for correction in self.corrections
        )
        return CorrectionLog(self.revision + 1, (*kept, correction))

    def undone(self) -> "CorrectionLog":
        """The log with the last correction that counts undone. Raises CorrectionError where there is none."""
        if not self.done:
            raise CorrectionError("There is nothing to undo.")
        return self._with(self.done[-1], "undone")

    def redone(self) -> "CorrectionLog":
        """The log with what was undone last done again. Raises CorrectionError where there is none."""
        if self.redoable is None:
            raise CorrectionError("There is nothing to do again.")
        return self._with(self.redoable, "done")

    def _with(self, changed: Correction, state: Literal["done", "undone"]) -> "CorrectionLog":
        corrections = (
            replace(correction, state=state) if correction is changed else correction
            for correction in self.corrections
        )
        return CorrectionLog(self.revision + 1, tuple(corrections))

    def _free_id(self, aligned: Transcript) -> int:
        ids = [segment.id for segment in aligned.segments]
        parts = [correction.part for correction in self.corrections if correction.part is not None]
        return max([*ids, *parts], default=-1) + 1


def apply(transcript: Transcript, corrections: Sequence[Correction]) -> Applied:
    """The transcript with the corrections that are done, one after the other, each if it fits.

    Whatever they are, the outcome passes `Transcript.check` if the transcript does.
    """
    draft = _Draft(transcript)
    skipped = draft.put_what_fits(corrections)
    return Applied(draft.transcript(), tuple(skipped))


@dataclass(slots=True)
class _Draft:
    """A transcript at work. What does not fit raises CorrectionError and changes nothing.

    lines: their times are those before the whole is moved by `offset`, exact seconds.
    """

    given: Transcript
    lines: list[Segment] = field(init=False)
    untranscribed: tuple[Passage, ...] = field(init=False)
    offset: Fraction = field(init=False, default=Fraction(0))
    changed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.lines = list(self.given.segments)
        self.untranscribed = self.given.untranscribed

    def transcript(self) -> Transcript:
        by = float(self.offset)
        if not self.changed and not by:
            return self.given
        lines = [later(line, by) for line in self.lines] if by else self.lines
        passages = self.untranscribed
        return replace(
            self.given,
            segments=tuple(in_order(lines, self.limit)),
            untranscribed=_moved_passages(passages, by, self.limit) if by else passages,
        )

    def put_what_fits(self, corrections: Sequence[Correction]) -> list[Skipped]:
        """Put those that are done, and return those that do not fit."""
        skipped = []
        for correction in corrections:
            if correction.state == "done":
                try:
                    self.put(correction)
                except CorrectionError as error:
                    skipped.append(Skipped(correction, str(error)))
        return skipped

    def texts(self, change: LineChange) -> tuple[str, ...]:
        """The texts that the change is made on."""
        at = self._place(change.line)
        if at is None:
            raise CorrectionError(f"There is no line {change.line}. It may have been joined with another.")
        count = 2 if change.kind == "join" else len(change.found) if change.kind == "realign" else 1
        return tuple(line.text for line in self.lines[at : at + count])

    def put(self, correction: Correction) -> None:
        change, was = correction.change, correction.was
        if isinstance(change, Offset):
            self.offset = _summed(self.offset, change.seconds)
            return
        at = self._place(change.line)
        if at is None:
            raise CorrectionError(f"There is no line {change.line} any more.")
        if tuple(line.text for line in self.lines[at : at + len(was)]) != was:
            raise CorrectionError("The line has another text now.")
        self.lines = self._put(at, change, correction.part)
        self.changed = True

    def _place(self, id: int) -> int | None:
        return next((at for at, line in enumerate(self.lines) if line.id == id), None)

    @property
    def limit(self) -> float:
        return math.inf if self.given.duration is None else self.given.duration

    def _put(self, at: int, change: LineChange, part: int | None) -> list[Segment]:  # noqa: PLR0911 - one a kind
        match change:
            case Text(text=text):
                return self._text(at, text)
            case Split(offset=offset):
                return self._split(at, offset, part)
            case Join():
                return self._join(at)
            case Start(seconds=seconds):
                return self._start(at, seconds)
            case Nudge(seconds=seconds):
                return self._start(at, self._known_start(at) + seconds)
            case Shift(seconds=seconds):
                return self._shift(at, seconds)
            case Absent():
                return self._absent(at)
            case Realign() as realign:
                return self._realign(at, realign)

    def _absent(self, at: int) -> list[Segment]:
        line = replace(without_times(self.lines[at]), status="not_in_audio", confidence=None)
        return self._with(at, _marked(line, "absent"))

    def _with(self, at: int, *lines: Segment, instead_of: int = 1) -> list[Segment]:
        return [*self.lines[:at], *lines, *self.lines[at + instead_of :]]

    def _text(self, at: int, text: str) -> list[Segment]:
        if is_blank(text):
            raise CorrectionError(
                "A line needs a word. Say that it is not in the audio, or join it with another."
            )
        return self._with(at, _marked(reword(self.lines[at], text), "text"))

    def _split(self, at: int, offset: int, part: int | None) -> list[Segment]:
        line = self.lines[at]
        if not 0 <= offset <= len(line.text) or is_blank(line.text[:offset]) or is_blank(line.text[offset:]):
            raise CorrectionError("A line can be split between two of its words, where both parts have one.")
        if part is None or any(other.id == part for other in self.lines):
            raise CorrectionError("Another line has the name of the part that was split off.")
        first, second = cut(line, offset, part)
        return self._with(at, _marked(first, "lines"), _marked(second, "lines"))

    def _join(self, at: int) -> list[Segment]:
        if at + 1 >= len(self.lines):
            raise CorrectionError("The last line has none after it that it could be joined with.")
        first, second = self.lines[at : at + 2]
        starts = [time for time in (first.start, second.start) if time is not None]
        ends = [time for time in (first.end, second.end) if time is not None]
        joined = replace(
            first,
            text=first.text + _joint(first.text, second.text) + second.text,
            start=min(starts, default=None),
            end=max(ends, default=None),
            status=first.status if first.start is not None else second.status,
            confidence=first.confidence if first.start is not None else second.confidence,
            words=first.words + second.words,
            corrected=tuple(dict.fromkeys(first.corrected + second.corrected)),
        )
        return self._with(at, _marked(joined, "lines"), instead_of=2)

    def _realign(self, at: int, change: Realign) -> list[Segment]:
        if at + len(change.found) > len(self.lines):
            raise CorrectionError("There are not as many lines any more.")
        lines, by = list(self.lines), -float(self.offset)
        for place, found in enumerate(change.found, at):
            if found is not None:
                lines[place] = later(_placed_at(lines[place], found), by)
        first = next((place for place in range(at, len(lines)) if lines[place].start is not None), None)
        kept = (
            passage
            for passage in self.untranscribed
            if not any(start <= (passage.start + passage.end) / 2 - by < end for start, end in change.spans)
        )
        besides = _moved_passages(change.untranscribed, by, math.inf)
        self.untranscribed = tuple(sorted((*kept, *besides), key=lambda passage: passage.start))
        return lines if first is None else self._giving_way(lines, first)

    def _known_start(self, at: int) -> float:
        """When the line is seen to start, in the audio's time."""
        start = self._seen(self.lines[at]).start
        if start is None:
            raise CorrectionError("The line has no time that could be moved. Set its start.")
        return start + float(self.offset)

    def _seen(self, line: Segment) -> Segment:
        """The line, its times where the audio's ends leave them once the whole is moved."""
        by = float(self.offset)
        return in_order([line], self.limit - by, -by)[0] if by else line

    def _start(self, at: int, seconds: float) -> list[Segment]:
        if not math.isfinite(seconds):
            raise CorrectionError("That is no time.")
        by = float(self.offset)
        start = min(max(seconds, 0.0), self.limit) - by
        starts = [line.start for line in self.lines[at + 1 :] if line.start is not None]
        until = next((time for time in starts if time > start), self.limit - by)
        moved = move(self.lines[at], start, until)
        moved = _marked(replace(moved, status="aligned", confidence=None), "time")
        return self._giving_way(self._with(at, moved), at)

    def _shift(self, at: int, seconds: float) -> list[Segment]:
        known, by = self._known_start(at), float(self.offset)
        if not math.isfinite(known + seconds):
            raise CorrectionError("That is no time.")
        seconds = max(known + seconds, 0.0) - known
        moved = [_moved_whole(self._seen(line), seconds) for line in self.lines[at:]]
        return self._giving_way([*self.lines[:at], *in_order(moved, self.limit - by, -by)], at)

    @staticmethod
    def _giving_way(lines: list[Segment], at: int) -> list[Segment]:
        """Who says where a line starts knows it of this one: those around it give way, as far as they must.

        They are in order but for this one; where they are not, `in_order` sees to it in the end.
        """
        start = lines[at].start or 0.0
        for before in range(at - 1, -1, -1):
            line = lines[before]
            lines[before] = fill_in(line, start)
            if lines[before] is line and line.start is not None:
                break
        last_word = max([start, *(word.start for word in lines[at].words if word.start is not None)])
        for after in range(at + 1, len(lines)):
            line = lines[after]
            lines[after] = start_after(line, start, last_word)
            if lines[after] is line and line.start is not None:
                break
        return lines


def _moved_whole(line: Segment, by: float) -> Segment:
    if line.start is None or line.end is None:
        return line
    return _marked(later(line, by), "time")


def _summed(offset: Fraction, seconds: float) -> Fraction:
    """Exact, so that as much earlier as it was later is where it was."""
    if not math.isfinite(seconds):
        raise CorrectionError("That is no length of time by which a transcript could be moved.")
    total = offset + Fraction(seconds)
    if abs(total) > MOST_OFFSET_S:
        raise CorrectionError(
            f"A whole transcript is moved by {MOST_OFFSET_S:,} seconds at most; this would make "
            f"{float(total):+,.1f} of it. Align the episode again with its own audio."
        )
    return total


def _moved_passages(passages: Sequence[Passage], by: float, limit: float) -> tuple[Passage, ...]:
    """The passages later by some seconds; without what is then outside the audio."""
    moved = (
        replace(passage, start=max(passage.start + by, 0.0), end=min(passage.end + by, limit))
        for passage in passages
    )
    return tuple(passage for passage in moved if passage.start < passage.end)


def _placed_at(line: Segment, found: Found) -> Segment:
    if len(found.words) != len(line.words):
        raise CorrectionError("The line has other words now.")
    times = (found.start, found.end, *(time for start, end, _ in found.words for time in (start, end)))
    if not all(time is None or math.isfinite(time) for time in times):
        raise CorrectionError("That is no time.")
    words = tuple(
        replace(word, start=start, end=end, confidence=confidence)
        for word, (start, end, confidence) in zip(line.words, found.words, strict=True)
    )
    return replace(
        line,
        start=found.start,
        end=found.end,
        status=found.status,
        confidence=found.confidence,
        words=words,
        corrected=tuple(mark for mark in line.corrected if mark not in {"time", "absent"}),
    )


def _marked(line: Segment, what: Corrected) -> Segment:
    marks = {*line.corrected, what} - {"time" if line.start is None else "absent"}
    return replace(
        line, corrected=tuple(mark for mark in ("text", "lines", "time", "absent") if mark in marks)
    )


def _checked(change: Change) -> Change:
    """The change with its text as a line has it. Raises CorrectionError for one that no line can have."""
    if not isinstance(change, Text):
        return change
    text = "".join(" " if character in _LINE_BREAKS else character for character in change.text)
    text = text.strip(WHITE_SPACE)
    if len(text) > MOST_CHARACTERS:
        raise CorrectionError(
            f"A line has {MOST_CHARACTERS:,} characters at most; this one has {len(text):,}."
        )
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\t" for character in text):
        raise CorrectionError("The text has characters that are none of a text's.")
    return replace(change, text=text)


def _joint(before: str, after: str) -> str:
    """What stands between two lines that become one: a space, save in scripts that write none."""
    return "" if _is_unspaced(before[-1:]) and _is_unspaced(after[:1]) else " "


def _is_unspaced(character: str) -> bool:
    name = unicodedata.name(character, "") if character else ""
    return character in "、。，！？" or name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI "))
