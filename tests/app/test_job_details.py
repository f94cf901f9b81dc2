"""What happened to a job, as a page shows it."""

from datetime import UTC, datetime, timedelta

from alignment.app.job_details import listed
from alignment.library.job_log import LogEntry

NOON = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)


def test_each_stage_stands_with_its_time_and_how_long_it_took() -> None:
    entries = [
        LogEntry(NOON, "stage", "Listening"),
        LogEntry(NOON + timedelta(seconds=65), "stage", "Saving"),
    ]

    text = listed("k3v7pq2mxa5d", entries, NOON + timedelta(seconds=68))

    assert "12:00:00</time> Listening · 1 min 5 s<" in text
    assert "12:01:05</time> Saving · 3 s<" in text


def test_what_broke_is_its_last_line_with_all_of_it_below_and_never_markup() -> None:
    entry = LogEntry(NOON, "error", 'Traceback:\n  File "x.py"\nValueError: <script>\n')

    text = listed("k3v7pq2mxa5d", [entry], NOON)

    assert "</time> ValueError: &lt;script&gt;<pre>Traceback:" in text and "<script>" not in text
