"""What each method of the Slack of the tests does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.slackapi.blocks import InvalidBlocks, check_message, check_view, need
from tests.slackapi.mrkdwn import BadMarkup, read
from tests.slackapi.state import BOT, Channel, Envelope, Fails, Shown, World

TEXT = 40_000
"""Characters of `text`, which are cut off beyond (docs.slack.dev, chat.postMessage)."""


@dataclass
class Methods(World):
    """The methods, by name, behind `do_`."""

    def do_auth_test(self, call: dict[str, Any]) -> dict[str, Any]:
        return {"user": "newsbell", "user_id": BOT, "bot_id": "BBOT", "team": "Desk", "team_id": "T1", "url": self.base}

    def do_apps_connections_open(self, call: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.base.replace("http", "ws", 1) + f"/link?ticket={next(self.numbers)}"}

    def do_users_info(self, call: dict[str, Any]) -> dict[str, Any]:
        person = self.people.get(call["user"])
        if person is None:
            raise Fails("user_not_found")
        user: dict[str, Any] = {"id": person.id, "name": person.name.lower(), "real_name": person.name}
        user |= {"tz": person.tz, "is_admin": person.is_admin}
        user |= {"is_owner": False, "is_bot": False, "deleted": False}
        return {"user": user | ({"locale": person.locale} if call.get("include_locale") else {})}

    def do_conversations_info(self, call: dict[str, Any]) -> dict[str, Any]:
        channel = self._visible(call["channel"])
        flags = {"is_private": channel.private, "is_archived": channel.archived, "is_member": BOT in channel.members}
        return {"channel": {"id": channel.id, "name": channel.name, "is_im": False, **flags}}

    def do_conversations_members(self, call: dict[str, Any]) -> dict[str, Any]:
        members = sorted(self._visible(call["channel"]).members)
        limit, start = call.get("limit", 100), int(call.get("cursor", "0"))
        following = str(start + limit) if start + limit < len(members) else ""
        return {"members": members[start : start + limit], "response_metadata": {"next_cursor": following}}

    def do_chat_postMessage(self, call: dict[str, Any]) -> dict[str, Any]:
        channel = self._may_post(call)
        shown = self._shown(channel, call, thread=call.get("thread_ts"))
        for name in ("unfurl_links", "unfurl_media"):
            if call.get(name) is not False:
                self.violations.append(f"{name} is not off")
        self.shown.append(shown)
        return {"channel": channel, "ts": shown.ts, "message": {"text": shown.text, "ts": shown.ts}}

    def do_chat_postEphemeral(self, call: dict[str, Any]) -> dict[str, Any]:
        channel = self._may_post(call)
        if not channel.startswith("D") and call["user"] not in self.channels[channel].members:
            raise Fails("user_not_in_channel")
        shown = self._shown(channel, call, thread=call.get("thread_ts"), only_for=call["user"])
        self.shown.append(shown)
        return {"message_ts": shown.ts}

    def do_chat_update(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["channel"] in self.people:
            raise Fails("channel_not_found")
        shown = self.find(call["channel"], call["ts"])
        if shown is None or shown.only_for:
            raise Fails("message_not_found")
        self._paced(call["channel"])
        new = self._shown(call["channel"], call)
        shown.text, shown.blocks, shown.seen, shown.links = new.text, new.blocks, new.seen, new.links
        shown.edits += 1
        return {"channel": shown.channel, "ts": shown.ts, "text": shown.text}

    def do_views_publish(self, call: dict[str, Any]) -> dict[str, Any]:
        self._checked_view(call["view"], "home")
        self.homes[call["user_id"]] = call["view"]
        return {"view": {"id": f"V{next(self.numbers)}", **call["view"]}}

    def do_views_open(self, call: dict[str, Any]) -> dict[str, Any]:
        user = self.triggers.pop(call.get("trigger_id", ""), None)
        if user is None:
            raise Fails("invalid_trigger_id")
        self._checked_view(call["view"], "modal")
        view = {"id": f"V{next(self.numbers)}", "hash": "h", **call["view"]}
        self.modals.append((user, view))
        return {"view": view}

    def do_files_getUploadURLExternal(self, call: dict[str, Any]) -> dict[str, Any]:
        key = f"F{next(self.numbers)}"
        self.uploads[key] = (call["filename"], b"")
        return {"upload_url": f"{self.base}/upload/{key}", "file_id": key}

    def do_files_completeUploadExternal(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["channel_id"][:1] not in ("C", "G", "D"):
            raise Fails("invalid_channel")
        for entry in call["files"]:
            name, data = self.uploads[entry["id"]]
            ts = self._ts()
            shown = Shown(ts, call["channel_id"], "", [], "", thread=call.get("thread_ts"), file=(name, data))
            self.shown.append(shown)
        return {"files": call["files"]}

    def show_response(self, envelope: Envelope, body: dict[str, Any]) -> None:
        """What the answer to a command or a press shows, and where."""
        kinds = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"}
        if unknown := set(body) - kinds - {"unfurl_links", "unfurl_media"}:
            self.violations.append(f"an answer with {unknown}")
        if body.get("unfurl_links") is not False or body.get("unfurl_media") is not False:
            self.violations.append("an answer that unfurls")
        if body.get("replace_original") and envelope.origin is not None:
            new = self._shown(envelope.channel, body)
            origin = envelope.origin
            origin.text, origin.blocks, origin.seen, origin.links = new.text, new.blocks, new.seen, new.links
            origin.edits += 1
            return
        everybody = body.get("response_type") == "in_channel"
        only_for = None if everybody else envelope.user
        self.shown.append(self._shown(envelope.channel, body, thread=body.get("thread_ts"), only_for=only_for))

    def find(self, channel: str, ts: str) -> Shown | None:
        """The message, if it is there."""
        return next((shown for shown in self.shown if (shown.channel, shown.ts) == (channel, ts)), None)

    def _visible(self, channel: str) -> Channel:
        found = self.channels.get(channel)
        if found is None or (found.private and BOT not in found.members):
            raise Fails("channel_not_found")
        return found

    def _may_post(self, call: dict[str, Any]) -> str:
        """Where it goes, if it may go there now: to a person is to their conversation with the bot."""
        channel: str = call["channel"]
        if channel in self.refusals:
            raise self.refusals[channel]
        if channel in self.people:
            channel = self.people[channel].dm
        elif channel.startswith("D"):
            if channel not in {person.dm for person in self.people.values()}:
                raise Fails("channel_not_found")
        else:
            found = self._visible(channel)
            if found.archived:
                raise Fails("is_archived")
            if BOT not in found.members:
                raise Fails("not_in_channel")
        self._paced(channel)
        return channel

    def _paced(self, channel: str) -> None:
        if self.clock is not None and (pause := self.enforcer.pause(channel, self.clock())):
            raise Fails("ratelimited", retry_after=max(1, round(pause + 0.5)))

    def _shown(
        self, channel: str, call: dict[str, Any], *, thread: str | None = None, only_for: str | None = None
    ) -> Shown:
        """A message as it would be seen."""
        text, blocks = call.get("text", ""), call.get("blocks") or []
        if not text.strip():
            self.violations.append("a message without text")
            raise Fails("no_text")
        if len(text) > TEXT:
            raise Fails("msg_too_long")
        try:
            fallback = read(text)
            need(not fallback.wakes, f"it wakes {fallback.wakes}")
            seen = check_message(blocks) if blocks else fallback.text
        except (BadMarkup, InvalidBlocks) as problem:
            self.violations.append(f"{problem}")
            raise Fails("invalid_blocks") from problem
        links = [link for part in _texts(blocks) for link in read(part).links]
        return Shown(self._ts(), channel, text, blocks, seen, links, thread, only_for)

    def _checked_view(self, view: dict[str, Any], kind: str) -> None:
        try:
            check_view(view)
            need(view["type"] == kind, f"a {view['type']} is no {kind}")
        except InvalidBlocks as problem:
            self.violations.append(str(problem))
            raise Fails("invalid_arguments") from problem

    def _ts(self) -> str:
        return f"1774000000.{next(self.numbers):06d}"


def _texts(value: Any) -> list[str]:
    """Every mrkdwn text in some blocks."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for entry in value.values() for text in _texts(entry)]
    return [text for entry in value for text in _texts(entry)] if isinstance(value, list) else []
