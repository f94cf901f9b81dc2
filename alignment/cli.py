"""The `alignment` command: the package's public API, with a progress bar.

Exit status: 0 done, 1 failed with one clear line on stderr, 2 wrong usage, 130 interrupted.
"""

import errno
import os
import shlex
import socket
import sys
import traceback
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import typer
from platformdirs import user_cache_path

from alignment.commands import batch as batch_commands
from alignment.commands import doctor as doctor_commands
from alignment.commands import jobs as jobs_commands
from alignment.commands import keeping as keeping_commands
from alignment.commands import search as search_commands
from alignment.commands import worker as worker_commands
from alignment.commands.interrupting import resumable
from alignment.commands.opening import no_library
from alignment.commands.options import LibraryAddress, Model, language_given, output_file
from alignment.disk import digest
from alignment.errors import AlignmentError, LibraryError, TranscriptError
from alignment.output import check_output, deliver
from alignment.progress import Progress, ProgressCallback
from alignment.scratch import scratch_folder
from alignment.terminal import complain, shown_progress, tell
from alignment.transcript import Transcript
from alignment.wording import in_words

if TYPE_CHECKING:
    from alignment.clips import Sound
    from alignment.library import JobRequest
    from alignment.sources import Access

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Put an exact time on every line and word of a transcript, and listen with the text.",
)

_WITH_SOUND = ("html", "epub")
"""What `export` calls the page that plays an episode, and the book that is read aloud."""

_ORIGINS = {
    "captions": "that of the captions of its source",
    "automatic captions": "that of captions which a machine wrote; nobody may have checked it",
    "recognised": "what the recogniser heard; nobody has checked it",
}
_AFTER_FETCHING = "Reading the audio"
"""The stage of a job in front of which it is known whether the audio is what its page speaks of."""

_COLUMNS, _ROWS, _READING_SPEED = 42, 2, 17.0
"""Of subtitles, by the usual rules."""

_FEW = 5
"""Places to check that are shown unasked."""

Language = Annotated[
    str,
    typer.Option(
        help="Language that is spoken (en, de, fr, ...); auto hears it from the audio.", metavar="CODE"
    ),
]
EpisodeOrFile = Annotated[
    str, typer.Argument(help="Id of an episode in the library, or an aligned JSON file.", metavar="EPISODE")
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", parser=output_file, help="File to write, else standard output.", metavar="FILE"
    ),
]
CookiesFromBrowser = Annotated[
    str | None,
    typer.Option(help="Browser whose cookies the site is shown, perhaps :PROFILE.", metavar="BROWSER"),
]
Cookies = Annotated[Path | None, typer.Option(help="File of cookies that the site is shown.", metavar="FILE")]
Proxy = Annotated[str | None, typer.Option(help="Proxy that everything is fetched through.", metavar="URL")]


def main() -> None:
    """Run the command line; the entry point of the `alignment` program."""
    try:
        app()
    except AlignmentError as error:
        complain(str(error))
        sys.exit(1)
    except Exception as error:
        complain(_too_long(error) or _broken(error))
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"verbatime {version('verbatime')}")
        raise typer.Exit


