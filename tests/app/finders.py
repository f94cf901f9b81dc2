"""Stand-ins for what finds recordings at an address; processes that look import them by name."""

import os
import time
from typing import Never

from alignment.app.choosing.desks import Report
from alignment.progress import Progress
from alignment.sources.rules import FetchRules


def find_without_end(address: str, rules: FetchRules, report: Report) -> Never:
    """A list that goes on and on."""
    while True:
        report(Progress("Listing", detail="1 recording"))
        time.sleep(0.01)


def die(address: str, rules: FetchRules, report: Report) -> Never:
    """What the system does where memory runs out."""
    os._exit(1)
