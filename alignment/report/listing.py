"""The places to check as lines of plain text, for a terminal or a pipe."""

import unicodedata
from collections.abc import Sequence

from alignment.report.findings import NAMES, Finding
from alignment.wording import clock

__all__ = ["listed"]

_NAMES_WIDE = max(map(len, NAMES.values()))


def listed(found: Sequence[Finding]) -> list[str]:
    """A line to each: where to listen, what is the matter, how sure the time is, the text."""
    return [_line(finding) for finding in found]


def _line(finding: Finding) -> str:
    sure = f"{finding.confidence:.2f}" if finding.confidence else ""
    text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in finding.text)
    return f"{clock(finding.at):>8}  {NAMES[finding.kind]:{_NAMES_WIDE}}  {sure:4}  {text}"
