"""The bot's page and its forms, as views: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.message import Message
from bot.core.words import Words
from handlers.slack.markup import escaped
from handlers.slack.render import Json, blocks_of
from handlers.slack.spoken import Speech

BLOCKS = 100
"""Blocks of a view (docs.slack.dev/reference/views)."""

ADD, SET = "open:add", "open:settings"
"""What opens the forms, and what they are called when they come back."""

RHYTHMS = ("instant", "daily", "weekdays", "weekly")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FLAGS = ("urgent", "every")
LANGUAGES = {"en": "English", "sr": "srpski (latinica)", "sr-Cyrl": "српски (ћирилица)"}
QUERY = 3000
"""Characters of an input, which are fewer than a query may have."""


def page(sections: Sequence[Message], words: Words, speech: Speech, *, forms: bool = True) -> Json:
    """The page: the buttons that open forms, for whom there are any, then what the messages say."""
    opens = [
        _button(ADD, words.say("slack.add"), style="primary"),
        _button(SET, words.say("slack.set")),
    ]
    blocks: list[Json] = [{"type": "actions", "elements": opens}] if forms else []
    for number, section in enumerate(sections):
        blocks += blocks_of(section, speech, f"say:{number}")
    return {"type": "home", "blocks": blocks[:BLOCKS]}


def adding(words: Words) -> Json:
    """The form that subscribes to something."""
    rhythms = [_option(name, words.say(f"slack.rhythm_{name}")) for name in RHYTHMS]
    days = [_option(day, words.say(f"slack.day_{day.lower()}")) for day in DAYS]
    flags = [_option(flag, words.say(f"slack.flag_{flag}")) for flag in FLAGS]
    query = {"type": "plain_text_input", "max_length": QUERY, "placeholder": _plain('"border force" OR frontex')}
    where = {"type": "conversations_select", "filter": {"include": ["public", "private"], "exclude_bot_users": True}}
    return _form(
        ADD,
        words.say("slack.add"),
        words,
        [
            _input("query", words.say("slack.query"), query, hint=words.say("slack.query_hint")),
            _input("rhythm", words.say("slack.when"), {"type": "static_select", "options": rhythms,
                                                       "initial_option": rhythms[0]}),
            _input("time", words.say("slack.time"), {"type": "timepicker"}, optional=True),
            _input("day", words.say("slack.day"), {"type": "static_select", "options": days}, optional=True),
            _input("flags", words.say("slack.flags"), {"type": "checkboxes", "options": flags}, optional=True),
            _input("where", words.say("slack.where"), where, hint=words.say("slack.where_hint"), optional=True),
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a chat is set, as its form shows it: texts as `/settings` takes them, empty for what is not set."""

    timezone: str
    digest: str
    quiet: str
    max: str
    reads: str
    language: str
    empty: bool


def setting_up(chosen: Chosen, words: Words) -> Json:
    """The form of the settings, as they are."""
    since, _, until = chosen.quiet.partition("-")
    languages = [_option(code, name) for code, name in LANGUAGES.items()]
    spoken = next((option for option in languages if option["value"] == chosen.language), languages[0])
    empty = [_option("on", words.say("slack.empty_on"))]
    return _form(
        SET,
        words.say("slack.set"),
        words,
        [
            _input("timezone", words.say("commands.setting_timezone"), _text(chosen.timezone, "Europe/Belgrade")),
            _input("digest", words.say("commands.setting_digest"), _time(chosen.digest)),
            _input("quiet_from", words.say("slack.quiet_from"), _time(since), optional=True),
            _input("quiet_to", words.say("slack.quiet_to"), _time(until), optional=True),
            _input("max", words.say("commands.setting_max"), _text(chosen.max, "8")),
            _input("reads", words.say("commands.setting_reads"), _text(chosen.reads, "en,sr,de"), optional=True),
            _input("language", words.say("commands.setting_language"),
                   {"type": "static_select", "options": languages, "initial_option": spoken}),
            _input("empty", words.say("commands.setting_empty"), {"type": "checkboxes", "options": empty}
                   | ({"initial_options": empty} if chosen.empty else {}), optional=True),
        ],
    )  # fmt: skip


def subscription_of(given: Mapping[str, str]) -> tuple[str, str]:
    """The query of a form that was filled in, and the cadence behind it."""
    rhythm = given.get("rhythm", RHYTHMS[0])
    parts = [rhythm]
    if rhythm == "weekly":
        parts.append(given.get("day", DAYS[0]))
    if rhythm != RHYTHMS[0] and (time := given.get("time")):
        parts.append(time)
    elif rhythm == "weekly":
        parts.append("08:00")
    flags = [flag for flag in FLAGS if flag in given.get("flags", "").split(",")]
    return given.get("query", ""), " ".join([*parts, *flags])


def settings_of(given: Mapping[str, str], chosen: Chosen) -> dict[str, str]:
    """Setting -> its new value, of what the form changes."""
    since, until = given.get("quiet_from", ""), given.get("quiet_to", "")
    quiet = f"{since}-{until}" if since and until else ""
    wanted = {
        "timezone": given.get("timezone", ""),
        "digest": given.get("digest", ""),
        "quiet": quiet or "off",
        "max": given.get("max", ""),
        "reads": given.get("reads", "") or "all",
        "language": given.get("language", ""),
        "empty": "on" if given.get("empty") else "off",
    }
    now = {
        "timezone": chosen.timezone, "digest": chosen.digest, "quiet": chosen.quiet or "off", "max": chosen.max,
        "reads": chosen.reads or "all", "language": chosen.language, "empty": "on" if chosen.empty else "off",
    }  # fmt: skip
    return {name: value for name, value in wanted.items() if value and value != now[name]}


def errors(problems: Mapping[str, str]) -> Json:
    """What is wrong with a form, by block."""
    return {"response_action": "errors", "errors": {block: text[:150] for block, text in problems.items()}}


def _form(name: str, title: str, words: Words, blocks: list[Json]) -> Json:
    submit, close = _plain(words.say("slack.save")), _plain(words.say("slack.cancel"))
    return {"type": "modal", "callback_id": name, "title": _plain(title[:24]), "submit": submit, "close": close,
            "blocks": blocks}  # fmt: skip


def _input(block: str, label: str, element: Json, *, hint: str = "", optional: bool = False) -> Json:
    made: Json = {"type": "input", "block_id": block, "label": _plain(label), "optional": optional}
    made["element"] = {"action_id": block, **element}
    return made | ({"hint": _plain(hint)} if hint else {})


def _text(value: str, example: str) -> Json:
    return {"type": "plain_text_input", "initial_value": value, "placeholder": _plain(example)}


def _time(value: str) -> Json:
    return {"type": "timepicker"} | ({"initial_time": value} if value else {})


def _option(value: str, text: str) -> Json:
    return {"text": _plain(text), "value": value}


def _button(name: str, label: str, **more: Any) -> Json:  # noqa: ANN401
    return {"type": "button", "action_id": name, "text": _plain(label), "value": name, **more}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": escaped(text), "emoji": False}
