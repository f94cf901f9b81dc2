"""Worker processes: prepared once, and gone with whoever started them."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from alignment.processes import _interrupts_put_off, worker_pool

_prepared: list[int] = []


def prepare() -> None:
    _prepared.append(os.getpid())


def prepared(_: int) -> tuple[int, list[int]]:
    return os.getpid(), _prepared


def test_every_process_is_prepared_once_before_its_first_task():
    with worker_pool(1, prepare) as pool:
        answers = list(pool.map(prepared, range(5)))

    assert len({pid for pid, _ in answers}) == 1
    assert all(pid != os.getpid() and calls == [pid] for pid, calls in answers)


STANDING = """
from alignment.processes import worker_pool
from tests.test_processes import prepare, prepared

print("begun")
with worker_pool(2, prepare) as pool:
    print(len(list(pool.map(prepared, range(3)))), "done by", globals().get("__file__", "nobody's file"))
"""


@pytest.mark.parametrize("given_as", ["a file", "an argument", "its input"])
def test_a_script_that_works_where_it_stands_is_not_run_again_by_its_workers(tmp_path, given_as):
    script = tmp_path / "script.py"
    script.write_text(STANDING)
    arguments = {"a file": [str(script)], "an argument": ["-c", STANDING], "its input": ["-"]}[given_as]

    ran = subprocess.run(
        [sys.executable, *arguments],
        input=STANDING,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        check=False,
    )

    file = {"a file": str(script), "an argument": "nobody's file", "its input": "<stdin>"}[given_as]
    assert ran.stdout.splitlines() == ["begun", f"3 done by {file}"], ran.stderr


OWNER = """
    import os, sys
    from alignment.processes import worker_pool
    from tests.test_processes import prepare, prepared

    if __name__ == "__main__":
        pool = worker_pool(1, prepare)
        (pid, _), = pool.map(prepared, range(1))
        print(pid, flush=True)
        sys.stdin.read()
"""


def test_workers_end_when_their_owner_is_killed(tmp_path):
    script = tmp_path / "owner.py"
    script.write_text(textwrap.dedent(OWNER))
    owner = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    worker = int(owner.stdout.readline())
    os.kill(worker, 0)

    owner.kill()

    # The worker holds the owner's end of the pipe too: it closes when the last of them is gone.
    owner.communicate(timeout=60)
    assert owner.returncode == -signal.SIGKILL


DEAF = """
    import os, signal
    from alignment.processes import worker_pool
    from tests.test_processes import prepare, prepared

    if __name__ == "__main__":
        pool = worker_pool(1, prepare)
        starting = pool.submit(prepared, 0)
        (worker,) = pool._processes
        os.kill(worker, signal.SIGINT)  # while it starts
        print(starting.result()[0] == worker)
        os.kill(worker, signal.SIGINT)  # while it waits for work
        print(pool.submit(prepared, 0).result()[0] == worker)
        print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))
"""


def test_ctrl_c_is_left_to_the_owner(tmp_path):
    script = tmp_path / "owner.py"
    script.write_text(textwrap.dedent(DEAF))

    ended = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )

    assert (ended.stdout.split(), ended.stderr) == (["True", "True", "False"], "")


@pytest.mark.skipif(os.name == "nt", reason="nothing sends Ctrl-C to a single process there")
def test_ctrl_c_that_another_thread_takes_waits_until_the_process_is_started():
    steps: list[str] = []
    starting = threading.Event()

    def press():
        starting.wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt), _interrupts_put_off():
        starting.set()
        thread.join()
        time.sleep(0.05)
        steps.append("started")

    assert steps == ["started"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
