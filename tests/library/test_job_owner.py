"""A job remembers who asked for it."""

import json
from pathlib import Path

from alignment.library import JobRequest, Jobs


def test_who_asked_for_a_job_is_kept(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)

    id = jobs.submit(JobRequest("At the gate", "gate.wav", owner="ada@example.org"), b"Hello.").id

    assert jobs.get(id).request.owner == "ada@example.org"


def test_a_job_from_before_there_were_owners_is_read(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    id = jobs.submit(JobRequest("At the gate", "gate.wav"), b"Hello.").id
    file = jobs.folder(id).path / "request.json"
    request = json.loads(file.read_text())
    del request["owner"]
    file.write_text(json.dumps(request))

    assert jobs.get(id).request.owner is None
