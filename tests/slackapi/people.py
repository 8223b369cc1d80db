"""What people do in Slack, as the envelopes a bot gets of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from handlers.slack.manifest import EVENTS
from tests.slackapi.server import SlackApi
from tests.slackapi.state import BOT, Envelope, Shown

TEAM = {"id": "T1", "domain": "desk"}


@dataclass
class People:
    """Everybody in the workspace of this server."""

    api: SlackApi

    async def commands(self, text: str, user: str = "U1", channel: str = "", command: str = "/newsbell") -> Envelope:
        """A slash command, in the conversation with the bot unless a channel is named."""
        channel = channel or self.api.people[user].dm
        names = {"D": "directmessage", "G": "privategroup"}
        known = self.api.channels.get(channel)
        name = known.name if known and not known.private else names.get(channel[0], channel)
        payload = {
            "command": command, "text": text, "user_id": user, "user_name": "ana", "channel_id": channel,
            "channel_name": name, "team_id": "T1", "team_domain": "desk", "api_app_id": "A1",
            "is_enterprise_install": "false",
        }  # fmt: skip
        return await self._happens("slash_commands", payload, channel, user)

    async def mentions(self, text: str, user: str = "U1", channel: str = "C1", thread: str | None = None) -> Envelope:
        """`@newsbell text` in a channel, or in a thread there."""
        event = {"type": "app_mention", "user": user, "text": f"<@{BOT}> {text}", "channel": channel, "ts": self._ts()}
        return await self.event({**event, **({"thread_ts": thread} if thread else {})}, user=user)

    async def writes(self, text: str, user: str = "U1", thread: str | None = None, **more: Any) -> Envelope:
        """A message in the conversation with the bot."""
        event = {"type": "message", "channel_type": "im", "user": user, "text": text, "ts": self._ts()}
        event |= {"channel": self.api.people[user].dm, **more, **({"thread_ts": thread} if thread else {})}
        return await self.event(event, user=user)

    async def edits(self, said: Envelope, text: str, **more: Any) -> Envelope:
        """Their message in the conversation with the bot reads otherwise now; `more` is what else it holds."""
        before = {key: said.payload["event"][key] for key in ("type", "user", "text", "ts")}
        edited = {"user": before["user"], "ts": self._ts()}
        return await self._changes(said, before, {**before, "edited": edited, "text": text, **more})

    async def unfurls(self, said: Envelope) -> Envelope:
        """Slack shows the preview of a link below their message."""
        before = {key: said.payload["event"][key] for key in ("type", "user", "text", "ts")}
        return await self._changes(said, before, {**before, "attachments": [{"from_url": "https://x.example"}]})

    async def _changes(self, said: Envelope, before: dict[str, Any], now: dict[str, Any]) -> Envelope:
        place = {"type": "message", "subtype": "message_changed", "hidden": True, "channel_type": "im"}
        place |= {"channel": said.payload["event"]["channel"], "ts": self._ts()}
        return await self.event({**place, "message": now, "previous_message": before}, user=before["user"])

    async def opens_home(self, user: str = "U1", tab: str = "home") -> Envelope:
        """The bot's page, or the conversation with it."""
        event = {"type": "app_home_opened", "user": user, "channel": self.api.people[user].dm, "tab": tab}
        return await self.event(event, user=user)

    async def event(self, event: dict[str, Any], user: str = "") -> Envelope:
        """Any event that the app's manifest asks for."""
        name = f"message.{event['channel_type']}" if event["type"] == "message" else event["type"]
        assert name in EVENTS, f"Slack would not tell of {name}"
        payload = {
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": {"event_ts": self._ts(), **event},
            "event_id": f"Ev{next(self.api.numbers)}", "event_time": 1,
            "authorizations": [{"team_id": "T1", "user_id": BOT, "is_bot": True}],
        }  # fmt: skip
        channel = event.get("channel", "")
        return await self._happens("events_api", payload, channel if isinstance(channel, str) else "", user)

    async def again(self, envelope: Envelope, retry: int = 1) -> Envelope:
        """The same comes once more, in an envelope of its own."""
        twin = replace(envelope, id=f"E{next(self.api.numbers)}", retry=retry, acked_at=None, acks=0, ack=None)
        if envelope.kind != "events_api":
            twin.retry = None
        await self.api.hand_out(twin)
        return twin

    async def presses(self, shown: Shown, label: str, user: str = "U1") -> Envelope:
        """A button under a message."""
        [button] = [button for button in shown.buttons if button["label"] == label]
        message = {"type": "message", "ts": shown.ts, "text": shown.text, "blocks": shown.blocks, "user": BOT}
        message |= {"thread_ts": shown.thread} if shown.thread else {}
        container: dict[str, Any] = {"type": "message", "message_ts": shown.ts, "channel_id": shown.channel}
        container["is_ephemeral"] = shown.only_for is not None
        payload: dict[str, Any] = {
            "type": "block_actions",
            "container": container,
            "channel": {"id": shown.channel, "name": "x"},
        }
        payload |= {} if shown.only_for else {"message": message}
        return await self._acts(payload, button, user, shown.channel, shown)

    async def presses_at_home(self, label: str, user: str = "U1") -> Envelope:
        """A button of the bot's page."""
        blocks = self.api.homes[user]["blocks"]
        elements = [entry for block in blocks if block["type"] == "actions" for entry in block["elements"]]
        elements += [block["accessory"] for block in blocks if "accessory" in block]
        [button] = [entry for entry in elements if entry.get("text", {}).get("text") == label]
        view = {"id": "V0", "type": "home", "blocks": blocks, "state": {"values": {}}}
        return await self._acts({"type": "block_actions", "container": {"type": "view"}, "view": view}, button, user)

    async def asks_why(self, shown: Shown, user: str = "U1", callback: str = "why_sent") -> Envelope:
        """The shortcut of a message."""
        message = {"type": "message", "ts": shown.ts, "text": shown.text, "blocks": shown.blocks, "user": BOT}
        payload = {
            "type": "message_action", "callback_id": callback, "trigger_id": self._trigger(user), "message": message,
            "message_ts": shown.ts, "channel": {"id": shown.channel, "name": "x"}, "action_ts": self._ts(),
            "user": {"id": user, "name": "ana", "team_id": "T1"}, "team": TEAM,
        }  # fmt: skip
        return await self._happens("interactive", payload, shown.channel, user, shown)

    async def submits(self, values: dict[str, dict[str, Any]], user: str = "U1") -> Envelope:
        """The modal that was opened last, filled in: block id -> the element's state."""
        view = self.api.modals[-1][1]
        given: dict[str, dict[str, Any]] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                state = {"type": element["type"], **_untouched(element), **values.get(block["block_id"], {})}
                given[block["block_id"]] = {element["action_id"]: state}
        assert set(values) <= set(given), set(values) - set(given)
        payload = {
            "type": "view_submission", "view": {**view, "state": {"values": given}}, "trigger_id": self._trigger(user),
            "user": {"id": user, "name": "ana", "team_id": "T1"}, "team": TEAM, "response_urls": [],
        }  # fmt: skip
        return await self._happens("interactive", payload, "", user)

    async def _acts(
        self,
        payload: dict[str, Any],
        element: dict[str, Any],
        user: str,
        channel: str = "",
        origin: Shown | None = None,
    ) -> Envelope:
        action = {"type": "button", "block_id": "b", "action_ts": self._ts(), **element}
        action.pop("label", None)
        payload |= {
            "actions": [action], "trigger_id": self._trigger(user), "team": TEAM, "api_app_id": "A1",
            "user": {"id": user, "name": "ana", "team_id": "T1"},
        }  # fmt: skip
        return await self._happens("interactive", payload, channel, user, origin)

    async def _happens(
        self, kind: str, payload: dict[str, Any], channel: str, user: str, origin: Shown | None = None
    ) -> Envelope:
        envelope = Envelope(f"E{next(self.api.numbers)}", kind, payload, channel, user, origin=origin)
        if kind != "events_api" and channel:
            key = f"r{next(self.api.numbers)}"
            self.api.responses[key] = (envelope, 0)
            payload["response_url"] = f"{self.api.base}/response/{key}"
            payload.setdefault("trigger_id", self._trigger(user))
        await self.api.hand_out(envelope)
        return envelope

    def _trigger(self, user: str) -> str:
        key = f"trigger{next(self.api.numbers)}"
        self.api.triggers[key] = user
        return key

    def _ts(self) -> str:
        return f"1774000001.{next(self.api.numbers):06d}"


def _untouched(element: dict[str, Any]) -> dict[str, Any]:
    """The state of an element that nobody touched."""
    match element["type"]:
        case "plain_text_input" | "number_input":
            return {"value": element.get("initial_value")}
        case "static_select":
            return {"selected_option": element.get("initial_option")}
        case "timepicker":
            return {"selected_time": element.get("initial_time")}
        case "conversations_select":
            return {"selected_conversation": element.get("initial_conversation")}
        case _:
            return {"selected_options": element.get("initial_options", [])}
