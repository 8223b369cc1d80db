"""Attending: systemd, where it started this process, is told that it serves, that it is well, and that it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.core.stopping import unless
from bot.jobs.sender import Sender
from bot.monitor.systemd import Systemd
from bot.monitor.watching import Watching

READY_WITHIN = 30.0
"""Seconds after which it is ready also where no platform can be reached: it serves as soon as one can."""

LOOKED_FOR = 0.2
"""Seconds between two looks whether a platform listens yet."""


class Platform(Protocol):
    """What is looked at of a chat platform."""

    platform: str
    sender: Sender

    @property
    def is_up(self) -> bool: ...


async def attend(systemd: Systemd, watching: Watching, platforms: Sequence[Platform], stop: asyncio.Event) -> None:
    """Says READY once a platform listens, feeds the watchdog while nothing hangs, and says STOPPING once `stop` is set.

    A loop that does not turn feeds nothing. What stalls and no restart would cure (no room, no network) is told in the
    status line only: being restarted again and again would help nobody.
    """
    await unless(stop, _ready(platforms))
    first: tuple[str, ...] = ("READY=1",)
    while not stop.is_set():
        hanging = await watching.hangs(_open_to(platforms))
        standing = hanging or await watching.stalls() or [_serving(platforms)]
        if not stop.is_set():
            systemd.tell(*first, *([] if hanging else ["WATCHDOG=1"]), status="; ".join(standing))
        first = ()
        await unless(stop, asyncio.sleep(systemd.every))
    systemd.tell("STOPPING=1", status="stopping: what is under way comes to its end")


async def _ready(platforms: Sequence[Platform]) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + READY_WITHIN
    while loop.time() < until and not any(platform.is_up for platform in platforms):
        await asyncio.sleep(LOOKED_FOR)


def _open_to(platforms: Sequence[Platform]) -> Callable[[str], bool]:
    """Whether a platform is up and asks for no pause: what is not sent to it then is our own doing."""
    at = asyncio.get_running_loop().time()
    taking = {each.platform for each in platforms if each.is_up and not each.sender.pace.stopped(at)}
    return taking.__contains__


def _serving(platforms: Sequence[Platform]) -> str:
    up = [platform.platform.capitalize() for platform in platforms if platform.is_up]
    down = [platform.platform.capitalize() for platform in platforms if not platform.is_up]
    parts = [f"serving {', '.join(up)}"] if up else []
    parts += [f"{', '.join(down)} cannot be reached"] if down else []
    return "; ".join(parts)
