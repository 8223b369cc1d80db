"""Start-up: what a command costs before it does anything, as CPU-seconds of a whole process."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path


def _cpu(arguments: list[str], folder: Path, typed: str = "") -> float:
    """CPU-seconds, user and system, of one `newsbell` process in `folder`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSBELL_")}
    command = [sys.executable, "-m", "bot", *arguments]
    subprocess.run(command, cwd=folder, env=environment, input=typed, text=True, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(runs: int) -> dict[str, float]:
    """Medians of `runs` processes each."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        planting = _cpu(["chat"], place, "/status\n")
        commands = {"--help": ["--help"], "search on the seeds": ["search", "kosovo", "--json"]}
        medians = {
            f"newsbell {name}, CPU-s": statistics.median(_cpu(arguments, place) for _ in range(runs))
            for name, arguments in commands.items()
        }
    return {"first chat, seeds planted, CPU-s": planting, **medians}
