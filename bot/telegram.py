"""Telegram beside the other platforms: what comes in goes through dispatch, what is due leaves through its sender."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.app import App
from bot.conversation import Conversation, keeping_buttons
from bot.core.access import LINK
from bot.core.errors import ConfigError, SourceError
from bot.core.message import Line, Message, line
from bot.core.model import Address
from bot.core.ports import Session
from bot.core.presence import move, stand
from bot.core.words import Words, language_of
from bot.elsewhere import Elsewhere
from bot.jobs.sender import Sender
from bot.menus import menu, verbs
from bot.sources.network import Network
from handlers.dispatch import changes
from handlers.door import brought, turned_away
from handlers.request import Request
from handlers.telegram.buttons import answer_press, read
from handlers.telegram.client import client
from handlers.telegram.files import LARGEST, fetched
from handlers.telegram.inbound import PAUSES, Polling, TokenRefused
from handlers.telegram.inline import answer_asked, articles, has_more
from handlers.telegram.menu import Menu, OwnMenus, register
from handlers.telegram.messenger import PLATFORM, TelegramMessenger
from handlers.telegram.rights import Rights
from handlers.telegram.updates import AdminsChanged, Asked, Handed, Happening, Heard, Moved, Picked, Standing

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Chats whose commands are carried out at the same time."""

ANSWERED_WITHIN = 0.3
"""Seconds that answers get before the next commands are asked for; a chat that must wait longer holds up nobody."""

CLOSED_WITHIN = 5.0
"""Seconds that answers get when the bot stops."""

REFUSED = 10
"""Lines of a list that are named because they could not be taken."""

SHARED = Address(PLATFORM, "inline")
"""In whose settings a person searches who has no chat with the bot: nobody's, which are the defaults."""

MENU_LANGUAGES = ("", "sr", "hr", "bs")
"""Whose menus are set: everybody else's is English."""


