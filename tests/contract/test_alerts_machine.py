"""Whatever is raised, expanded, killed, pruned, forgotten and put back, by two processes: no alert is passed over."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.core.model import Alert, Subscription
from bot.core.ports import Session
from store.alerts import UNFINISHED
from store.database import open_store
from store.restoring import restore
from tests.contract.scene import HOUR, MINUTE, NOW, Scene
from tests.fresh import fresh_store

PROCESSES = st.integers(0, 1)
WORDS = ("kosovo", "drina", "frontex")
RAISED = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(WORDS)), min_size=1, max_size=5, unique=True
)  # of which article, by which word


@dataclass
class Expected:
    """What should be in the database: alerts that exist, which of them wait, and where the first of those is."""

    alerts: dict[int, tuple[int, int, int, bool]] = field(default_factory=dict)
    """(article, story, query, fresh) by number."""
    waiting: list[int] = field(default_factory=list)
    reached: int = 0

    def copy(self) -> Expected:
        return Expected(dict(self.alerts), list(self.waiting), self.reached)

    def leads(self, story: int, query: int, fresh: bool) -> bool:
        return not any(its[1:3] == (story, query) and its[3] >= fresh for its in self.alerts.values())


class Killed(Exception):
    """The process ends before it has committed."""


class AlertsMachine(RuleBasedStateMachine):
    """Two processes at one database, three queries, four stories of three articles each."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        fresh_store(self.folder / "n.db").close()
        self._open()
        self.expected = Expected()
        self.last = 0
        self.leading: dict[int, bool] = {}
        self.copies: list[tuple[Path, Expected, dict[str, int]]] = []
        self.queries = {word: self._subscribe(word) for word in WORDS}

    def teardown(self) -> None:
        try:
            self._expand_all()
        finally:
            self._close()
            shutil.rmtree(self.folder)

    @rule(process=PROCESSES, matches=RAISED, fresh=st.booleans(), killed=st.booleans())
    def raise_alerts(self, process: int, matches: list[tuple[int, str]], fresh: bool, killed: bool) -> None:
        told = [(article, article % 4 + 1, self.queries[word]) for article, word in sorted(matches)]
        known = {its[:3] for its in self.expected.alerts.values()}

        def work(session: Session) -> int:
            raised = session.outbox.raise_alerts(told, NOW, fresh=fresh)
            return _unless(killed, raised)

        new = [match for match in told if match not in known]
        if killed:
            with pytest.raises(Killed):
                self.stores[process].write(work)
            return
        assert self.stores[process].write(work) == len(new)
        for number, match in zip(self._numbers(), new, strict=True):
            assert number > self.last
            self.last = number
            self.leading[number] = self.expected.leads(*match[1:], fresh)
            self.expected.alerts[number] = (*match, fresh)
            self.expected.waiting.append(number)

    @precondition(lambda self: self.expected.waiting)
    @rule(process=PROCESSES, whole=st.booleans(), killed=st.booleans())
    def expand_some(self, process: int, whole: bool, killed: bool) -> None:
        first, to = self.expected.waiting[0], self.expected.reached + 1

        def work(session: Session) -> None:
            found = session.outbox.next_alert()
            assert found is not None
            session.outbox.expanded(found[0].id, None if whole else to)
            _unless(killed, 0)

        if killed:
            with pytest.raises(Killed):
                self.stores[process].write(work)
            return
        self.stores[process].write(work)
        self.expected.reached = 0 if whole else to
        if whole:
            self.expected.waiting.remove(first)

    @rule(process=PROCESSES, limit=st.integers(1, 9))
    def prune(self, process: int, limit: int) -> None:
        gone = self.stores[process].write(lambda session: session.outbox.prune_alerts(NOW + HOUR, limit))
        finished = sorted(set(self.expected.alerts) - set(self.expected.waiting))
        assert gone == min(limit, len(finished))
        for number in finished[:gone]:
            del self.expected.alerts[number]

    @rule(process=PROCESSES, word=st.sampled_from(WORDS))
    def forget_query(self, process: int, word: str) -> None:
        scene = Scene(self.stores[process])
        chat = scene.chat(word)
        scene.store.write(lambda session: session.chats.forget(chat.id))
        gone = {number for number, its in self.expected.alerts.items() if its[2] == self.queries[word]}
        if self.expected.waiting and self.expected.waiting[0] in gone:
            self.expected.reached = 0
        self.expected.waiting = [number for number in self.expected.waiting if number not in gone]
        for number in gone:
            del self.expected.alerts[number]
        self.queries[word] = self._subscribe(word)

    @precondition(lambda self: len(self.copies) < 3)
    @rule()
    def back_up(self) -> None:
        path = self.folder / f"copy{len(self.copies)}.db"
        self.stores[0].backup(str(path))
        self.copies.append((path, self.expected.copy(), dict(self.queries)))

    @precondition(lambda self: self.copies)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        path, expected, queries = data.draw(st.sampled_from(self.copies))
        self._close()
        restore(path, self.folder / "n.db", NOW)
        self._open()
        self.expected, self.queries = expected.copy(), dict(queries)
        self.last = self._number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'alerts'")

    @rule()
    def start_again(self) -> None:
        self._close()
        self._open()

    @invariant()
    def what_is_not_finished_waits_in_the_order_it_was_raised_in(self) -> None:
        sql = f"SELECT coalesce(group_concat(id), '') FROM (SELECT a.id FROM {UNFINISHED} ORDER BY a.id)"
        with self.stores[0].reading() as connection:
            (found,) = connection.execute(sql).fetchone()
        assert found == ",".join(map(str, self.expected.waiting))
        for store in self.stores:
            alert = store.read(lambda session: session.outbox.next_alert())
            assert (alert and (alert[0].id, alert[1])) == (
                (self.expected.waiting[0], self.expected.reached) if self.expected.waiting else None
            )
            since = store.read(lambda session: session.figures.unexpanded_since())
            assert (since is None) == (not self.expected.waiting)

    def _expand_all(self) -> None:
        """Each waiting alert's turn comes, once."""
        while self.expected.waiting:
            found = self.stores[0].read(lambda session: session.outbox.next_alert())
            assert found is not None
            alert = found[0]
            article, story, query, fresh = self.expected.alerts[alert.id]
            assert (alert.article_id, alert.story_id, alert.query_id, alert.fresh) == (article, story, query, fresh)
            assert alert.leads == self.leading[alert.id]
            self.expand_some(1, whole=True, killed=False)
        assert self.stores[1].read(lambda session: session.outbox.next_alert()) is None

    def _open(self) -> None:
        self.stores = [open_store(self.folder / "n.db", now=NOW) for _ in range(2)]

    def _close(self) -> None:
        for store in self.stores:
            store.close()

    def _subscribe(self, word: str) -> int:
        scene = Scene(self.stores[0])
        return scene.subscribe(scene.chat(word), word).query_id

    def _numbers(self) -> list[int]:
        """Of the alerts raised last, in order."""
        with self.stores[0].reading() as connection:
            return [number for (number,) in connection.execute("SELECT id FROM alerts WHERE id > ?", (self.last,))]

    def _number(self, sql: str) -> int:
        with self.stores[0].reading() as connection:
            return int(connection.execute(sql).fetchone()[0])