@app.command(epilog="Example: alignment align talk.mp3 talk.txt -o talk.json")
def align(
    audio: Annotated[
        str, typer.Argument(help="Audio or video file, or an address that yt-dlp takes.", metavar="AUDIO")
    ],
    transcript: Annotated[Path, typer.Argument(help="File with the transcript.", metavar="TRANSCRIPT")],
    output: Output = None,
    model: Model = "base",
    language: Language = "auto",
    anchors: Annotated[
        Literal["audio", "captions"],
        typer.Option(
            help="First guesses: audio (listen), or captions (the times in TRANSCRIPT, proved by the sound)."
        ),
    ] = "audio",
    report: Annotated[
        Path | None,
        typer.Option(
            parser=output_file,
            help="Page to write on how it went, with pictures; also lists every place to check.",
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Put a time on every line and word of a transcript; write it as JSON."""
    check_output(output, transcript, Path(audio))
    if report:
        check_output(report, transcript, Path(audio), option="--report")
    if report and output and report.resolve() == output.resolve():
        raise typer.BadParameter(f"--output and --report both name {output}. Give each a file of its own.")
    text = _read(transcript)
    source = _source(audio)

    from alignment import align as run  # with it comes all that listens, which takes a second
    from alignment import write

    with resumable(), _scratch(source, transcript) as scratch:  # kept until its outcome is written
        with shown_progress() as progress:
            sound = _fetched(source, scratch, progress)
            _tell_another_cut(text, sound)
            aligned = run(
                sound,
                text,
                model=model,
                language=language_given(language),
                anchors=anchors,
                progress=progress,
                checkpoints=scratch / "checkpoints",
            )
        deliver(write(aligned, "json"), output)
        if report:
            deliver(_report_page(aligned, transcript.stem), report, option="--report")
    _summarise(aligned)
    again = (
        f"alignment report {shlex.quote(str(output))}" if output else "the same command with --report FILE"
    )
    _tell_places(aligned, None if report else again)


@app.command(epilog="Example: alignment add https://example.org/talk --transcript talk.txt")
def add(
    source: Annotated[
        str | None,
        typer.Argument(
            help="Address, podcast feed or audio file, else the address that the transcript names.",
            metavar="URL|AUDIO",
        ),
    ] = None,
    transcript: Annotated[
        Path | None,
        typer.Option(
            "--transcript",
            "-t",
            help="File with it, else the captions of the source.",
            metavar="FILE",
        ),
    ] = None,
    recognise: Annotated[
        bool, typer.Option("--recognise", help="Without a transcript: write down what is said.")
    ] = False,
    episode: Annotated[
        str | None,
        typer.Option(help="Of a feed: its number, 1 for the newest, or its id.", metavar="NUMBER|ID"),
    ] = None,
    model: Model = "base",
    language: Language = "auto",
    cookies_from_browser: CookiesFromBrowser = None,
    cookies: Cookies = None,
    proxy: Proxy = None,
    library: LibraryAddress = "cache",
) -> None:
    """Fetch, align and keep an episode in the library; print its id."""
    from alignment.library import JobRequest, open_library
    from alignment.sources import Access

    if transcript and recognise:
        raise typer.BadParameter("--transcript and --recognise say two different things. Give one of them.")
    content, text = _given(transcript) if transcript else (b"", None)
    given = source or (text.source.url if text else None)
    if given is None:
        raise typer.BadParameter(
            f"{transcript} names no address. Give one, or the audio file."
            if transcript
            else "Nothing was given to add. Give an address, a podcast feed or an audio file."
        )
    place = _source(given)
    if isinstance(place, Path) and not (text or recognise):
        raise typer.BadParameter(f"{place.name} brings no captions. Give a --transcript, or --recognise.")
    if episode is not None:
        if isinstance(place, Path):
            raise typer.BadParameter("--episode is for the address of a feed.")
        place = f"{place.partition('#')[0]}#{quote(episode)}"
    request = JobRequest(
        (text.title if text else None) or Path(place).stem,
        str(place),
        model,
        language_given(language),
        text="given" if text else "recognised" if recognise else "captions",
    )
    id = _finished(request, content, Access(cookies_from_browser, cookies, proxy), library)
    deliver(f"{id}\n", None)
    aligned = open_library(library).transcript(id)
    if aligned.origin:
        tell(f"Its text is {_ORIGINS[aligned.origin]}.")
    _summarise(aligned)
    _tell_places(aligned, f"alignment report {id} --library {shlex.quote(library)}")


@app.command(epilog="Example: alignment export talk.json --to srt -o talk.srt")
def export(
    episode: EpisodeOrFile,
    to: Annotated[
        str,
        typer.Option("--to", help="Format that `formats` lists, html (plays) or epub.", metavar="NAME"),
    ],
    output: Output = None,
    audio: Annotated[
        Path | None,
        typer.Option(help="For html, epub: the audio file, if EPISODE is a JSON file.", metavar="FILE"),
    ] = None,
    beside: Annotated[
        bool, typer.Option("--beside", help="For html: put the audio beside the page, not inside.")
    ] = False,
    subtitles: Annotated[
        bool, typer.Option("--subtitles", help="Cut the lines anew, by the usual rules of subtitles.")
    ] = False,
    columns: Annotated[
        int, typer.Option(help="With --subtitles: columns of a line.", min=10, max=200, metavar="N")
    ] = _COLUMNS,
    rows: Annotated[
        int, typer.Option(help="With --subtitles: lines at a time.", min=1, max=4, metavar="N")
    ] = _ROWS,
    reading_speed: Annotated[
        float,
        typer.Option(help="With --subtitles: characters read in a second.", min=5, max=50, metavar="N"),
    ] = _READING_SPEED,
    offset: Annotated[
        float, typer.Option(help="Seconds that all of it comes later; negative: earlier.", metavar="SECONDS")
    ] = 0.0,
    speed: Annotated[
        float,
        typer.Option(help="For audio that plays faster by this factor.", min=0.1, max=10, metavar="FACTOR"),
    ] = 1.0,
    library: LibraryAddress = "cache",
) -> None:
    """Write an aligned transcript in another format, or as a page that plays it without a network."""
    from alignment.formats import format_named, untimed, writable, write_bytes
    from alignment.subtitles import SubtitleRules, resegmented, shifted, stretched

    known = (*writable(), *_WITH_SOUND)
    if to not in known:
        raise typer.BadParameter(f"{to!r} is not a format to write. Give one of: {', '.join(known)}.")
    if (audio and to not in _WITH_SOUND) or (beside and to != "html"):
        raise typer.BadParameter("--audio is for --to html and epub, --beside for --to html.")
    if not subtitles and (columns, rows, reading_speed) != (_COLUMNS, _ROWS, _READING_SPEED):
        raise typer.BadParameter("--columns, --rows and --reading-speed are for --subtitles.")
    if to in _WITH_SOUND and (subtitles or offset or speed != 1):
        raise typer.BadParameter("--subtitles, --offset and --speed would part the text from its sound.")
    check_output(output, Path(episode), *([audio] if audio else []))
    transcript = _aligned(episode, library)
    if to == "epub":
        deliver(_book(episode, transcript, audio, library), output)
        return
    if to == "html":
        _export_page(episode, transcript, audio, beside, output, library)
        return
    if speed != 1:
        transcript = stretched(transcript, 1 / speed)
    if offset:
        transcript = shifted(transcript, offset)
    if subtitles:
        transcript = resegmented(transcript, SubtitleRules(columns, rows, reading_speed))
    deliver(write_bytes(transcript, to), output)
    if not format_named(to).untimed and (left_out := len(untimed(transcript))):
        tell(f"{in_words(left_out, 'line')} without a time: players do not show what has none.")


@app.command(epilog="Example: alignment clip talk.json 12:34 13:02 --audio talk.m4a -o clip.m4a")
def clip(
    episode: EpisodeOrFile,
    start: Annotated[str, typer.Argument(help="Where it begins: 12:34, 754 or 12m34s.", metavar="START")],
    end: Annotated[str, typer.Argument(help="Where it ends.", metavar="END")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            parser=output_file,
            help="File to write: .m4a, .mp3, or .mp4 with the words.",
            metavar="FILE",
        ),
    ],
    captions: Annotated[
        str | None,
        typer.Option(help="Format of captions to write beside it, as vtt or srt.", metavar="NAME"),
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Cut just there, be it in a word.")] = False,
    shape: Annotated[
        Literal["16:9", "1:1", "9:16"] | None, typer.Option(help="For .mp4: of the picture, else 16:9.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(help="For .mp4: picture to show, else that of the episode.", metavar="FILE"),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="For .mp4: no picture.")] = False,
    font: Annotated[
        Path | None,
        typer.Option(help="For .mp4: font to write with, else one that has the letters.", metavar="FILE"),
    ] = None,
    audio: Annotated[
        Path | None, typer.Option(help="The audio file, if EPISODE is a JSON file.", metavar="FILE")
    ] = None,
    library: LibraryAddress = "cache",
) -> None:
    """Cut out what is said from here to there, with its captions; the ends are moved between words."""
    from alignment.audio import Span
    from alignment.clips import CLIP_KINDS, clip_sound, encode_clip, part_of, read_sound, tags_of
    from alignment.formats import format_named, writable, write_bytes

    kind = output.suffix.lower().removeprefix(".")
    if kind not in (*CLIP_KINDS, "mp4"):
        raise typer.BadParameter(f"{output} is of no kind that clips are written in: .m4a, .mp3 or .mp4.")
    if kind != "mp4" and (shape or picture or plain or font):
        raise typer.BadParameter("--shape, --picture, --plain and --font are for .mp4.")
    if picture and plain:
        raise typer.BadParameter("--picture and --plain say two different things. Give one of them.")
    if captions is not None and captions not in writable():
        raise typer.BadParameter(f"{captions!r} is not a format to write; `alignment formats` lists them.")
    beside = output.with_suffix(format_named(captions).suffix) if captions else None
    span = Span(_moment(start), _moment(end))
    transcript = _aligned(episode, library)
    file = _sound_of(episode, audio, library)
    check_output(output, Path(episode), file, *([picture] if picture else []))
    if beside:
        check_output(beside, Path(episode), file, option="--captions")
    sound = read_sound(file, span)
    sound = sound.part(span) if exact else clip_sound(sound, transcript, span)
    part = part_of(transcript, sound.span)
    if kind == "mp4":
        shown = None if plain else picture or _picture_of(episode, library)
        _, title = _named(episode, transcript, library)
        content = _film(sound, part, title, shape or "16:9", shown, font)
    else:
        content = encode_clip(sound, kind, **tags_of(part))
    if beside and captions:
        deliver(write_bytes(part, captions), beside, option="--captions")
    deliver(content, output)


@app.command(epilog="Example: alignment formats")
def formats() -> None:
    """List the formats of transcripts: which can be read, which written, and what they hold."""
    from alignment.formats import format_table

    deliver(format_table(), None)


@app.command(epilog="Example: alignment report talk.json -o talk.html")
def report(
    episode: EpisodeOrFile,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", parser=output_file, help="Page to write as well, with pictures.", metavar="FILE"
        ),
    ] = None,
    library: LibraryAddress = "cache",
) -> None:
    """List what to check in an aligned transcript: lines in doubt, not said, not written."""
    from alignment.report import find, listed

    check_output(output, Path(episode))
    transcript = _aligned(episode, library)
    found = find(transcript)
    if output:
        deliver(_report_page(transcript, Path(episode).stem), output)
    deliver("".join(f"{line}\n" for line in listed(found)), None)
    _summarise(transcript)


@app.command(epilog="Example: alignment serve --library talks --port 8080")
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535, metavar="PORT")] = 8501,
    address: Annotated[
        str, typer.Option(help="Address to listen on; the default is this machine alone.", metavar="ADDRESS")
    ] = "127.0.0.1",
    jobs: Annotated[
        int | None,
        typer.Option(
            help="Jobs at a time, else by cores and memory.",
            min=1,
            max=64,
            envvar="ALIGNMENT_JOBS",
            metavar="N",
        ),
    ] = None,
    hosted: Annotated[
        bool, typer.Option("--hosted", help="Others visit: they read, and do more only by right.")
    ] = False,
    base_path: Annotated[
        str,
        typer.Option(
            help="Path that the app is below, as /talks.", envvar="ALIGNMENT_BASE_PATH", metavar="PATH"
        ),
    ] = "",
    proxied: Annotated[
        bool,
        typer.Option(
            "--proxied",
            help="Believe X-Forwarded-For and -Proto of a proxy on this machine.",
            envvar="ALIGNMENT_PROXIED",
        ),
    ] = False,
    log_format: Annotated[
        Literal["text", "json"], typer.Option(help="Of the log's lines.", envvar="ALIGNMENT_LOG_FORMAT")
    ] = "text",
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        typer.Option(help="The least that is logged.", envvar="ALIGNMENT_LOG_LEVEL"),
    ] = "info",
    library: LibraryAddress = "cache",
) -> None:
    """Serve the app, with the library and the player, until it is stopped by Ctrl-C."""
    from alignment.app.base_path import normal_base
    from alignment.app.settings import HOSTED, Settings, SettingsError

    try:
        base = normal_base(base_path)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--base-path") from error
    if hosted:
        os.environ[HOSTED] = "1"
    try:
        Settings.from_environment()
    except SettingsError as error:
        complain(str(error))
        raise typer.Exit(2) from error
    _check_free(address, port)
    from alignment.app.server import serve as run

    with suppress(KeyboardInterrupt):  # while it starts
        run(
            library_address=library,
            address=address,
            port=port,
            base=base,
            proxied=proxied,
            log_format=log_format,
            log_level=log_level,
            jobs=jobs,
        )


for part in (
    batch_commands,
    doctor_commands,
    jobs_commands,
    keeping_commands,
    search_commands,
    worker_commands,
):
    app.add_typer(part.commands)


def _file(text: str) -> Path | None:
    """The file or the pipe here that the text names, None where there is none."""
    try:
        return Path(text).absolute() if Path(text).exists() and not Path(text).is_dir() else None
    except OSError:  # too long for a file's name
        return None


def _source(text: str) -> Path | str:
    """The audio file here, or the address, that the text means."""
    if file := _file(text):
        if not file.is_file():
            raise AlignmentError(
                f"{text} is a device or a pipe, and audio is read more than once. Save it as a file first."
            )
        return file
    from alignment.sources import as_address

    if address := as_address(text):
        return address
    with suppress(OSError):  # as above
        if text and Path(text).is_dir():
            raise AlignmentError(f"{text} is a folder. Name a file in it, or give it to `alignment batch`.")
    raise AlignmentError(
        f"There is no audio file {text!r}, and it is no address. Give the path of an audio or video file, "
        "or an address that begins with https://."
    )


def _read(path: Path) -> Transcript:
    """The transcript in a file."""
    return _given(path)[1]


def _given(path: Path) -> tuple[bytes, Transcript]:
    """What is in the file, or comes out of the pipe, and the transcript that it is."""
    from alignment import read_transcript
    from alignment.formats import read_content

    try:
        content = read_content(path)
        return content, read_transcript(content)
    except TranscriptError as error:
        if str(path) in str(error):
            raise
        raise TranscriptError(f"{path} cannot be used. {error}") from error


def _aligned(episode: str, library: str) -> Transcript:
    """The transcript in the file of that name, or of the episode with that id."""
    from alignment.library import open_library

    if file := _file(episode):
        return _read(file)
    if Path(episode).name != episode or Path(episode).suffix:
        raise AlignmentError(f"There is no file {episode}. Give an aligned JSON file, or an episode's id.")
    home = open_library(library)
    try:
        return home.transcript(episode)
    except LibraryError as error:
        if home.is_begun:
            raise
        raise LibraryError(f"{error} {no_library(home)}") from error


def _finished(request: "JobRequest", transcript: bytes, access: "Access", library: str) -> str:
    """Do the job here, to its end; the id of the episode that it makes."""
    from alignment.library import Jobs, JobStatus, finish_job, open_library
    from alignment.library.work import standard_tools

    home = open_library(library)
    jobs = Jobs(home.root)
    job = jobs.submit(request, transcript)
    with resumable(), shown_progress() as progress:
        told = ""

        def watch(event: Progress) -> None:
            nonlocal told
            progress(event)
            remark = jobs.get(job.id).remark if event.stage == _AFTER_FETCHING else ""
            if remark != told and remark:
                tell(remark)
                told = remark

        try:
            ended = finish_job(home, job.id, lambda: standard_tools(access), progress=watch)
        except KeyboardInterrupt:
            jobs.cancel(job.id)  # else an app on the same library would go on with it at once
            raise
    if ended.status is JobStatus.CANCELLED:
        raise AlignmentError("This was stopped in the app. The same command goes on from there.")
    if ended.status is not JobStatus.DONE or ended.episode is None:
        raise AlignmentError(ended.message)
    return ended.episode


def _export_page(
    episode: str, transcript: Transcript, audio: Path | None, beside: bool, output: Path | None, library: str
) -> None:
    """Write the page that plays the episode, its audio inside, or copied beside it."""
    from alignment.peaks import peaks_json
    from alignment.player.standalone import standalone_page

    sound = _sound_of(episode, audio, library)
    id, title = _named(episode, transcript, library)
    if beside and output is None:
        raise typer.BadParameter("--beside needs a file to be beside: name it with --output.")
    place = output.with_suffix(sound.suffix) if beside and output else None
    if place:
        _check_place(place, sound, output)
    page = standalone_page(
        transcript,
        episode_id=id,
        title=title,
        audio=quote(os.fsencode(place.name)) if place else sound,
        peaks=peaks_json(sound),
    )
    if place and not place.exists():
        deliver(sound.read_bytes(), place)
    deliver(b"".join(page), output)


def _check_place(place: Path, sound: Path, page: Path | None) -> None:
    """Find out that the sound of a page cannot lie there, without taking the place of anything."""
    if place == page:
        raise typer.BadParameter(f"The page and its sound cannot both be {page}. Name the page as .html.")
    if place.exists() and digest(place) != digest(sound):
        raise AlignmentError(
            f"{place}, where the sound goes, is another file already. "
            "Remove it, or give the page another name with --output."
        )


def _book(episode: str, transcript: Transcript, audio: Path | None, library: str) -> bytes:
    from alignment.books import book_of

    sound = _sound_of(episode, audio, library)
    id, title = _named(episode, transcript, library)
    return book_of(transcript, sound, id=id, title=title)


def _named(episode: str, transcript: Transcript, library: str) -> tuple[str, str]:
    """The id and title of an episode in the library, or after the name of the file."""
    from alignment.formats.decoding import mend_surrogates
    from alignment.library import open_library

    if file := _file(episode):
        return (name := mend_surrogates(file.stem)), transcript.title or name
    return episode, transcript.title or open_library(library).episode(episode).title


def _sound_of(episode: str, audio: Path | None, library: str) -> Path:
    """The audio file that was given, or that the library keeps."""
    from alignment.library import open_library

    if audio is None and _file(episode):
        raise typer.BadParameter(f"{episode} holds no sound. Name the audio file with --audio.")
    sound = audio or open_library(library).audio_path(episode)
    if not sound.is_file():
        raise AlignmentError(f"There is no audio file {sound}. Give the one that was aligned with --audio.")
    return sound


def _picture_of(episode: str, library: str) -> Path | None:
    """The picture of an episode in the library, if it has one."""
    from alignment.library import open_library

    found = None if _file(episode) else open_library(library).episode(episode).thumbnail
    return found if found and found.is_file() else None


def _film(
    sound: "Sound", part: Transcript, title: str, shape: str, picture: Path | None, font: Path | None
) -> bytes:
    """The clip with its words. title: of the whole episode."""
    from alignment.clips import tags_of
    from alignment.film import film_of

    with shown_progress() as progress:
        return film_of(
            sound,
            part,
            title=title,
            shape=shape,
            picture=picture,
            font=font,
            tags=tags_of(part),
            progress=progress,
        )


def _moment(text: str) -> float:
    from alignment.clock import parse_time

    seconds = parse_time(text)
    if seconds is None:
        raise typer.BadParameter(f"{text!r} is not a time. Give it as 12:34, 1:02:34, 754 or 12m34s.")
    return seconds


def _report_page(aligned: Transcript, name: str) -> str:
    """The page of the report. name: for a transcript without a title."""
    from alignment.formats.decoding import mend_surrogates
    from alignment.report import report_html

    return report_html(replace(aligned, title=aligned.title or mend_surrogates(name)))


def _tell_places(aligned: Transcript, more: str | None) -> None:
    """The places to check, the first few where `more` says how to see them all."""
    from alignment.report import find, listed

    places = listed(find(aligned))
    shown = places[:_FEW] if more else places
    for place in shown:
        tell(place)
    if left := len(places) - len(shown):
        tell(f"{left:,} more to check; to list them: {more}")


def _summarise(aligned: Transcript) -> None:
    """One line for a person on how it went."""
    placed = sum(segment.start is not None for segment in aligned.segments)
    missing = len(aligned.segments) - placed
    parts = [f"{placed} of {in_words(len(aligned.segments), 'line')} placed"]
    if missing:
        parts.append(f"{missing} not in the audio")
    if passages := len(aligned.untranscribed):
        parts.append(f"{in_words(passages, 'spoken passage')} without text")
    tell(", ".join(parts) + ".")


def _scratch(source: Path | str, transcript: Path) -> AbstractContextManager[Path]:
    """Where this piece of work is done; another version of the audio is another one."""
    state = str(source.stat().st_mtime_ns) if isinstance(source, Path) else ""
    return scratch_folder(str(source), state, str(transcript.absolute()))


def _fetched(source: Path | str, scratch: Path, progress: ProgressCallback) -> Path:
    """The file itself, or what the address gives."""
    if isinstance(source, Path):
        return source
    from alignment import fetch

    return fetch(source, scratch / "fetched", progress=progress).path


def _tell_another_cut(transcript: Transcript, audio: Path) -> None:
    """Say before the work that the audio lasts otherwise than the transcript's page says."""
    from alignment.another_cut import remark_on_length
    from alignment.audio import stated_duration

    duration = stated_duration(audio)
    if duration and (remark := remark_on_length(transcript.source.length, duration)):
        tell(remark)


def _check_free(address: str, port: int) -> None:
    """Find out before the app is loaded that it cannot listen there."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":  # there it would let two programs listen on one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "is in use, perhaps by this app in another window. Stop that, or give another with --port."
            raise AlignmentError(f"Port {port} of {address} {why}") from error
        raise AlignmentError(
            f"The app cannot listen on {address}, port {port} ({error.strerror}). "
            "Give others with --address and --port."
        ) from error


def _too_long(error: Exception) -> str | None:
    """What to say where a name that was given is longer than a file's may be."""
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return f"{error.filename} is too long for the name of a file. Give a shorter one."
    return None


def _broken(error: Exception) -> str:
    return (
        f"Something broke that should not have ({type(error).__name__}: {error}). "
        f"Try again; if it stays, report it with {_keep_details()}."
    )


def _keep_details() -> str:
    """Where the details of the error at hand are."""
    details = user_cache_path("verbatime") / "error.txt"
    try:
        details.parent.mkdir(parents=True, exist_ok=True)
        details.write_text(traceback.format_exc(), "utf-8", "backslashreplace")
    except OSError:
        return "what you gave it"
    return str(details)
