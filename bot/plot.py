"""`python -m bot.plot`: draws the chart on standard input (JSON) as a PNG on standard output, and is gone.

It is a process of its own because the library that draws takes seconds to load and 70 MB to hold, for a picture now and
then: `bot.drawing` starts it.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

WIDTH, HEIGHT, DOTS = 8.0, 3.6, 130
"""Inches, and dots an inch: 1040 by 468, which phones show without loss and which takes 20 kB."""

COLOR, PAPER, LINES = "#2f6f9f", "#ffffff", "#d9d9d9"
TITLE = 70
"""Characters of a title that fit."""


def draw(chart: dict[str, Any], out: BinaryIO) -> None:
    """Bars, a day each, under a title."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor=PAPER, layout="constrained")
    axes = figure.add_subplot()
    axes.bar(range(len(chart["counts"])), chart["counts"], width=0.8, color=COLOR)
    title = chart["title"] if len(chart["title"]) <= TITLE else chart["title"][: TITLE - 1] + "…"
    axes.set_title(title, loc="left", parse_math=False)
    axes.set_ylabel(chart["label"], parse_math=False)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.set_ylim(0, max(1, *chart["counts"]) * 1.05)
    axes.set_xticks([place for place, _ in chart["ticks"]], [name for _, name in chart["ticks"]], parse_math=False)
    axes.margins(x=0.01)
    axes.grid(axis="y", color=LINES, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    FigureCanvasAgg(figure).print_png(out)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.stdout.buffer)
