"""What this process and those it started have used: CPU-seconds, and memory at its most."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """User and system time of this process, of its children that ended and, as the kernel tells it, of the others."""
    ended = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in ended) + sum(map(_ticks, children())) / _TICKS


def peak_megabytes() -> float:
    """Resident memory of this process and its living children, each at its most; libraries they share count in each."""
    return sum(_peak(pid) for pid in (os.getpid(), *children())) / 1024


def children() -> Iterator[int]:
    """Living processes that this one started, and those that they started."""
    waiting = [os.getpid()]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            found = [int(pid) for pid in task.read_text().split()]
            waiting += found
            yield from found


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
