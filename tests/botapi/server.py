"""A Bot API server for tests: real HTTP on a port of its own, strict about every call, and failing as scripted.

It knows chats, messages and updates; `violations` are calls that the Bot API does not describe, which no test should
leave behind. Its clock is passed in, so that rates can be enforced without waiting.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.botapi.markup import CannotParse, Entity, parse, units
from tests.botapi.table import Violation, check_commands, read_call
from tests.strict import Enforcer

TEXT, CAPTION, ANSWER = 4096, 1024, 200
PHOTO = 10 * 1024 * 1024
BOT = {"id": 1, "is_bot": True, "first_name": "newsbell", "username": "newsbell_bot"}
RATED = {"sendMessage", "sendDocument", "sendPhoto", "editMessageText"}


@dataclass(frozen=True)
class Fails(Exception):
    """A refusal; `parameters` as ResponseParameters."""

    code: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cut(Exception):
    """The connection ends, before the call has its effect or after it."""

    after: bool


@dataclass(frozen=True)
class Garbage(Exception):
    """A proxy answers instead, with a page."""

    code: int = 502


Outcome = Fails | Cut | Garbage


@dataclass
class Shown:
    """A message as it stands in a chat: what a reader sees of it."""

    id: int
    chat: int
    thread: int | None
    text: str
    entities: list[Entity] = field(default_factory=list)
    keyboard: list[list[dict[str, str]]] = field(default_factory=list)
    picker: list[list[dict[str, Any]]] = field(default_factory=list)
    """The keyboard that takes the place of a person's own."""
    silent: bool = False
    preview: str | None = None
    file: tuple[str, bytes] | None = None
    html: str = ""
    edits: int = 0
    at: float = 0.0
    """When it was accepted, by the loop's clock."""

    @property
    def buttons(self) -> list[dict[str, str]]:
        """Its buttons in reading order."""
        return [button for row in self.keyboard for button in row]


