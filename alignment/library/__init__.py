"""The library: episodes as folders, jobs that make them, and the runner that does the jobs."""

from alignment.library.bin import Binned
from alignment.library.demo import add_demo_once
from alignment.library.episode import DamagedEpisode, Episode
from alignment.library.jobs import Job, JobBusy, JobRequest, Jobs, JobStatus
from alignment.library.opening import open_library
from alignment.library.runner import Runner
from alignment.library.store import Library
from alignment.library.work import Tools, do_job, finish_job

__all__ = [
    "Binned",
    "DamagedEpisode",
    "Episode",
    "Job",
    "JobBusy",
    "JobRequest",
    "JobStatus",
    "Jobs",
    "Library",
    "Runner",
    "Tools",
    "add_demo_once",
    "do_job",
    "finish_job",
    "open_library",
]
