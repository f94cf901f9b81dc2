"""JSON as it is found, with errors that say where it is damaged."""

import json
import math
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from alignment.errors import TranscriptError
from alignment.formats.decoding import mend_surrogates

__all__ = ["has_key", "has_surrogate_escape", "parsed", "validated"]

Model = TypeVar("Model", bound=BaseModel)

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def has_key(text: str, *names: str) -> bool:
    """Whether each of the names is a key somewhere in the JSON `text`, be it whole or damaged."""
    # A quotation mark inside a string stands behind a backslash, so that no string can hold what is sought.
    return all(re.search(rf'"{re.escape(name)}"\s*+:', text) for name in names)


def has_surrogate_escape(text: str) -> bool:
    """Whether the JSON `text` has escapes that may stand for half of a character."""
    return _SURROGATE_ESCAPE.search(text) is not None


def parsed(text: str, expected: str) -> Any:
    """What the text holds. expected: what it should be, for errors.

    Halves of surrogate pairs become U+FFFD. Raises TranscriptError, with line and column, for damaged JSON,
    for numbers that are not finite or have thousands of digits, and for what is nested too deep.
    """
    try:
        content = json.loads(text, parse_float=_finite, parse_constant=_finite)
        if has_surrogate_escape(text):
            content = json.loads(mend_surrogates(json.dumps(content, ensure_ascii=False)))
    except json.JSONDecodeError as error:
        raise TranscriptError(
            f"The JSON is damaged at line {error.lineno}, column {error.colno}: {error.msg}. "
            f"Expected {expected}, whole."
        ) from error
    except RecursionError as error:
        raise TranscriptError(f"The JSON is nested too deep to be {expected}.") from error
    except ValueError as error:  # An integer of thousands of digits.
        raise TranscriptError(f"The JSON holds a number that cannot be read: {error}.") from error
    return content


def validated(model: type[Model], text: str, expected: str) -> Model:
    """What the text holds as a model of it, whose fields that are not asked for are ignored.

    Raises TranscriptError as `parsed` does, and for a field that is missing or of the wrong type.
    """
    try:
        return model.model_validate(parsed(text, expected))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise TranscriptError(f"The JSON is not {expected}: {field}: {first['msg']}.") from error


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise TranscriptError(f"The JSON holds {number}, which is no time, share or count.")
    return value
