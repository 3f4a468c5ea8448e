"""Big blocks of memory go back to the system at once.

glibc raises its own limit for that with every big block that is freed: after the first photo (48 MB while it is read)
every picture is kept in the heap of the thread that read it, and a day of photos looks like a leak of 75 MB.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

M_MMAP_THRESHOLD = -3  # malloc.h
BIG = 4 << 20  # bytes; smaller than a scaled photo, larger than what painting asks for again and again


def return_big_blocks() -> None:
    """Once, before the first picture is read; does nothing where the C library is another one."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").mallopt(M_MMAP_THRESHOLD, BIG)


def give_back() -> None:
    """What was freed in small pieces too; some milliseconds, not on the GUI thread. After a visit it is 10 to 70 MB."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
