"""What the jobs of a hosted app work with: the internet alone is reached for visitors, and so much taken."""

from dataclasses import replace
from typing import TYPE_CHECKING

from alignment.app.settings import Settings
from alignment.library import Tools
from alignment.library.work import standard_tools

if TYPE_CHECKING:
    from alignment.sources.rules import FetchRules

__all__ = ["fetch_rules", "tools"]


def fetch_rules(settings: Settings) -> "FetchRules":
    """The settings as rules of fetching: here, and nowhere else, the ones become the others."""
    from alignment.sources.rules import PERSONAL, PUBLIC  # with it comes all that fetches

    if not settings.hosted:
        return PERSONAL
    most = settings.limits
    return replace(PUBLIC, limits=replace(PUBLIC.limits, bytes=most.upload_bytes, seconds=most.audio_s))


def tools() -> Tools:
    """Made in the process that works, which has the settings in its environment."""
    return standard_tools(rules=fetch_rules(Settings.from_environment()))
