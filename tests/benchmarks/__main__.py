"""Runs the benchmarks: all of them, or `--quick` small ones that are compared with what they were.

All: prints every figure, and keeps them in results.json beside this file and in the README; `--only` some of them,
and the others stay as they were. Quick: a figure is compared in units of a reference loop measured in the same run, so
that another machine, or a busy one, is no regression; `--keep` makes today's figures the ones to compare with.
"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks import (
    archive,
    day,
    delivery,
    digests,
    fanout,
    feeds,
    fetching,
    grouping,
    matching,
    month,
    pages,
    percolation,
    previews,
    readme,
    ringing,
    start_up,
)

Figures = dict[str, float]

RUNS, QUICK_RUNS = 3, 2
BENCHMARKS: dict[str, Callable[[], Figures]] = {
    "start-up": lambda: start_up.measure(RUNS),
    "matching, piece by piece": lambda: matching.measure(RUNS),
    "stories: an article against a window of 100,000": lambda: grouping.measure(RUNS),
    "percolation: 10,000 to 1,000,000 queries": lambda: percolation.measure(RUNS),
    "fan-out to 100,000 subscribers": lambda: fanout.measure(RUNS),
    "delivery": lambda: delivery.measure(RUNS),
    "10,000 digests at one moment": lambda: digests.measure(1),
    "articles' pages, from the queue to the archive": lambda: pages.measure(RUNS),
    "10,000 sources that have not changed": lambda: fetching.measure(RUNS),
    "2,000 feeds, cold": feeds.measure,
    "from a fetch to the deliveries": ringing.measure,
    "archive of 1,000,000 articles (built once)": lambda: archive.measure(RUNS, archive.FULL),
    "previews in an archive of 1,000,000 articles (built once)": lambda: previews.measure(RUNS),
    "a month of a newsroom, its first days": month.measure,
    "a part of a day of 300,000 articles (its archive is built once)": day.measure,
}
QUICK: dict[str, Callable[[], Figures]] = {
    "matching, piece by piece": lambda: matching.measure(QUICK_RUNS),
    "percolation: 10,000 queries": lambda: percolation.measure(QUICK_RUNS, percolation.QUICK),
    "fan-out to 10,000 subscribers": lambda: fanout.measure(QUICK_RUNS, 10_000),
    "delivery": lambda: delivery.measure(QUICK_RUNS, 50_000),
    "1,000 digests at one moment": lambda: digests.measure(QUICK_RUNS, 1_000, 20_000),
    "archive of 50,000 articles (built once)": lambda: archive.measure(QUICK_RUNS, archive.QUICK),
}
HERE = Path(__file__).parent
BASELINE = HERE / "quick.json"
REFERENCE = "reference loop, CPU-s"
LIBRARIES = ("numpy", "sqlite-utils", "tantivy")

SLOWER = 1.6
"""Times the cost it had, in reference loops, from which a figure is a regression: shared cores are no laboratory."""
UNSTEADY = ("p99", "longest", "two processes", "bytes", "times")
"""Words in the names of figures that are shown and not compared: tails, and what is no time."""


def reference_loop() -> float:
    """CPU-seconds of a fixed piece of pure Python: what this machine was worth while we measured."""
    start = time.process_time()
    total = 0
    for number in range(2_000_000):
        total += number % 7
    assert total
    return time.process_time() - start


def measured(
    benchmarks: Mapping[str, Callable[[], Figures]], path: Path | None = None, others: Figures | None = None
) -> Figures:
    """The figures of benchmarks, and of the reference loop before, between and after them; kept as they come.

    `others` are kept beside them.
    """
    loops = [reference_loop()]
    figures: Figures = {}
    for name, measure in benchmarks.items():
        start = time.perf_counter()
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures |= apart(measure)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        loops += [reference_loop(), reference_loop()]
        if path is not None:
            keep(path, {**(others or {}), REFERENCE: statistics.median(loops), **figures})
    return {REFERENCE: statistics.median(loops), **figures}


def apart(measure: Callable[[], Figures]) -> Figures:
    """What is measured in a process of its own, where no other has left anything; RuntimeError if it dies."""
    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sending.send(measure()))
    process.start()
    sending.close()
    try:
        found: Figures = receiving.recv()
    except EOFError:
        raise RuntimeError("a benchmark ended without figures") from None
    finally:
        process.join()
    return found


def machine() -> dict[str, object]:
    """What it was measured on."""
    return {
        "processor": _processor(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **dict(_versions()),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} x {models[0]} ({platform.machine()})" if models else platform.machine()


def _versions() -> Iterator[tuple[str, str]]:
    for library in LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            yield library, "not installed"


def cost(name: str, figure: float, reference: float) -> float:
    """What a figure costs in reference loops; for one "a CPU-second" that is what one of the things costs."""
    return 1 / figure / reference if "a CPU-second" in name else figure / reference


def compared(figures: Figures, before: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Of each figure that can be compared how many times as much it costs as before."""
    for name, figure in figures.items():
        if name in before and name != REFERENCE and figure and not any(word in name for word in UNSTEADY):
            then = cost(name, before[name], before[REFERENCE])
            yield name, cost(name, figure, figures[REFERENCE]) / then


def table(figures: Figures, ratios: Mapping[str, float]) -> None:
    """Prints a line a figure."""
    for name, figure in figures.items():
        ratio = f"  {ratios[name]:5.2f} times the cost" if name in ratios else ""
        print(f"{name:<88} {figure:>14,.4f}{ratio}")


def keep(path: Path, figures: Figures) -> None:
    """Keeps figures, and what they were measured on."""
    results = {
        "machine": machine(),
        "runs": RUNS,
        "medians": {name: round(value, 6) for name, value in figures.items()},
    }
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def quick(*, keeping: bool) -> int:
    """The quick benchmarks; exit code 1 when something has become slower."""
    before = json.loads(BASELINE.read_text())["medians"] if BASELINE.exists() else {}
    figures = measured(QUICK)
    ratios = dict(compared(figures, before))
    table(figures, ratios)
    if keeping:
        keep(BASELINE, figures)
        return 0
    slower = [name for name, ratio in ratios.items() if ratio > SLOWER]
    for name in slower:
        print(f"slower: {name}, {ratios[name]:.2f} times the cost", file=sys.stderr)
    return 1 if slower else 0


def main() -> int:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small ones, compared with what they were")
    parser.add_argument("--keep", action="store_true", help="with --quick: compare with today's figures from now on")
    parser.add_argument("--only", metavar="NAME", default="", help="those benchmarks whose name has this in it")
    arguments = parser.parse_args()
    print(", ".join(f"{name} {value}" for name, value in machine().items()))
    if arguments.quick:
        return quick(keeping=arguments.keep)
    return full(arguments.only)


def full(only: str) -> int:
    """All benchmarks, or those whose name has `only` in it; exit code 2 when there is none."""
    chosen = {name: measure for name, measure in BENCHMARKS.items() if only in name}
    if not chosen:
        print(f"no benchmark is called {only!r}; there are: {'; '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    others = json.loads(readme.RESULTS.read_text())["medians"] if only else {}
    table(measured(chosen, readme.RESULTS, others), {})
    readme.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
