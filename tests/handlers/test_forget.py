"""`/forget`: it counts, asks once, and then no byte of the database tells of the chat, on whatever platform it was."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from bot.conversation import kept_of
from bot.core.access import Access
from bot.core.buttons import data_of, kept
from bot.core.message import Action, to_text
from bot.core.model import Address, SourceKind
from bot.core.ports import Session
from bot.core.presence import silence
from bot.jobs.sender import Sender
from bot.owing import Heard
from handlers.request import Request
from tests.few_topics import few_topics
from tests.fresh import fresh_store
from tests.jobs.conftest import NOW, Platform, article

ADMIN = Address("telegram", "11")
QUERY = '"zebrafinch marmalade" OR frontex'
LONG = " ".join(f"quagga{number}" for number in range(40))
NAME, TITLE = "Zdenka Zaboravić", "Borderdesk Oblivion"

PLACES = {
    "a private chat in Telegram": Address("telegram", "7301946825"),
    "a topic of a Telegram group": Address("telegram", "-1007301946825", "88"),
    "a person in Slack": Address("slack", "U7QZ4OBLIVION"),
    "a thread in Slack": Address("slack", "C7QZ4OBLIVION", "1700000000.004200"),
    "a terminal": Address("terminal", "oblivion-desk"),
}


@dataclass
class Room:
    """One chat's life with the bot."""

    app: App
    place: Address
    said: int = 0

    @property
    def is_shared(self) -> bool:
        """Whether several people are there."""
        return self.place.chat.startswith(("-", "C"))

    @property
    def speaker(self) -> Address:
        """Who speaks there."""
        return replace(self.place, chat="7999", thread="") if self.is_shared else self.place

    def request(self, text: str, place: Address | None = None, **more: object) -> Request:
        self.said += 1
        title = TITLE if self.is_shared and place is None else ""
        given: dict[str, object] = {"name": NAME, "event": f"event{self.said}", "speaker": self.speaker, "title": title}
        return Request(place or self.place, text, NOW, **{**given, **more})  # type: ignore[arg-type]

    def say(self, text: str, place: Address | None = None, **more: object) -> str:
        return to_text(self.app.answer(self.request(text, place, **more)).message)

    def admin(self, text: str) -> str:
        return self.say(text, ADMIN, admin=True, speaker=ADMIN, name="Ana", title="")

    def write(self, work: Callable[[Session], object]) -> None:
        self.app.store.write(work)

    def lives(self) -> None:
        """Everything that leaves something behind."""
        self.say("/start")
        self.admin(f"/access approve {replace(self.place, thread='')}")
        self.say(f"/subscribe {QUERY}")
        self.say(f"/subscribe {LONG} daily 08:00")
        self.rings()
        done = {
            "/save": "Saved",
            "/irrelevant 1": "Noted",
            '/mute source:"Oblivion Gazette"': "Muted",
            "/pause 3d": "Paused",
        }
        for command, answer in done.items():
            assert answer in self.say(command), command
        self.write(self._elsewhere)
        self.write(self._unsaid)

    def rings(self) -> None:
        """Its alert comes."""
        source = self.app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
        list(self.app.intake.take([article()], source, NOW))
        platform = Platform(self.place.platform)
        deliver = self.app.delivery([Sender(platform)], lambda address: True)
        asyncio.run(self.app.deliver(NOW, deliver))
        assert str(self.place) in {chat for chat, _ in platform.sent}

    def _elsewhere(self, session: Session) -> None:
        """Others' chats know of this one: whom it brought, invited and owns, and who is told of it."""
        other = session.chats.ensure(Address(self.place.platform, "5550001"), NOW)
        session.chats.save(replace(other, owner=self.place))
        session.rules.made_by(
            session.subscriptions.add(
                other, "kosovo", NOW, cadence="instant", urgent=False, every=False, next_due_at=None
            ).id,
            self.place,
        )
        session.guests.ask(Address(self.place.platform, "5550002"), "Others", NOW, replace(self.place, thread=""))
        session.guests.invite("code", replace(self.place, thread=""), NOW + timedelta(days=7))
        chat = session.chats.at(self.place)
        assert chat is not None
        session.chats.save(replace(chat, owner=Address(self.place.platform, "5550001")))
        silence(session, chat.id, NOW, "it may not write there")

    def _unsaid(self, session: Session) -> None:
        """It waits for an answer, and has a button whose command is long."""
        session.conversations.keep_unanswered({"waits": str(Heard(self.request(f"/search {LONG}")))}, NOW)
        button = Action("More", f"/search {LONG} page:2")
        session.conversations.keep_buttons(kept([button], 64), NOW)
        key = data_of(button, 64).removeprefix("#")
        assert session.conversations.button(key, NOW) == button.command


