"""What Slack tells of means to newsbell: somebody said something, or a place changed; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.buttons import KEY_MARK
from bot.core.model import Address
from handlers.slack.messenger import PLATFORM
from handlers.slack.spoken import Speech, is_public, unmarked

WHY = "why_sent"
"""The message shortcut's callback_id."""

SAYS = "say:"
"""What action ids of buttons that hold a command begin with; other buttons open something."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """Where an answer goes: by the `url` that came along or, without one, to the channel.

    Only the person sees it unless it is `public`; `replaces` puts it in the place of the message it was asked under.
    `thread` is empty outside of threads.
    """

    channel: str
    user: str
    url: str = ""
    thread: str = ""
    public: bool = False
    replaces: bool = False
    acks: bool = False
    """Whether it may go with the acknowledgement."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said `text` at `address`; `event` is the same for the same saying, however often it is told of.

    A `text` that begins with `#` is the key of a button.
    """

    address: Address
    text: str
    event: str
    reply: Reply
    private: bool
    pressed: bool = False
    title: str = ""
    """What the channel is called, with its mark; empty in a private conversation."""

    @property
    def button_key(self) -> str | None:
        """The key of a button whose command is kept elsewhere."""
        return self.text[len(KEY_MARK) :] if self.pressed and self.text.startswith(KEY_MARK) else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The bot is in the channel and may speak there, or not; `by` is the person who let it in."""

    chat: str
    here: bool
    reason: str = ""
    by: Address | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A channel is called otherwise, or somebody came or left."""

    chat: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at the bot's page, or at the conversation with it, whose channel is `channel`."""

    user: str
    channel: str
    home: bool


@dataclass(frozen=True, slots=True)
class Opens:
    """Somebody wants a form: `form` is which, `chat` whose, where it is not their own."""

    user: str
    form: str
    trigger: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """Somebody filled in a form: block -> what it holds, as text; what was left empty is not in it."""

    user: str
    form: str
    event: str
    given: Mapping[str, str] = field(default_factory=dict)
    chat: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """The app was removed, or its tokens were revoked: `error` is Slack's word for it."""

    error: str


Happening = Heard | Standing | Changed | HomeOpened | Opens | Submitted | Ended


def command(payload: Json, speech: Speech) -> Heard:
    """A slash command; in a direct message of any kind it is for the person's own chat."""
    public, line = is_public(unmarked(payload.get("text", "")))
    private = payload.get("channel_name") == "directmessage" or str(payload["channel_id"]).startswith("D")
    user, channel = str(payload["user_id"]), str(payload["channel_id"])
    reply = Reply(channel, user, str(payload.get("response_url", "")), public=public, acks=True)
    event = _event("command", str(payload.get("trigger_id")), channel, line)
    title = "" if private else f"#{payload.get('channel_name') or channel}"
    return Heard(_place(channel, user, private), speech.meant(line), event, reply, private, title=title)


def pressed(body: Json, speech: Speech) -> Happening | None:  # noqa: ARG001
    """A button: of a message it is the command it holds, of the page it is a command or opens a form."""
    action, user = body["actions"][0], str(body["user"]["id"])
    name, value = str(action.get("action_id", "")), str(action.get("value", ""))
    if not name.startswith(SAYS):
        return Opens(user, name, str(body.get("trigger_id", ""))) if value or name else None
    event = _event("press", str(body.get("trigger_id")), str(action.get("action_ts")), value)
    if body.get("container", {}).get("type") == "view":
        return Heard(Address(PLATFORM, user), value, event, Reply("", user, public=True), True, True)
    channel = str(body["channel"]["id"])
    private = channel.startswith("D")
    thread = str(body.get("message", {}).get("thread_ts") or "")
    reply = Reply(channel, user, str(body.get("response_url", "")), thread, private)
    title = "" if private else f"#{body['channel'].get('name') or channel}"
    return Heard(_place(channel, user, private), value, event, reply, private, True, title)


def asked_why(body: Json, speech: Speech) -> Heard:  # noqa: ARG001
    """The shortcut of a message."""
    user, channel = str(body["user"]["id"]), str(body["channel"]["id"])
    private = channel.startswith("D")
    reply = Reply(channel, user, str(body.get("response_url", "")))
    event = _event("shortcut", str(body.get("trigger_id")), str(body.get("action_ts")))
    text = f"/why {_about(body.get('message', {}))}".strip()
    title = "" if private else f"#{body['channel'].get('name') or channel}"
    return Heard(_place(channel, user, private), text, event, reply, private, title=title)


def submitted(body: Json, speech: Speech) -> Submitted:  # noqa: ARG001
    """A form."""
    view = body["view"]
    given = {
        block: value
        for block, elements in view.get("state", {}).get("values", {}).items()
        for state in elements.values()
        if (value := _value(state))
    }
    event = _event("form", str(view.get("id")), str(view.get("hash")))
    chat = str(view.get("private_metadata", ""))
    return Submitted(str(body["user"]["id"]), str(view.get("callback_id", "")), event, given, chat)


