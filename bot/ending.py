"""Ending: signals say when, and whatever hangs then keeps nobody waiting for ever."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)

ANSWERS_WITHIN = 5.0
"""Seconds after which a platform's answer to what is under way is not waited for any more."""

JOBS_WITHIN = 7.0
"""Seconds that jobs get to come to their end; what they commit they commit whole."""

CUT_AFTER = 9.0
"""Seconds after which a process that was told to stop ends as if it were killed: from that everything recovers."""

LINGER = 0.3
"""Seconds that threads get when everything is done."""


@contextmanager
def stopped_by_signals() -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set, instead of ending the process in the middle of something.

    From then on the process has CUT_AFTER seconds.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told() -> None:
        if not stop.is_set():
            stop.set()
            _cut_later(CUT_AFTER)

    for number in SIGNALS:
        loop.add_signal_handler(number, told)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


def ended(code: int) -> int:
    """The exit code of a process that has done everything.

    Where a thread still hangs in what nothing can interrupt, such as a name server that does not answer, it ends here.
    """
    until = time.monotonic() + LINGER
    for thread in threading.enumerate():
        if thread is threading.current_thread() or thread.daemon:
            continue
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            _leave(code)
    return code


def _cut_later(seconds: float) -> None:
    def cut() -> None:
        log.warning("stopping=cut short after %g s", seconds)
        _leave(0)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()


def _leave(code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
