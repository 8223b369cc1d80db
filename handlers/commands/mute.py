"""`/mute` and `/unmute`: a story, or an outlet, is not heard of; what waits is held to it too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Span, Strong, line, spans
from bot.core.reader_ports import Mute
from bot.matching import muting
from bot.matching.query import normalise
from bot.matching.syntax import SourceIs
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.meant import NUMBER, named, story_of
from handlers.muting import enforce
from handlers.registry import Group, command
from handlers.schedule import ends_at, moment, names_time

BUTTONS = 6
"""Mutes that get a button of their own."""

_SOURCE = re.compile(r'source:\s*(?:"([^"]*)"?|(\S*))\s*(.*)', re.IGNORECASE)
_SPAN = re.compile(r"[0-9]+[a-z]", re.IGNORECASE)
"""What a name that was left out would have been followed by."""
_LENGTH = re.compile(r"[0-9]|(?:until|till?|for|do|na|za)\b", re.IGNORECASE)
"""How that begins which is meant as a time, whether or not it is one; other words belong to a name of several."""
_STORY = re.compile(r"(#?\s*[0-9]{1,18}|https?://\S+)(?:\s+(.+))?", re.IGNORECASE | re.DOTALL)
_ALL = ("all", "everything", "sve")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be muted: its key, what to call it, how to show it, and for how long (as written).

    `instead` is what may have been meant where that is no time to come.
    """

    what: str
    label: str
    shown: Span
    span: str
    instead: str

    @property
    def is_story(self) -> bool:
        """Whether it is a story, not an outlet."""
        return self.what.startswith("story:")


@command(
    "mute",
    Group.RING,
    usage=("/mute", "/mute STORY", "/mute STORY 3d", "/mute source:NAME", "/mute source:NAME 7d"),
    examples=('/mute source:"danube wire" 7d', "/mute source:example.org until 2026-12-24"),
    writes=True,
)
def mute(call: Call) -> Message:
    """Mutes a story or an outlet, for good or a while; alone, lists what is muted."""
    if not call.args:
        return _listed(call)
    wanted = _wanted(call, normalise(call.args))
    until_at = ends_at(call, wanted.span, f"/mute {wanted.instead}") if wanted.span else None
    before = _live(call, wanted.what)
    made = call.session.mutes.add(call.chat.id, wanted.what, wanted.label, call.now, until_at)
    taken = enforce(call, made)
    was = {"until": before.until_at.isoformat() if before.until_at else None} if before else {}
    remember(call, Did.MUTED, mute=made.id, again=before is not None, **was)
    return Message((*_said(call, wanted, made, before, taken), _buttons(call)))


def _buttons(call: Call) -> Actions:
    return Actions((undo_button(call), Action(call.say("readers.all_muted"), "/mute")))


def _live(call: Call, what: str) -> Mute | None:
    return next((entry for entry in call.session.mutes.live(call.chat.id, call.now) if entry.what == what), None)


def _wanted(call: Call, text: str) -> Wanted:
    """What is meant; UserError with the nearest command that can be sent."""
    if found := _SOURCE.fullmatch(text):
        name = (found[1] or found[2] or "").strip()
        key = None if _lacks_name(call, found) else muting.outlet(name)
        if key is None:
            raise UserError("readers.mute_source_name", suggestion='/mute source:"danube wire" 7d')
        span = found[3].strip()
        several = found[2] and span and not _LENGTH.match(span)
        instead = _whole(call, f"{found[2]} {span}") if several else f"{source_text(name)} 7d"
        return Wanted(key, source_text(name), Code(source_text(name)), span, instead)
    if found := _STORY.fullmatch(text):
        archived = story_of(call, found[1])
        title = archived.article.title or f"#{archived.story_id}"
        span, instead = (found[2] or "").strip(), f"{archived.story_id} 7d"
        return Wanted(muting.story(archived.story_id), title, named(archived), span, instead)
    likely = muting.outlet(text) is not None and len(text) < 60 and not re.search(r'[":#]|^[0-9]+$', text)
    suggestion = f"/mute {source_text(text)}" if likely else None
    raise UserError("readers.mute_what", text=text[:40], example="/subscribe frontex -football", suggestion=suggestion)


def _lacks_name(call: Call, found: re.Match[str]) -> bool:
    """Whether what stands for the outlet's name is how long it is to be muted: `source: 7d`, `source: until monday`."""
    first, rest = found[2] or "", found[3].strip()
    return bool(first) and (names_time(call, f"{first} {rest}") if rest else _SPAN.fullmatch(first) is not None)


def _whole(call: Call, text: str) -> str:
    """Several words as one outlet's name, less the time at their end."""
    words = text.split()
    ends = (cut for cut in range(1, len(words)) if names_time(call, " ".join(words[cut:])))
    cut = next(ends, len(words))
    return " ".join([source_text(" ".join(words[:cut])), *words[cut:]])


