"""One heap, however many threads."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.heap import give_back, one_heap

ROOT = Path(__file__).parents[1]

PROGRAM = """
import ctypes, sys, threading
from bot.heap import one_heap
if sys.argv[2] == "one":
    one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(8)
def work():
    together.wait()
    for _ in range(100):
        assert libc.malloc(ctypes.c_size_t(5000))
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other heaps")
def test_threads_share_one_heap(tmp_path: Path) -> None:
    def heaps(how: str) -> int:
        told = tmp_path / how
        subprocess.run([sys.executable, "-c", PROGRAM, str(told), how], check=True, cwd=ROOT)
        return len(re.findall("<heap nr=", told.read_text()))

    assert (heaps("one"), heaps("as it is") > 1) == (1, True)


def test_where_there_is_no_such_library_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    one_heap()
    give_back()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other heaps")
def test_what_is_free_goes_back_also_from_below_what_is_not() -> None:
    program = """
from bot.heap import give_back, one_heap
from bot.monitor.memory import resident
one_heap()
blocks = [bytearray(20_000) for _ in range(3_000)]
last = blocks[-1]
del blocks
before = resident()["main"]
give_back()
print(before - resident()["main"])
"""
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, cwd=ROOT)
    assert int(ran.stdout) > 30_000_000
