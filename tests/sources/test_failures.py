"""Each failure that people meet, in the very texts that yt-dlp raises, gets the right words."""

import errno
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.networking.exceptions import IncompleteRead, TransportError
from yt_dlp.utils import (
    ContentTooShortError,
    DownloadError,
    ExtractorError,
    GeoRestrictedError,
    UnavailableVideoError,
    UnsupportedError,
    UserNotLive,
)

from alignment.sources.failures import FAILURES, Failure, explain, is_passing
from alignment.sources.media import local_trouble

ADDRESS = "https://example.org/talk"
HINT = (
    "Use --cookies-from-browser or --cookies for the authentication. "
    "See  https://github.com/yt-dlp/yt-dlp/wiki/FAQ  for how to manually pass cookies"
)


def raised_by(act: Callable[[], object]) -> BaseException:
    with pytest.raises(ExtractorError) as raised:
        act()
    return raised.value


class Quiet:
    """The least of a downloader that an extractor's own error methods need."""

    params: dict[str, object] = {}  # noqa: RUF012


site = InfoExtractor(Quiet())


# What YouTube gives as the reason (playabilityStatus), as its extractor passes it on.
YOUTUBE = {
    "takes this computer for a robot": (
        f"Sign in to confirm you’re not a bot. {HINT}",
        "Sign in to confirm you're not a bot",
        "Error. YouTube is requiring a captcha challenge before playback",
    ),
    "adults": (
        f"Sign in to confirm your age. This video may be inappropriate for some users. {HINT}",
        "This video is age-restricted and only available on YouTube. Learn more",
    ),
    "is private": (
        f"Private video. Sign in if you've been granted access to this video. {HINT}",
        "This video is private",
    ),
    "was removed, or never existed": (
        "Video unavailable",
        "This video is not available",
        "Video unavailable. This video has been removed by the uploader",
        "Video unavailable. This video is no longer available because the YouTube account associated with "
        "this video has been terminated.",
    ),
    "paying members": (
        "Join this channel to get access to members-only content like this video, and other exclusive perks.",
        "This video is available to this channel's members on level: Friend (or any higher level)",
    ),
    "live stream, or has not been shown yet": (
        "This live event will begin in 3 hours.",
        "Premieres in 26 minutes",
        "This live stream recording is not available.",
    ),
    "this country": (
        "Video unavailable. The uploader has not made this video available in your country",
        "Video unavailable. This video contains content from Example, who has blocked it in your country "
        "on copyright grounds",
    ),
    "too many requests": (
        "This content isn't available, try again later. The current session has been rate-limited by YouTube "
        "for up to an hour. It is recommended to use `-t sleep` to add a delay between video requests",
    ),
}

# What yt-dlp's own parts raise.
OWN = {
    "live stream": (UserNotLive(),),
    "this country": (
        GeoRestrictedError("This video is not available from your location due to geo restriction"),
        raised_by(site.raise_geo_restricted),
    ),
    "for signed-in people only": (raised_by(lambda: site.raise_login_required(method=None)),),
    "protected against copying": (raised_by(lambda: site.report_drm("x")),),
    "11 characters": (
        ExtractorError("Incomplete YouTube ID dQw4w9. URL https://youtu.be/dQw4w9 looks truncated."),
    ),
    "Updating yt-dlp usually helps": (ExtractorError("Failed to extract any player response"),),
    "Nothing is found at": (ExtractorError("Unable to download webpage: HTTP Error 404: Not Found"),),
    "refuses to give out": (
        ExtractorError("Unable to download webpage: HTTP Error 403: Forbidden"),
        DownloadError("ERROR: unable to download video data: HTTP Error 403: Forbidden"),
    ),
    "too many requests": (ExtractorError("HTTP Error 429: Too Many Requests"),),
    "keeps programs out": (
        ExtractorError(
            "Got HTTP Error 403 caused by Cloudflare anti-bot challenge; try again with  "
            '--extractor-args "generic:impersonate"'
        ),
    ),
    "The disk is full": (
        DownloadError("ERROR: unable to write data: [Errno 28] No space left on device"),
        UnavailableVideoError(OSError(errno.ENOSPC, "No space left on device")),
    ),
    "No audio was found": (
        UnsupportedError(ADDRESS),
        ExtractorError(
            "Requested format is not available. Use --list-formats for a list of available formats"
        ),
        ExtractorError("No video formats found!"),
    ),
    "is not an address": (ExtractorError("'htp:/x' is not a valid URL"),),
}

