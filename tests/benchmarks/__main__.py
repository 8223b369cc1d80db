"""Runs every benchmark and writes results.json beside this file: medians, beside a reference loop of the same run."""

from __future__ import annotations

import json
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import archive, fanout, matching, start_up

RUNS = 7

BENCHMARKS: dict[str, Callable[[], dict[str, float]]] = {
    "start-up": lambda: start_up.measure(RUNS),
    "matching": lambda: matching.measure(RUNS),
    "fan-out to 100,000 subscribers": lambda: fanout.measure(3),
    "archive of 50,000 articles (built once)": lambda: archive.measure(3, archive.QUICK),
}


def reference_loop() -> float:
    """CPU-seconds of a fixed piece of pure Python: what this machine was worth while we measured."""
    start = time.process_time()
    total = 0
    for number in range(2_000_000):
        total += number % 7
    assert total
    return time.process_time() - start


def main() -> None:
    """Measures, prints a table and keeps the figures."""
    figures = {"reference loop, CPU-s": statistics.median(reference_loop() for _ in range(RUNS))}
    for name, measure in BENCHMARKS.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures |= measure()
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "machine": platform.machine()}
    for name, figure in figures.items():
        print(f"{name:<58} {figure:>12.4f}")
    results = {"machine": machine, "runs": RUNS, "medians": {name: round(value, 6) for name, value in figures.items()}}
    (Path(__file__).parent / "results.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
