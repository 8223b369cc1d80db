"""Drawing charts in a process that lives as long as one takes, one at a time: the bot itself stays small."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import asdict

from bot.core.chart import Chart

log = logging.getLogger(__name__)

SECONDS = 30.0
"""How long a chart may take: two seconds mostly, one of them to look for fonts."""

_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ", "SYSTEMROOT")
"""What the process is told of the environment: no secret is in it."""

_PNG = b"\x89PNG\r\n\x1a\n"


class Artist:
    """Draws charts for one event loop; `module` is what is run."""

    def __init__(self, module: str = "bot.plot", seconds: float = SECONDS) -> None:
        self._module = module
        self._seconds = seconds
        self._free = asyncio.Semaphore(1)

    async def draw(self, chart: Chart) -> bytes | None:
        """The chart as a PNG; None where it could not be drawn, which the log says."""
        async with self._free:
            with tempfile.TemporaryDirectory(prefix="newsbell-") as folder:
                return await self._run(chart, folder)

    async def _run(self, chart: Chart, folder: str) -> bytes | None:
        given = json.dumps(asdict(chart), default=str).encode()
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        env = {**kept, "HOME": folder, "MPLCONFIGDIR": folder, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": _root()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=env
        )
        try:
            drawn, _ = await asyncio.wait_for(process.communicate(given), self._seconds)
        except TimeoutError:
            log.warning("chart=late seconds=%s", self._seconds)
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode or not drawn.startswith(_PNG):
            log.warning("chart=failed code=%s", process.returncode)
            return None
        return drawn


def _root() -> str:
    """Where this package is, for an installation that is only a folder."""
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
