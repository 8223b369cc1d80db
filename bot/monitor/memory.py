"""Resident memory of this process and of those it started, in bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident(proc: Path = Path("/proc")) -> dict[str, int]:
    """By `main` and, where there are any, `workers`; empty where the system has no /proc."""
    own = _resident(proc, os.getpid())
    if not own:
        return {}
    workers = sum(_resident(proc, process) for process in _children(proc, os.getpid()))
    return {"main": own, "workers": workers} if workers else {"main": own}


def _children(proc: Path, process: int) -> Iterator[int]:
    """Living processes that this one started, and those that they started."""
    for task in (proc / str(process) / "task").glob("*/children"):
        try:
            found = [int(child) for child in task.read_text().split()]
        except OSError:  # that thread has just ended
            continue
        for child in found:
            yield child
            yield from _children(proc, child)


def _resident(proc: Path, process: int) -> int:
    try:
        return int((proc / str(process) / "statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0