@dataclass
class BotApi:
    """The server's state; see `serving`."""

    token: str = "1:x"
    clock: Callable[[], float] | None = None
    """Seconds; with one, rates are enforced."""
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    script: defaultdict[str, deque[Outcome | None]] = field(default_factory=lambda: defaultdict(deque))
    """Method -> what happens to its next calls, None for nothing unusual."""
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    """Method -> what its calls wait for before anything comes of them; `waiting` says how many do."""
    waiting: int = 0
    refusals: dict[int, Fails] = field(default_factory=dict)
    """Chat -> what every message to it is answered."""
    updates: list[dict[str, Any]] = field(default_factory=list)
    members: dict[tuple[int, int], str] = field(default_factory=dict)
    """(chat, user) -> status, `member` for whoever is not named."""
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    strangers: set[int] = field(default_factory=set)
    """Who never wrote to the bot, so that it has no chat with them."""
    files: dict[str, bytes] = field(default_factory=dict)
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Inline query -> how it was answered."""
    confirmed: int = 0
    refused: int = 0
    """Messages that came too soon."""
    polls: int = 0
    ids: Iterator[int] = field(default_factory=lambda: count(100))
    enforcer: Enforcer = field(default_factory=Enforcer)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _refused(Fails(401, "Unauthorized"))
        given: dict[str, Any] = {}
        for name, value in (await request.post()).items():
            given[name] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
        self.calls.append((method, given))
        try:
            return await self._call(method, given, request)
        except Fails as failure:
            return _refused(failure)
        except Garbage as garbage:
            return web.Response(status=garbage.code, text="<html>Bad Gateway</html>", content_type="text/html")
        except Violation as violation:
            self.violations.append(str(violation))
            return _refused(Fails(400, f"Bad Request: {violation}"))

    async def _call(self, method: str, given: dict[str, Any], request: web.Request) -> web.StreamResponse:
        call = read_call(method, _attached(given))
        if method in self.held:
            await self._hold(self.held[method])
        outcome = self.script[method].popleft() if self.script[method] else None
        if outcome is not None and outcome != Cut(after=True):
            if isinstance(outcome, Cut):
                return _cut(request)
            raise outcome
        result = await getattr(self, f"_{_snake(method)}")(call)
        async with self.changed:
            self.changed.notify_all()
        if outcome is not None:
            return _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _hold(self, until: asyncio.Event) -> None:
        """A call that waits; whoever hangs up meanwhile is cancelled here, and nothing comes of it."""
        self.waiting += 1
        async with self.changed:
            self.changed.notify_all()
        try:
            await until.wait()
        finally:
            self.waiting -= 1

    async def _get_me(self, call: dict[str, Any]) -> dict[str, Any]:
        return BOT

    async def _delete_webhook(self, call: dict[str, Any]) -> bool:
        return True

    async def _get_updates(self, call: dict[str, Any]) -> list[dict[str, Any]]:
        """Confirms what is below `offset`; waits for something to hand out, and gives way to a second poller."""
        self.confirmed = max(self.confirmed, call.get("offset", 0) - 1)
        self.updates = [update for update in self.updates if update["update_id"] > self.confirmed]
        self.polls += 1
        mine = self.polls
        async with self.changed:
            self.changed.notify_all()
            try:
                async with asyncio.timeout(call.get("timeout", 0)):
                    await self.changed.wait_for(lambda: self.updates or self.polls != mine)
            except TimeoutError:
                return []
        if self.polls != mine:
            raise Fails(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
        return self.updates[: call.get("limit", 100)]

    async def _send_message(self, call: dict[str, Any]) -> dict[str, Any]:
        text, entities = self._formatted(call, TEXT)
        return self._show(call, text, entities)

    async def _send_document(self, call: dict[str, Any]) -> dict[str, Any]:
        worded = {**call, "text": call.get("caption", "")}
        caption, entities = self._formatted(worded, CAPTION) if "caption" in call else ("", [])
        name, content = call["document"]
        result = self._show(call, caption, entities)
        self.shown[-1].file = (name, content)
        return {**result, "document": {"file_id": "f", "file_unique_id": "u", "file_name": name}}

    async def _send_photo(self, call: dict[str, Any]) -> dict[str, Any]:
        name, content = call["photo"]
        if len(content) > PHOTO:
            raise Fails(400, "Bad Request: file is too big")
        if not content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
            raise Fails(400, "Bad Request: IMAGE_PROCESS_FAILED")
        worded = {**call, "text": call.get("caption", "")}
        caption, entities = self._formatted(worded, CAPTION) if "caption" in call else ("", [])
        result = self._show(call, caption, entities)
        self.shown[-1].file = (name, content)
        return result

    async def _edit_message_text(self, call: dict[str, Any]) -> dict[str, Any] | bool:
        chat = self._chat(call)
        shown = self.find(chat, call["message_id"])
        if shown is None:
            raise Fails(400, "Bad Request: message to edit not found")
        text, entities = self._formatted(call, TEXT)
        keyboard = call.get("reply_markup", {}).get("inline_keyboard", [])
        if (text, entities, keyboard) == (shown.text, shown.entities, shown.keyboard):
            raise Fails(400, "Bad Request: message is not modified: specified new message content is the same")
        shown.text, shown.entities, shown.keyboard, shown.html = text, entities, keyboard, call["text"]
        shown.preview = call.get("link_preview_options", {}).get("url")
        shown.edits += 1
        return _message(shown)

    async def _answer_callback_query(self, call: dict[str, Any]) -> bool:
        if units(call.get("text", "")) > ANSWER:
            raise Violation(f"an answer of {units(call['text'])}")
        if call["callback_query_id"] in self.answered:
            raise Violation(f"{call['callback_query_id']} is answered twice")
        self.answered[call["callback_query_id"]] = call
        return True

    async def _answer_inline_query(self, call: dict[str, Any]) -> bool:
        results = call["results"]
        if len(results) > 50 or len(call.get("next_offset", "").encode()) > 64:
            raise Violation(f"{len(results)} results, next {call.get('next_offset')!r}")
        if len({result["id"] for result in results}) < len(results) or any(len(r["id"].encode()) > 64 for r in results):
            raise Violation("ids of results")
        for result in results:
            content = result["input_message_content"]
            self._formatted({**content, "text": content["message_text"]}, TEXT)
        self.found[call["inline_query_id"]] = call
        return True

    async def _get_file(self, call: dict[str, Any]) -> dict[str, Any]:
        return {"file_id": call["file_id"], "file_unique_id": "u", "file_path": f"documents/{call['file_id']}"}

    async def hand_out(self, request: web.Request) -> web.StreamResponse:
        """A file that somebody sent."""
        return web.Response(body=self.files[request.match_info["name"]])

    async def _get_chat_member(self, call: dict[str, Any]) -> dict[str, Any]:
        status = self.members.get((call["chat_id"], call["user_id"]), "member")
        return member(call["user_id"], status)

    async def _set_my_commands(self, call: dict[str, Any]) -> bool:
        check_commands(call["commands"])
        wanted = call.get("scope", {"type": "default"})
        scope = wanted["type"]
        if scope == "chat":
            if wanted["chat_id"] in self.strangers:
                raise Fails(400, "Bad Request: chat not found")
            scope = f"chat {wanted['chat_id']}"
        self.commands[scope, call.get("language_code", "")] = call["commands"]
        return True

    def _formatted(self, call: dict[str, Any], limit: int) -> tuple[str, list[Entity]]:
        text: str = call["text"]
        entities: list[Entity] = []
        if call.get("parse_mode") == "HTML":
            try:
                text, entities = parse(text)
            except CannotParse as problem:
                self.violations.append(f"{problem} in {call['text']!r}")
                raise Fails(400, f"Bad Request: can't parse entities: {problem}") from problem
        elif "parse_mode" in call:
            raise Violation(f"parse mode {call['parse_mode']}")
        if not text.strip():
            raise Violation("message text is empty")
        if units(text) > limit or len(entities) > 100:
            self.violations.append(f"{units(text)} characters, {len(entities)} entities")
            raise Fails(400, "Bad Request: message is too long")
        return text, entities

    def _chat(self, call: dict[str, Any]) -> int:
        """Where it goes, if it may go there now."""
        chat: int = call["chat_id"]
        if chat in self.refusals:
            raise self.refusals[chat]
        if self.clock is not None and (pause := self.enforcer.pause(str(chat), self.clock())):
            self.refused += 1
            seconds = max(1, round(pause + 0.5))
            raise Fails(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        return chat

    def _show(self, call: dict[str, Any], text: str, entities: list[Entity]) -> dict[str, Any]:
        chat = self._chat(call)
        options = call.get("link_preview_options", {})
        shown = Shown(
            id=next(self.ids),
            chat=chat,
            thread=call.get("message_thread_id"),
            text=text,
            entities=entities,
            keyboard=call.get("reply_markup", {}).get("inline_keyboard", []),
            picker=call.get("reply_markup", {}).get("keyboard", []),
            silent=call.get("disable_notification", False),
            preview=None if options.get("is_disabled") else options.get("url", "any"),
            html=call.get("text", ""),
            at=asyncio.get_running_loop().time(),
        )
        self.shown.append(shown)
        return _message(shown)

    def find(self, chat: int, message_id: int) -> Shown | None:
        """The message, if it is there."""
        return next((shown for shown in self.shown if (shown.chat, shown.id) == (chat, message_id)), None)

    async def push(self, update: dict[str, Any]) -> None:
        """Something happens that the bot is told of."""
        async with self.changed:
            self.updates.append(update)
            self.changed.notify_all()

    async def until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Waits until it is so; fails when it never is."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(condition)


@asynccontextmanager
async def serving(api: BotApi) -> AsyncIterator[BotApi]:
    """The server on a free port of this machine, its address in `api.url`."""
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/bot{token}/{method}", api.handle)
    app.router.add_get(f"/file/bot{api.token}/documents/{{name}}", api.hand_out)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await runner.cleanup()


def member(user: int, status: str) -> dict[str, Any]:
    """A ChatMember."""
    person = {"id": user, "is_bot": False, "first_name": "Ana"} if user != BOT["id"] else BOT
    more: dict[str, Any] = {}
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
            "can_edit_stories can_delete_stories"
        )
        more = dict.fromkeys(rights.split(), True) | {"can_post_messages": True}
    if status == "creator":
        more = {"is_anonymous": False}
    if status == "restricted":
        rights = (
            "can_change_info can_invite_users can_pin_messages can_send_messages can_send_polls "
            "can_send_other_messages can_add_web_page_previews can_manage_topics can_send_audios can_send_documents "
            "can_send_photos can_send_videos can_send_video_notes can_send_voice_notes can_edit_tag "
            "can_react_to_messages"
        )
        more = dict.fromkeys(rights.split(), False) | {"is_member": True, "until_date": 0}
    if status == "kicked":
        more = {"until_date": 0}
    return {"status": status, "user": person, **more}


def _message(shown: Shown) -> dict[str, Any]:
    kind = "supergroup" if str(shown.chat).startswith("-") else "private"
    thread = {} if shown.thread is None else {"message_thread_id": shown.thread, "is_topic_message": True}
    return {"message_id": shown.id, "date": 1, "chat": {"id": shown.chat, "type": kind}, "text": shown.text, **thread}


def _attached(given: dict[str, Any]) -> dict[str, Any]:
    """Files stand under their own name or, where a field says `attach://NAME`, under that."""
    values = {}
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("attach://"):
            value = given[value.removeprefix("attach://")]
        values[name] = value
    attached = {value.removeprefix("attach://") for value in given.values() if isinstance(value, str)}
    return {name: value for name, value in values.items() if name not in attached}


def _refused(failure: Fails) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": failure.code, "description": failure.description}
    body |= {"parameters": failure.parameters} if failure.parameters else {}
    return web.json_response(body, status=failure.code)


def _cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _snake(method: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method)
