"""Killed at any moment between two steps, each account of a followed story rings once; only what was cut off repeats.

Every write of the store has a moment inside and after it, every message one on its way and one after it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from bot.core.model import Address, Source, SourceKind
from bot.core.ports import Session
from store.database import SqliteStore, open_store
from tests.few_topics import few_topics
from tests.jobs.accounts import account, copy_of
from tests.jobs.conftest import NOW
from tests.jobs.test_delivery_machine import Crash, Line, MortalStore, Process, World
from tests.simulated import simulate

MINUTE = timedelta(minutes=1)
TOLD = account("ferry", 0)
COMING = {5: (account("ferry", 1),), 20: (account("ferry", 2), copy_of(TOLD, "Wire"))}
"""What comes, by the minute."""

ACCOUNTS = tuple(account("ferry", number) for number in (1, 2))


@dataclass
class Life:
    """A process on a database, which dies at a moment or does not."""

    place: Path
    world: World
    process: Process

    def live(self, *minutes: int) -> None:
        """What has come by each of these minutes is taken in, if this life did not yet, and what is due leaves."""
        with closing(open_store(self.place, now=NOW)) as store:
            app = App(settings(self.place), MortalStore(store, self.process), few_topics())  # type: ignore[arg-type]
            source, left = store.write(_source), dict(COMING)
            for minute in minutes:
                now = NOW + minute * MINUTE
                for at in [at for at in left if at <= minute]:
                    list(app.intake.take(left.pop(at), source, now))
                deliver = app.deliverer(Line(self.world, self.process), lambda _: True)
                simulate(app.deliver(now, deliver))


def settings(place: Path) -> Settings:
    return Settings(place, None, None, MINUTE, "UTC", frozenset())


def _source(session: Session) -> Source:
    return session.sources.ensure(SourceKind.INGEST, "/in", "in")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two chats were told of the ferry; one follows it, the other wants to hear of three outlets."""
    place = tmp_path_factory.mktemp("killed") / "n.db"
    with closing(open_store(place, now=NOW)) as store:
        app = App(settings(place), store, few_topics())

        def subscribe(session: Session) -> None:
            for name in ("follows", "counts"):
                chat = session.chats.ensure(Address("terminal", name), NOW)
                session.subscriptions.add(
                    chat, "frontex", NOW, cadence="instant", urgent=False, every=False, next_due_at=None
                )
                if name == "follows":
                    session.follows.start(chat.id, 1, NOW)
                else:
                    session.chats.save(replace(chat, outlets=3))

        store.write(subscribe)
        list(app.intake.take([TOLD], store.write(_source), NOW))
        simulate(app.deliver(NOW, app.deliverer(Line(World(), Process()), lambda _: True)))
    return place


def seen(world: World) -> Counter[str]:
    """How often each chat saw what."""
    told: Counter[str] = Counter()
    for chat, _, text in world.accepted:
        body = text.partition("\n")[2]
        told.update(f"{chat} {article.title}" for article in ACCOUNTS if article.title in body)
        told.update([f"{chat} outlets"] if " outlets have accounts" in text else [])
    return told


def through(template: Path, place: Path, die_at: int | None) -> tuple[bool, World, int]:
    """A life that ends at a moment and one that comes after it; (whether it did end, what was seen, settled or not)."""
    shutil.copy(template, place)
    world, process = World(), Process(die_at)
    with suppress(Crash):
        Life(place, world, process).live(5, 20, 40)
    Life(place, world, Process()).live(60, 95, 130)
    with closing(open_store(place, now=NOW)) as store:
        lost = len(world.accepted) - _messages(store)
    return process.dead, world, lost


def _messages(store: SqliteStore) -> int:
    """Messages that were settled as sent, since the template."""
    sql = "SELECT count(DISTINCT chat_id || message_ref) FROM deliveries WHERE state = 'sent' AND further <> 0"
    with store.reading() as connection:
        return int(connection.execute(sql).fetchone()[0])


WANTED = Counter([*(f"terminal:follows {article.title}" for article in ACCOUNTS), "terminal:counts outlets"])


def test_killed_at_any_moment_each_account_rings_once(template: Path, tmp_path: Path) -> None:
    whole = through(template, tmp_path / "whole.db", None)[1]
    assert {what: times for what, times in seen(whole).items() if what in WANTED} == WANTED
    moments = 0
    while True:
        died, world, lost = through(template, tmp_path / f"{moments}.db", moments)
        if not died:
            break
        told = {what: times for what, times in seen(world).items() if what in WANTED}
        assert told.keys() == WANTED.keys(), moments
        assert sum(told.values()) - WANTED.total() <= 3 * lost, moments
        assert lost <= 1, moments
        moments += 1
    assert moments > 40
