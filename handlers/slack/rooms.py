"""Channels and people as Slack knows them: whether the bot is there, who else is, and who somebody is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.slack.client import Client
from handlers.slack.problems import name_of

REMEMBERED_FOR = 60.0
"""Seconds an answer on a channel is good for; what Slack tells of it meanwhile counts at once."""

KNOWN_FOR = 600.0
"""Seconds an answer on a person is good for."""

WITHIN = 0.8
"""Seconds somebody waits for such an answer: a command is to be acknowledged within three."""

ABSENT = ("channel_not_found", "missing_scope", "method_not_supported_for_channel_type")
"""Answers on a channel that the bot is not in: a private one, or a conversation of several people."""

PAGES = 20
"""Pages of a channel's members that are looked through, of a thousand each."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person's profile says; empty where it does not, or was not to be had."""

    timezone: str = ""
    locale: str = ""
    is_admin: bool = False
    name: str = ""


class Rooms:
    """Asks Slack about channels and people, and remembers it for a while."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._here: dict[str, tuple[bool, float]] = {}
        self._people: dict[str, tuple[Profile, float]] = {}
        self.own: dict[str, str] = {}
        """A conversation with the bot -> the person, as far as it was told of."""

    async def holds_bot(self, channel: str) -> bool:
        """Whether the bot is in the channel; True while Slack does not say."""
        known = self._here.get(channel)
        if known is not None and _now() - known[1] < REMEMBERED_FOR:
            return known[0]
        try:
            found = await self._asked(self._client.web.conversations_info(channel=channel))
            here = bool(found["channel"].get("is_member", True))
        except SlackApiError as error:
            if name_of(error) not in ABSENT:
                return True
            here = False
        except Exception:
            return True
        self._here[channel] = (here, _now())
        return here

    async def title(self, channel: str) -> str:
        """What the channel is called, its id while Slack does not say."""
        try:
            found = await self._asked(self._client.web.conversations_info(channel=channel))
            return f"#{found['channel']['name']}"
        except Exception:  # its id will do
            return f"#{channel}"

    async def holds(self, channel: str, user: str) -> bool:
        """Whether the person is in the channel; False while Slack does not say."""
        cursor = ""
        try:
            for _ in range(PAGES):
                call = self._client.web.conversations_members(channel=channel, limit=1000, cursor=cursor or None)
                found = await self._asked(call)
                if user in found["members"]:
                    return True
                cursor = (found.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return False
        except Exception:  # whatever it was: nobody is taken for a member on no evidence
            return False
        return False

    async def profile(self, user: str) -> Profile:
        """Who the person is."""
        known = self._people.get(user)
        if known is not None and _now() - known[1] < KNOWN_FOR:
            return known[0]
        try:
            found = (await self._asked(self._client.web.users_info(user=user, include_locale=True)))["user"]
        except Exception:  # a default will do
            return Profile()
        admin = bool(found.get("is_admin") or found.get("is_owner"))
        name = str(found.get("real_name") or found.get("name") or "")
        profile = Profile(str(found.get("tz") or ""), str(found.get("locale") or ""), admin, name)
        self._people[user] = (profile, _now())
        return profile

    def now_here(self, channel: str, here: bool) -> None:
        """Slack told whether the bot is in the channel."""
        self._here[channel] = (here, _now())

    def forget(self, channel: str) -> None:
        """Something in the channel has changed."""
        self._here.pop(channel, None)

    async def _asked(self, call: Any) -> Any:  # noqa: ANN401
        self._client.open()
        return await asyncio.wait_for(call, WITHIN)


def _now() -> float:
    return asyncio.get_running_loop().time()
