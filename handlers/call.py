"""A call: one command as a person gave it, with everything the command may use while its transaction lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.core.cadence import DIGEST_AT
from bot.core.compose import Telling
from bot.core.message import Line, filled
from bot.core.model import Chat
from bot.core.ports import Session
from bot.core.words import Words
from handlers.quotas import Quotas
from handlers.request import Request
from handlers.services import Services


@dataclass(frozen=True)
class Call:
    """Who said what, where: `args` is what followed the verb, both ends stripped; `chat` is as the session has it."""

    request: Request
    services: Services
    session: Session
    chat: Chat
    args: str = ""

    @property
    def now(self) -> datetime:
        """The time everything in this call happens at."""
        return self.request.now

    @cached_property
    def words(self) -> Words:
        """The catalogue in the chat's language."""
        return Words(self.chat.language or "en")

    @property
    def quotas(self) -> Quotas | None:
        """How much the chat may ask for; None for as much as it likes."""
        counted = self.request.metered and not self.request.admin
        return self.services.quotas if counted else None

    @property
    def zone_name(self) -> str:
        """The chat's time zone, or the one assumed for it."""
        return self.chat.timezone or self.services.timezone

    @property
    def zone(self) -> ZoneInfo:
        """The chat's time zone, or the one assumed for it."""
        return ZoneInfo(self.zone_name)

    @property
    def telling(self) -> Telling:
        """Whom stories are told to."""
        return Telling(self.words, self.zone, self.now)

    @property
    def digest_at(self) -> time:
        """The local time of digests that name none."""
        return self.chat.digest_at or DIGEST_AT

    def say(self, key: str, /, **details: object) -> str:
        """A phrase in the chat's language."""
        return self.words.say(key, **details)

    def count(self, key: str, number: int, /, **details: object) -> str:
        """The plural form of a phrase in the chat's language."""
        return self.words.count(key, number, **details)

    def line(self, key: str, /, *, quiet: bool = False, **details: object) -> Line:
        """A phrase in the chat's language as a line; details may be spans."""
        return Line(filled(self.words.phrase(key), **details), quiet)
