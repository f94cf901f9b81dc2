"""What the server says of itself: one line a record on stderr, for a person or, as JSON, for a program.

Every logger goes the same way: ours, Streamlit's, Uvicorn's. A record's extra fields follow its message, the
traceback of an exception is one of them.
"""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

__all__ = ["JsonLines", "LogFormat", "TextLines", "set_up_logs"]

LogFormat = Literal["text", "json"]

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
"""What every record has; all else is an extra field."""
_TALKATIVE = ("uvicorn", "websockets", "asyncio", "PIL", "filelock", "urllib3")
"""They say what passes through them at their lower levels: addresses with their queries, cookies."""


def set_up_logs(format: LogFormat = "text", level: str = "info") -> None:
    """Send every record of this process from `level` up to stderr, one line each.

    level: debug, info, warning or error.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    _adopt_streamlit()


class JsonLines(logging.Formatter):
    """A record as a JSON object: time, level, logger, message, then its extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for the record."""
        value = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extras(record, self.formatException),
        }
        return json.dumps(value, default=str)


class TextLines(logging.Formatter):
    """A record as a line for a person: time, level, logger, message, then its extra fields as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for the record."""
        extras = _extras(record, self.formatException)
        fields = [f"{name}={_one_line(str(value))}" for name, value in extras.items()]
        said = _one_line(record.getMessage())
        return " ".join([_time(record), f"{record.levelname:<7}", f"{record.name}: {said}", *fields])


def _time(record: logging.LogRecord) -> str:
    """When it was made, UTC, ISO 8601 with milliseconds."""
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _extras(record: logging.LogRecord, in_words: Callable[[Any], str]) -> dict[str, Any]:
    extras = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    if record.exc_info and record.exc_info[0]:
        extras["exception"] = in_words(record.exc_info)
    if record.stack_info:
        extras["stack"] = record.stack_info
    return extras


def _one_line(text: str) -> str:
    """The text without control characters, so that what is quoted in it can begin no line of its own."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _adopt_streamlit() -> None:
    """Take Streamlit's loggers over, those that it will make as well: it gives each a handler of its own."""
    from streamlit import logger as streamlit_logger

    def adopt(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.propagate = True
        if logger.name.partition(".")[0] in _TALKATIVE:
            logger.setLevel(max(logging.WARNING, logging.getLogger().level))

    streamlit_logger.setup_formatter = adopt
    streamlit_logger.update_formatter()
