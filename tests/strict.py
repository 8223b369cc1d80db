"""A platform that enforces its rates to the message and fails as scripted; its clock is the running loop's."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.errors import Throttled
from bot.core.message import Message, to_text
from bot.core.model import Address
from bot.core.pacing import Rates
from bot.core.ports import Limits

PERMITTED = Rates(overall=30, chat=1, burst=3, group=20, chat_reserve=1, group_reserve=4)
"""What the platform below permits: exactly."""


@dataclass
class Enforcer:
    """30 messages in any second, 1 a second in a chat after a burst of 3, 20 in any minute in a group."""

    overall: int = 30
    chat_burst: float = 3
    group: int = 20
    last: deque[float] = field(default_factory=deque)
    chats: dict[str, tuple[float, float]] = field(default_factory=dict)
    groups: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def pause(self, chat: str, at: float) -> float:
        """0 and the message counts, or seconds until one would be accepted."""
        level, since = self.chats.get(chat, (self.chat_burst, at))
        level = min(self.chat_burst, level + at - since)
        pauses = [1 - level, self._window(self.last, self.overall, 1.0, at)]
        if chat.startswith("-"):
            pauses.append(self._window(self.groups[chat], self.group, 60.0, at))
        if (pause := max(pauses)) > 1e-6:
            return pause
        self.chats[chat] = (level - 1, at)
        self.last.append(at)
        if chat.startswith("-"):
            self.groups[chat].append(at)
        return 0.0

    @staticmethod
    def _window(times: deque[float], limit: int, length: float, at: float) -> float:
        while times and times[0] <= at - length + 1e-9:
            times.popleft()
        return times[0] + length - at if len(times) >= limit else 0.0


@dataclass
class StrictPlatform:
    """A messenger to such a platform.

    `script` holds what happens to the next calls: an error to raise, None for nothing unusual. `told` is (seconds,
    address, text) of what was accepted, `edited` (address, reference, text).
    """

    platform: str = "strict"
    limits: Limits = field(default_factory=lambda: Limits(edits=True, rates=PERMITTED))
    latency: float = 0.05
    script: list[Exception | None] = field(default_factory=list)
    gone: dict[str, Exception] = field(default_factory=dict)
    told: list[tuple[float, str, str]] = field(default_factory=list)
    edited: list[tuple[str, str, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)
    most_in_flight: int = 0
    keeping: bool = True
    enforcer: Enforcer = field(default_factory=Enforcer)

    async def send(self, address: Address, message: Message) -> str:
        """Accepts, or refuses as a strict server would."""
        await self._called(address)
        at = asyncio.get_running_loop().time()
        self.told.append((at, str(address), to_text(message) if self.keeping else ""))
        return str(len(self.told))

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """The same for a change of an earlier message."""
        await self._called(address)
        self.edited.append((str(address), reference, to_text(message)))

    async def _called(self, address: Address) -> None:
        self.in_flight[address.chat] += 1
        self.most_in_flight = max(self.most_in_flight, len(self.in_flight))
        assert self.in_flight[address.chat] == 1, "one message in flight a chat"
        try:
            self._judge(address)
            await asyncio.sleep(self.latency)
        finally:
            del self.in_flight[address.chat]

    def _judge(self, address: Address) -> None:
        """When a call arrives it is decided."""
        error = self.script.pop(0) if self.script else None
        error = error or self.gone.get(str(address))
        if error is None and (pause := self.enforcer.pause(address.chat, asyncio.get_running_loop().time())):
            error = Throttled(timedelta(seconds=pause))
        if error is not None:
            self.refused[type(error).__name__] += 1
            raise error
