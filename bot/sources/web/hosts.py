"""Politeness: one request in flight a host, a gap between two, pauses that a host asks for, and so many in all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.errors import RateLimited

AT_ONCE = 200
GAP_FOR = timedelta(seconds=2)
_PATIENCE = 10.0
"""Seconds of a pause that are waited out; of a longer one the caller is told, so that no worker is held."""
_SWEEP = 1_000
_BUSY, _LONG = 0.005, 0.012
"""Seconds one round of the event loop may take before no more requests are begun, and before fewer are in flight: two
hundred TLS handshakes that come to life in the same round would hold up everything else for a quarter of a second."""
_FEW, _ROUNDS = 32, 40
"""Requests in flight that always are bearable, and rounds after which one is begun however long they take."""
_MORE, _WAIT = 0.02, 0.05
"""How many more may be in flight after each request that was begun calmly, and seconds after which it is one more."""


@dataclass(slots=True)
class _Host:
    """A host's queue: `ready_at` and `paused_until` on the gate's clock; `wanted` counts who waits or is served."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready_at: float = 0.0
    paused_until: float = 0.0
    wanted: int = 0


class Gate:
    """Lets requests through, each host in order of arrival; `clock` gives seconds that never go back."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        gap_for: timedelta = GAP_FOR,
        at_once: int = AT_ONCE,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._gap = gap_for.total_seconds()
        self._places = asyncio.Semaphore(at_once)
        self._start = asyncio.Lock()
        self._at_once, self._in_flight = at_once, 0
        self._bearable = float(min(2 * _FEW, at_once))
        self._hosts: dict[str, _Host] = {}
        self._served = 0

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for the host's turn and for a place, in this order, so that nobody who waits for a host takes a place.

        RateLimited when the host has asked for a pause that is still long.
        """
        entry = self._hosts.setdefault(host, _Host())
        entry.wanted += 1
        try:
            async with entry.turn:
                await self._readiness(entry, host)
                async with self._places:
                    await self._calm()
                    self._in_flight += 1
                    try:
                        yield
                    finally:
                        self._in_flight -= 1
                        entry.ready_at = self._clock() + self._gap
        finally:
            entry.wanted -= 1
            self._sweep()

    def pause(self, host: str, pause_for: timedelta) -> None:
        """The host has asked to be left alone so long: nothing on it is asked before (RFC 9110, 10.2.3)."""
        entry = self._hosts.setdefault(host, _Host())
        entry.paused_until = max(entry.paused_until, self._clock() + pause_for.total_seconds())

    async def _readiness(self, entry: _Host, host: str) -> None:
        while (left := max(entry.ready_at, entry.paused_until) - self._clock()) > 0:
            if left > self._gap + _PATIENCE:
                raise RateLimited(f"{host} asked for a pause", timedelta(seconds=left))
            await self._sleep(left)

    async def _calm(self) -> None:
        """Begins one request a round of the event loop, none while a round takes long, and learns how many it bears."""
        async with self._start:
            for _ in range(_ROUNDS):
                began = self._clock()
                await asyncio.sleep(0)
                took = self._clock() - began
                if took >= _LONG:
                    self._bearable = max(self._bearable / 2, _FEW)
                elif took < _BUSY and self._in_flight < self._bearable:
                    self._bearable = min(self._bearable + _MORE, self._at_once)
                    return
                elif took < _BUSY:
                    await self._sleep(_WAIT)
                    self._bearable = min(self._bearable + 1, self._at_once)

    def _sweep(self) -> None:
        """Forgets hosts that nobody waits for and that owe no wait, now and then."""
        self._served += 1
        if self._served % _SWEEP == 0:
            now = self._clock()
            gone = [
                host
                for host, entry in self._hosts.items()
                if not entry.wanted and max(entry.ready_at, entry.paused_until) <= now
            ]
            for host in gone:
                del self._hosts[host]