class Telegram:
    """The bot of one token; nothing is claimed for it but while it `is_up`."""

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
        self._bot = client(settings.telegram_token, settings.telegram_api)
        self._polling = Polling(self._bot, self.act, say, verbs(), pauses)
        self._rights = Rights(self._bot)
        self.sender = _sender(TelegramMessenger(self._bot, keeping_buttons(app.store, clock)))
        self._conversation = Conversation(app, self.sender, network, clock, pauses[:3])
        self._elsewhere = Elsewhere(app, self._rights, self._conversation)
        own = {language: menu(words, admin=True) for language, words in _spoken().items()}
        self._own_menus = OwnMenus(self._bot, own)
        self._is_accepted = False

    @property
    def is_up(self) -> bool:
        """Whether Telegram has accepted the token and can be reached: an outage uses up no message's tries."""
        return self._is_accepted and self._polling.reaches

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop` is set; ConfigError when the token is refused."""
        try:
            if await self._polling.connect(stop):
                self._is_accepted = True
                await asyncio.to_thread(self._remember_link)
                self._conversation.later(self._set_menus())
                self._conversation.later(self._conversation.take_up())
                self._say(f"Telegram: listening as @{self._bot.username}")
                await self._polling.run(stop)
        except TokenRefused:
            raise ConfigError(
                "Telegram refuses the token; take it anew from @BotFather and set TELEGRAM_BOT_TOKEN"
            ) from None
        finally:
            self._is_accepted = False
            await self._conversation.close(CLOSED_WITHIN)

    async def close(self) -> None:
        """Closes its connections, when nothing is sent any more."""
        await self._bot.shutdown()

    async def settled(self, within: float) -> None:
        """Returns when every answer has left, or after so many seconds."""
        await self._conversation.settled(within)

    async def act(self, happenings: Sequence[Happening]) -> None:
        """Carries everything out, in order within a chat, and waits a little for the answers."""
        chats: dict[str, list[Happening]] = {}
        for happening in happenings:
            chats.setdefault(_chat(happening), []).append(happening)
        room = asyncio.Semaphore(AT_ONCE)

        async def in_order(entries: list[Happening]) -> None:
            async with room:
                for entry in entries:
                    await self._one(entry)

        await asyncio.gather(*map(in_order, chats.values()))
        await self._conversation.settled(ANSWERED_WITHIN)
        await self._conversation.keep()

    async def _one(self, happening: Happening) -> None:
        """One that fails is logged, and confirmed all the same: it would fail again."""
        try:
            match happening:
                case Heard():
                    await self._heard(happening)
                case Standing():
                    self._rights.forget(happening.chat)
                    await self._stood(happening)
                case Moved():
                    await asyncio.to_thread(self._app.store.write, lambda session: _moved(session, happening))
                case AdminsChanged():
                    self._rights.forget(happening.chat)
                case Asked():
                    await self._asked(happening)
                case Handed():
                    await self._handed(happening)
                case Picked():
                    await self._elsewhere.give(happening, self._clock())
        except Exception:
            log.exception("chat=%s update=failed", _chat(happening))

    async def _heard(self, heard: Heard) -> None:
        speaker = None if heard.user is None else Address(PLATFORM, str(heard.user))
        admin = speaker is not None and self._app.is_admin(speaker)
        words, said, hears = await asyncio.to_thread(self._met, heard, admin)
        text, in_place = (said, False) if said is None or heard.press is None else read(said)
        if text is None:
            await self._answer_press(heard, words.say("error.old_button"))
            return
        may_change = admin or heard.private or heard.rules or not hears or not changes(text)
        if not may_change and heard.user is not None:
            may_change = await self._rights.rules(heard.address.chat, heard.user)
        if heard.press is not None and not may_change:
            await self._answer_press(heard, words.say("error.chat_admins"))
            return
        if heard.press is not None:
            self._conversation.later(answer_press(self._bot, heard.press))
        request = Request(
            heard.address,
            text,
            self._clock(),
            admin,
            heard.name,
            heard.event,
            speaker,
            may_change,
            title=heard.title,
            language=heard.language,
            picks=heard.private,
            pictures=True,
        )
        await self._conversation.hear(request, heard.pressed if in_place else None)
        if admin and heard.private:
            self._conversation.later(self._own_menus.set(heard.address.chat))

    async def _set_menus(self) -> None:
        """Sets everybody's menu, then those of the bot's admins."""
        await register(self._bot, _menus())
        for admin in sorted(self._app.admins, key=str):
            if admin.platform == PLATFORM and admin.chat.isdecimal():
                await self._own_menus.set(admin.chat)

    async def _asked(self, asked: Asked) -> None:
        """Searches as that person would in their own chat, if there is one; nobody becomes a chat by it."""
        text = f"/search {asked.text} page:{asked.page}" if asked.page > 1 else f"/search {asked.text}"
        own = Address(PLATFORM, asked.user)
        chat = await asyncio.to_thread(self._app.store.read, lambda session: session.chats.at(own))
        address = SHARED if chat is None or chat.is_away else own
        found: Message | None = None
        hears = await asyncio.to_thread(self._app.hears, own, self._app.is_admin(own))
        if asked.text and hears:
            # Whoever types is let in, whether or not in the name of the chat that is searched for.
            request = Request(address, text, self._clock(), admin=True, metered=False)
            found = (await asyncio.to_thread(self._app.answer, request)).message
        more = asked.page + 1 if found is not None and has_more(found) else None
        results = articles(found) if found is not None else []
        self._conversation.later(answer_asked(self._bot, asked.id, results, more))

    async def _handed(self, handed: Handed) -> None:
        """Takes a list of sources in, from an admin."""
        admin = self._app.is_admin(handed.address)
        request = Request(handed.address, "", self._clock(), admin, event=handed.event)
        if refused := await asyncio.to_thread(turned_away, request, self._app.services):
            await self._conversation.say(request, refused)
            return
        words = await asyncio.to_thread(self._words, handed.address)
        blocks: list[Line] = []
        if not admin:
            blocks.append(line(words.say("commands.admins_only")))
        elif handed.size > LARGEST:
            blocks.append(line(words.say("commands.list_too_large", most=f"{LARGEST // 1_000_000} MB")))
        else:
            try:
                data = await fetched(self._bot, handed.file)
                done = await asyncio.to_thread(self._app.import_sources, data)
            except SourceError as error:
                blocks.append(line(words.say("commands.source_not_added", reason=str(error))))
            else:
                counts = {"added": done.added, "known": done.known, "off": done.off}
                blocks.append(line(words.say("commands.sources_imported", **counts)))
                blocks += [line(refused, quiet=True) for refused in done.refused[:REFUSED]]
        await self._conversation.say(request, Message(tuple(blocks)))

    def _words(self, address: Address) -> Words:
        chat = self._app.store.read(lambda session: session.chats.at(address))
        return Words((chat and chat.language) or "en")

    async def _answer_press(self, heard: Heard, text: str) -> None:
        if heard.press is not None:
            await answer_press(self._bot, heard.press, text)

    def _met(self, heard: Heard, admin: bool) -> tuple[Words, str | None, bool]:
        """The chat's words, what is said, and whether it is listened to.

        What is said is a long button's command, None for one that is not kept any more.
        """
        key, now = heard.button_key, self._clock()
        text = heard.text
        if key is not None:
            text = self._app.store.write(lambda session: session.conversations.button(key, now)) or ""
        chat = self._app.store.read(lambda session: session.chats.at(heard.address))
        met = language_of(heard.language) if heard.private else None
        words = Words((chat.language if chat else met) or "en")
        return words, text or None, self._app.hears(heard.address, admin)

    async def _stood(self, standing: Standing) -> None:
        """The chat pauses or goes on; a group that the bot may not be used in is told what will happen."""
        place, by, now = Address(PLATFORM, standing.chat), standing.by, self._clock()
        if standing.here and standing.title and by is not None:
            admin = self._app.is_admin(by)
            request = Request(place, "", now, admin, speaker=by, title=standing.title)
            refused = await asyncio.to_thread(brought, request, self._app.services)
            if refused is not None and standing.speaks and standing.listens:
                await self._conversation.say(request, refused)
        await asyncio.to_thread(self._app.store.write, lambda session: self._stands(session, standing))

    def _stands(self, session: Session, standing: Standing) -> None:
        """Pauses or resumes every topic of the chat; who let the bot in is told when it may not speak there."""
        if standing.here and not self._app.door.admits(session, Address(PLATFORM, standing.chat)):
            return
        reason = "" if standing.here and standing.speaks else standing.reason
        stand(
            session,
            PLATFORM,
            standing.chat,
            self._clock(),
            here=standing.here,
            reason=reason,
            by=standing.by,
            joined=standing.joined,
        )

    def _remember_link(self) -> None:
        """Keeps what an invite's link begins with, for whoever makes one also while Telegram cannot be asked."""
        link = f"https://t.me/{self._bot.username}?start="
        if self._app.store.read(lambda session: session.meta.get(LINK)) != link:
            self._app.store.write(lambda session: session.meta.set(LINK, link))


def _menus() -> dict[str, tuple[Menu, Menu]]:
    """By language of the menu: every command, and those that anybody in a group may give."""
    return {language: (menu(words), menu(words, changing=False)) for language, words in _spoken().items()}


def _spoken() -> dict[str, Words]:
    return {language: Words(language_of(language) or "en") for language in MENU_LANGUAGES}


def _sender(messenger: TelegramMessenger) -> Sender:
    """The sender, its pace told of the pages that follow a message's first."""
    sender = Sender(messenger)
    messenger.spent = lambda address: sender.pace.spend(address.chat, asyncio.get_running_loop().time())
    return sender


def _chat(happening: Happening) -> str:
    match happening:
        case Heard(address=address) | Moved(old=address) | Handed(address=address) | Picked(address=address):
            return address.chat
        case Standing(chat=chat) | AdminsChanged(chat=chat):
            return chat
        case Asked(user=user):
            return f"@{user}"


def _moved(session: Session, moved: Moved) -> None:
    session.guests.move(moved.old, moved.new)  # also one that only asked, and is no chat yet
    for chat in session.chats.threads(PLATFORM, moved.old.chat):
        move(session, chat.id, replace(moved.new, thread=chat.address.thread))
