"""Jobs are finished whatever is killed meanwhile, and are done once."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from alignment.corrections import Join, Nudge, Realign, Text
from alignment.errors import Cancelled, LibraryError, TranscriptError
from alignment.library import (
    Episode,
    Job,
    JobBusy,
    JobRequest,
    Jobs,
    JobStatus,
    Library,
    Runner,
    Tools,
    do_job,
    finish_job,
)
from alignment.library.corrections import correct, read_corrections
from alignment.library.runner import MAX_CRASHES
from alignment.progress import Progress
from alignment.transcript import Transcript
from tests.library import working
from tests.library.episodes import GIVEN, aligned, audio_file, opening, quick_tools, tone
from tests.sources.servers import Site, media

STEPS = ("fetch", "first-half", "second-half", "save")
PATIENCE_S = 60.0


def until(look: Callable[[], object]) -> None:
    """Wait until `look` finds something."""
    limit = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < limit, f"{look} came to nothing"
        time.sleep(0.02)


def reached(bell: Path, step: str) -> int:
    """Wait until somebody begins the step; return the process."""
    until(lambda: (bell / step).exists() and (bell / step).read_text().endswith("\n"))
    return int((bell / step).read_text().split()[-1])


def let_go(bell: Path, *steps: str) -> None:
    for step in steps:
        (bell / f"{step}.go").touch()


def times_done(bell: Path, step: str) -> int:
    return len((bell / step).read_text().split())


@contextmanager
def running(library: Library, tools: Callable[[], Tools]) -> Iterator[Runner]:
    runner = Runner(library, tools)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


@contextmanager
def server(library: Library, tools: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that does the library's jobs, to be killed."""
    code = "import sys; from tests.library import working; working.serve(*sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", code, library.root, tools],
        stdin=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(jobs: Jobs, id: str) -> Job:
    until(lambda: jobs.get(id).status.ended)
    return jobs.get(id)


def assert_whole(library: Library, audio: Path, episode: str | None) -> None:
    """There is one episode, complete, and nothing lies about."""
    assert episode is not None
    assert [found.id for found in library.episodes()] == [episode] and not library.damaged()
    library.transcript(episode).check()
    assert library.audio_path(episode).read_bytes() == audio.read_bytes()
    assert list((library.root / "tmp").iterdir()) == []


def test_a_job_becomes_an_episode(library: Library, jobs: Jobs, audio: Path) -> None:
    with running(library, quick_tools) as runner:
        job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
        runner.wake()
        done = ended(jobs, job.id)

    assert done.status is JobStatus.DONE and done.message == ""
    assert_whole(library, audio, done.episode)
    assert library.episode(done.episode or "").title == "tone"  # the source's own name for it


def test_audio_handed_over_is_taken_with_the_job(library: Library, jobs: Jobs, audio: Path) -> None:
    with audio.open("rb") as upload:
        job = jobs.submit(JobRequest("At the gate"), GIVEN, upload, "My recording.WAV")

    done = do_job(library, job.id, quick_tools)

    assert_whole(library, audio, done.episode)
    assert not list((library.root / "jobs" / job.id).glob("upload*"))


@pytest.mark.parametrize("text", ["captions", "recognised"])
def test_a_job_without_a_transcript_finds_one(
    library: Library, jobs: Jobs, audio: Path, text: Literal["captions", "recognised"]
) -> None:
    audio.with_suffix(".vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nThe kettle is on.\n")
    job = jobs.submit(JobRequest("At the gate", str(audio), text=text))

    done = do_job(library, job.id, quick_tools)

    assert_whole(library, audio, done.episode)
    given = library.episode(done.episode or "").transcript.read_text()
    assert given.startswith("WEBVTT" if text == "captions" else "{")


