"""How an alignment went: what to look at, and the whole as one page with pictures.

Everything here is made from an aligned transcript alone.
"""

from alignment.report.findings import DOUBTFUL, Finding, find
from alignment.report.listing import listed
from alignment.report.page import report_html

__all__ = ["DOUBTFUL", "Finding", "find", "listed", "report_html"]
