"""Slack's page and forms: what they show comes from the commands, and what is filled in becomes commands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.app import App
from bot.conversation import Conversation
from bot.core.errors import DeliveryError, UserError
from bot.core.message import Message
from bot.core.model import Address, Chat
from bot.core.words import Words
from bot.slack_owing import Owing
from handlers.door import turned_away
from handlers.overview import overview
from handlers.reading import sendable
from handlers.request import Request
from handlers.settings import setting
from handlers.slack.client import Client
from handlers.slack.events import Heard, Opens, Reply, Submitted
from handlers.slack.home import ADD, Chosen, adding, errors, page, setting_up, settings_of, subscription_of
from handlers.slack.messenger import PLATFORM, SlackMessenger
from handlers.slack.rooms import Rooms
from handlers.task import Answer

log = logging.getLogger(__name__)


class Home:
    """The page of each person, and the forms it opens; everything in them is for their own chat or one they name."""

    def __init__(
        self,
        app: App,
        client: Client,
        messenger: SlackMessenger,
        rooms: Rooms,
        conversation: Conversation,
        owing: Owing,
        clock: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._client = client
        self._messenger = messenger
        self._rooms = rooms
        self._conversation = conversation
        self._owing = owing
        self._clock = clock

    async def show(self, user: str) -> None:
        """Brings the person's page up to date."""
        request = self._request(user, "/start")
        words = await asyncio.to_thread(self._words, request.address)
        if not await self._hears(user):
            asked = await asyncio.to_thread(turned_away, replace(request, text=""), self._app.services)
            sections: tuple[Message, ...] = (asked,) if asked else ()
            await self._asked(self._client.web.views_publish(
                user_id=user, view=page(sections, words, self._messenger.speech, forms=False)))  # fmt: skip
            return
        sections = await asyncio.to_thread(overview, request, self._app.services)
        await self._asked(self._client.web.views_publish(
            user_id=user, view=page(sections, words, self._messenger.speech)))  # fmt: skip

    async def open(self, opens: Opens) -> None:
        """Opens the form that was asked for."""
        address = Address(PLATFORM, opens.user)
        if not await self._hears(opens.user):
            return
        words = await asyncio.to_thread(self._words, address)
        view = adding(words) if opens.form == ADD else setting_up(await self._chosen(opens.user), words)
        await self._asked(self._client.web.views_open(trigger_id=opens.trigger, view=view))

    async def take(self, submitted: Submitted) -> dict[str, Any] | None:
        """Carries out what was filled in; what is wrong with it, for the form to show."""
        words = await asyncio.to_thread(self._words, Address(PLATFORM, submitted.user))
        if not await self._hears(submitted.user):
            return None
        if submitted.form == ADD:
            problems = await self._subscribe(submitted, words)
        else:
            problems = await self._set(submitted, words)
        if problems:
            return errors(problems)
        self._conversation.later(self.show(submitted.user))
        return None

    async def _subscribe(self, submitted: Submitted, words: Words) -> Mapping[str, str]:
        query, cadence = subscription_of(submitted.given)
        try:
            await asyncio.to_thread(self._app.topics.read, query)
        except UserError as error:
            return {"query": _said(error, words)}
        place = submitted.given.get("where", "")
        if place and (problem := await self._problem_of(place, submitted.user, words)):
            return {"where": problem}
        address = Address(PLATFORM, place or submitted.user)
        text = f"/subscribe {sendable(query)} {cadence}"
        await self._carry_out({submitted.event: self._request(submitted.user, text, address, submitted.event)})
        return {}

    async def _problem_of(self, place: str, user: str, words: Words) -> str:
        """Why nothing can be subscribed to there by this person; empty where it can."""
        if not await self._rooms.holds_bot(place):
            return words.say("slack.invite_first")
        if not await self._rooms.holds(place, user):
            return words.say("slack.not_a_member")
        locked = await asyncio.to_thread(self._is_locked, Address(PLATFORM, place))
        admin = self._app.is_admin(Address(PLATFORM, user))
        if locked and not admin and not (await self._rooms.profile(user)).is_admin:
            return words.say("slack.is_locked")
        return ""

    async def _set(self, submitted: Submitted, words: Words) -> Mapping[str, str]:
        wanted = settings_of(submitted.given, await self._chosen(submitted.user))
        chat, problems = await asyncio.to_thread(self._chat, Address(PLATFORM, submitted.user)), {}
        for name, value in wanted.items():
            entry = setting(name)
            try:
                if entry is not None:
                    entry.read(chat, value)
            except UserError as error:
                problems[name if name != "quiet" else "quiet_from"] = _said(error, words)
        if not problems:
            await self._carry_out({
                event: self._request(submitted.user, f"/settings {name} {value}", event=event)
                for name, value in wanted.items() for event in [f"{submitted.event}:{name}"]
            })  # fmt: skip
        return problems

    async def _hears(self, user: str) -> bool:
        """Whether this person may use the bot."""
        address = Address(PLATFORM, user)
        return await asyncio.to_thread(self._app.hears, address, self._app.is_admin(address))

    async def _carry_out(self, requests: Mapping[str, Request]) -> None:
        """One after the other; what they are answered comes as one message in the person's own conversation."""
        answers: list[tuple[Request, Answer]] = []
        for request in requests.values():
            await self._owing.keep(_as_said(request))
            answer = await self._conversation.taken(request)
            answers += [(request, answer)] if answer is not None else []
        if answers:
            self._conversation.later(self._tell(answers))

    async def _tell(self, answers: Sequence[tuple[Request, Answer]]) -> None:
        blocks = tuple(block for _, answer in answers for block in answer.message.blocks)
        if (speaker := answers[0][0].speaker) is not None and blocks:
            await self._conversation.tell(speaker, Message(blocks))
        for request, answer in answers:
            await self._conversation.follow(request, answer, None, self._nowhere)

    async def _nowhere(self, message: Message) -> None:
        """A second answer, which these commands have not."""

    async def _chosen(self, user: str) -> Chosen:
        """How the person's chat is set; the time zone is that of their profile as long as none is."""
        chat = await asyncio.to_thread(self._chat, Address(PLATFORM, user))
        zone = chat.timezone or (await self._rooms.profile(user)).timezone or self._app.settings.timezone
        digest_at = f"{chat.digest_at:%H:%M}" if chat.digest_at else "08:00"
        return Chosen(
            zone, digest_at, str(chat.quiet or ""), str(chat.max_per_hour), ",".join(chat.reads),
            {"sr-Latn": "sr", "sr-Cyrl": "sr-Cyrl"}.get(chat.language or "", "en"), chat.empty_digest,
        )  # fmt: skip

    def _request(self, user: str, text: str, address: Address | None = None, event: str = "") -> Request:
        speaker = Address(PLATFORM, user)
        shared = address is not None and address != speaker
        admin = self._app.is_admin(speaker)
        return Request(
            address or speaker, text, self._clock(), admin, event=event, speaker=speaker, shared=shared, rules=admin,
            title=f"#{address.chat}" if shared and address is not None else "",
        )  # fmt: skip

    def _chat(self, address: Address) -> Chat:
        return self._app.store.write(lambda session: session.chats.ensure(address, self._clock()))

    def _words(self, address: Address) -> Words:
        chat = self._app.store.read(lambda session: session.chats.at(address))
        return Words((chat and chat.language) or "en")

    def _is_locked(self, address: Address) -> bool:
        chat = self._app.store.read(lambda session: session.chats.at(address))
        return chat is not None and self._app.store.read(lambda session: session.rules.is_locked(chat.id))

    async def _asked(self, call: Any) -> None:  # noqa: ANN401
        """A view that cannot be shown now can be asked for again."""
        self._client.open()
        try:
            await self._messenger.asked(call)
        except DeliveryError as error:
            log.warning("slack view=unshown %s", error)


def _as_said(request: Request) -> Heard:
    """A form's command as if it had been said, to be answered in the person's own conversation."""
    user = request.speaker.chat if request.speaker else ""
    reply = Reply(user, user, public=True)
    return Heard(request.address, request.text, request.event, reply, not request.shared, title=request.title)


def _said(error: UserError, words: Words) -> str:
    """The error and what to write instead."""
    said = error.say(words)
    return f"{said} {words.say('error.try', suggestion=error.suggestion)}" if error.suggestion else said
