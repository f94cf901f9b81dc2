"""The program as people use it: what it prints, where, how it ends, and that it goes on after a kill."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import pytest
from rapidfuzz.fuzz import ratio

from alignment.formats import read_transcript
from alignment.library import Jobs, JobStatus, Library
from alignment.report import find, listed, report_html
from tests.command import DEMO, Command, Outcome, Talk, environment, opening, spaced, until, write_wave
from tests.conftest import MadeOnce
from tests.sources.captioned import captioned_site
from tests.sources.servers import Site, media, status

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
GOES_ON = "alignment: Interrupted. The same command goes on from here."
FORMATS = ("json", "srt", "vtt", "txt")
COMMANDS = (
    *("add", "align", "bin", "clip", "describe", "doctor", "export", "formats", "jobs", "library"),
    *("reindex", "remove", "report", "search", "serve"),
)


@dataclass(frozen=True)
class Printed:
    """What a run of `align` printed, and the report that it wrote."""

    outcome: Outcome
    report: Path


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, for the model is joined there once."""
    return tmp_path_factory.mktemp("home") / "cache"


@pytest.fixture
def alignment(tmp_path: Path, cache_home: Path) -> Command:
    return Command(tmp_path, environment(cache_home))


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Five lines in 17 seconds."""
    return opening(tmp_path_factory.mktemp("talk") / "opening", 5)


@pytest.fixture(scope="session")
def site(talk: Talk) -> Iterator[Site]:
    pages = {"/talk.wav": media(talk.audio.read_bytes(), "audio/wav"), "/gone.mp3": status(404)}
    with Site(pages) as site:
        yield site


@pytest.fixture(scope="session")
def printed(talk: Talk, site: Site, cache_home: Path, made_once: MadeOnce) -> Printed:
    """What `align` printed, given an address and told to write a report."""

    def make(folder: Path) -> Printed:
        command = Command(folder, environment(cache_home))
        address = site.address("/talk.wav")
        outcome = command.run("align", address, talk.transcript, "--report", "report.html")
        return Printed(outcome, folder / "report.html")

    return made_once("printed-by-align", make)


@pytest.fixture(scope="session")
def aligned(printed: Printed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The talk, aligned."""
    path = tmp_path_factory.mktemp("aligned") / "talk.json"
    path.write_text(printed.outcome.out, "utf-8")
    return path


# What is printed before any work


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(alignment: Command, command: str):
    outcome = alignment.call(command, "--help")

    assert (outcome.status, outcome.err) == (0, "")
    assert f"Usage: alignment {command}" in outcome.out
    assert f"Example: alignment {command} " in outcome.out
    assert all(len(line) <= 80 for line in outcome.out.splitlines())


def test_the_program_names_its_commands_and_its_version(alignment: Command):
    help, version = alignment.run("--help"), alignment.run("--version")

    assert (help.status, version.status) == (0, 0)
    assert all(f" {command} " in help.out for command in COMMANDS)
    assert re.fullmatch(r"verbatime \d+\.\d+\.\d+\n", version.out)


def test_the_program_is_a_module_too(alignment: Command):
    ended = subprocess.run(
        [sys.executable, "-m", "alignment", "align", "--help"], capture_output=True, check=True, text=True
    )

    assert "Usage: python -m alignment align" in ended.stdout


def test_ctrl_c_while_it_loads_ends_it_in_silence(alignment: Command):
    code = """if True:
        import sys
        from alignment.__main__ import main

        class Interrupting:
            def find_spec(self, name, *_):
                if name == "alignment.commands":
                    raise KeyboardInterrupt

        sys.meta_path.insert(0, Interrupting())
        main()
    """

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_help_loads_nothing_heavy(alignment: Command):
    code = """if True:
        import sys
        from alignment.cli import main
        sys.argv = ["alignment", "--help"]
        try:
            main()
        finally:
            print("loaded", *sys.modules, file=sys.stderr)
    """

    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        text=True,
        env=alignment.environment,
    )

    loaded = ended.stderr.split()
    assert "typer" in loaded
    heavy = {"faster_whisper", "ctranslate2", "yt_dlp", "streamlit", "av", "numpy", "pocketsphinx"}
    assert heavy.isdisjoint(loaded)


@pytest.mark.parametrize(
    "arguments, why",
    [
        ((), "Usage: alignment"),
        (("transcribe",), "No such command 'transcribe'"),
        (("align",), "Missing argument 'AUDIO'"),
        (("align", "talk.wav"), "Missing argument 'TRANSCRIPT'"),
        (("align", "talk.wav", "talk.txt", "--speed", "2"), "No such option: --speed"),
        (("add",), "Nothing was given to add"),
        (("add", "--transcript", "talk.txt"), "talk.txt names no address. Give one, or the audio file."),
        (("export", "talk.json"), "Missing option '--to'"),
        (("export", "talk.json", "--to", "doc"), "'doc' is not a format to write"),
        (("export", "talk.json", "--to", "srt", "--columns", "20"), "--reading-speed are for --subtitles"),
        (
            ("align", "talk.wav", "talk.txt", "-o", "a", "--report", "./a"),
            "--output and --report both name a",
        ),
        (("report",), "Missing argument 'EPISODE'"),
        (("serve", "--port", "0"), "Invalid value for '--port'"),
        (("serve", "--base-path", "/a/../b"), "is no base path"),
    ],
)
def test_wrong_usage_is_exit_status_2(alignment: Command, arguments: tuple[str, ...], why: str):
    (alignment.folder / "talk.txt").write_text("Seeds first, then water.")

    outcome = alignment.call(*arguments)

    assert outcome.status == 2
    assert why in outcome.err + outcome.out
    assert "Traceback" not in outcome.err


