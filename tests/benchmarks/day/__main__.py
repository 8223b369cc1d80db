"""The whole day, or so many of its articles: python -m tests.benchmarks.day [ARTICLES]."""

from __future__ import annotations

import sys

from tests.benchmarks.day.coming import A_DAY
from tests.benchmarks.day.measure import measure

if __name__ == "__main__":
    for name, value in measure(*(map(int, sys.argv[1:]) if len(sys.argv) > 1 else (A_DAY,))).items():
        print(f"{name:<88} {value:>14,.4f}")
