"""The sender: owns every call one token makes, so that its pace is ours and an answer never waits behind deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from bot.core.errors import Throttled, Unavailable
from bot.core.lanes import Lane, Queue
from bot.core.message import Message
from bot.core.model import Address
from bot.core.pacing import Pace
from bot.core.ports import Messenger
from bot.core.vitals import Calls

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds a delivery waits for a chat or token that was stopped; what would wait longer is better kept in the store."""

ANSWER_PATIENCE = 120.0
"""Seconds an answer waits: somebody has asked, and nothing but we remember it."""

ANSWER_TRIES = 3
"""How often an answer is sent that the platform throttles."""


@dataclass(eq=False)
class Ticket:
    """A call that waits for its turn."""

    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Sender:
    """Sends to one platform with one token: at its pace, answers first, one message in flight a chat."""

    def __init__(self, messenger: Messenger) -> None:
        self.messenger = messenger
        self.pace = Pace(messenger.limits.rates)
        self.calls = Calls()
        self._queue: Queue[Ticket] = Queue()
        self._busy: set[str] = set()
        self._delivering = 0
        self._under_way: set[asyncio.Timeout] = set()
        self._flushed = False
        self._timer: asyncio.Handle | None = None
        self._timer_at = 0.0

    @property
    def platform(self) -> str:
        """The platform it sends to."""
        return self.messenger.platform

    async def answer(self, address: Address, message: Message) -> str:
        """Sends what somebody waits for, before everything else; raises DeliveryError, Throttled only after a while."""
        for attempt in range(1, ANSWER_TRIES + 1):
            try:
                return await self.call(Lane.ANSWER, address, lambda: self.messenger.send(address, message))
            except Throttled:
                if attempt == ANSWER_TRIES:
                    raise
        raise AssertionError("unreachable")

    async def call(self, lane: Lane, address: Address, make: Callable[[], Awaitable[T]]) -> T:
        """Makes a call of the platform when it is its turn; raises what the call raises.

        Throttled is raised without a call (its `asked` is False) when the chat or the token is stopped for long.
        """
        if self._flushed and lane is not Lane.ANSWER:
            raise Throttled(timedelta(0), asked=False)
        ticket, asked_at = Ticket(), _now()
        self._queue.add(lane, address.chat, ticket)
        self._turn_back_if_long(lane, address.chat, ticket, _now())
        self._pump()
        try:
            await ticket.turn
        except BaseException:
            if not self._queue.remove(lane, address.chat, ticket) and _granted(ticket):
                self._release(lane, address.chat)
            raise
        self.calls.waited.observe(_now() - asked_at)
        try:
            return await self._timed(lane, make)
        except Throttled as error:
            self._throttled(address.chat, error)
            raise
        finally:
            self._release(lane, address.chat)

    async def _timed(self, lane: Lane, make: Callable[[], Awaitable[T]]) -> T:
        begun_at = _now()
        try:
            made = await (make() if lane is Lane.ANSWER else self._abandonable(make))
        except Exception as error:
            self.calls.ended(lane, begun_at, _now(), type(error).__name__)
            raise
        self.calls.ended(lane, begun_at, _now())
        return made

    async def _abandonable(self, make: Callable[[], Awaitable[T]]) -> T:
        """What the call returns; Unavailable once it is abandoned: whether the platform took it, nobody knows."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._under_way.add(limit)
                return await make()
        except TimeoutError as error:
            if limit.expired():
                raise Unavailable("newsbell was stopped before there was an answer") from error
            raise
        finally:
            self._under_way.discard(limit)

    def abandon(self) -> None:
        """Waits for the answer to no delivery any more: those that are under way end as Unavailable."""
        for limit in self._under_way:
            limit.reschedule(_now())

    def permits(self, address: Address, at: float) -> bool:
        """Whether a delivery to the chat would leave as soon as the platform's overall rate lets it.

        `at` is the loop's time: other threads may ask.
        """
        chat = address.chat
        if chat in self._busy or self._queue.holds(chat):
            return False
        return not self.pace.chat_pause(chat, at) and not self.pace.stopped(at)

    def stop(self, pause: timedelta) -> None:
        """Nothing leaves for so long (a stop of the whole token that was remembered)."""
        self.pace.stop(_now() + pause.total_seconds())

    def flush(self) -> None:
        """Turns back every delivery that has not left or comes now, with Throttled: the process is about to end."""
        self._flushed = True
        for lane, chat, ticket in list(self._queue):
            if lane is not Lane.ANSWER:
                self._refuse(lane, chat, ticket, 0.0)

    def _pump(self) -> None:
        """Lets go whatever may leave now, and comes back when the next one may."""
        at = _now()
        while len(self._queue) and not self.pace.pause(at):
            picked = self._queue.pick(lambda lane, chat: self._ready(lane, chat, at))
            if picked is None:
                break
            lane, chat, ticket = picked
            if ticket.turn.done():  # cancelled, and about to say so
                continue
            self.pace.spend(chat, at)
            if lane is Lane.EDIT:
                self._spend_edit(at)
            self._busy.add(chat)
            self._delivering += lane is not Lane.ANSWER
            ticket.turn.set_result(None)
        self._come_back(at)

    def _spend_edit(self, at: float) -> None:
        """One edit less may leave; those that would have to wait hold up nothing else for their chats."""
        self.pace.spend_edit(at)
        if self.pace.edit_pause(at):
            for lane, chat, ticket in list(self._queue):
                if lane is Lane.EDIT:
                    self._turn_back_if_long(lane, chat, ticket, at)

    def _come_back(self, at: float) -> None:
        """Looks again when something may leave; while the whole token waits nobody else need be asked."""
        pause = self.pace.pause(at) if len(self._queue) else None
        if pause == 0:
            pause = self._next_pause(at)
        if self._timer is not None:
            if pause is not None and abs(self._timer_at - at - pause) < 1e-9:
                return
            self._timer.cancel()
        # A loop may give a handle that knows no time for what it calls at once (uvloop, below half a millisecond).
        self._timer = None if pause is None else asyncio.get_running_loop().call_later(pause, self._wake)
        self._timer_at = 0.0 if pause is None else at + pause

    def _wake(self) -> None:
        self._timer = None
        self._pump()

    def _ready(self, lane: Lane, chat: str, at: float) -> bool:
        answer = lane is Lane.ANSWER
        if chat in self._busy or (not answer and self._delivering >= self.pace.rates.in_flight):
            return False
        return not self.pace.chat_pause(chat, at, answer=answer)

    def _next_pause(self, at: float) -> float | None:
        """Seconds until something that waits may leave; None when only an answer from the platform can change that."""
        full = self._delivering >= self.pace.rates.in_flight
        pauses = (
            self.pace.chat_pause(chat, at, answer=lane is Lane.ANSWER)
            for lane, chat, _ in self._queue
            if chat not in self._busy and (lane is Lane.ANSWER or not full)
        )
        return min(pauses, default=None)

    def _release(self, lane: Lane, chat: str) -> None:
        self._busy.discard(chat)
        self._delivering -= lane is not Lane.ANSWER
        with suppress(RuntimeError):  # the loop is closing
            self._pump()

    def _throttled(self, chat: str, error: Throttled) -> None:
        """Heeds the pause; what would wait too long for it is turned back."""
        at = _now()
        self.pace.throttled(chat, error.retry_after.total_seconds(), at, everyone=error.everyone)
        error.everyone = error.everyone or self.pace.stopped(at) > 0
        for lane, waiting, ticket in list(self._queue):
            self._turn_back_if_long(lane, waiting, ticket, at)

    def _turn_back_if_long(self, lane: Lane, chat: str, ticket: Ticket, at: float) -> None:
        answer = lane is Lane.ANSWER
        pause = max(self.pace.stopped(at), self.pace.chat_pause(chat, at, answer=answer))
        if lane is Lane.EDIT and (later := self.pace.edit_pause(at)):
            self._refuse(lane, chat, ticket, max(pause, later))
            return
        if pause > (ANSWER_PATIENCE if answer else PATIENCE):
            self._refuse(lane, chat, ticket, pause)

    def _refuse(self, lane: Lane, chat: str, ticket: Ticket, pause: float) -> None:
        if self._queue.remove(lane, chat, ticket) and not ticket.turn.done():
            ticket.turn.set_exception(Throttled(timedelta(seconds=pause), asked=False))


def _granted(ticket: Ticket) -> bool:
    return ticket.turn.done() and not ticket.turn.cancelled() and ticket.turn.exception() is None


def _now() -> float:
    """The running loop's clock, which never goes back."""
    return asyncio.get_running_loop().time()