def source_text(name: str) -> str:
    """The outlet as the query language writes it."""
    return f'source:"{name}"' if " " in name else f"source:{name}"


def _said(call: Call, wanted: Wanted, made: Mute, before: Mute | None, taken: int) -> list[Block]:
    until = moment(call, made.until_at) if made.until_at else None
    key = f"readers.muted_{'story' if wanted.is_story else 'source'}{'_until' if until else ''}"
    lines: list[Block] = [call.line(key, until=until, story=wanted.shown, source=wanted.shown)]
    if before is not None:
        same = before.until_at == made.until_at
        again = "readers.muted_same" if same else "readers.muted_again"
        lines.append(call.line(again, quiet=True, until=_until_words(call, made)))
    if not wanted.is_story and not _is_known(call, wanted.what):
        name = wanted.label.removeprefix("source:").strip('"')
        lines.append(call.line("readers.no_such_source", quiet=True, text=name))
    if taken:
        lines.append(line(call.count("readers.mute_took", taken), quiet=True))
    return lines


def _is_known(call: Call, what: str) -> bool:
    """Whether any article came from such an outlet."""
    page = call.session.search.newest(SourceIs(what.removeprefix("source:")), call.now, limit=1)
    return bool(page.hits)


def _until_words(call: Call, entry: Mute) -> str:
    if entry.until_at is None:
        return call.say("readers.for_good")
    return call.say("readers.until", time=moment(call, entry.until_at).text)


def _listed(call: Call) -> Message:
    live = call.session.mutes.live(call.chat.id, call.now)
    if not live:
        example = Code('/mute source:"danube wire" 7d')
        return Message((call.line("readers.nothing_muted_yet", source=example),))
    items = [_item(call, entry) for entry in live]
    buttons = tuple(
        Action(call.say("readers.unmute_it", what=_name(entry)), f"/unmute {_name(entry)}") for entry in live[:BUTTONS]
    )
    return Message((Heading(call.count("readers.muted_list", len(live))), *items, Actions(buttons)))


def _item(call: Call, entry: Mute) -> Item:
    held = call.session.mutes.held(entry.id)
    said = [_until_words(call, entry), *([call.count("readers.kept_back", held)] if held else [])]
    return Item(spans(Strong(entry.label)), (Line(spans(" · ".join(said)), quiet=True),))


def _name(entry: Mute) -> str:
    """What unmutes it, as typed."""
    return f"#{entry.what.removeprefix('story:')}" if entry.what.startswith("story:") else entry.label


@command(
    "unmute",
    Group.RING,
    usage=("/unmute STORY", "/unmute source:NAME", "/unmute all"),
    examples=('/unmute source:"danube wire"', "/unmute all"),
    writes=True,
)
def unmute(call: Call) -> Message:
    """Hears of a story or an outlet again, from now on."""
    live = call.session.mutes.live(call.chat.id, call.now)
    if not call.args or not live:
        return _listed(call)
    ended = live if call.args.casefold() in _ALL else [_meant(call, live)]
    for entry in ended:
        call.session.mutes.end(entry.id, call.now)
    remember(call, Did.UNMUTED, mutes=[entry.id for entry in ended])
    names = ", ".join(entry.label for entry in ended)
    key = "readers.unmuted" if len(ended) == 1 else "readers.unmuted_all"
    blocks: list[Block] = [call.line(key, what=Strong(names))]
    held = sum(call.session.mutes.held(entry.id) for entry in ended)
    actions = [undo_button(call)]
    if held:
        blocks.append(line(call.count("readers.not_coming", held), quiet=True))
        sources = [entry for entry in ended if entry.what.startswith("source:")]
        actions += [Action(call.say("readers.see_kept_back"), f"/search {entry.label}") for entry in sources[:1]]
    return Message((*blocks, Actions(tuple(actions))))


def _meant(call: Call, live: list[Mute]) -> Mute:
    """The mute a person means: by what it mutes, or what the list calls it; UserError when it is none of them."""
    text = normalise(call.args)
    source = _SOURCE.fullmatch(text)
    key = muting.outlet(source[1] or source[2] or "") if source else None
    if NUMBER.fullmatch(text) or text.lower().startswith("http"):
        key = muting.story(story_of(call, text).story_id)
    named_so = [entry for entry in live if entry.what == key or entry.label.casefold() == text.casefold()]
    if not named_so and (loose := muting.outlet(text)):
        named_so = [entry for entry in live if entry.what == loose]
    if not named_so:
        raise UserError("readers.not_muted", suggestion="/mute")
    return named_so[0]