# What fails, with one line that says what to do


def assert_failed(outcome: Outcome, why: str) -> None:
    assert outcome.status == 1, outcome.err
    assert outcome.out == ""
    assert len(outcome.said) == 1, outcome.err
    assert re.match(f"alignment: .*{why}", outcome.said[0]), outcome.err


@pytest.fixture(scope="session")
def unfit(talk: Talk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a talk, and files that are no good."""
    folder = tmp_path_factory.mktemp("unfit")
    (folder / "talk.wav").write_bytes(talk.audio.read_bytes())
    (folder / "talk.txt").write_bytes(talk.transcript.read_bytes())
    (folder / "page.html").write_text("<!doctype html><html><body><div id='app'></div></body></html>")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 16)
    (folder / "empty.txt").touch()
    (folder / "words.mp3").write_text("Seeds first, then water.")
    (folder / "another.txt").write_text(
        "Tomatoes want warm soil and a sunny wall.\nPinch out the side shoots every Saturday.\n"
        "A spoon of ash feeds their roots until autumn.\nHarvest whatever drops without pulling.\n"
    )
    write_wave(folder / "silence.wav", np.zeros(4 * 16_000, np.int16))
    with av.open(str(folder / "mute.mp4"), "w") as film:
        pictures = film.add_stream("mpeg4", rate=5, width=64, height=48, pix_fmt="yuv420p")
        for _ in range(5):
            film.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")))
        film.mux(pictures.encode(None))
    return folder


@pytest.mark.parametrize(
    "arguments, why",
    [
        ("nowhere.wav talk.txt", "There is no audio file 'nowhere.wav', and it is no address. Give"),
        (f"{'long' * 100} talk.txt", "There is no audio file 'longlong"),
        (". talk.txt", r"\. is a folder. Name a file in it, or give it to `alignment batch`"),
        ("/dev/zero talk.txt", "/dev/zero is a device or a pipe.* Save it as a file first"),
        ("talk.wav /dev/zero", "/dev/zero cannot be used. This is longer than a transcript"),
        ("words.mp3 talk.txt", "words.mp3 is not audio or video that can be read .* Give another file"),
        ("mute.mp4 talk.txt", "mute.mp4 has no audio track. Give a file with sound"),
        ("silence.wav talk.txt", "Nobody speaks in this audio. Give a recording of the talk"),
        ("talk.wav nowhere.txt", "nowhere.txt: No such file or directory. Expected a file that holds one"),
        (
            "talk.wav page.html",
            "page.html cannot be used. This has the form of Web page, but no text in it. Expected",
        ),
        ("talk.wav binary.txt", "binary.txt cannot be used. .* Expected"),
        ("talk.wav empty.txt", "empty.txt cannot be used. It is empty. Expected"),
        ("talk.wav talk.txt --model gigantic", "There is no model 'gigantic'. Give a size"),
        ("talk.wav talk.txt --language klingon", "'klingon' is not a language .* Give a code"),
    ],
)
def test_what_cannot_be_aligned_fails_with_one_line(
    alignment: Command, unfit: Path, arguments: str, why: str
):
    outcome = Command(unfit, alignment.environment).call("align", *arguments.split())

    assert_failed(outcome, why)


@linux
def test_a_transcript_may_come_out_of_a_pipe(alignment: Command, aligned: Path):
    read, write = os.pipe()
    os.write(write, aligned.read_bytes())
    os.close(write)

    outcome = alignment.call("export", f"/dev/fd/{read}", "--to", "srt")
    os.close(read)

    assert outcome == alignment.call("export", aligned, "--to", "srt")
    assert outcome.status == 0


@linux
def test_add_keeps_a_transcript_that_can_be_read_but_once(alignment: Command, talk: Talk):
    read, write = os.pipe()
    os.write(write, talk.transcript.read_bytes())
    os.close(write)

    outcome = alignment.call("add", talk.audio, "--transcript", f"/dev/fd/{read}", "--library", "shelf")
    os.close(read)

    [episode] = Library(alignment.folder / "shelf").episodes()
    assert outcome.out == f"{episode.id}\n"
    assert episode.transcript.read_bytes() == talk.transcript.read_bytes()


def test_a_transcript_of_something_else_leaves_the_file_as_it_was(alignment: Command, unfit: Path):
    output = alignment.folder / "out.json"
    output.write_text("of yesterday")

    outcome = alignment.call("align", unfit / "talk.wav", unfit / "another.txt", "-o", output)

    assert_failed(
        outcome, "This transcript is not of this audio: .* Check that text and audio belong together"
    )
    assert output.read_text() == "of yesterday"
    assert list(alignment.folder.iterdir()) == [output]


def test_addresses_that_give_nothing_fail_with_one_line(alignment: Command, talk: Talk, site: Site):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        refusing = f"http://127.0.0.1:{nobody.getsockname()[1]}/talk.mp3"

        refused = alignment.call("align", refusing, talk.transcript)
    missing = alignment.call("align", site.address("/gone.mp3"), talk.transcript)

    assert_failed(refused, f"The site of {refusing} does not take connections. Check the address")
    assert_failed(missing, r"Nothing is found at .*gone.mp3 \(404\). Check the address")


@pytest.mark.parametrize(
    "output, why",
    [
        ("nowhere/out.json", "There is no folder .*nowhere to write out.json to. Make it, or name another"),
        (".", r"\. is a folder. Name a file in it"),
        ("x" * 300, "x+ cannot be written .File name too long.*name another file"),
        pytest.param("/proc/out.json", "/proc/out.json cannot be written .*name another file", marks=linux),
        ("talk.txt", "talk.txt is what was given to read. Name another file"),
        ("talk.wav", "talk.wav is what was given to read. Name another file"),
    ],
)
@pytest.mark.parametrize("option", ["--output", "--report"])
def test_a_place_that_cannot_be_written_is_found_before_the_work(
    alignment: Command, talk: Talk, option: str, output: str, why: str
):
    given = {path: path.read_bytes() for path in (talk.audio, talk.transcript)}

    outcome = Command(talk.audio.parent, alignment.environment).call(
        "align", "talk.wav", "talk.txt", option, output
    )

    assert_failed(outcome, f"{why}.* with {option}")
    assert outcome.stages == []
    assert all(path.read_bytes() == content for path, content in given.items())


@pytest.mark.parametrize("option", ["--output", "--report"])
def test_what_ends_as_a_folder_is_no_file_to_write(alignment: Command, talk: Talk, option: str):
    outcome = alignment.call("align", talk.audio, talk.transcript, option, "subtitles/")

    assert_failed(outcome, r"subtitles/ is a folder\. Name a file in it\.")
    assert not (alignment.folder / "subtitles").exists()


def test_a_name_that_no_file_can_have_is_said_to_be_too_long(alignment: Command, aligned: Path):
    outcome = alignment.call("clip", aligned, "0:01", "0:02", "--audio", "x" * 300, "-o", "clip.m4a")

    assert_failed(outcome, "x+ is too long for the name of a file. Give a shorter one.")


def test_what_nobody_foresaw_is_one_line_and_a_file_with_the_details(alignment: Command, cache_home: Path):
    code = """if True:
        import sys
        from alignment import cli, formats
        def read_transcript(path):
            raise ZeroDivisionError("of what?")
        formats.read_transcript = read_transcript
        sys.argv = ["alignment", "export", __file__, "--to", "txt"]
        cli.main()
    """
    (alignment.folder / "broken.py").write_text(code)

    ended = subprocess.run(
        [sys.executable, alignment.folder / "broken.py"],
        capture_output=True,
        check=False,
        text=True,
        env=alignment.environment,
    )

    details = cache_home / "verbatime" / "error.txt"
    assert_failed(
        Outcome(ended.returncode, ended.stdout, ended.stderr),
        rf"Something broke .* \(ZeroDivisionError: of what\?\). .* report it with {details}",
    )
    assert "Traceback" in details.read_text() and "broken.py" in details.read_text()


# align


def test_align_of_an_address_prints_nothing_but_json(talk: Talk, printed: Printed, aligned: Path):
    outcome = printed.outcome

    assert outcome.status == 0, outcome.err
    assert json.loads(outcome.out)["version"] == 1
    assert [segment.text for segment in read_transcript(aligned).segments] == [
        line.text for line in talk.lines
    ]
    assert outcome.stages == [
        "Fetching audio",
        "Preparing audio",
        "Reading the audio",
        "Finding speech",
        "Recognising the language",
        "Listening",
        "Placing the words",
        "Checking the seams",
    ]
    assert outcome.said == ["5 of 5 lines placed.", *listed(find(read_transcript(aligned)))]


def test_align_writes_the_report_that_it_is_told_to(printed: Printed, aligned: Path):
    page = printed.report.read_text("utf-8")

    assert page == report_html(replace(read_transcript(aligned), title="talk"))


@linux
def test_align_killed_while_listening_goes_on_with_what_it_has_not_heard(
    alignment: Command, cache_home: Path
):
    # Six windows of one line each are heard four at a time at most. One line is spoken and not written.
    recording = spaced(alignment.folder / "spaced", 6, every_s=29.5)
    written = [line for line in recording.lines if "line you hear" not in line.text]
    recording.transcript.write_text("".join(f"{line.text}\n" for line in written))
    command = ("align", recording.audio, recording.transcript, "--language", "en", "-o", "out.json")
    before = set((cache_home / "verbatime" / "work").glob("*"))

    with alignment.started(*command) as running:
        until(lambda: any('"hear"' in file.read_text() for file in _checkpoints(cache_home, before)))
        running.send(signal.SIGKILL)
        assert running.ended().status == -signal.SIGKILL
        running.assert_nothing_is_left()

    assert not (alignment.folder / "out.json").exists()
    (checkpoint,) = _checkpoints(cache_home, before)
    _, *others = json.loads(checkpoint.read_text())
    assert len(others) < 5
    # What is not heard again cannot be set right; the first window is.
    checkpoint.write_text(json.dumps(others).replace('"hear"', '"here"'))
    outcome = alignment.run(*command)

    assert outcome.status == 0, outcome.err
    transcript = read_transcript(alignment.folder / "out.json")
    assert [segment.text for segment in transcript.segments] == [line.text for line in written]
    assert [passage.heard for passage in transcript.untranscribed if "here is" in passage.heard]
    assert "Listening" in outcome.stages
    assert not checkpoint.exists()


def _checkpoints(cache_home: Path, before: set[Path]) -> list[Path]:
    work = cache_home / "verbatime" / "work"
    return [path for path in work.glob("*/checkpoints/heard-*.json") if not before & set(path.parents)]


@linux
def test_align_ended_while_placing_goes_on_without_listening(alignment: Command, talk: Talk):
    command = ("align", talk.audio, talk.transcript, "--language", "en", "-o", "talk.json")

    with alignment.started(*command) as running:
        running.reach("Placing the words")
        running.send(signal.SIGKILL)
        assert running.ended().status == -signal.SIGKILL
        running.assert_nothing_is_left()
    exit_status, screen = alignment.on_terminal(*command, interrupt_at="Placing the words")

    assert list(alignment.folder.iterdir()) == []
    assert exit_status == 130
    assert_left_clean(screen, GOES_ON)
    shown = [
        screen.index(f"{stage} ") for stage in ("Reading the audio", "Finding speech", "Placing the words")
    ]
    assert shown == sorted(shown)
    assert "Listening" not in screen

    outcome = alignment.run(*command)

    assert (outcome.status, outcome.out) == (0, "")
    assert "Listening" not in outcome.stages and "Placing the words" in outcome.stages
    segments = read_transcript(alignment.folder / "talk.json").segments
    assert [segment.text for segment in segments] == [line.text for line in talk.lines]
    assert [segment.start for segment in segments] == pytest.approx([s.start for s in talk.lines], abs=0.15)
    assert [segment.end for segment in segments] == pytest.approx([s.end for s in talk.lines], abs=0.15)


@linux
def test_align_that_could_not_write_its_outcome_goes_on_without_listening(alignment: Command, talk: Talk):
    command = ("align", talk.audio, talk.transcript, "--language", "en", "-o")

    assert_failed(alignment.call(*command, "/dev/full"), "/dev/full cannot be written")
    outcome = alignment.call(*command, "talk.json")

    assert outcome.status == 0
    assert "Listening" not in outcome.stages and "Placing the words" in outcome.stages


def assert_left_clean(screen: str, last: str) -> None:
    """The bar is wiped, the cursor is back, one line follows."""
    assert re.search(rf"\x1b\[\?25h\r\x1b\[1A\x1b\[2K{re.escape(last)}\r\n$", screen), screen[-500:]
    assert "Traceback" not in screen


# add


@pytest.fixture
def page(alignment: Command, aligned: Path, site: Site) -> Path:
    """A transcript that names the address of its audio."""
    named = json.loads(aligned.read_text("utf-8")) | {"title": "Two people, reading"}
    named["source"]["url"] = site.address("/talk.wav")
    path = alignment.folder / "page.json"
    path.write_text(json.dumps(named), "utf-8")
    return path


@linux
def test_add_goes_on_whatever_ended_it(alignment: Command, talk: Talk, page: Path):
    shelf = alignment.folder / "shelf"
    library, jobs = Library(shelf), Jobs(shelf)
    english = ("--language", "en")
    command = ("add", "--transcript", page, *english, "--library", "shelf")

    for stage, blow, left in (
        ("Preparing audio", signal.SIGINT, JobStatus.CANCELLED),
        ("Listening", signal.SIGKILL, JobStatus.RUNNING),
        ("Placing the words", signal.SIGKILL, JobStatus.RUNNING),
    ):
        with alignment.started(*command) as running:
            running.reach(stage)
            running.send(blow)
            ended = running.ended()
            running.assert_nothing_is_left()
        assert ended.out == ""
        assert ended.status == (130 if blow is signal.SIGINT else -signal.SIGKILL)
        assert blow is signal.SIGKILL or ended.said == [GOES_ON]
        assert library.episodes() == [] and library.damaged() == []
        assert [job.status for job in jobs.all()] == [left]
    outcome = alignment.run(*command)

    assert outcome.status == 0, outcome.err
    (episode,) = library.episodes()
    assert episode.title == "Two people, reading"
    assert outcome.out == f"{episode.id}\n"
    assert outcome.said == ["5 of 5 lines placed."]
    assert {"Fetching audio", "Listening"}.isdisjoint(outcome.stages) and "Saving" in outcome.stages
    assert list((shelf / "tmp").iterdir()) == []

    # The same once more, from its address and from a file, is there already.
    for again in (
        alignment.call("add", "-t", page, *english, ALIGNMENT_LIBRARY="shelf"),
        alignment.call(
            "add", talk.audio, "-t", page, *english, "--library", "shelf", ALIGNMENT_LIBRARY="other"
        ),
    ):
        assert (again.status, again.out) == (0, outcome.out)
        assert {"Reading the audio", "Listening", "Placing the words"}.isdisjoint(again.stages)
    assert [found.id for found in library.episodes()] == [episode.id]
    assert not (alignment.folder / "other").exists()

    # It is exported from the library that holds it.
    exported = alignment.call("export", episode.id, "--to", "txt", "--library", "shelf")
    elsewhere = alignment.call("export", episode.id, "--to", "txt")
    assert exported.out.splitlines() == [line.text for line in talk.lines]
    assert_failed(elsewhere, f"The library has no episode '{episode.id}'")


def test_add_of_nothing_leaves_no_trace_in_the_library(alignment: Command, talk: Talk):
    outcome = alignment.call("add", "nowhere.wav", "-t", talk.transcript, "--library", "books")

    assert_failed(outcome, "There is no audio file 'nowhere.wav', and it is no address. Give")
    assert not (alignment.folder / "books").exists()


def test_another_cut_is_told_before_the_work(alignment: Command, talk: Talk, page: Path):
    named = json.loads(page.read_text("utf-8"))
    named["source"]["length"] = 60.0
    page.write_text(json.dumps(named), "utf-8")

    with alignment.started("align", talk.audio, page, "--language", "en") as running:
        running.reach("Reading the audio")
        running.send(signal.SIGINT)
        ended = running.ended()

    told = ended.err.index("This audio lasts 17 s, and its page says 1 min: is it another cut?")
    assert told < ended.err.index("Reading the audio")


# add without a transcript


@pytest.fixture(scope="session")
def captioned(talk: Talk) -> Iterator[Site]:
    with captioned_site(talk) as site:
        yield site


@pytest.mark.parametrize("path, title, chapters", [("/page", "A page", 0), ("/feed.xml", "Two people", 2)])
def test_add_takes_the_captions_of_the_source(
    alignment: Command, talk: Talk, captioned: Site, path: str, title: str, chapters: int
):
    outcome = alignment.run("add", captioned.address(path), "--language", "en", "--library", "shelf")

    assert outcome.status == 0, outcome.err
    library = Library(alignment.folder / "shelf")
    (episode,) = library.episodes()
    assert (outcome.out, episode.title) == (f"{episode.id}\n", title)
    transcript = library.transcript(episode.id)
    assert [segment.text for segment in transcript.segments] == [line.text for line in talk.lines]
    assert {segment.speaker for segment in transcript.segments} == {"Ada"}
    assert (transcript.origin, len(transcript.source.chapters)) == ("captions", chapters)
    for segment, line in zip(transcript.segments, talk.lines, strict=True):
        assert segment.start == pytest.approx(line.start, abs=0.2)
    assert "Its text is that of the captions of its source." in outcome.said


def test_add_can_write_down_what_is_said(alignment: Command, talk: Talk):
    command = ("add", talk.audio, "--recognise", "--language", "en", "--library", "shelf")
    outcome = alignment.call(*command)

    assert outcome.status == 0, outcome.err
    library = Library(alignment.folder / "shelf")
    transcript = library.transcript(outcome.out.strip())
    assert transcript.origin == "recognised"
    heard = " ".join(segment.text for segment in transcript.segments).lower()
    said = " ".join(line.text for line in talk.lines).lower()
    assert ratio(heard, said) > 85
    assert all(segment.status == "aligned" for segment in transcript.segments)
    assert "Its text is what the recogniser heard; nobody has checked it." in outcome.said


@pytest.mark.parametrize(
    "arguments, why",
    [
        (("talk.wav",), "brings no captions. Give a --transcript, or --recognise"),
        ((), "Nothing was given to add. Give an address, a podcast feed or an audio file"),
        (("talk.wav", "--recognise", "-t", "talk.txt"), "two different things. Give one of them"),
        (("talk.wav", "--recognise", "--episode", "2"), "--episode is for the address of a feed"),
        (("BARE",), "has no captions. Give a transcript, or let what is said be recognised"),
        (("BARE", "--cookies-from-browser", "netscape"), "The cookies of 'netscape' cannot be read"),
    ],
)
def test_add_without_a_text_says_what_to_give(
    alignment: Command, talk: Talk, captioned: Site, arguments: tuple[str, ...], why: str
):
    (alignment.folder / "talk.wav").write_bytes(talk.audio.read_bytes())
    (alignment.folder / "talk.txt").write_text("Seeds first.")
    given = [captioned.address("/bare") if word == "BARE" else word for word in arguments]

    outcome = alignment.call("add", *given, "--library", "shelf")

    assert outcome.status in (1, 2) and outcome.out == ""
    assert why in " ".join(outcome.err.replace("│", " ").split())
    assert Library(alignment.folder / "shelf").episodes() == []


# export


@pytest.mark.parametrize("format", FORMATS)
def test_export_writes_the_same_to_a_file_and_to_standard_output(
    alignment: Command, aligned: Path, format: str
):
    printed = alignment.run("export", aligned, "--to", format)
    written = alignment.call("export", aligned, "--to", format, "--output", "made")

    assert (printed.status, printed.err) == (written.status, written.err) == (0, "")
    assert (alignment.folder / "made").read_text("utf-8") == printed.out
    before, after = read_transcript(aligned), read_transcript(printed.out)
    assert [segment.text for segment in after.segments] == [segment.text for segment in before.segments]
    if format != "txt":
        starts = [segment.start for segment in before.segments]
        assert [segment.start for segment in after.segments] == pytest.approx(starts, abs=0.001)


@pytest.mark.parametrize("format, told", [("srt", True), ("vtt", True), ("json", False), ("txt", False)])
def test_export_tells_of_lines_that_players_will_not_show(
    alignment: Command, aligned: Path, format: str, told: bool
):
    given = json.loads(aligned.read_text("utf-8"))
    given["segments"][2] |= {"start": None, "end": None, "status": "not_in_audio", "words": []}
    (alignment.folder / "gap.json").write_text(json.dumps(given))

    outcome = alignment.call("export", "gap.json", "--to", format)

    assert outcome.status == 0
    assert outcome.err == ("1 line without a time: players do not show what has none.\n" if told else "")


@pytest.mark.parametrize(
    "episode, why",
    [
        ("abcdefghijkl", "The library has no episode 'abcdefghijkl'"),
        ("monday", "'monday' is no episode's id. An id is 12 small letters"),
        ("monday.json", "There is no file monday.json. Give an aligned JSON file, or an episode's id"),
        ("untimed.txt", "No line of this transcript has a time yet.* Align it with its audio first"),
    ],
)
def test_export_of_what_is_not_there_fails_with_one_line(alignment: Command, episode: str, why: str):
    (alignment.folder / "untimed.txt").write_text("Seeds first, then water.")

    assert_failed(alignment.call("export", episode, "--to", "srt"), why)


def test_export_cuts_and_moves_the_lines(alignment: Command, aligned: Path):
    given = ("export", aligned, "--to", "srt")
    plain = read_transcript(alignment.call(*given).out)
    moved = read_transcript(alignment.call(*given, "--offset", "2.5", "--speed", "2").out)
    cut = read_transcript(alignment.call(*given, "--subtitles", "--columns", "20", "--rows", "1").out)

    starts = [segment.start / 2 + 2.5 for segment in plain.segments if segment.start is not None]
    assert [segment.start for segment in moved.segments] == pytest.approx(starts, abs=0.002)
    assert max(len(line) for segment in cut.segments for line in segment.text.split("\n")) <= 20
    assert [word.text for word in cut.words()] == [word.text for word in plain.words()]


def test_export_makes_a_page_that_plays(alignment: Command, aligned: Path, talk: Talk):
    inside = alignment.call("export", aligned, "--to", "html", "--audio", talk.audio, "-o", "talk.html")
    beside = alignment.call(
        "export", aligned, "--to", "html", "--audio", talk.audio, "--beside", "-o", "b.html"
    )

    assert (inside.status, inside.err, beside.status, beside.err) == (0, "", 0, "")
    sound = talk.audio.read_bytes()
    assert base64.b64encode(sound) in (alignment.folder / "talk.html").read_bytes()
    assert (alignment.folder / f"b{talk.audio.suffix}").read_bytes() == sound
    assert f'"audioUrl": "b{talk.audio.suffix}"' in (alignment.folder / "b.html").read_text("utf-8")


def test_a_page_beside_its_sound_takes_the_place_of_nothing(alignment: Command, aligned: Path, talk: Talk):
    (other := alignment.folder / "talk.wav").write_bytes(b"another recording")
    given = ("export", aligned, "--to", "html", "--audio", talk.audio, "--beside", "-o")

    assert_failed(alignment.call(*given, "talk.html"), "talk.wav, where the sound goes, is another file")
    same = alignment.call(*given, "page.wav")

    assert (same.status, "cannot both be page.wav" in same.err) == (2, True)
    assert other.read_bytes() == b"another recording"
    assert list(alignment.folder.iterdir()) == [other]


@linux
def test_a_page_is_made_of_files_whose_names_are_no_unicode(alignment: Command, aligned: Path, talk: Talk):
    name = os.fsdecode(b"caf\xe9")
    (transcript := alignment.folder / f"{name}.json").write_bytes(aligned.read_bytes())
    (sound := alignment.folder / f"{name}.wav").write_bytes(talk.audio.read_bytes())
    page = alignment.folder / f"{name}.html"

    outcome = alignment.call("export", transcript, "--to", "html", "--audio", sound, "--beside", "-o", page)

    assert (outcome.status, outcome.err) == (0, "")
    assert '"audioUrl": "caf%E9.wav"' in page.read_text("utf-8")
    assert "<title>caf\ufffd</title>" in page.read_text("utf-8")


@pytest.mark.parametrize(
    "arguments, why",
    [
        (("--to", "html"), "holds no sound. Name the audio file with --audio"),
        (("--to", "html", "--audio", "gone.m4a"), "There is no audio file gone.m4a"),
        (("--to", "srt", "--beside"), "--audio is for --to html and epub, --beside for --to html"),
        (("--to", "html", "--offset", "1"), "would part the text from its sound"),
    ],
)
def test_a_page_needs_its_sound(alignment: Command, aligned: Path, arguments: tuple[str, ...], why: str):
    outcome = alignment.call("export", aligned, *arguments)

    assert outcome.status in (1, 2)
    assert why in " ".join(outcome.err.replace("│", " ").split())


def test_export_makes_a_book_that_is_read_aloud(alignment: Command, aligned: Path, talk: Talk):
    (alignment.folder / "talk.m4a").write_bytes((DEMO / "audio.m4a").read_bytes())

    outcome = alignment.call("export", aligned, "--to", "epub", "--audio", "talk.m4a", "-o", "talk.epub")

    assert (outcome.status, outcome.err) == (0, "")
    title, *lines = read_transcript(alignment.folder / "talk.epub").segments
    assert (title.text, title.start) == ("talk", None)
    assert [(line.text, line.start) for line in lines] == [
        (line.text, pytest.approx(line.start, abs=0.001)) for line in read_transcript(aligned).segments
    ]


@pytest.mark.parametrize("kind", ["m4a", "mp3"])
def test_a_clip_has_its_sound_and_its_captions(alignment: Command, aligned: Path, talk: Talk, kind: str):
    first, last = talk.lines[1], talk.lines[2]
    outcome = alignment.run(
        *("clip", aligned, f"{first.start:.2f}", f"{last.end:.2f}", "--audio", talk.audio),
        *("-o", f"clip.{kind}", "--captions", "vtt"),
    )

    assert (outcome.status, outcome.err, outcome.out) == (0, "", "")
    with av.open(str(alignment.folder / f"clip.{kind}")) as container:
        assert (container.duration or 0) / av.time_base == pytest.approx(last.end - first.start, abs=0.6)
    captions = read_transcript(alignment.folder / "clip.vtt")
    assert [segment.text for segment in captions.segments] == [first.text, last.text]
    assert captions.segments[0].start == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize(
    "arguments, why",
    [
        (("1", "2", "-o", "clip.wav"), "of no kind that clips are written in: .m4a, .mp3 or .mp4"),
        (("1", "soon", "-o", "clip.m4a"), "'soon' is not a time. Give it as 12:34"),
        (("1", "2", "-o", "clip.m4a"), "holds no sound. Name the audio file with --audio"),
        (("2", "1", "-o", "clip.m4a", "--audio", "TALK"), "has no length. Give an end after the start"),
        (("99:00", "99:10", "-o", "clip.m4a", "--audio", "TALK"), "ends before 1:39:00; give a time in"),
        (("1", "2", "-o", "clip.m4a", "--captions", "page"), "'page' is not a format to write"),
        (("1", "2", "-o", "clip.m4a", "--shape", "1:1"), "--plain and --font are for .mp4"),
        (("1", "2", "-o", "clip.mp4", "--picture", "p.png", "--plain"), "say two different things"),
        (
            ("1", "2", "-o", "clip.mp4", "--audio", "TALK", "--picture", "p.png"),
            "p.png is no picture that can be read",
        ),
    ],
)
def test_a_clip_that_cannot_be_cut_is_refused(
    alignment: Command, aligned: Path, talk: Talk, arguments: tuple[str, ...], why: str
):
    given = [talk.audio if word == "TALK" else word for word in arguments]

    outcome = alignment.call("clip", aligned, *given)

    assert outcome.status in (1, 2)
    assert why in " ".join(outcome.err.replace("│", " ").split())
    assert not list(alignment.folder.glob("clip.*"))


def test_a_clip_as_a_film_shows_its_words(alignment: Command, aligned: Path, talk: Talk):
    first = talk.lines[1]
    outcome = alignment.call(
        *("clip", aligned, f"{first.start:.2f}", f"{first.end:.2f}", "--audio", talk.audio),
        *("-o", "clip.mp4", "--shape", "1:1", "--captions", "srt"),
    )

    assert (outcome.status, outcome.out, outcome.stages) == (0, "", ["Drawing"])
    with av.open(str(alignment.folder / "clip.mp4")) as container:
        picture = container.streams.video[0]
        assert (picture.width, picture.height, picture.codec_context.name) == (1080, 1080, "h264")
    assert read_transcript(alignment.folder / "clip.srt").segments[0].text == first.text


def test_an_exact_clip_is_cut_where_it_was_asked_for(alignment: Command, aligned: Path, talk: Talk):
    middle = (talk.lines[1].start + talk.lines[1].end) / 2
    outcome = alignment.call(
        *("clip", aligned, f"{middle:.3f}", f"{middle + 1:.3f}", "--audio", talk.audio),
        *("-o", "clip.m4a", "--exact"),
    )

    assert (outcome.status, outcome.err) == (0, "")
    with av.open(str(alignment.folder / "clip.m4a")) as container:
        assert (container.duration or 0) / av.time_base == pytest.approx(1.0, abs=0.003)


def test_export_writes_into_a_pipe_rather_than_in_its_place(alignment: Command, aligned: Path):
    pipe = alignment.folder / "pipe"
    os.mkfifo(pipe)

    with alignment.started("export", aligned, "--to", "txt", "-o", pipe) as running:
        received = pipe.read_text("utf-8")
        ended = running.ended()

    assert ended.status == 0
    assert received == alignment.call("export", aligned, "--to", "txt").out
    assert pipe.is_fifo()


@linux
def test_export_to_a_full_disk_fails_with_one_line(alignment: Command, aligned: Path):
    outcome = alignment.call("export", aligned, "--to", "txt", "-o", "/dev/full")

    assert_failed(outcome, r"/dev/full cannot be written \(No space left on device\)")


def test_export_ends_quietly_where_nobody_reads_on(alignment: Command, aligned: Path):
    with alignment.started("export", aligned, "--to", "json") as running:
        running.process.stdout.close()
        running.process.stdout = None
        ended = running.ended()

    assert (ended.status, ended.err) == (1, "")


# report


@pytest.fixture
def doubtful(alignment: Command, aligned: Path) -> Path:
    """The talk with a line in doubt, a line that is not said, and a passage that is not written."""
    given = json.loads(aligned.read_text("utf-8"))
    for segment in given["segments"]:
        segment["confidence"] = 0.95
    given["segments"][1]["confidence"] = 0.41
    given["segments"][2] |= {"start": None, "end": None, "status": "not_in_audio", "words": []}
    given["untranscribed"] = [{"start": 16.0, "end": 16.5, "heard": "thank you \u001b[31m all"}]
    path = alignment.folder / "doubtful.json"
    path.write_text(json.dumps(given), "utf-8")
    return path


def test_report_lists_what_to_check_and_writes_the_page(alignment: Command, doubtful: Path):
    listed_only = alignment.run("report", doubtful)
    written = alignment.run("report", doubtful, "-o", "doubtful.html")

    transcript = read_transcript(doubtful)
    assert listed_only == written
    assert listed_only.status == 0
    assert listed_only.out.splitlines() == listed(find(transcript))
    assert [line.split()[1] for line in listed_only.out.splitlines()] == ["uncertain", "not", "not"]
    assert "thank you  [31m all" in listed_only.out
    assert listed_only.said == ["4 of 5 lines placed, 1 not in the audio, 1 spoken passage without text."]
    page = (alignment.folder / "doubtful.html").read_text("utf-8")
    assert page == report_html(replace(transcript, title="doubtful"))


def test_report_of_an_episode_is_found_in_its_library(alignment: Command, talk: Talk, doubtful: Path):
    shelf = Library(alignment.folder / "shelf")
    episode = shelf.add(
        transcript=talk.transcript.read_bytes(), audio=talk.audio, aligned=read_transcript(doubtful)
    )

    outcome = alignment.call("report", episode.id, "--library", "shelf")

    assert outcome.out == alignment.call("report", doubtful).out


@pytest.mark.parametrize(
    "arguments, why",
    [
        ("untimed.txt", "This transcript has not been aligned yet.* Align it with its audio first"),
        ("monday.json", "There is no file monday.json. Give an aligned JSON file, or an episode's id"),
        ("doubtful.json -o doubtful.json", "doubtful.json is what was given to read. Name another file"),
        ("doubtful.json -o nowhere/a.html", "There is no folder .*nowhere to write a.html to. Make it"),
    ],
)
def test_report_of_what_is_not_there_fails_with_one_line(
    alignment: Command, doubtful: Path, arguments: str, why: str
):
    (alignment.folder / "untimed.txt").write_text("Seeds first, then water.")

    assert_failed(alignment.call("report", *arguments.split()), why)


def test_report_ends_quietly_where_nobody_reads_on(alignment: Command, doubtful: Path):
    with alignment.started("report", doubtful) as running:
        running.process.stdout.close()
        running.process.stdout = None
        ended = running.ended()

    assert (ended.status, ended.err) == (1, "")


# serve


@linux
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_on_this_machine_alone_until_it_is_stopped(
    alignment: Command, signal_number: signal.Signals
):
    port = _free_port()

    with alignment.started("serve", "--port", str(port), "--library", "books") as running:
        until(lambda: _is_healthy(port) or running.process.poll() is not None)
        listening = _listening_addresses(port)
        running.send(signal_number)
        ended = running.ended()
        running.assert_nothing_is_left()

    assert listening == ["0100007F"]  # 127.0.0.1, as /proc/net/tcp writes it
    assert "Traceback" not in ended.err
    assert ended.err.splitlines()[-1].endswith("Stopped")
    assert ended.status == 0
    with socket.socket() as free_again:
        free_again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free_again.bind(("127.0.0.1", port))
    assert (alignment.folder / "books" / "episodes").is_dir()


def test_serve_says_where_it_cannot_listen(alignment: Command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        taken = alignment.call("serve", "--port", port)
    nowhere = alignment.call("serve", "--port", port, "--address", "nowhere.invalid")

    assert_failed(taken, f"Port {port} of 127.0.0.1 is in use, .* give another with --port")
    assert_failed(nowhere, f"The app cannot listen on nowhere.invalid, port {port} .* Give others")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def _listening_addresses(port: int) -> list[str]:
    """The addresses, in hexadecimal, on which somebody listens on the port."""
    entries = [line.split() for name in ("tcp", "tcp6") for line in _net(name)[1:]]
    places = [entry[1].split(":") for entry in entries if entry[3] == "0A"]
    return [address for address, at in places if int(at, 16) == port]


def _net(name: str) -> list[str]:
    path = Path("/proc/net") / name
    return path.read_text().splitlines() if path.exists() else [""]
