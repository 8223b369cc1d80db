"""Muting, unmuting, pausing and undoing in any order lose nothing: each story owed rings once, or a mute has it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.app import App
from bot.config import Settings
from bot.core.model import Article, State
from handlers.services import Services
from tests.few_topics import few_topics
from tests.fresh import fresh_store
from tests.handlers.newsroom import Newsroom

OUTLETS = st.sampled_from(("Danube Wire", "Harbour Post"))
EVER = timedelta(days=3650)
"""Nothing is too late to be sent here, however long the steps of a run have waited."""
SPANS = st.sampled_from(("", "1h", "2d"))
WORDS = ("river", "mill", "tower", "glass", "copper", "lantern", "orchard", "saddle", "violin", "anchor", "marble")


@dataclass
class Muted:
    """A mute as the model has it."""

    outlet: str
    until_at: datetime | None
    live: bool = True


class ReadersMachine(RuleBasedStateMachine):
    """One reader, one subscription, two outlets; the model knows what waits, what rang, and which mute has what."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        config = Settings(self.folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset(), late_for=EVER)
        app = App(config, fresh_store(config.database), few_topics())
        self.room = Newsroom(app, Services(app.store, app.topics, "UTC", None, "1"))
        for line in ("/subscribe frontex", "/settings max 9", "/undo"):
            self.room.say(line)
        self.outlet: dict[str, str] = {}
        self.waiting: set[str] = set()
        self.rang: set[str] = set()
        self.held: dict[str, Muted] = {}
        self.mutes: list[Muted] = []
        self.paused_until: datetime | None = None
        self.paused = False
        self.undo: tuple[str, object] | None = None

    def teardown(self) -> None:
        try:
            self.room.say("/resume")
            self.paused = False
            self.deliver()
            self.each_is_where_the_model_has_it()
            assert not self.waiting
        finally:
            self.room.app.close()
            shutil.rmtree(self.folder)

    def _in_force(self, outlet: str) -> Muted | None:
        for mute in self.mutes:
            over = mute.until_at is not None and mute.until_at <= self.room.now
            if mute.live and mute.outlet == outlet and not over:
                return mute
        return None

    def _silence(self, mute: Muted) -> None:
        for title in [title for title in self.waiting if self.outlet[title] == mute.outlet]:
            self.waiting.remove(title)
            self.held[title] = mute

    @rule(outlet=OUTLETS)
    def arrive(self, outlet: str) -> None:
        number = len(self.outlet)
        draw = Random(number)
        title = f"Frontex and the {draw.choice(WORDS)} {number} of {draw.choice(WORDS)}"
        text = " ".join("".join(draw.choices("bdgklmnprstvz", k=8)) for _ in range(30))  # each a story of its own
        self.outlet[title] = outlet
        self.room.take(Article(title, title, text, outlet, language="en"))
        self.room.app.owe(self.room.now)
        mute = self._in_force(outlet)
        if mute is None:
            self.waiting.add(title)
        else:
            self.held[title] = mute

    @rule(outlet=OUTLETS, span=SPANS)
    def mute(self, outlet: str, span: str) -> None:
        before = self._in_force(outlet)
        self.room.say(f'/mute source:"{outlet}" {span}')
        lasts = {"": None, "1h": timedelta(hours=1), "2d": timedelta(days=2)}[span]
        until_at = self.room.now + lasts if lasts else None
        if before is None:
            made = Muted(outlet, until_at)
            self.mutes.append(made)
            self._silence(made)
            self.undo = "mute", made
        else:
            self.undo = "mute again", (before, before.until_at)
            before.until_at = until_at

    @rule(outlet=OUTLETS)
    def unmute(self, outlet: str) -> None:
        mute = self._in_force(outlet)
        self.room.say(f'/unmute source:"{outlet}"')
        if mute is not None:
            mute.live = False
            self.undo = "unmute", mute

    @rule(span=st.sampled_from(("", "1h", "2d")))
    def pause(self, span: str) -> None:
        before = self.paused, self.paused_until
        lasts = {"": None, "1h": timedelta(hours=1), "2d": timedelta(days=2)}[span]
        until_at = self.room.now + lasts if lasts else None
        self.room.say(f"/pause {span}")
        if before != (True, until_at):
            self.undo = "pause", before
        self.paused, self.paused_until = True, until_at

    @precondition(lambda self: self.paused)
    @rule()
    def resume(self) -> None:
        self.room.say("/resume")
        self.undo = "pause", (True, self.paused_until)
        self.paused, self.paused_until = False, None

    @rule()
    def take_back(self) -> None:
        said = self.room.say("/undo")
        change, self.undo = self.undo, None
        match change:
            case ("mute", Muted() as mute):
                mute.live = False
                for title in [title for title, by in self.held.items() if by is mute]:
                    del self.held[title]
                    self.waiting.add(title)
            case ("mute again", (Muted() as mute, until_at)):
                mute.until_at = until_at  # type: ignore[assignment]
            case ("unmute", Muted() as mute):
                mute.live = self._in_force(mute.outlet) is None
                if mute.live and self._in_force(mute.outlet):
                    self._silence(mute)
            case ("pause", (paused, until_at)):
                self.paused, self.paused_until = paused, until_at  # type: ignore[assignment]
            case None:
                assert "nothing to undo" in said or "Undone" in said

    @rule(hours=st.sampled_from((0.5, 3, 30)))
    def wait(self, hours: float) -> None:
        self.room.wait(hours=hours)

    @rule()
    def deliver(self) -> None:
        self.room.deliver()
        if self.paused_until is not None and self.paused_until <= self.room.now:
            self.paused, self.paused_until = False, None
        if not self.paused:
            self.rang |= self.waiting
            self.waiting = set()

    @invariant()
    def each_is_where_the_model_has_it(self) -> None:
        states = self.room.app.store.read(lambda session: _states(session))
        assert {title for title, state in states.items() if state == State.SENT} == self.rang
        assert {title for title, state in states.items() if state == State.WAITING} == self.waiting
        assert {title for title, state in states.items() if state == State.CANCELLED} == set(self.held)


def _states(session: object) -> dict[str, str]:
    sql = "SELECT a.title, d.state FROM deliveries d JOIN articles a ON a.id = d.article_id WHERE d.kind = 'alert'"
    return dict(session.connection.execute(sql).fetchall())  # type: ignore[attr-defined]


ReadersMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
test_readers = ReadersMachine.TestCase