def test_another_cut_is_told_of_before_the_work(library: Library, jobs: Jobs, audio: Path) -> None:
    page = (
        "The gate\nCaptions\nThe kettle is on.\nInfo\nLength: 47min 41sec (2861 seconds)\nRelated Videos\nx\n"
    )
    job = jobs.submit(JobRequest("At the gate", str(audio)), page.encode())
    known: list[str] = []

    def watch(progress: Progress) -> None:
        if progress.stage == "Listening":
            known.append(jobs.get(job.id).remark)

    done = do_job(library, job.id, quick_tools, progress=watch)

    remark = "This audio lasts 1 s, and its page says 48 min: is it another cut? "
    assert known and known[0].startswith(remark)
    assert done.status is JobStatus.DONE and done.remark == known[0]


def test_a_source_without_captions_is_told_of(library: Library, jobs: Jobs, audio: Path) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio), language="fr", text="captions"))

    done = do_job(library, job.id, quick_tools)

    assert done.status is JobStatus.FAILED
    assert done.message == (
        "The source of this recording has no captions in the language 'fr'. "
        "Give a transcript, or let what is said be recognised."
    )


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_worker_s_job_is_gone_on_with(
    library: Library, jobs: Jobs, audio: Path, bell: Path, step: str
) -> None:
    let_go(bell, *STEPS[: STEPS.index(step)])
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    with running(library, working.slow_tools):
        os.kill(reached(bell, step), signal.SIGKILL)
        let_go(bell, *STEPS)
        done = ended(jobs, job.id)

    assert (done.status, done.crashes) == (JobStatus.DONE, 1)
    assert_whole(library, audio, done.episode)
    assert times_done(bell, "fetch") == (2 if step == "fetch" else 1)
    assert times_done(bell, "first-half") == (2 if step == "first-half" else 1)


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_server_s_job_is_finished_by_the_next(
    library: Library, jobs: Jobs, audio: Path, bell: Path, step: str
) -> None:
    let_go(bell, *STEPS[: STEPS.index(step)])
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    with server(library, "slow_tools") as process:
        worker = reached(bell, step)
        process.kill()
    until(lambda: not _alive(worker))

    restarted = Library(library.root)
    assert restarted.episodes() == [] and restarted.damaged() == []
    assert [waiting.id for waiting in jobs.waiting()] == [job.id]
    let_go(bell, *STEPS)
    with running(restarted, working.slow_tools):
        done = ended(jobs, job.id)

    assert (done.status, done.crashes) == (JobStatus.DONE, 0)
    assert_whole(restarted, audio, done.episode)
    assert times_done(bell, "fetch") == (2 if step == "fetch" else 1)


