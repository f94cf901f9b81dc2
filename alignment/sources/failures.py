"""Why fetching failed, in words for the person who asked.

The left column is what yt-dlp, the sites behind it and the network say (as regular expressions, case
ignored); the right column is what we say instead. The first match counts, so the particular stand above the
general: "HTTP Error 403" comes with many of the others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alignment.errors import FetchError

__all__ = ["FAILURES", "Failure", "causes", "explain", "is_passing"]

_OR_FILE = "or give the audio file instead."


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which fetching fails.

    signs: regular expression for what is found in the texts of the errors.
    meaning: what it means and what to do; `{address}` stands for what was asked for.
    passing: whether trying the same again in a few seconds makes sense.
    """

    signs: str
    meaning: str
    passing: bool = False


FAILURES = (
    Failure(
        r"no space left on device|disk quota exceeded",
        "The disk is full. Make room, then try again: what has been fetched so far is kept.",
    ),
    Failure(
        r"read-only file system|permission denied|operation not permitted",
        "The download cannot be written to its folder. Allow writing there, or choose another folder.",
    ),
    Failure(
        r"sign in to confirm you.{1,8}re not a bot|requiring a captcha",
        "The site takes this computer for a robot and wants a sign-in before it gives out {address}. "
        f"Try again later or from another network, {_OR_FILE}",
    ),
    Failure(
        r"confirm your age|age[- ]restricted|inappropriate for some users|age[- ]verification|age gate",
        "{address} is open to signed-in adults only, so it cannot be fetched. Download it in your browser "
        "and give the audio file instead.",
    ),
    Failure(
        r"private video|video is private|is a private",
        "{address} is private. Ask its owner to make it public or unlisted, " + _OR_FILE,
    ),
    Failure(
        r"members[- ]only|channel's members|join this channel|only available for (premium|paying)"
        r"|requires payment|subscribers? only|music premium",
        "{address} is for paying members only. If you are one, download it in your browser and give the "
        "audio file instead.",
    ),
    Failure(
        r"not available (in|from) your (country|location|region)|available in your country|geo.?restrict"
        r"|blocked it in your country|not available in your",
        "{address} is not shown in this country. Give the audio file instead.",
    ),
    Failure(
        r"live event will begin|premieres in|premiere will begin|is not currently live|channel is not.* live"
        r"|currently live|is offline|is_live|is_upcoming|live stream recording is not available"
        r"|live hls streams are not supported",
        "{address} is a live stream, or has not been shown yet. Try again when its recording is there, "
        + _OR_FILE,
    ),
    Failure(
        r"drm protected|piracy|unsupported features have been detected|encrypted",
        "{address} is protected against copying and cannot be fetched. Give the audio file instead.",
    ),
    Failure(
        r"incomplete youtube id|looks truncated",
        "{address} is cut short: a YouTube id has 11 characters. Copy the whole address.",
    ),
    Failure(
        r"has been removed|account.{1,60}terminated|no longer available|does(n't| not) exist|was deleted"
        r"|been taken down|video unavailable|video is (unavailable|not available)|http error 410",
        "{address} is not there: it was removed, or never existed. Check the address, " + _OR_FILE,
    ),
    Failure(
        r"try again later|rate-?limited|http error 429|too many requests",
        f"The site has had too many requests from this network. Try again in an hour, {_OR_FILE}",
    ),
    Failure(
        r"registered users|log ?in|login|sign ?in|--cookies|http error 401|account credentials",
        "{address} is for signed-in people only. Download it in your browser and give the audio file "
        "instead.",
    ),
    Failure(
        r"cloudflare|anti-bot|impersonat",
        f"The site keeps programs out and gave nothing for {{address}}. Try another address, {_OR_FILE}",
    ),
    Failure(
        r"http error 404",
        "Nothing is found at {address} (404). Check the address, " + _OR_FILE,
    ),
    Failure(
        r"http error 403",
        "The site refuses to give out {address} (403). Try again later, " + _OR_FILE,
    ),
    Failure(
        r"http error 451",
        "{address} is withheld for legal reasons (451). Give the audio file instead.",
    ),
    Failure(
        r"http error 4\d\d|redirect loop",
        "The site does not give out {address}. Check the address, " + _OR_FILE,
    ),
    Failure(
        r"http error 5\d\d",
        f"The site has trouble of its own with {{address}}. Try again later, {_OR_FILE}",
        passing=True,
    ),
    Failure(
        r"certificate_verify_failed|certificate verify failed|ssl:|ssl handshake|sslv3|tlsv1",
        "No safe connection to {address}: the site's certificate is not accepted. Check this computer's date "
        "and the address, " + _OR_FILE,
    ),
    Failure(
        r"unable to connect to proxy|proxyerror|socks",
        "The proxy that this computer is set to use does not answer. Check its settings, " + _OR_FILE,
    ),
    Failure(
        r"failed to resolve|name or service not known|name resolution|nodename nor servname|getaddrinfo"
        r"|no address associated",
        "The site of {address} cannot be found. Check the internet connection and the address, " + _OR_FILE,
        passing=True,
    ),
    Failure(
        r"network is unreachable|no route to host|network is down|host is unreachable",
        "There is no connection to the internet. Connect, then try again, " + _OR_FILE,
        passing=True,
    ),
    Failure(
        r"connection refused|actively refused",
        "The site of {address} does not take connections. Check the address, try again later, " + _OR_FILE,
        passing=True,
    ),
    Failure(
        r"timed? ?out",
        "The site does not answer: {address} timed out. Try again and it goes on where it stopped, "
        + _OR_FILE,
        passing=True,
    ),
    Failure(
        r"more expected|connection (was )?(reset|aborted|broken)|remote ?disconnected|closed connection"
        r"|eof occurred|downloaded \d+ bytes, expected|broken pipe|incompleteread",
        "The connection broke, again and again, while fetching {address}. Try again and it goes on where it "
        "stopped, " + _OR_FILE,
        passing=True,
    ),
    Failure(
        r"did not get any data blocks|downloaded file is empty",
        "{address} is an empty file. Check the address, " + _OR_FILE,
    ),
    Failure(
        r"unsupported url:|no suitable extractor|no video formats found|requested format is not available"
        r"|unable to extract|no media|there'?s no video|no video in|not a video",
        "No audio was found at {address}. Give the address of the recording itself, " + _OR_FILE,
    ),
    Failure(
        r"not a valid url|invalid url|unsupported url scheme|no host supplied|failed to parse|file:// urls"
        r"|extracted extension|label empty or too long|idna",
        "{address} is not an address that audio can be fetched from; it should look like "
        "https://example.org/talk. Check it, " + _OR_FILE,
    ),
    Failure(
        r"player response|nsig|signature|page needs to be reloaded|po token|report this issue"
        r"|confirm you are on the latest version",
        "The site has changed and {address} can't be read for now. Updating yt-dlp usually helps, "
        + _OR_FILE,
    ),
)


def explain(error: BaseException, address: str) -> FetchError:
    """The error to show for one that came out of yt-dlp or the network."""
    said = _said(error)
    failure = _match(said)
    if failure is not None:
        return FetchError(failure.meaning.format(address=address))
    first_line = re.sub(r"^ERROR:\s*", "", said.strip()).partition("\n")[0][:300]
    return FetchError(f"{address} could not be fetched ({first_line}). Check the address, {_OR_FILE}")


def is_passing(error: BaseException) -> bool:
    """Whether it makes sense to try again in a few seconds."""
    failure = _match(_said(error))
    return failure is not None and failure.passing


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that led to it, each once."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        raised = getattr(current, "exc_info", None) or (None, None)
        waiting += [raised[1], getattr(current, "cause", None), current.__cause__, current.__context__]


def _said(error: BaseException) -> str:
    return "\n".join(str(cause) for cause in causes(error))


def _match(said: str) -> Failure | None:
    # What was asked for may itself hold such words ("/login-talk.mp3"); addresses are no part of the reason.
    reasons = re.sub(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s'\"]+", "", said)
    return next((failure for failure in FAILURES if re.search(failure.signs, reasons, re.IGNORECASE)), None)