# What the network says through it.
NETWORK = {
    "cannot be found. Check the internet connection": (
        TransportError("Failed to resolve 'a.example' ([Errno -3] Temporary failure in name resolution)"),
        TransportError(cause=socket.gaierror(-2, "Name or service not known")),
    ),
    "no connection to the internet": (TransportError("[Errno 101] Network is unreachable"),),
    "does not take connections": (TransportError("[Errno 111] Connection refused"),),
    "timed out": (TransportError(cause=TimeoutError("Read timed out. (read timeout=20)")),),
    "connection broke": (
        TransportError(cause=ConnectionResetError(104, "Connection reset by peer")),
        IncompleteRead(partial=300, expected=700),
        ContentTooShortError(300, 1000),
    ),
    "No safe connection": (
        TransportError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: has expired"),
    ),
}


def cases() -> Iterator[tuple[BaseException, str]]:
    for says, reasons in YOUTUBE.items():
        yield from ((ExtractorError(reason, expected=True, ie="youtube"), says) for reason in reasons)
    for says, errors in (*OWN.items(), *NETWORK.items()):
        yield from ((error, says) for error in errors)


@pytest.mark.parametrize(("error", "says"), list(cases()), ids=lambda value: str(value)[:60])
def test_texts_of_yt_dlp_become_plain_words(error: BaseException, says: str) -> None:
    message = str(explain(error, ADDRESS))

    assert says in message
    assert "cookies" not in message and "ERROR" not in message


def test_what_is_unknown_is_quoted_and_has_a_way_on() -> None:
    message = str(explain(DownloadError("ERROR: [odd] The moon is in the way\nmore"), ADDRESS))

    assert message == (
        f"{ADDRESS} could not be fetched ([odd] The moon is in the way). "
        "Check the address, or give the audio file instead."
    )


def test_words_in_the_address_are_no_reason() -> None:
    address = "https://example.org/login/private-video/http-error-404.mp3"

    message = str(explain(DownloadError(f"ERROR: [generic] {address}: The moon is in the way"), address))

    assert "The moon is in the way" in message


def test_the_reason_is_found_behind_other_errors() -> None:
    try:
        try:
            raise ConnectionRefusedError(111, "Connection refused")
        except OSError as error:
            raise TransportError(cause=error) from error
    except TransportError as error:
        outer = DownloadError("ERROR: it did not work", (type(error), error, error.__traceback__))

    assert "does not take connections" in str(explain(outer, ADDRESS))
    assert is_passing(outer)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.signs[:40])
def test_every_meaning_says_what_to_do(failure: Failure) -> None:
    meaning = failure.meaning.format(address=ADDRESS)

    assert any(
        way in meaning
        for way in ("ive the audio file instead.", "Make room", "another folder", "Copy the whole")
    )


def test_only_what_passes_is_tried_again() -> None:
    assert is_passing(ExtractorError("HTTP Error 503: Service Unavailable"))
    assert not is_passing(ExtractorError("HTTP Error 404: Not Found"))
    assert not is_passing(ExtractorError("The moon is in the way"))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EROFS, "cannot be written to"),
    ],
)
def test_trouble_with_the_disk_names_the_folder(code: int, says: str) -> None:
    trouble = local_trouble(OSError(code, "x"), Path("/library"))

    assert says in str(trouble) and "/library" in str(trouble)
    assert local_trouble(OSError(errno.EIO, "x"), Path("/library")) is None
