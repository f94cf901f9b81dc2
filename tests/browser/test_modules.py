"""The modules by themselves: types, style, and the functions that need no page."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import deno
import pytest

from alignment.player import ASSETS, page_html
from tests.browser.listener import Listener


def run_deno(*arguments: str) -> None:
    modules = sorted(str(path) for path in ASSETS.glob("*.js"))
    config = str(ASSETS / "deno.json")
    done = subprocess.run(
        [deno.find_deno_bin(), *arguments, "--config", config, *modules],
        capture_output=True,
        text=True,
        env={"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "PATH": "/usr/bin:/bin", "HOME": "/tmp"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("task", ["check", "lint"])
def test_the_modules_keep_their_types_and_rules(task: str) -> None:
    run_deno(task)


def test_the_modules_are_formatted() -> None:
    run_deno("fmt", "--check")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("754", 754),
        ("754.25", 754.25),
        ("754s", 754),
        ("12m34s", 754),
        ("12M34.5S", 754.5),
        ("1h", 3600),
        ("1h2m3s", 3723),
        ("12:34", 754),
        ("1:02:34.5", 3754.5),
        (" 7 ", 7),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1:75", None),
        ("12:", None),
        ("1e3", None),
        ("Infinity", None),
        ("m", None),
        ("1s1m", None),
    ],
)
def test_times_are_read_as_people_write_them(
    in_page: Callable[..., Any], written: str, seconds: float | None
) -> None:
    assert in_page("time.js", "parseTime", written) == seconds


@pytest.mark.parametrize(
    ("seconds", "clock", "spoken"),
    [
        (0, "0:00", "0 seconds"),
        (59.9999999, "1:00", "1 minute"),
        (61, "1:01", "1 minute 1 second"),
        (754.9, "12:34", "12 minutes 34 seconds"),
        (3600, "1:00:00", "1 hour"),
        (7384, "2:03:04", "2 hours 3 minutes 4 seconds"),
    ],
)
def test_times_are_shown_and_said(
    in_page: Callable[..., Any], seconds: float, clock: str, spoken: str
) -> None:
    assert in_page("time.js", "formatClock", seconds) == clock
    assert in_page("time.js", "spokenTime", seconds) == spoken


def test_a_lines_hash_stands_for_its_letters(in_page: Callable[..., Any]) -> None:
    def hashed(text: str) -> Any:
        return in_page("sharing.js", "shortHash", text)

    assert hashed("Slow river, old bridge.") == hashed("slow river – old bridge")
    assert hashed("Slow river") != hashed("Slow rivers")


def test_options_cannot_leave_their_script_element() -> None:
    title = "</script><script>alert(1)</script><!-- ${assets}"
    page = page_html({"title": title}, assets="player/")
    block = page.split('id="options">')[1].split("</script>")[0]
    assert json.loads(block) == {"title": title}


def test_a_page_asks_for_all_modules_at_once(listener: Listener, river: str) -> None:
    listener.open(river)
    asked = set(
        listener.evaluate("[...document.querySelectorAll('[rel=modulepreload]')].map((link) => link.href)")
    )
    fetched = {
        name
        for name in listener.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        if name.endswith(".js")
    }
    assert asked == fetched
