"""Charts are drawn in a process of their own; one that fails or takes too long costs a picture and nothing else."""

from __future__ import annotations

import asyncio
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.chart import Chart
from bot.drawing import Artist

CHART = Chart(
    "Миграције $x$ – Μετανάστευση_", "stories a day", "In words.", (0, 3, 1), ((0, "7. $марта"), (2, "9 Mar"))
)


def draw(chart: Chart, **options: object) -> bytes | None:
    return asyncio.run(Artist(**options).draw(chart))  # type: ignore[arg-type]


def test_a_chart_is_a_png_of_its_size() -> None:
    drawn = draw(replace(CHART, title="x" * 200))
    assert drawn is not None
    assert struct.unpack(">II", drawn[16:24]) == (1040, 468)
    assert 5_000 < len(drawn) < 80_000


@pytest.mark.parametrize("options", [{"module": "bot.nothing_there"}, {"module": "this"}, {"seconds": 0.01}])
def test_what_cannot_be_drawn_is_none(options: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    assert draw(CHART, **options) is None
    assert "chart=" in caplog.text


def test_the_bot_itself_never_loads_what_draws() -> None:
    code = "import sys, bot.app, bot.drawing, handlers.registry as r; r.registry(); print('matplotlib' in sys.modules)"
    root = Path(__file__).parent.parent
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=root).stdout
    assert said.strip() == "False"
