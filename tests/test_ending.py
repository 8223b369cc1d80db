"""A process that was told to stop ends, whatever hangs in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HANGS = """
import asyncio, os, signal, sys, threading
from bot import ending

async def run():
    with ending.stopped_by_signals() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        await stop.wait()
        {then}
{hang}
print("stopped", flush=False)
if __name__ == "__main__":
    {main}
"""


def hanging(*, hang: str = "", then: str = "pass", main: str) -> subprocess.CompletedProcess[str]:
    """A process in which something hangs; its exit code and what it said."""
    program = HANGS.format(hang=hang, then=then, main=main)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("code", [0, 1])
def test_a_thread_that_hangs_does_not_keep_a_process_that_is_done(code: int) -> None:
    hang = "threading.Thread(target=threading.Event().wait).start()"
    done = hanging(hang=hang, main=f"asyncio.run(run()); sys.exit(ending.ended({code}))")
    assert (done.returncode, done.stdout, done.stderr) == (code, "stopped\n", ""), "or it was cut short, and says so"


def test_what_never_comes_to_its_end_is_cut_short_and_says_so() -> None:
    main = "import logging; logging.basicConfig(); ending.CUT_AFTER = 0.1; asyncio.run(run())"
    done = hanging(then="threading.Event().wait()", main=main)
    assert (done.returncode, done.stdout) == (0, "stopped\n")
    assert done.stderr == "WARNING:bot.ending:stopping=cut short after 0.1 s\n"


def test_who_is_not_told_to_stop_is_not_cut_short() -> None:
    main = "ending.CUT_AFTER = 0.0; threading.Event().wait(0.05); sys.exit(ending.ended(0))"
    assert hanging(main=main).returncode == 0
