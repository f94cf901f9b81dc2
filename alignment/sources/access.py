"""How a person gets at what a site shows to them alone: cookies, and a proxy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yt_dlp.cookies import SUPPORTED_BROWSERS

from alignment.errors import FetchError

__all__ = ["Access", "options_of"]

_PROXIES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


@dataclass(frozen=True, slots=True)
class Access:
    """browser: whose cookies are used, as `firefox`, or `firefox:PROFILE` with a profile's name or folder.
    cookies: a file of them in Netscape's format, as browser extensions save it. proxy: the address of one."""

    browser: str | None = None
    cookies: Path | None = None
    proxy: str | None = None


def options_of(access: Access) -> dict[str, Any]:
    """The same as options of yt-dlp. Raises FetchError for what there is not."""
    options: dict[str, Any] = {}
    if access.browser:
        name, _, profile = access.browser.partition(":")
        if name.lower() not in SUPPORTED_BROWSERS:
            known = ", ".join(sorted(SUPPORTED_BROWSERS))
            raise FetchError(f"The cookies of {name!r} cannot be read; give one of {known}.")
        options["cookiesfrombrowser"] = (name.lower(), profile or None, None, None)
    if access.cookies:
        if not access.cookies.is_file():
            raise FetchError(f"There is no file of cookies {access.cookies}. Save one with your browser.")
        options["cookiefile"] = str(access.cookies)
    if access.proxy:
        if urlsplit(access.proxy).scheme not in _PROXIES or not urlsplit(access.proxy).hostname:
            raise FetchError(f"{access.proxy!r} is no proxy; give an address such as http://localhost:3128.")
        options["proxy"] = access.proxy
    return options
