"""A chat's settings as data: what each is called, how a person writes it, how it reads back, what it moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from bot.core.cadence import parse_quiet, parse_time
from bot.core.errors import UserError
from bot.core.model import Chat
from bot.core.times import clock, language_name, listed
from bot.core.typed import loose
from bot.core.words import Words, keys, language_of
from bot.core.zones import zone
from bot.matching.text import languages_of
from handlers.call import Call

OFF = ("off", "no", "false", "0", "ne", "iskljuceno")
ON = ("on", "yes", "true", "1", "da", "ukljuceno")
EVERYTHING = ("all", "any", "everything", "sve", "svi")

NEVER = ("never", "none", "nikad")

MOST_ALERTS = 100
"""Alerts an hour that may be asked for."""

MOST_OUTLETS = 99
"""Outlets that may be asked for."""

_SEPARATORS = re.compile(r"[\s,;]+")
_NATIVE = {"en": "English", "sr-Latn": "srpski (latinica)", "sr-Cyrl": "српски (ћирилица)"}


_DEFAULTS = {entry.name: entry.default for entry in fields(Chat)}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `read` puts what a person wrote into the chat, `show` words its value; UserError from `read`."""

    name: str
    field: str
    example: str
    read: Callable[[Chat, str], Chat]
    show: Callable[[Call], str]
    choices: tuple[str, ...]
    """What a menu offers, as a person could write it."""
    timely: bool = False
    """Whether it decides when something comes, so that digests move with it and the time zone matters."""
    brief: Callable[[Call], str] | None = None
    """Words its value for a button, where `show` says too much."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything of a chat that `read` may change."""
        return (self.field, "zone_guessed") if self.field == "timezone" else (self.field,)

    def is_set(self, chat: Chat) -> bool:
        """Whether the chat chose it, rather than a default."""
        return bool(getattr(chat, self.field) != _DEFAULTS[self.field])

    def offered(self, call: Call) -> list[tuple[str, str, bool]]:
        """(how it reads, how it is written, whether it is so now) of each choice."""
        label = self.brief or self.show
        chosen = [(text, replace(call, chat=self.read(call.chat, text))) for text in self.choices]
        now = getattr(call.chat, self.field)
        return [(label(other), text, getattr(other.chat, self.field) == now) for text, other in chosen]


def _timezone(chat: Chat, text: str) -> Chat:
    return replace(chat, timezone=zone(text), zone_guessed=False)


def _digest(chat: Chat, text: str) -> Chat:
    return replace(chat, digest_at=parse_time(text))


def _quiet(chat: Chat, text: str) -> Chat:
    return replace(chat, quiet=parse_quiet(text))


def _reads(chat: Chat, text: str) -> Chat:
    typed = [part for part in _SEPARATORS.split(loose(text)) if part]
    if not typed or typed[0] in EVERYTHING:
        return replace(chat, reads=())
    codes = [code for part in typed for code in _codes(part)]
    return replace(chat, reads=tuple(dict.fromkeys(codes)))


def _codes(typed: str) -> tuple[str, ...]:
    """ISO 639-1 codes of a code, a group of languages or a language's name in a language of the catalogue."""
    code = _names().get(typed, typed)
    codes = languages_of(code)
    if not codes or not set(codes) <= set(_names().values()):
        raise UserError("commands.no_language", text=typed[:40], suggestion="en,sr,de")
    return codes


def _names() -> dict[str, str]:
    """What a language may be called -> its code."""
    known = [key.removeprefix("languages.") for key in keys() if key.startswith("languages.")]
    named = {loose(Words(room).phrase(f"languages.{code}")): code for room in ("sr-Latn", "en") for code in known}
    return named | {code: code for code in known}


def _language(chat: Chat, text: str) -> Chat:
    language = language_of(text)
    if language is None:
        raise UserError("commands.not_my_language", text=text[:40], suggestion="en")
    return replace(chat, language=language)


def _empty(chat: Chat, text: str) -> Chat:
    typed = loose(text)
    if typed not in (*ON, *OFF):
        raise UserError("commands.on_or_off", text=text[:40], suggestion="off")
    return replace(chat, empty_digest=typed in ON)


def _max(chat: Chat, text: str) -> Chat:
    typed = text.strip()
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed[:4]) <= MOST_ALERTS:
        raise UserError("readers.bad_max", text=text[:40], suggestion=str(_DEFAULTS["max_per_hour"]))
    return replace(chat, max_per_hour=int(typed[:4]))


def _outlets(chat: Chat, text: str) -> Chat:
    typed = loose(text)
    if typed in (*OFF, *NEVER):
        return replace(chat, outlets=0)
    if not typed.isascii() or not typed.isdigit() or not 2 <= int(typed[:4]) <= MOST_OUTLETS:
        raise UserError("stories.bad_outlets", text=text[:40], suggestion=str(_DEFAULTS["outlets"]))
    return replace(chat, outlets=int(typed[:4]))


def _show_outlets(call: Call) -> str:
    return call.count("stories.outlets_now", call.chat.outlets) if call.chat.outlets else call.say("stories.not_again")


def _show_zone(call: Call) -> str:
    key = "menus.zone_guess" if call.chat.zone_guessed else "commands.zone_now"
    return call.say(key, zone=call.zone_name, time=clock(call.now, call.zone))


def _city(call: Call) -> str:
    return f"{call.zone_name.rpartition('/')[2].replace('_', ' ')} {clock(call.now, call.zone)}"


def _show_reads(call: Call) -> str:
    if not call.chat.reads:
        return call.say("commands.all_languages")
    return listed([language_name(code, call.words) for code in call.chat.reads], call.words)


ZONES = ("Europe/London", "Europe/Berlin", "Europe/Belgrade", "Europe/Athens", "Europe/Istanbul", "America/New_York")
"""Zones that a menu offers; any other is named, or found by a place."""

SETTINGS = (
    Setting("timezone", "timezone", "Europe/Belgrade", _timezone, _show_zone, ZONES, timely=True, brief=_city),
    Setting(
        "digest",
        "digest_at",
        "07:30",
        _digest,
        lambda call: f"{call.digest_at:%H:%M}",
        ("06:00", "07:00", "08:00", "09:00", "12:00", "18:00", "21:00"),
        timely=True,
    ),
    Setting(
        "quiet",
        "quiet",
        "22:00-07:00",
        _quiet,
        lambda call: str(call.chat.quiet) if call.chat.quiet else call.say("commands.off"),
        ("off", "21:00-07:00", "22:00-07:00", "23:00-08:00"),
        timely=True,
    ),
    Setting(
        "max",
        "max_per_hour",
        "8",
        _max,
        lambda call: call.say("readers.max_now", n=call.chat.max_per_hour),
        ("2", "4", "8", "20", "100"),
    ),
    Setting("outlets", "outlets", "8", _outlets, _show_outlets, ("never", "4", "8", "16")),
    Setting("reads", "reads", "en,sr,de", _reads, _show_reads, ("all", "en", "bcms", "en,bcms")),
    Setting("language", "language", "sr", _language, lambda call: _NATIVE[call.words.language], tuple(_NATIVE)),
    Setting(
        "empty",
        "empty_digest",
        "off",
        _empty,
        lambda call: call.say("commands.on" if call.chat.empty_digest else "commands.off"),
        ("on", "off"),
    ),
)
"""Every setting, in the order they are listed."""


def setting(name: str) -> Setting | None:
    """The setting of this name, in any case."""
    return next((entry for entry in SETTINGS if entry.name == name.casefold()), None)