@pytest.fixture(params=list(PLACES.values()), ids=list(PLACES))
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    settings = Settings(tmp_path / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset({ADMIN}))
    settings = replace(settings, access=Access.INVITED, backups=tmp_path / "backups")
    app = App(settings, fresh_store(settings.database), few_topics())
    yield Room(app, request.param)
    app.close()


def marks(place: Address) -> list[str]:
    """What would tell of the chat."""
    known = [NAME, TITLE] if place.platform != "terminal" else []
    return [place.chat, *([place.thread] if "." in place.thread else []), "zebrafinch", "quagga", "Oblivion", *known]


def raw(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*") if file.is_file())


def tables(path: Path) -> dict[str, str]:
    """Every table there is, all of its rows as text."""
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        names = [name for (name,) in connection.execute(sql)]
        return {name: str(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}


def test_it_counts_asks_once_and_then_no_byte_tells_of_the_chat(room: Room) -> None:
    path = room.app.settings.database
    room.lives()
    found = [mark for mark in marks(room.place) if mark.encode() in raw(path)]
    assert {room.place.chat, "zebrafinch", "quagga", "Oblivion"} <= set(found), "there is something to forget"

    asked = room.say("/forget")
    assert asked.startswith("Kept about this chat: your settings, 2 subscriptions, 1 delivery")
    assert "1 saved article" in asked
    assert "The daily backups have what they had until they are a week old." in asked
    assert room.place.chat.encode() in raw(path), "it asked"

    done = room.say("/forget yes")
    assert done.startswith("Removed for good: your settings, 2 subscriptions, 1 delivery")
    if room.place.thread:  # each topic is a chat of its own, and the group is let in as long as it has one
        typed = ("zebrafinch", "quagga", "Gazette", NAME)
        assert [mark for mark in typed if mark.encode() in raw(path)] == []
        room.say("/forget yes", replace(room.place, thread=""), title=TITLE)
    left = {name: mark for name, rows in tables(path).items() for mark in marks(room.place) if mark in rows}
    assert left == {}
    assert [mark for mark in marks(room.place) if mark.encode() in raw(path)] == []


@pytest.mark.parametrize("room", [PLACES["a person in Slack"]], indirect=True)
def test_others_keep_what_is_theirs(room: Room) -> None:
    room.lives()
    other = Address(room.place.platform, "5550003")
    room.write(lambda session: session.guests.ask(other, "Bo", NOW, None))
    room.admin(f"/access approve {other}")
    room.say(f"/subscribe {QUERY}", other, speaker=other, name="Bo")
    room.say("/save", other, speaker=other, name="Bo")
    room.say("/forget yes")
    assert "zebrafinch" in room.say("/list", other, speaker=other, name="Bo")
    assert room.app.store.read(lambda session: session.articles.count()) == 1


@pytest.mark.parametrize("room", [PLACES["a topic of a Telegram group"]], indirect=True)
def test_an_admin_who_forgets_a_group_does_not_let_it_in_again(room: Room) -> None:
    room.lives()
    for place in {room.place, replace(room.place, thread="")}:
        room.say("/forget yes", place, admin=True)
    assert room.app.store.read(lambda session: session.guests.at(room.place)) is None


@pytest.mark.parametrize(
    ("text", "forgotten"),
    [
        ("/forget", True),
        ("/forget yes", True),
        ("/Forget", True),
        ("/search forget", False),
        ("/oops", False),
        ("", False),
    ],
)
def test_of_the_wish_to_be_forgotten_nothing_is_kept_until_it_is_answered(text: str, forgotten: bool) -> None:
    heard = Heard(Request(ADMIN, text, NOW))
    assert kept_of(heard) == ("" if forgotten else str(heard))
