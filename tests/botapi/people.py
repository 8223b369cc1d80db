"""What people do in Telegram, as the updates a bot gets of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.botapi.server import BOT, BotApi, Shown, member


@dataclass
class People:
    """Everybody who talks to the bot of this server."""

    api: BotApi
    numbers: Any = field(default_factory=lambda: count(1))
    said: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Message id -> the message, as it was said."""

    async def update(self, **what: Any) -> dict[str, Any]:
        """Something happens; returns the update."""
        update = {"update_id": next(self.numbers), **what}
        await self.api.push(update)
        return update

    async def says(self, text: str, chat: int = 42, **more: Any) -> dict[str, Any]:
        """A message: `user` (the chat's own in private), `thread`, `reply_to`, `language`, `kind`."""
        message = self.message(text, chat, **more)
        return await self.update(**{"channel_post" if message["chat"]["type"] == "channel" else "message": message})

    async def edits(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        """The message reads otherwise now."""
        return await self.update(edited_message=self._worded({**message, "edit_date": 2}, text))

    async def presses(self, shown: Shown, label: str, user: int = 42) -> str:
        """A button; returns the id of the press."""
        [data] = [button["callback_data"] for button in shown.buttons if button["text"] == label]
        return await self.presses_data(shown, data, user)

    async def presses_data(self, shown: Shown, data: str, user: int = 42) -> str:
        """A button that holds this."""
        press = f"press{next(self.numbers)}"
        message = self.message(shown.text, shown.chat, user=user, thread=shown.thread)
        message |= {"message_id": shown.id, "from": BOT}
        query = {"id": press, "from": person(user), "chat_instance": "c", "data": data, "message": message}
        await self.update(callback_query=query)
        return press

    async def picks(self, shown: Shown, label: str, chat: int, title: str = "Desk") -> dict[str, Any]:
        """A chat, with a button of the keyboard that came with the message."""
        [asked] = [button["request_chat"] for row in shown.picker for button in row if button["text"] == label]
        shared = {"request_id": asked["request_id"], "chat_id": chat, "title": title}
        return await self.update(message=self.message("", shown.chat) | {"text": None, "chat_shared": shared})

    async def membership(self, chat: int, status: str, user: int = 42, old: str = "left") -> dict[str, Any]:
        """The bot's own standing in a chat changes."""
        change = {"chat": place(chat), "from": person(user), "date": 1}
        change |= {"old_chat_member": member(1, old), "new_chat_member": member(1, status)}
        return await self.update(my_chat_member=change)

    def message(
        self,
        text: str,
        chat: int = 42,
        *,
        user: int | None = None,
        thread: int | None = None,
        reply_to: dict[str, Any] | None = None,
        language: str = "en",
        kind: str = "",
        **more: Any,
    ) -> dict[str, Any]:
        """A Message."""
        said: dict[str, Any] = {"message_id": next(self.numbers), "date": 1, "chat": place(chat, kind), **more}
        if kind != "channel":
            said["from"] = person(user or abs(chat), language)
        if thread is not None:
            said |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            said["reply_to_message"] = reply_to
        return self._worded(said, text)

    def _worded(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        verb = text.split(maxsplit=1)[0] if text.startswith("/") else ""
        entities = [{"type": "bot_command", "offset": 0, "length": len(verb)}] if verb else []
        self.said[message["message_id"]] = worded = {**message, "text": text, "entities": entities}
        return worded


def shown_as_reply(shown: Shown) -> dict[str, Any]:
    """A message of the bot as it stands in somebody's reply to it."""
    kinds = {"a": "text_link", "b": "bold"}
    entities = [
        {"type": kinds[entity.tag], "offset": entity.offset, "length": entity.length}
        | ({"url": entity.value} if entity.tag == "a" else {})
        for entity in shown.entities
        if entity.tag in kinds
    ]
    return {
        "message_id": shown.id, "date": 1, "chat": place(shown.chat), "from": BOT, "text": shown.text,
        "entities": entities,
    }  # fmt: skip


def place(chat: int, kind: str = "") -> dict[str, Any]:
    """A Chat: positive ids are private."""
    kind = kind or ("private" if chat > 0 else "supergroup")
    return {"id": chat, "type": kind, **({"first_name": "Ana"} if chat > 0 else {"title": "Desk"})}


def person(user: int, language: str = "en") -> dict[str, Any]:
    """A User."""
    return {"id": user, "is_bot": False, "first_name": "Ana", "language_code": language}
