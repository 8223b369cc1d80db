"""A platform's conversations: what is heard is dispatched in order, and answered through the platform's sender."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.app import App
from bot.core.buttons import Keep
from bot.core.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    NoPermission,
    Rejected,
    StoreFull,
    Throttled,
    Unavailable,
)
from bot.core.lanes import Lane
from bot.core.message import Actions, Code, Line, Message, Picks, filled, plainer
from bot.core.model import Address
from bot.core.ports import Session, Store
from bot.core.presence import leave, move, silence
from bot.core.words import Words
from bot.jobs.sender import Sender
from bot.owing import Heard, platform_of
from bot.sources.network import Network
from handlers.dispatch import forgets
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
        self._open: dict[str, Heard] = {}
        self._kept: set[str] = set()
        self._keeping = asyncio.Lock()

    async def hear(
        self,
        request: Request,
        place: str | None = None,
        *,
        answer_at: Address | None = None,
        heading: Line | None = None,
    ) -> None:
        """Returns when the request has taken effect; its answer, in `place` of a message where one is named, follows.

        A request that was acted on before does nothing; where that process did not come to answer, that it was is told.
        One that is answered in another chat, `answer_at`, has no buttons there, which would act on that chat.
        """
        heard = Heard(request, place, answer_at, heading)
        if (answer := await self._begun(heard)) is not None:
            self._answer(heard, answer)

    async def taken(self, request: Request, ready: Answer | None = None) -> Answer | None:
        """The answer, when the request has taken effect, to be followed by `follow`; None for one acted on before.

        A `ready` answer is one to what is not to be carried out.
        """
        return await self._begun(Heard(request), ready)

    async def _begun(self, heard: Heard, ready: Answer | None = None) -> Answer | None:
        request, event = heard.request, heard.request.event
        if event in self._open:
            return None
        if event:
            self._open[event] = heard
        acted, owed = await asyncio.to_thread(self._known, event)
        if acted and not owed:
            self._open.pop(event, None)
            return None
        if acted:
            return await asyncio.to_thread(self._carried_out, request)
        return ready or await asyncio.to_thread(self._app.answer, request)

    async def say(self, request: Request, message: Message) -> None:
        """Answers what was no command; once, as everything."""
        acted, _ = await asyncio.to_thread(self._known, request.event)
        if not acted:
            self._answer(Heard(request), Answer(message))

    async def keep(self) -> None:
        """Returns when what was heard and is not answered yet would be answered after a restart, too.

        On a full disk it is answered by this process or by none.
        """
        async with self._keeping:
            new = {event: kept_of(heard) for event, heard in self._open.items() if event not in self._kept}
            if not new:
                return
            now = self._clock()
            try:
                await asyncio.to_thread(
                    self._app.store.write, lambda session: session.conversations.keep_unanswered(new, now)
                )
            except StoreFull as full:
                log.warning("answers=unkept n=%d %s", len(new), full)
            else:
                self._kept.update(new)

    async def take_up(self) -> None:
        """Answers what an earlier process heard; of what it had carried out, that it had."""
        left = await asyncio.to_thread(self._app.store.read, lambda session: session.conversations.unanswered())
        for event, said in left.items():
            if platform_of(said) != self._sender.platform or event in self._open:
                continue
            try:
                heard = Heard.parse(said, self._clock())
            except (KeyError, TypeError, ValueError):  # another version of newsbell kept it
                log.warning("event=%s unreadable", event)
                continue
            self._open[event] = heard
            self._kept.add(event)
            acted, _ = await asyncio.to_thread(self._known, event)
            answering = self._carried_out if acted else self._app.answer
            self._answer(heard, await asyncio.to_thread(answering, heard.request))

    def _answer(self, heard: Heard, answer: Answer) -> None:
        request = heard.request
        if heard.answer_at is not None:
            request = replace(request, address=heard.answer_at)
            answer = Answer(_bare(answer.message, heard.heading), answer.task)
        self.later(self._reply(request, answer, heard.place))

    def _carried_out(self, request: Request) -> Answer:
        chat = self._app.store.read(lambda session: session.chats.at(request.address))
        words = Words((chat and chat.language) or "en")
        said = Line(filled(words.phrase("menus.carried_out"), command=Code(request.text)))
        return Answer(Message((said,)))

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
            async with self._keeping:
                with suppress(StoreFull):  # only whoever dies before it is confirmed may answer it again
                    await asyncio.to_thread(self._answered, request.event)
                self._open.pop(request.event, None)
                self._kept.discard(request.event)

    async def tell(self, address: Address, message: Message) -> None:
        """Sends an answer, tried again and in plainer form as the platform would have it; what fails is logged."""
        await self._send(address, message, None)

    def _known(self, event: str) -> tuple[bool, bool]:
        """Whether it was acted on, and whether its answer is owed."""
        if not event:
            return False, False
        return self._app.store.read(
            lambda session: (session.conversations.has_acted(event), session.conversations.owes_answer(event))
        )

    def _answered(self, event: str) -> None:
        """What only reads is acted on when it is answered; what changes things was so with its change."""
        now = self._clock()
        self._app.store.write(lambda session: session.conversations.answered(event, now))

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


def kept_of(heard: Heard) -> str:
    """What is kept of what was heard; of the wish to be forgotten nothing but that it waits."""
    return "" if forgets(heard.request.text) else str(heard)


def keeping_buttons(store: Store, clock: Callable[[], datetime]) -> Keep:
    """Keeps the commands of a platform's buttons that hold only a key."""

    async def keep(commands: Mapping[str, str]) -> None:
        now = clock()
        with suppress(StoreFull):  # the message is worth more than these buttons, which then say that they are too old
            await asyncio.to_thread(store.write, lambda session: session.conversations.keep_buttons(commands, now))

    return keep


def _bare(message: Message, heading: Line | None) -> Message:
    shown = tuple(block for block in message.blocks if not isinstance(block, Actions | Picks))
    return replace(message, blocks=shown if heading is None else (heading, *shown))


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("conversation=failed")
