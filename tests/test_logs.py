"""The log: a line a record, for a person or for a program, and nothing that another one could forge."""

import json
import logging
import re
import sys

from alignment.logs import JsonLines, TextLines


def record(message: str, *values: object, failed: bool = False, **extra: object) -> logging.LogRecord:
    exception = None
    if failed:
        try:
            raise ValueError("no kettle\nfound")
        except ValueError:
            exception = sys.exc_info()
    made = logging.LogRecord("alignment.kitchen", logging.WARNING, "x.py", 1, message, values, exception)
    made.created = 1_790_000_000.25
    vars(made).update(extra)
    return made


def test_json_has_time_level_logger_message_and_the_extra_fields():
    line = JsonLines().format(record("The %s is on.", "kettle", cups=2, who="Ada"))

    assert json.loads(line) == {
        "time": "2026-09-21T14:13:20.250Z",
        "level": "warning",
        "logger": "alignment.kitchen",
        "message": "The kettle is on.",
        "cups": 2,
        "who": "Ada",
    }


def test_an_exception_is_a_field_and_the_record_still_one_line():
    for lines in (JsonLines(), TextLines()):
        line = lines.format(record("It boiled over.", failed=True))
        assert "\n" not in line
        assert "exception" in line
        assert "ValueError: no kettle" in line


def test_text_shows_the_same_in_a_line():
    line = TextLines().format(record("The kettle is on.", cups=2))

    assert line == "2026-09-21T14:13:20.250Z WARNING alignment.kitchen: The kettle is on. cups=2"


def test_what_is_quoted_cannot_begin_a_line_of_its_own():
    line = TextLines().format(record("Not found: %s", "x\n2026 INFO forged\x1b[2J\u2028"))

    assert re.fullmatch(r"[ -~]+", line)
    assert r"x\n2026 INFO forged\x1b[2J\u2028" in line


def test_values_that_are_no_json_are_told_in_words():
    assert json.loads(JsonLines().format(record("Odd.", what={1, 2})))["what"] == "{1, 2}"
