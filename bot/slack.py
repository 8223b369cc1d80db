"""Slack beside the other platforms: what comes in goes through dispatch, what is due leaves through its sender."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.app import App
from bot.conversation import Conversation, Say, keeping_buttons
from bot.core.buttons import read
from bot.core.errors import ConfigError, UserError
from bot.core.message import Line, Message, Strong, filled, line
from bot.core.model import Address, Chat
from bot.core.ports import Session
from bot.core.presence import stand
from bot.core.words import Words, language_of
from bot.core.zones import zone
from bot.jobs.sender import Sender
from bot.menus import verbs
from bot.slack_home import Home
from bot.slack_owing import Owing, Told
from bot.slack_replies import Replies
from bot.sources.network import Network
from handlers.dispatch import changes
from handlers.door import brought
from handlers.locking import NAME as LOCK
from handlers.request import Request
from handlers.slack.client import Client
from handlers.slack.events import Changed, Ended, Happening, Heard, HomeOpened, Opens, Standing, Submitted
from handlers.slack.inbound import Inbound
from handlers.slack.messenger import PLATFORM, TOKEN, SlackMessenger
from handlers.slack.problems import USELESS, TokenRefused
from handlers.slack.rooms import Profile, Rooms
from handlers.slack.socket import PAUSES
from handlers.slack.spoken import Speech
from handlers.task import Answer

log = logging.getLogger(__name__)

ACKED_WITHIN = 2.0
"""Seconds within which everything is acknowledged: Slack waits for three, and messages travel."""

KEPT_WITHIN = 0.7
"""Seconds more that keeping it may take before that."""

Taken = tuple[Heard, Request, Answer]
"""What was heard, as it turned out to be meant, and what came of it."""

CLOSED_WITHIN = 5.0
"""Seconds that answers get when the bot stops."""


class Slack:
    """The bot of one workspace; nothing is claimed for it but while it `is_up`."""

    platform = PLATFORM

    def __init__(
        self,
        app: App,
        network: Network,
        say: Callable[[str], None],
        clock: Callable[[], datetime],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        settings = app.settings
        self._app = app
        self._say = say
        self._clock = clock
        self._client = Client(settings.slack_token, settings.slack_api)
        speech = Speech(settings.slack_command, frozenset(verbs()))
        messenger = SlackMessenger(
            self._client, speech, keeping_buttons(app.store, clock), self._refuse, Told(app.store, clock)
        )
        self._inbound = Inbound(self._client, settings.slack_app_token, speech, self.act, say, pauses)
        self._rooms = Rooms(self._client)
        self.sender = Sender(messenger)
        messenger.spent = lambda address: self.sender.pace.spend(address.chat, asyncio.get_running_loop().time())
        self._conversation = Conversation(app, self.sender, network, clock, pauses[:3])
        self._replies = Replies(self._client, messenger, self.sender, self._conversation, self._rooms.own)
        self._owing = Owing(app.store, clock)
        self._home = Home(app, self._client, messenger, self._rooms, self._conversation, self._owing, clock)
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        self._refusal = ""
        self._over = asyncio.Event()
        self._is_accepted = False

    @property
    def is_up(self) -> bool:
        """Whether Slack has accepted the tokens and can be reached: an outage uses up no message's tries."""
        return self._is_accepted and self._inbound.reaches

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop` is set; ConfigError when Slack has no use for a token."""
        self._over.clear()
        stopping = asyncio.ensure_future(_set_after(stop, self._over))
        try:
            await self._inbound.run(self._over, self._ready)
        except TokenRefused as refused:
            self._refusal = str(refused)
        finally:
            stopping.cancel()
            self._is_accepted = False
            await self._conversation.close(CLOSED_WITHIN)
        if self._refusal and not stop.is_set():
            raise ConfigError(f"Slack: {self._refusal}")

    async def close(self) -> None:
        """Closes its connections, when nothing is sent any more."""
        await self._client.close()

    async def settled(self, within: float) -> None:
        """Returns when every answer has left, or after so many seconds."""
        await self._conversation.settled(within)

    async def act(self, happening: Happening) -> dict[str, Any] | None:
        """Carries it out; what goes with its acknowledgement. What fails is logged, and acknowledged all the same."""
        try:
            match happening:
                case Heard():
                    return await self._heard(happening)
                case Standing():
                    self._rooms.now_here(happening.chat, happening.here)
                    await self._stood(happening)
                case Changed():
                    self._rooms.forget(happening.chat)
                case HomeOpened():
                    self._rooms.own[happening.channel] = happening.user
                    if happening.home:
                        self._conversation.later(self._home.show(happening.user))
                case Opens():
                    self._conversation.later(self._home.open(happening))
                case Submitted():
                    return await self._home.take(happening)
                case Ended():
                    self._refuse(USELESS[happening.error].format(name=TOKEN, needed=""))
        except Exception:
            log.exception("slack=failed %s", type(happening).__name__)
        return None

    async def _heard(self, heard: Heard) -> dict[str, Any] | None:
        """Answers within the time for an acknowledgement, else acknowledges first and answers when it can."""
        self._meet(heard)
        work = asyncio.ensure_future(self._taken(heard))
        done, _ = await asyncio.wait({work}, timeout=ACKED_WITHIN)
        if not done:
            self._conversation.later(self._late(work, await self._keeping(heard)))
            return None
        return await self._answered(work.result())

    async def _answered(self, taken: Taken | None) -> dict[str, Any] | None:
        """Brings the answer, or returns it where the acknowledgement can hold it."""
        if taken is None:
            return None
        heard, _, answer = taken
        ack, bring = await self._replies.acknowledgement(heard, answer.message), self._bringing(heard)
        owed = ack is None or answer.task is not None
        keeping = await self._keeping(heard) if owed else None
        self._conversation.later(self._follow(taken, keeping, None if ack else bring, bring))
        if not heard.reply.channel:  # it was pressed on the page
            self._conversation.later(self._home.show(heard.reply.user))
        return ack

    async def _keeping(self, heard: Heard) -> asyncio.Future[None]:
        """Keeps what is acknowledged and not answered yet; a store that is busy does not hold up that it is."""
        keeping = asyncio.ensure_future(self._owing.keep(heard))
        await asyncio.wait({keeping}, timeout=KEPT_WITHIN)
        return keeping

    async def _follow(self, taken: Taken, keeping: asyncio.Future[None] | None, first: Say | None, then: Say) -> None:
        """Answers when it is kept that it has to be: that it was answered must not be noted before."""
        if keeping is not None:
            await keeping
        _, request, answer = taken
        await self._conversation.follow(request, answer, first, then)

    async def _late(self, work: asyncio.Task[Taken | None], keeping: asyncio.Future[None] | None = None) -> None:
        """What took too long is answered past its acknowledgement."""
        if (taken := await work) is not None:
            heard = taken[0]
            bring = self._bringing(replace(heard, reply=replace(heard.reply, acks=False)))
            await self._follow(taken, keeping, bring, bring)

    def _meet(self, heard: Heard) -> None:
        """Whose conversation with the bot this is; of a slash command in a direct message nobody knows."""
        if heard.private and heard.reply.channel.startswith("D") and not heard.reply.acks:
            self._rooms.own[heard.reply.channel] = heard.reply.user

    async def _take_up(self) -> None:
        """Answers what an earlier process was told; of what it had carried out, that it had."""
        left = await self._owing.left()
        for heard in left:
            self._meet(heard)
        await asyncio.gather(*(self._late(asyncio.ensure_future(self._taken(heard))) for heard in left))

    def _bringing(self, heard: Heard) -> Say:
        async def bring(message: Message) -> None:
            await self._replies.bring(heard, message)

        return bring

    async def _taken(self, heard: Heard) -> Taken | None:
        """What was heard, its request and its answer, when it has taken effect; None for one acted on before."""
        async with self._turn(str(heard.address)):
            profile = await self._profile(heard)
            words, text, in_place = await asyncio.to_thread(self._met, heard, profile)
            heard = replace(heard, reply=replace(heard.reply, replaces=in_place))
            request = await self._request(heard, text or "", profile)
            refusal = await self._refusal_of(heard, text, words, request)
            if refusal is None and changes(request.text):
                await self._owing.keep(heard)
            answer = await self._conversation.taken(request, None if refusal is None else Answer(Message((refusal,))))
            return None if answer is None else (heard, request, answer)

    async def _request(self, heard: Heard, text: str, profile: Profile | None) -> Request:
        """What is said, with what whoever says it may do there."""
        speaker = Address(PLATFORM, heard.reply.user)
        admin, may_change, rules = self._app.is_admin(speaker), True, False
        if not heard.private and changes(text):
            locked = await asyncio.to_thread(self._app.store.read, lambda session: _locked(session, heard.address))
            if locked or LOCK in text.casefold():
                rules = admin or (await self._rooms.profile(heard.reply.user)).is_admin
            may_change = rules or not locked
        name, language = (profile.name, profile.locale) if profile else ("", "")
        return Request(
            heard.address, text, self._clock(), admin, name, heard.event, speaker, may_change,
            shared=not heard.private, rules=rules, title=heard.title, language=language, pictures=True,
        )  # fmt: skip

    async def _refusal_of(self, heard: Heard, text: str | None, words: Words, request: Request) -> Line | None:
        """Why it is not carried out: its button is too old, or nothing could ring where the bot is not."""
        if text is None:
            return line(words.say("error.old_button"))
        if heard.private or not changes(text) or await self._rooms.holds_bot(heard.address.chat):
            return None
        if not await asyncio.to_thread(self._app.hears, heard.address, request.admin):
            return None  # which is told first
        return Line(filled(words.phrase("slack.invite"), invite=Strong(f"/invite @{self._inbound.name}")))

    async def _profile(self, heard: Heard) -> Profile | None:
        """The profile of whoever writes in their own conversation for the first time, or asks to be let in."""
        if not heard.private:
            return None
        known = await asyncio.to_thread(self._knows, heard.address)
        return None if known else await self._rooms.profile(heard.reply.user)

    def _knows(self, address: Address) -> bool:
        chat = self._app.store.read(lambda session: session.chats.at(address))
        return chat is not None and self._app.hears(address, self._app.is_admin(address))

    def _met(self, heard: Heard, profile: Profile | None) -> tuple[Words, str | None, bool]:
        """The chat's words, what is said, and whether its answer takes the place of the message it was pressed under.

        What is said is a long button's command, None for one that is not kept any more.

        A person who is met for the first time has the time zone and, where we speak it, the language of their profile.
        """
        key, now, text = heard.button_key, self._clock(), heard.text
        if key is not None:
            text = self._app.store.write(lambda session: session.conversations.button(key, now)) or ""
        chat = self._app.store.read(lambda session: session.chats.at(heard.address))
        admin = self._app.is_admin(Address(PLATFORM, heard.reply.user))
        if chat is None and profile is not None and self._app.hears(heard.address, admin):
            chat = self._app.store.write(lambda session: _greeted(session, heard.address, profile, now))
        words = Words((chat and chat.language) or "en")
        if key is not None and not text:
            return words, None, False
        said, in_place = read(text) if heard.pressed else (text, False)
        return words, said, in_place

    async def _stood(self, standing: Standing) -> None:
        """The channel pauses or goes on; one that the bot may not be used in is told what will happen."""
        if standing.here and standing.by is not None:
            title = await self._rooms.title(standing.chat)
            admin, place = self._app.is_admin(standing.by), Address(PLATFORM, standing.chat)
            request = Request(place, "", self._clock(), admin, event=standing.event, speaker=standing.by, title=title)
            if refused := await asyncio.to_thread(brought, request, self._app.services):
                await self._conversation.say(request, refused)
        await asyncio.to_thread(self._app.store.write, lambda session: self._stands(session, standing))

    def _stands(self, session: Session, standing: Standing) -> None:
        if standing.here and not self._app.door.admits(session, Address(PLATFORM, standing.chat)):
            return
        now = self._clock()
        stand(session, PLATFORM, standing.chat, now, here=standing.here, reason=standing.reason, by=standing.by)

    def _ready(self) -> None:
        self._is_accepted = True
        self._conversation.later(self._take_up())
        self._say(f"Slack: listening as @{self._inbound.name}")

    def _refuse(self, said: str) -> None:
        """Slack has no use for the token any more."""
        self._refusal = said
        self._over.set()

    @asynccontextmanager
    async def _turn(self, chat: str) -> AsyncIterator[None]:
        """What is said in a chat is carried out in order."""
        lock, users = self._turns.get(chat, (asyncio.Lock(), 0))
        self._turns[chat] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._turns.pop(chat)
            if users > 1:
                self._turns[chat] = (lock, users - 1)


async def _set_after(stop: asyncio.Event, over: asyncio.Event) -> None:
    await stop.wait()
    over.set()


def _locked(session: Session, address: Address) -> bool:
    chat = session.chats.at(address)
    return chat is not None and session.rules.is_locked(chat.id)


def _greeted(session: Session, address: Address, profile: Profile, now: datetime) -> Chat:
    """The person's chat, as their profile has it."""
    chat = session.chats.ensure(address, now)
    with suppress(UserError):  # of a zone we do not know
        chat = replace(chat, timezone=zone(profile.timezone) if profile.timezone else None)
    language = language_of(profile.locale)
    chat = replace(chat, language=language if language != "en" else None)
    session.chats.save(chat)
    return chat
