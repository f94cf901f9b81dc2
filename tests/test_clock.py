"""Times in links mean on the server what they mean in the player."""

import pytest

from alignment.clock import parse_time


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("754", 754),
        ("754.25", 754.25),
        ("754.5s", 754.5),
        ("12m34s", 754),
        ("12M34S", 754),
        ("1h2m3s", 3723),
        ("1h", 3600),
        ("12:34", 754),
        ("1:02:34", 3754),
        ("12:34.5", 754.5),
        (" 7 ", 7),
    ],
)
def test_each_way_to_write_a_time(written: str, seconds: float) -> None:
    assert parse_time(written) == seconds


@pytest.mark.parametrize(
    "written", ["", " ", "soon", "12:99", "-5", "1e3", "nan", "٧", "5 s", "1:2:3:4", "9" * 33]
)
def test_what_is_no_time(written: str) -> None:
    assert parse_time(written) is None
