"""What people install by: the container, the service. Both name only what is there."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from alignment.cli import app
from tests.app.servers import REPOSITORY

CONTAINERFILE = REPOSITORY / "Containerfile"
UNIT = REPOSITORY / "deploy" / "verbatime.service"
INSTRUCTION = re.compile(r"([A-Z]+)\s+(.+)", re.DOTALL)
ANALYZE = shutil.which("systemd-analyze")


def instructions() -> list[tuple[str, str]]:
    """Of the container: their names and what follows, comments and line breaks taken away."""
    lines = [line for line in CONTAINERFILE.read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    found = [INSTRUCTION.fullmatch(line) for line in joined.splitlines() if line.strip()]
    assert all(found)
    return [(match[1], match[2].strip()) for match in found if match]


def values(name: str) -> list[str]:
    return [value for instruction, value in instructions() if instruction == name]


def assert_can_serve(arguments: list[str]) -> None:
    """That the command line takes them."""
    command, *options = arguments
    assert command == "serve"
    get_command(app).commands["serve"].make_context("serve", options)  # type: ignore[attr-defined]


def project() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def test_the_container_is_made_of_known_instructions_and_no_one_s_registry():
    known = {"FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL"}

    assert {name for name, _ in instructions()} == known | {"HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert all("/" not in image and "." not in image.split(":")[0] for image in values("FROM"))
    assert "http" not in CONTAINERFILE.read_text().replace("http://127.0.0.1:8501/readyz", "")


def test_the_container_copies_what_is_there_and_is_not_kept_out():
    let_in = {line[1:] for line in (REPOSITORY / ".containerignore").read_text().split() if line[0] == "!"}
    copied = [name for value in values("COPY") if "--from" not in value for name in value.split()[:-1]]

    assert all((REPOSITORY / name).exists() for name in copied)
    assert set(copied) == let_in


def test_the_container_runs_as_nobody_in_particular_and_can_be_written_to_at_its_library():
    order = [name for name, _ in instructions()]
    (user,) = values("USER")

    assert user == "verbatime"
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert "ALIGNMENT_LIBRARY=/data" in values("ENV")[0]
    assert values("VOLUME") == ["/data"]


def test_the_container_starts_with_a_command_that_there_is():
    (program,) = json.loads(values("ENTRYPOINT")[0])

    assert program in project()["project"]["scripts"]
    assert_can_serve(json.loads(values("CMD")[0]))
    extras = re.search(r"\.\[([\w,-]+)\]", CONTAINERFILE.read_text())
    assert extras
    assert set(extras[1].split(",")) <= set(project()["project"]["optional-dependencies"])


def test_what_pins_the_container_s_packages_is_read_from_the_lock_file():
    (command,) = [value for value in values("RUN") if "requirements.lock" in value]
    shown = command.partition(">")[0]

    pinned = subprocess.run(shown, shell=True, cwd=REPOSITORY, capture_output=True, text=True, check=True)

    lines = pinned.stdout.splitlines()
    assert all(re.fullmatch(r"[\w.\[\]-]+==\S+( ; .+)?", line) for line in lines)
    assert any(line.startswith("streamlit==") for line in lines)


def test_the_service_starts_with_a_command_that_there_is():
    (line,) = re.findall(r"^ExecStart=(.+)$", UNIT.read_text(), re.MULTILINE)
    program, *arguments = shlex.split(line)

    assert Path(program).name in project()["project"]["scripts"]
    assert_can_serve(arguments)


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_service_and_finds_it_well_closed(tmp_path: Path):
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/verbatime/.venv/bin/alignment", sys.executable))

    checked = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    closed = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in checked.stderr.splitlines() if UNIT.name in line] == []
    assert closed.returncode == 0, closed.stdout[-400:] + closed.stderr
