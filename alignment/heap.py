"""The memory allocator of this process."""

import ctypes
import sys

__all__ = ["share_one_heap"]

_M_ARENA_MAX = -8


def share_one_heap() -> bool:
    """Let all threads take memory from one heap; whether the C library can (glibc).

    Otherwise each has its own, and what is freed there is only that thread's to use again: aligning 44
    minutes held 320 MB more, in the same time. What is taken from other heaps already stays there.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_ARENA_MAX, 1) == 1
