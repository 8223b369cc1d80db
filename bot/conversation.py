"""A platform's conversations: what is heard is dispatched in order, and answered through the platform's sender."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from bot.app import App
from bot.core.errors import ChatGone, ChatMoved, DeliveryError, NoPermission, Rejected, Throttled, Unavailable
from bot.core.lanes import Lane
from bot.core.message import Message, plainer
from bot.core.model import Address
from bot.core.ports import Session
from bot.core.presence import leave, move, silence
from bot.jobs.sender import Sender
from bot.sources.network import Network
from handlers.request import Request
from handlers.task import Answer

log = logging.getLogger(__name__)

PAUSES = (1.0, 4.0, 15.0)
"""Seconds between two tries of an answer while the platform cannot be reached."""

Say = Callable[[Message], Awaitable[None]]
"""Brings an answer to whoever asked."""

ATTEMPTS = 6
"""Calls one answer may cost, whatever happens to them."""


class Conversation:
    """Answers requests of one platform; what is under way is waited for by `settled` and `close`."""

    def __init__(
        self,
        app: App,
        sender: Sender,
        network: Network,
        clock: Callable[[], datetime],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._app = app
        self._sender = sender
        self._network = network
        self._clock = clock
        self._pauses = pauses
        self._under_way: set[asyncio.Task[None]] = set()
        self._events: set[str] = set()

    async def hear(self, request: Request, place: str | None = None) -> None:
        """Returns when the request has taken effect; its answer, in `place` of a message where one is named, follows.

        A request that was acted on before does nothing.
        """
        if (answer := await self.taken(request)) is not None:
            self.later(self._reply(request, answer, place))

    async def taken(self, request: Request, ready: Answer | None = None) -> Answer | None:
        """The answer, when the request has taken effect, to be followed by `follow`; None for one acted on before.

        A `ready` answer is one to what is not to be carried out.
        """
        if request.event in self._events or await asyncio.to_thread(self._has_acted, request.event):
            return None
        if request.event:
            self._events.add(request.event)
        return ready or await asyncio.to_thread(self._app.answer, request)

    async def say(self, request: Request, message: Message) -> None:
        """Answers what was no command; once, as everything."""
        if not await asyncio.to_thread(self._has_acted, request.event):
            self.later(self._reply(request, Answer(message), None))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it beside everything else; what it raises is logged."""
        task = asyncio.ensure_future(_guarded(work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self, within: float) -> None:
        """Returns when nothing is under way, or after so many seconds."""
        if self._under_way:
            await asyncio.wait(tuple(self._under_way), timeout=within)

    async def close(self, within: float) -> None:
        """Gives up what is still under way after so many seconds."""
        await self.settled(within)
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _reply(self, request: Request, answer: Answer, place: str | None) -> None:
        await self.follow(
            request,
            answer,
            lambda message: self._send(request.address, message, place),
            lambda message: self._send(request.address, message, None),
        )

    async def follow(self, request: Request, answer: Answer, first: Say | None, then: Say) -> None:
        """Says it and, where there is more to do, what came of that; one who was stopped before begins again.

        `first` is None for an answer that was given already.
        """
        try:
            if first is not None and answer.message.blocks:
                await first(answer.message)
            if answer.task is not None:
                await then(await self._app.perform(answer.task, request, self._network))
        except Exception:
            log.exception("chat=%s answer=failed", request.address)
        if request.event:
            await asyncio.to_thread(self._acted, request.event)
            self._events.discard(request.event)

    async def tell(self, address: Address, message: Message) -> None:
        """Sends an answer, tried again and in plainer form as the platform would have it; what fails is logged."""
        await self._send(address, message, None)

    def _has_acted(self, event: str) -> bool:
        return bool(event) and self._app.store.read(lambda session: session.conversations.has_acted(event))

    def _acted(self, event: str) -> None:
        """What only reads is acted on when it is answered; what changes things was so with its change."""
        if not self._has_acted(event):
            now = self._clock()
            self._app.store.write(lambda session: session.conversations.acted(event, now))

    async def _send(self, address: Address, message: Message, place: str | None) -> None:
        """Sends an answer, in plainer form, to where the chat went, or later, as the platform would have it."""
        pauses = iter(self._pauses)
        for _ in range(ATTEMPTS):
            try:
                await self._call(address, message, place)
            except Rejected as error:
                if place is None and message.plain:
                    log.warning("chat=%s answer=rejected %s", address, error)
                    return
                message = message if place is not None else plainer(message)
                place = None
            except ChatMoved as error:
                await self._note(address, error)
                address = error.new
            except Unavailable as error:
                if (pause := next(pauses, None)) is None:
                    log.warning("chat=%s answer=unsent %s", address, error)
                    return
                await asyncio.sleep(pause)
            except (ChatGone, Throttled) as error:
                await self._note(address, error)
                return
            else:
                return

    async def _call(self, address: Address, message: Message, place: str | None) -> None:
        if place is None:
            await self._sender.answer(address, message)
        else:
            await self._sender.call(Lane.ANSWER, address, lambda: self._sender.messenger.edit(address, place, message))

    async def _note(self, address: Address, error: DeliveryError) -> None:
        """Records what an answer has taught about the chat."""
        now = self._clock()

        def work(session: Session) -> None:
            chat = session.chats.at(address)
            match error:
                case _ if chat is None:
                    return
                case ChatMoved(new=new):
                    move(session, chat.id, new)
                case NoPermission():
                    silence(session, chat.id, now, str(error))
                case ChatGone():
                    leave(session, chat.id, now, str(error))

        log.warning("chat=%s answer=%s", address, error)
        await asyncio.to_thread(self._app.store.write, work)


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("conversation=failed")
