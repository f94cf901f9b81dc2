"""One heap for all threads, in a process of its own, and a while without the collector."""

import gc
import platform
import subprocess
import sys

import pytest

from alignment.heap import without_collector

THREADS = """
import sys, threading, xml.etree.ElementTree as tree, ctypes, tempfile
from alignment.heap import share_one_heap

if sys.argv[1] == "shared":
    assert share_one_heap()
gate = threading.Barrier(5)

def work():
    kept = [bytes(1000) for _ in range(1000)]
    gate.wait()

threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
gate.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fopen(file.name.encode(), b"w")
    libc.malloc_info(0, ctypes.c_void_p(stream))
    libc.fclose(ctypes.c_void_p(stream))
    print(len(tree.parse(file.name).findall("heap")))
"""


def heaps(how):
    return int(subprocess.check_output([sys.executable, "-c", THREADS, how], text=True))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="not the GNU C library")
def test_threads_share_one_heap_where_they_would_have_their_own():
    assert heaps("shared") == 1
    assert heaps("own") > 1


def test_the_collector_rests_for_a_while_and_goes_on_after_an_error():
    with pytest.raises(ValueError), without_collector():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    with without_collector():
        with without_collector():
            pass
        assert not gc.isenabled()
