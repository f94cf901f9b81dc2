"""The aligned transcript as JSON: what `alignment align` writes, the library keeps and the player fetches.

One object with `version` and the fields of `transcript.Transcript` under their own names: the types there are
the schema. Readers ignore fields that they do not know and refuse a version that they do not know.
"""

import json
import re
from typing import Any

from pydantic import TypeAdapter, ValidationError

from alignment.errors import TranscriptError
from alignment.formats.decoding import mend_surrogates
from alignment.formats.format import Format
from alignment.formats.json_text import has_key, has_surrogate_escape, parsed
from alignment.transcript import Transcript

__all__ = ["FORMAT", "VERSION", "read", "recognises", "write"]

VERSION = 1
"""Raised when a reader for the version before would misread what is written now."""

_SCHEMA = TypeAdapter(Transcript)
_FIRST = ("language", "duration", "title", "source", "provenance")
_NUMBERED = re.compile(r'"version"\s*+:\s*+(?!")')


def recognises(text: str) -> bool:
    """Whether `text` is an object, whole or damaged, with a version that is no text, and with segments.

    The transcripts of podcasts have a version and segments too: of text the one, of `startTime` the others.
    """
    if not text.lstrip().startswith("{"):
        return False
    return _NUMBERED.search(text) is not None and has_key(text, "segments") and not has_key(text, "startTime")


def read(text: str) -> Transcript:
    """The transcript, exactly as it was written.

    Raises TranscriptError, naming place or field, for damaged JSON, another version, a field that is missing
    or of the wrong type, numbers that are not finite, and times that `Transcript.check` refuses.
    """
    content = parsed(text, "an aligned transcript, as this program writes it")
    version = content.get("version") if isinstance(content, dict) else None
    if type(version) is not int or version != VERSION:
        raise TranscriptError(
            f"This JSON has version {json.dumps(version)}; expected an aligned transcript of version "
            f"{VERSION}. Update this program if a later one wrote the file, else align anew."
        )
    if has_surrogate_escape(text):
        text = json.dumps(content, ensure_ascii=False)
    try:
        transcript = _SCHEMA.validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise TranscriptError(f"The aligned transcript is damaged: {field}: {first['msg']}.") from error
    transcript.check()
    return transcript


def write(transcript: Transcript) -> str:
    """JSON with the fields always in the same order and a line to each segment, so that a diff tells.

    Raises TranscriptError for numbers that are not finite: JSON has none.
    """
    content: dict[str, Any] = _SCHEMA.dump_python(transcript, mode="json")
    segments, untranscribed = content.pop("segments"), content.pop("untranscribed")
    for segment in segments:
        if not segment["corrected"]:
            del segment["corrected"]
    if content["origin"] is None:
        del content["origin"]
    lines = [f'"version": {VERSION}']
    lines += [f'"{name}": {_dumped(content.pop(name))}' for name in _FIRST]
    lines += [f'"segments": {_listed(segments)}', f'"untranscribed": {_listed(untranscribed)}']
    lines += [f'"{name}": {_dumped(value)}' for name, value in content.items()]
    return mend_surrogates("{" + ",\n".join(lines) + "}\n")


def _listed(items: list[Any]) -> str:
    return "[" + ",".join(f"\n{_dumped(item)}" for item in items) + "]"


def _dumped(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise TranscriptError(f"A number in the transcript is not finite: {str(value)[:200]}.") from error


FORMAT = Format(
    "json",
    "Aligned transcript",
    recognises,
    read=read,
    write=write,
    words=True,
    speakers=True,
    untimed=True,
    media_type="application/json",
)
