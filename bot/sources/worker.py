"""A worker process: reads one call after another from standard input, answers each on standard output, ends with it.

Calls and answers are pickles behind their length in four bytes. They pass between our own two processes; what comes
from outside is only ever a byte string inside a call.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from bot.core.errors import SourceError, TooLarge, Unreadable

LENGTH = struct.Struct(">I")
READY = b"+"
"""What a worker says first, when it has imported all it needs."""


def serve(function: str, cpu_seconds: int, memory_bytes: int) -> None:
    """Answers calls of `module:name` until standard input ends.

    The limits hold where the parent cannot: a call that runs on after the parent died is ended by the kernel.
    """
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever signals all of us means the parent, which ends us
        signal.signal(number, signal.SIG_IGN)
    parse = named(function)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError):  # not every system limits address space
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    answers.write(READY)
    answers.flush()
    while call := _framed(calls):
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        answers.write(_answer(parse, call))
        answers.flush()


def named(function: str) -> Callable[..., Any]:
    """The function at `module:name`."""
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def frame(value: object) -> bytes:
    """The value as it goes over a pipe."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def _framed(stream: BinaryIO) -> bytes:
    """The next frame's pickle; empty at the end."""
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _answer(parse: Callable[..., Any], call: bytes) -> bytes:
    """A frame of (whether it went well, the result or the error)."""
    try:
        args, kwargs = pickle.loads(call)  # noqa: S301
        return frame((True, parse(*args, **kwargs)))
    except SourceError as problem:
        return frame((False, problem))
    except MemoryError:
        return frame((False, TooLarge("needs too much memory to be parsed")))
    except Exception as problem:
        return frame((False, Unreadable(f"cannot be parsed: {type(problem).__name__}")))


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
