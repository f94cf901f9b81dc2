"""Where audio comes from: an address (by yt-dlp) or a local file, made playable in every browser.

fetched = fetch("https://example.org/talk.mp3", Path("work"))
fetched.path, fetched.title, fetched.duration
"""

from pathlib import Path

from alignment.errors import AudioError, FetchError
from alignment.progress import ProgressCallback, ignore_progress
from alignment.sources.access import Access
from alignment.sources.background import Reporter, alone_in, run_watched
from alignment.sources.media import local_trouble
from alignment.sources.playable import make_playable
from alignment.sources.receipt import FetchedAudio, keep_receipt, read_receipt
from alignment.sources.rules import PERSONAL, FetchRules, Reach
from alignment.sources.upload import take_in
from alignment.sources.url import as_address, download

__all__ = ["Access", "FetchedAudio", "as_address", "fetch"]

_NO_ACCESS = Access()


def fetch(
    source: str | Path,
    directory: Path,
    *,
    captions: str | None = None,
    access: Access = _NO_ACCESS,
    rules: FetchRules = PERSONAL,
    progress: ProgressCallback = ignore_progress,
) -> FetchedAudio:
    """Get the audio of `source` into `directory`, in a form that browsers play and seek exactly.

    source: an http(s) address that yt-dlp takes, or of a podcast's feed (its newest episode; #2 behind it is
    the one before, see `feed`), a bare YouTube id, or the path of an audio or video file.
    A string that names a file here means that file; give a Path to mean a file and nothing else, and
    `as_address(text)` to mean an address and nothing else.

    captions: language of the captions to bring along, "" for the recording's own, None for none.
    access: cookies and a proxy, for what a site does not show to everybody.
    rules: from where is fetched, and how much. Where that is the internet alone, a string is an address.

    The directory holds what is needed to go on after a cancel or a kill: the same call continues, and once
    it has ended, repeats its answer. It is the caller's to remove. A local file is left where it is.
    `progress` is called in the caller's thread, several times a second. What it raises to stop the work
    leaves this call at once; apart from that, FetchError and AudioError are raised, in plain words.
    """
    path, address = _meant(source, rules)
    _make_directory(directory)

    def work(reporter: Reporter) -> FetchedAudio:
        try:
            with alone_in(directory, reporter):
                return _fetch(path, address, captions, access, rules, directory, reporter)
        except OSError as error:
            if trouble := local_trouble(error, directory):
                raise trouble from error
            raise

    return run_watched(work, progress)


def _fetch(
    path: Path,
    address: str | None,
    captions: str | None,
    access: Access,
    rules: FetchRules,
    directory: Path,
    reporter: Reporter,
) -> FetchedAudio:
    wanted = address or _state_of(path)
    if captions is not None:
        wanted += f" with captions {captions}"
    if (fetched := read_receipt(directory, wanted)) is not None:
        return fetched
    if address is not None:
        found = download(address, directory, reporter, captions, access, rules)
        called = f"What came from {address}"
    else:
        found, called = take_in(path, directory, rules.limits), path.name
    try:
        playable = make_playable(
            found.path, directory, called=called, limits=rules.limits, progress=reporter.report
        )
    except AudioError:
        if address is not None:
            found.path.unlink()  # so that another try fetches it anew
        raise
    fetched = FetchedAudio(
        playable.path, found.title, found.source, found.thumbnail, playable.duration, found.captions
    )
    keep_receipt(fetched, directory, wanted)
    for left in directory.glob("download-*"):
        left.unlink()
    return fetched


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise local_trouble(error, directory) or FetchError(
            f"{directory} cannot be made to hold the audio: {error.strerror}. Choose another folder."
        ) from error


def _meant(source: str | Path, rules: FetchRules) -> tuple[Path, str | None]:
    """The file meant, and the address where it is an address instead."""
    path = Path(source)
    if isinstance(source, str) and (rules.reach is Reach.PUBLIC or not _names_a_file(source)):
        address = as_address(source)
        if address is not None:
            return path, address
        if not source.strip():
            raise AudioError("No audio was given; give an address or the path of an audio file.")
        raise AudioError(
            f"{source.strip()!r} is neither an address nor an audio file here; "
            "give an address that begins with https://, or the path of an audio or video file."
        )
    return path, None


def _names_a_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a file name, or with a NUL in it
        return False


def _state_of(path: Path) -> str:
    """Which file, in which state: another version of it is another source."""
    try:
        state = path.stat()
    except (OSError, ValueError):
        return str(path)
    return f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"