def test_a_server_that_is_stopped_leaves_its_work_to_the_next(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    let_go(bell, "fetch", "first-half")
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    with running(library, working.slow_tools):
        worker = reached(bell, "second-half")

    assert not _alive(worker) and [left.id for left in jobs.waiting()] == [job.id]
    let_go(bell, *STEPS)
    with running(library, working.slow_tools):
        done = ended(jobs, job.id)

    assert (done.status, done.crashes) == (JobStatus.DONE, 0)
    assert [times_done(bell, step) for step in STEPS] == [1, 1, 2, 1]


def test_a_download_cut_off_by_a_kill_goes_on_where_it_was(
    library: Library, jobs: Jobs, tmp_path: Path
) -> None:
    content = tone(20.0)
    with Site() as site:
        site.pages["/talk.wav"] = media(
            content, "audio/wav", first=len(content) // 2, then=site.released.wait
        )
        job = jobs.submit(JobRequest("Talk", site.address("/talk.wav")), GIVEN)
        with server(library, "fetching_tools") as process:
            until(lambda: any(file.stat().st_size for file in _downloads(library, job)))
            process.kill()
        until(jobs.waiting)

        with running(library, working.fetching_tools):
            done = ended(jobs, job.id)

        assert done.status is JobStatus.DONE, done.message
        assert site.continued("/talk.wav")
    assert library.audio_path(done.episode or "").stat().st_size > 0 and library.damaged() == []


def _downloads(library: Library, job: Job) -> list[Path]:
    return [file for file in (library.root / "jobs" / job.id / "fetched").glob("**/*.part") if file.is_file()]


def test_work_that_always_dies_is_given_up_with_advice(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    let_go(bell, "align")
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    with running(library, working.deadly_tools):
        failed = ended(jobs, job.id)

    assert failed.status is JobStatus.FAILED and "memory" in failed.message
    assert times_done(bell, "align") == MAX_CRASHES


def test_a_failure_keeps_its_message_and_can_be_retried(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    let_go(bell, "fetch")
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    with running(library, working.refused_tools):
        failed = ended(jobs, job.id)
    assert failed.message == "The video is private. Give the audio file instead."
    assert jobs.waiting() == []

    assert jobs.retry(job.id).status is JobStatus.QUEUED

    with running(library, quick_tools):
        assert_whole(library, audio, ended(jobs, job.id).episode)


def test_a_fault_of_ours_is_a_message_with_the_details_in_the_log(
    library: Library, jobs: Jobs, audio: Path
) -> None:
    def broken() -> Tools:
        return replace(quick_tools(), read=lambda path: 1 / 0)  # type: ignore[arg-type,return-value]

    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    failed = do_job(library, job.id, broken)

    assert failed.status is JobStatus.FAILED and "ZeroDivisionError" in failed.message
    assert any("1 / 0" in entry.text for entry in jobs.folder(job.id).log.entries())


def test_a_text_that_is_no_transcript_fails_before_anything_is_fetched(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    job = jobs.submit(JobRequest("Nothing", str(audio)), b"\x00\x01\x02\xff" * 20)

    failed = do_job(library, job.id, working.refused_tools)

    assert failed.status is JobStatus.FAILED and failed.message
    assert not (bell / "fetch").exists()


def test_a_waiting_job_is_cancelled_at_once(jobs: Jobs, audio: Path) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    jobs.cancel(job.id)

    assert jobs.get(job.id).status is JobStatus.CANCELLED
    assert jobs.waiting() == []


def test_a_job_at_work_stops_when_cancelled_and_keeps_what_it_has(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    let_go(bell, "fetch")
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    with running(library, working.slow_tools) as runner:
        reached(bell, "first-half")
        jobs.cancel(job.id)
        stopped = ended(jobs, job.id)
        assert stopped.status is JobStatus.CANCELLED and not stopped.stopping
        assert library.episodes() == []

        jobs.retry(job.id)
        let_go(bell, *STEPS)
        runner.wake()
        assert_whole(library, audio, ended(jobs, job.id).episode)

    assert times_done(bell, "fetch") == 1


def test_progress_can_be_read_by_anyone(library: Library, jobs: Jobs, audio: Path, bell: Path) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    with running(library, working.slow_tools):
        until(lambda: jobs.get(job.id).progress.stage == "At fetch")
        seen = Jobs(library.root).get(job.id)

    assert seen.progress == Progress("At fetch", 0.25, 60.0, "waiting")
    assert seen.status is JobStatus.RUNNING


def test_two_servers_on_one_library_do_a_job_once(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    with running(library, working.slow_tools), running(Library(library.root), working.slow_tools):
        reached(bell, "fetch")
        let_go(bell, *STEPS)
        done = ended(jobs, job.id)

    assert done.status is JobStatus.DONE
    assert [times_done(bell, step) for step in STEPS] == [1, 1, 1, 1]


def test_a_job_that_another_process_does_is_busy(library: Library, jobs: Jobs, audio: Path) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    with jobs.folder(job.id).held():
        assert jobs.waiting() == []
        jobs.dismiss(job.id)  # does nothing
        with pytest.raises(JobBusy):
            do_job(library, job.id, quick_tools)

    assert [waiting.id for waiting in jobs.waiting()] == [job.id]


def test_a_job_that_a_server_does_is_followed_to_its_end(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    seen: list[str] = []

    def look(progress: Progress) -> None:
        seen.append(progress.stage)
        if progress.stage == "At fetch":
            let_go(bell, *STEPS)

    with running(library, working.slow_tools):
        reached(bell, "fetch")
        done = finish_job(library, job.id, quick_tools, progress=look)

    assert done.status is JobStatus.DONE and "At fetch" in seen
    assert times_done(bell, "second-half") == 1  # by the server


def test_wanting_the_same_twice_is_one_job(jobs: Jobs, audio: Path) -> None:
    request = JobRequest("At the gate", str(audio))

    ids = {
        jobs.submit(request, GIVEN).id,
        jobs.submit(request, GIVEN).id,
        jobs.submit(JobRequest("Another name for it", str(audio)), GIVEN).id,
    }
    others = {
        jobs.submit(request, GIVEN + b"!").id,
        jobs.submit(JobRequest("At the gate", str(audio), model="small"), GIVEN).id,
        jobs.submit(JobRequest("At the gate"), GIVEN, io.BytesIO(b"audio"), "a.wav").id,
    }

    assert len(ids) == 1 and len(others | ids) == 4 and len(jobs.all()) == 4


def test_the_same_is_never_aligned_twice(
    library: Library, jobs: Jobs, audio: Path, tmp_path: Path, bell: Path
) -> None:
    first = do_job(library, jobs.submit(JobRequest("At the gate", str(audio)), GIVEN).id, quick_tools)
    copy = audio_file(tmp_path, "the same under another name.wav")

    second = do_job(library, jobs.submit(JobRequest("Again", str(copy)), GIVEN).id, _never_align)

    assert second.status is JobStatus.DONE and second.episode == first.episode


def test_the_same_address_is_never_fetched_twice(
    library: Library, jobs: Jobs, audio: Path, bell: Path
) -> None:
    address = "https://example.org/talk"
    known = library.add(transcript=GIVEN, audio=audio, aligned=aligned(source=working.Source(url=address)))

    done = do_job(library, jobs.submit(JobRequest("Talk", address), GIVEN).id, working.refused_tools)

    assert done.episode == known.id and not (bell / "fetch").exists()


def _never_align() -> Tools:
    def align(*given: object, **how: object) -> None:
        raise AssertionError("aligned again")

    return replace(quick_tools(), align=align)  # type: ignore[arg-type]


def test_an_episode_is_aligned_again_when_that_is_asked_for(
    library: Library, jobs: Jobs, audio: Path
) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned("At the gate", shift=0.2))

    done = do_job(library, jobs.submit(JobRequest("At the gate", episode=episode.id)).id, quick_tools)
    once_more = do_job(library, jobs.submit(JobRequest("At the gate", episode=episode.id)).id, quick_tools)

    assert done.episode == once_more.episode == episode.id
    assert library.transcript(episode.id).segments[0].start == 0.0
    assert library.episode(episode.id).title == "At the gate"


def test_a_removed_episode_can_be_added_again(library: Library, jobs: Jobs, audio: Path) -> None:
    def add() -> Job:
        upload = io.BytesIO(audio.read_bytes())
        return do_job(library, jobs.submit(JobRequest("Gate"), GIVEN, upload, "a.wav").id, quick_tools)

    library.remove(add().episode or "")

    assert_whole(library, audio, add().episode)


def test_whoever_does_a_job_sees_its_progress_and_can_stop_it(
    library: Library, jobs: Jobs, audio: Path
) -> None:
    stages: list[str] = []
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    def stop(progress: Progress) -> None:
        if progress.stage == "Listening":
            raise Cancelled("Enough.")

    assert do_job(library, job.id, quick_tools, progress=stop).status is JobStatus.CANCELLED
    jobs.retry(job.id)
    done = do_job(library, job.id, quick_tools, progress=lambda p: stages.append(p.stage))

    assert done.status is JobStatus.DONE
    assert stages == ["Starting", "Fetching audio", "Listening", "Saving"]


def test_old_and_unreadable_jobs_are_forgotten_and_failed_ones_kept(jobs: Jobs, audio: Path) -> None:
    old, failed, broken, fresh = (
        jobs.submit(JobRequest(name, str(audio)), name.encode()).id
        for name in ("old", "failed", "broken", "fresh")
    )
    for id in (old, fresh):
        jobs.cancel(id)
    with jobs.folder(failed).held():
        jobs.folder(failed).end(JobStatus.FAILED, "No.")
    for id in (old, failed):
        _set_back(jobs, id)
    (jobs.folder(broken).path / "request.json").write_text("{")
    assert len(jobs.all()) == 3

    jobs.forget_old()
    assert len(list((jobs.root / "jobs").iterdir())) == 4, "they are marked first, for the clock may be wrong"
    for mark in (jobs.root / "jobs").glob("*/old"):
        os.utime(mark, (mark.stat().st_mtime - 2 * 24 * 3600,) * 2)
    jobs.forget_old()

    assert {job.id for job in jobs.all()} == {failed, fresh}
    with pytest.raises(LibraryError, match="no job"):
        jobs.folder(broken)


def _set_back(jobs: Jobs, id: str) -> None:
    state = jobs.folder(id).path / "state.json"
    today, before = datetime.now(UTC), datetime.now(UTC) - timedelta(days=2)
    state.write_text(state.read_text().replace(f"{today:%Y-%m-%dT}", f"{before:%Y-%m-%dT}"))


def test_a_dismissed_job_is_gone_and_a_waiting_one_cannot_be_dismissed(jobs: Jobs, audio: Path) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    jobs.dismiss(job.id)
    assert jobs.get(job.id).status is JobStatus.QUEUED

    jobs.cancel(job.id)
    jobs.dismiss(job.id)

    assert jobs.all() == []


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


# ---- openings -----------------------------------------------------------------------------------------


def test_the_beginning_of_an_episode_is_there_while_the_rest_is_made(
    library: Library, jobs: Jobs, audio: Path
) -> None:
    seen: list[Episode] = []

    def align_slowly(given: Path, transcript: Transcript, **how: Any) -> Transcript:
        how["show_opening"](opening(transcript.title or ""))
        assert library.episodes() == []
        (job,) = jobs.all()
        seen.append(library.episode(job.preview or ""))
        assert [s.start is None for s in library.transcript(seen[0].id).segments] == [False, True, True]
        assert library.audio_path(seen[0].id).read_bytes() == audio.read_bytes()
        how["show_opening"](aligned(transcript.title or "", placed=2))
        assert jobs.get(job.id).openings == 2
        assert library.episode(seen[0].id).placed == 2
        return aligned(transcript.title or "")

    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    ended = do_job(library, job.id, lambda: replace(quick_tools(), align=align_slowly))

    assert (ended.status, ended.episode) == (JobStatus.DONE, seen[0].id)
    assert seen[0].is_preview
    assert not library.episode(seen[0].id).is_preview
    assert list((library.root / "previews").iterdir()) == []


def test_a_beginning_that_comes_to_nothing_goes(library: Library, jobs: Jobs, audio: Path) -> None:
    def align_in_vain(given: Path, transcript: Transcript, **how: Any) -> Transcript:
        how["show_opening"](opening())
        raise TranscriptError("This transcript is not of this audio.")

    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    ended = do_job(library, job.id, lambda: replace(quick_tools(), align=align_in_vain))

    assert ended.status is JobStatus.FAILED
    with pytest.raises(LibraryError, match="no episode"):
        library.episode(ended.preview or "")


def test_an_episode_that_is_aligned_again_shows_no_beginning(
    library: Library, jobs: Jobs, audio: Path
) -> None:
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    asked: list[object] = []

    def align_again(given: Path, transcript: Transcript, **how: Any) -> Transcript:
        asked.append(how["show_opening"])
        return aligned()

    job = jobs.submit(JobRequest("At the gate", episode=episode.id))
    do_job(library, job.id, lambda: replace(quick_tools(), align=align_again))

    assert asked == [None]


def test_a_beginning_is_not_taken_for_the_episode(library: Library, audio: Path) -> None:
    preview = library.show_preview(transcript=GIVEN, audio=audio, aligned=opening())

    assert library.find(preview.audio_sha256, preview.transcript_sha256, "base") is None
    assert library.damaged() == []
    with pytest.raises(LibraryError, match="to remove"):
        library.remove(preview.id)


def test_beginnings_that_nobody_goes_on_with_are_forgotten(library: Library, audio: Path) -> None:
    old = library.show_preview(transcript=GIVEN, audio=audio, aligned=opening())
    new = library.show_preview(transcript=b"another", audio=audio, aligned=opening())
    os.utime(old.folder, (0, 0))

    library.forget_old_previews()

    assert not old.folder.exists()
    assert library.episode(new.id).is_preview


# ---- some lines again -----------------------------------------------------------------------------------


def again(library: Library, jobs: Jobs, audio: Path, first: int, last: int) -> Job:
    """Asked for."""
    episode = library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    return jobs.submit(JobRequest("Again", episode=episode.id, first=first, last=last, who="Ada"))


def test_some_lines_are_aligned_again_as_a_correction(library: Library, jobs: Jobs, audio: Path) -> None:
    job = again(library, jobs, audio, 2, 1)
    id = job.request.episode or ""
    correct(library, id, Nudge(1, 0.01), revision=0)

    done = do_job(library, job.id, quick_tools)

    assert (done.status, done.episode, done.message) == (JobStatus.DONE, id, "")
    starts = [segment.start for segment in library.transcript(id).segments]
    assert starts == pytest.approx([0.0, 0.26, 0.55])  # the second one was placed by hand
    log = read_corrections(library, id)
    assert (log.revision, log.done[-1].who, log.done[-1].change.kind) == (2, "Ada", "realign")
    assert library.aligned_transcript(id).segments == aligned().segments


def test_lines_that_are_corrected_while_they_are_looked_for_stay_as_they_are(
    library: Library, jobs: Jobs, audio: Path
) -> None:
    job = again(library, jobs, audio, 0, 1)
    id = job.request.episode or ""

    def meanwhile(*given: Any, **how: Any) -> Realign:
        correct(library, id, Text(0, "The kettle is off."), revision=0)
        return quick_tools().realign(*given, **how)

    ended = do_job(library, job.id, lambda: replace(quick_tools(), realign=meanwhile))

    assert ended.status is JobStatus.FAILED and "another text" in ended.message
    assert [segment.start for segment in library.transcript(id).segments] == [0.0, 0.25, 0.5]


def test_other_lines_may_be_corrected_meanwhile(library: Library, jobs: Jobs, audio: Path) -> None:
    job = again(library, jobs, audio, 0, 1)
    id = job.request.episode or ""

    def meanwhile(*given: Any, **how: Any) -> Realign:
        correct(library, id, Text(2, "Nobody."), revision=0)
        return quick_tools().realign(*given, **how)

    ended = do_job(library, job.id, lambda: replace(quick_tools(), realign=meanwhile))

    assert ended.status is JobStatus.DONE
    segments = library.transcript(id).segments
    assert (segments[0].start, segments[2].text) == (0.05, "Nobody.")


def test_lines_that_are_gone_are_not_looked_for(library: Library, jobs: Jobs, audio: Path) -> None:
    job = again(library, jobs, audio, 0, 1)
    correct(library, job.request.episode or "", Join(0), revision=0)

    ended = do_job(library, job.id, quick_tools)

    assert ended.status is JobStatus.FAILED and "no longer there" in ended.message
