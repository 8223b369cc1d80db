"""Every conversation of the transcripts over Slack: the real client, a strict server, and the same answers.

What people of a transcript type is typed in their own conversation with the bot (a command behind `/newsbell`, what
else there is as a message) and, in a second newsroom, said to the dispatch that every platform shares. What Slack shows
has to be the words of that answer, and its buttons to hold what they type. Time stands still and there is no web: what
needs them is left out.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.access import Access
from bot.core.buttons import data_of
from bot.core.message import Actions, Block, Card, Code, Item, Line, Message, Rows, Spans, Text, to_text
from bot.core.model import Address
from bot.menus import verbs
from handlers.dispatch import answer
from handlers.request import Request
from handlers.slack.render import LABEL, VALUE, slim
from handlers.slack.spoken import Speech
from handlers.task import Answer
from tests.handlers.newsroom import Newsroom
from tests.handlers.slack.slackroom import Slackroom, slackroom
from tests.slackapi.server import SlackApi
from tests.slackapi.state import Person, Shown
from tests.transcripts.stage import CUE, guard
from tests.transcripts.test_telegram import beside

__all__ = ["beside"]

HERE = Path(__file__).parent
USERS = {"": "U1", "local": "U1", "ana": "U2", "bob": "U3", "eve": "U4"}
"""Who is who in Slack."""
SPEECH = Speech(verbs=frozenset(verbs()))


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, room: Newsroom, beside: Newsroom) -> None:
    cues = [found for line in path.read_text().splitlines() if (found := CUE.fullmatch(line))]
    names = [name.strip() for cue in cues for name in (cue["admins"] or ":").partition(":")[2].split(",")]
    admins = frozenset(_address(USERS[name]) for name in ["local", *names] if name) if any(names) else frozenset()
    object.__setattr__(room.app, "settings", replace(room.app.settings, admins=admins))
    for cue in cues:
        if cue["access"]:
            guard(room, Access(cue["access"]), admins)
            guard(beside, Access(cue["access"]), admins)
            guarded = replace(room.app.settings, access=Access(cue["access"]))
            object.__setattr__(room.app, "settings", guarded)
    api, typed = SlackApi(), [(USERS[cue["name"] or ""], cue["text"]) for cue in cues if cue["text"]]
    for person in api.people.values():
        person.tz = ""

    async def work() -> None:
        async with slackroom(api, room) as here:
            for user, line in typed:
                for newsroom in (room, beside):
                    newsroom.wait(seconds=10)
                await _same(here, user, line, _meant(beside, api.people[user], line, admins))

    asyncio.run(work())
    assert typed
    assert api.violations == []


def _address(user: str) -> Address:
    return Address("slack", user)


def _meant(newsroom: Newsroom, person: Person, line: str, admins: frozenset[Address]) -> Answer:
    """What every platform answers."""
    speaker = _address(person.id)
    request = Request(speaker, line, newsroom.now, speaker in admins, person.name, speaker=speaker)
    return answer(request, newsroom.services)


async def _same(here: Slackroom, user: str, line: str, meant: Answer) -> None:
    """Says the line, unless it is for the web, and compares what is shown with what is meant."""
    if meant.task is not None:
        return
    before = len(here.api.shown)
    await _says(here, user, line)
    shown = here.api.shown[before:]
    files = {entry.file[0] for entry in shown if entry.file}
    text = "".join(entry.seen + "\n" for entry in shown if entry.file is None and entry.seen not in files)
    wanted = [_words(_said(meant.message)), _words(_said(slim(meant.message)))]
    assert _words(re.sub(r"^\+\d+ ↓$", "", text, flags=re.MULTILINE)) in wanted, line
    assert _buttons(shown) == [
        (action.label, data_of(action, VALUE))
        for block in meant.message.blocks
        if isinstance(block, Actions)
        for action in block.actions
        if len(action.label) < LABEL
    ], line


async def _says(here: Slackroom, user: str, line: str) -> None:
    """As a person would in Slack, which escapes what they type."""
    sent = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    verb = line[1:].split(maxsplit=1)[0].casefold() if line.startswith("/") and line[1:].strip() else ""
    if verb in SPEECH.verbs:
        await here.commands(sent[1:], user)
    else:
        await here.writes(sent, user)


def _said(message: Message) -> str:
    """The message in words, commands as they are typed in Slack; a card's address is behind its headline."""
    blocks = (replace(block, url=None) if isinstance(block, Card) else block for block in message.blocks)
    kept = (block for block in blocks if type(block).__name__ not in ("Actions", "Document", "Picks", "Picture"))
    return to_text(Message(tuple(map(_typed, kept))))


def _typed(block: Block) -> Block:
    match block:
        case Line(spans):
            said = (Text(SPEECH.within(span.text)) if isinstance(span, Text) else span for span in spans)
            return replace(block, spans=_code(tuple(said)))
        case Item(spans, below):
            return replace(block, spans=_code(spans), below=tuple(Line(_code(line.spans)) for line in below))
        case Card():
            return replace(block, why=_code(block.why))
        case Rows(rows):
            return replace(block, rows=tuple(tuple(map(_code, row)) for row in rows))
    return block


def _code(spans: Spans) -> Spans:
    return tuple(Code(SPEECH.typed(span.text)) if isinstance(span, Code) else span for span in spans)


def _words(text: str) -> str:
    """The words, whatever blanks, marks of tables and marks of form stand between them."""
    return re.sub(r"[\s\xa0\u200b|·:•*`]+", "", text)


def _buttons(shown: list[Shown]) -> list[tuple[str, str]]:
    buttons = [button for entry in shown for button in entry.buttons]
    return [(button["label"], button["value"]) for button in buttons if len(button["label"]) < LABEL]