def _value(state: Json) -> str:
    """What an element holds, as text."""
    match state.get("type"):
        case "static_select":
            return str((state.get("selected_option") or {}).get("value") or "")
        case "checkboxes":
            return ",".join(str(option["value"]) for option in state.get("selected_options") or [])
    keys = ("value", "selected_time", "selected_conversation")
    return next((str(state[key]).strip() for key in keys if state.get(key)), "")


def event(body: Json, speech: Speech, bot: str) -> Happening | None:
    """An event, None when it is nothing to us; `bot` is the bot's own user id."""
    told = body["event"]
    kind, chat = str(told.get("type")), told.get("channel")
    channel = str(chat.get("id") if isinstance(chat, Mapping) else chat or "")
    match kind:
        case "message" if told.get("subtype") == "message_changed":
            return _edited(told, speech, bot)
        case "app_mention" | "message":
            return _said(told, speech, bot, _event("event", str(body.get("event_id"))))
        case "app_home_opened":
            return HomeOpened(str(told["user"]), channel, told.get("tab", "home") == "home")
        case "member_joined_channel" if told.get("user") == bot:
            inviter = told.get("inviter")
            by = Address(PLATFORM, str(inviter)) if inviter else None
            return Standing(channel, True, by=by, event=_event("event", str(body.get("event_id"))))
        case "member_left_channel" if told.get("user") == bot:
            return Standing(channel, False, "bot was removed")
        case "channel_left" | "group_left":
            return Standing(channel, False, "bot was removed")
        case "channel_archive" | "group_archive":
            return Standing(channel, False, "is_archived")
        case "channel_deleted" | "group_deleted":
            return Standing(channel, False, "channel was deleted")
        case "channel_unarchive" | "group_unarchive":
            return Standing(channel, True)
        case "channel_rename" | "group_rename" | "member_joined_channel" | "member_left_channel":
            return Changed(channel)
        case "app_uninstalled":
            return Ended(kind)
        case "tokens_revoked" if told.get("tokens", {}).get("bot"):
            return Ended("token_revoked")
    return None


def _said(told: Json, speech: Speech, bot: str, event: str) -> Heard | None:
    """A mention, or a message in the conversation with the bot."""
    mention = told.get("type") == "app_mention"
    user, channel = told.get("user"), str(told.get("channel"))
    if not user or user == bot or told.get("bot_id") or told.get("subtype") not in (None, "thread_broadcast"):
        return None
    if not mention and told.get("channel_type") != "im":
        return None
    text = re.sub(rf"<@{re.escape(bot)}(?:\|[^>]*)?>[\s,:]*", "", str(told.get("text", "")), count=1)
    public, line = is_public(unmarked(text)) if mention else (True, unmarked(text))
    private = not mention or channel.startswith("D")
    thread = str(told.get("thread_ts") or (told.get("ts") if mention and public else "") or "")
    reply = Reply(channel, str(user), thread=thread, public=public)
    line = speech.meant(line) if mention else line
    title = "" if private else f"#{channel}"
    place = _place(channel, str(user), private)
    return Heard(place, line, event, reply, private, title=title)


def _edited(told: Json, speech: Speech, bot: str) -> Heard | None:
    """A message in the conversation with the bot that somebody wrote otherwise, as if it were said so now.

    Slack tells of a message in this way as well when it shows a link's preview below it, or when an app changes its
    own (docs.slack.dev/reference/events/message/message_changed): those were not edited, or read as before.
    """
    message, before = told.get("message") or {}, told.get("previous_message") or {}
    edited = message.get("edited") or {}
    if not edited or edited.get("user") != message.get("user") or message.get("text") == before.get("text"):
        return None
    place = {"channel": told.get("channel"), "channel_type": told.get("channel_type"), "type": "message"}
    event = _event("edit", str(place["channel"]), str(message.get("ts")), str(edited.get("ts")))
    return _said({**message, **place}, speech, bot, event)


def _place(channel: str, user: str, private: bool) -> Address:
    """A person's own chat is called by the person: pages, forms and admins know no other name."""
    return Address(PLATFORM, user if private else channel)


def _about(message: Json) -> str:
    """The story a message of ours tells: its number from a button, else its first address, else its first words."""
    values = [str(entry.get("value", "")) for entry in _elements(message.get("blocks"))]
    numbers = [found[1] for value in values if (found := re.fullmatch(r"/(?:mute|save|irrelevant) ([0-9]+)", value))]
    if numbers:
        return numbers[0]
    address = re.search(r"<(https?://[^|>]+)", "\n".join(_texts(message.get("blocks"))))
    if address:
        return unmarked(address[1])
    return unmarked(str(message.get("text", ""))).partition("\n")[0][:200]


def _elements(blocks: object) -> Iterator[Json]:
    for block in blocks if isinstance(blocks, list) else []:
        yield from block.get("elements", []) if block.get("type") == "actions" else []


def _texts(blocks: object) -> Iterator[str]:
    for block in blocks if isinstance(blocks, list) else []:
        text = block.get("text")
        if isinstance(text, Mapping):
            yield str(text.get("text", ""))


def _event(*parts: str) -> str:
    """A digest that names a saying and says nothing about it."""
    return hashlib.blake2b("\0".join((PLATFORM, *parts)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