def _unless(killed: bool, result: int) -> int:
    if killed:
        raise Killed
    return result


TestAlerts = AlertsMachine.TestCase
TestAlerts.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


@settings(max_examples=40, deadline=None)
@given(coming=st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=14))
def test_an_alert_knows_the_first_that_was_at_least_so_fresh(coming: list[tuple[int, bool]]) -> None:
    """Articles of one story match one query, in whatever order, some of them twice; somebody subscribes before each."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(fresh_store(Path(folder) / "n.db"))
        try:
            _check_leaders(scene, coming)
        finally:
            scene.store.close()


def _check_leaders(scene: Scene, coming: list[tuple[int, bool]]) -> None:
    made: list[tuple[int, Subscription]] = []
    raised: list[Alert] = []
    for number, (article, fresh) in enumerate(coming):
        made.append((len(raised), scene.subscribe(scene.chat(f"c{number}"), "kosovo")))
        match, now = (article, 1, made[0][1].query_id), NOW + number * MINUTE
        new = scene.store.write(partial(_raise, match, now, fresh))
        assert new == (article not in {alert.article_id for alert in raised})
        if new:
            alert, told = _expand(scene)
            raised.append(alert)
            first = min(position for position, other in enumerate(raised, start=1) if other.fresh >= fresh)
            assert alert.leads == (first == len(raised))
            assert alert.first_raised_at == raised[first - 1].raised_at
            assert told == [entry.id for before, entry in made if alert.leads or before >= first]


def _raise(match: tuple[int, int, int], now: datetime, fresh: bool, session: Session) -> int:
    return session.outbox.raise_alerts([match], now, fresh=fresh)


def _expand(scene: Scene) -> tuple[Alert, list[int]]:
    """The alert whose turn it is, and the subscriptions it is owed to; it is finished."""
    found = scene.store.read(lambda session: session.outbox.next_alert())
    assert found is not None
    alert = found[0]
    audiences, _, reached = scene.store.read(lambda session: session.subscriptions.audiences(alert, 0, 100))
    scene.store.write(lambda session: session.outbox.expanded(alert.id, reached))
    return alert, sorted(told for audience in audiences for told, _ in audience.listeners)
