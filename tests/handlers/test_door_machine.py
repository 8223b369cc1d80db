"""Asking, deciding, inviting and changing modes in any order: who was let in is answered and rung, nobody else."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.app import App
from bot.config import Settings
from bot.core.access import ASK_AGAIN_FOR, ASKED_FOR, INVITED_FOR, Access, Standing
from bot.core.door import Door
from bot.core.model import Address, Article
from handlers.services import Services
from tests.few_topics import few_topics
from tests.fresh import fresh_store
from tests.handlers.newsroom import NOW, Newsroom

ADMINS = (Address("terminal", "ana"), Address("terminal", "local"))
NAMES = ("bob", "eve")
WHO = st.sampled_from(NAMES)
WRONG = "invite-" + "x" * 24
EVER = timedelta(days=3650)


class DoorMachine(RuleBasedStateMachine):
    """Two strangers and two admins; the model knows how each stands and which invites are good."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        config = Settings(
            self.folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset(ADMINS), late_for=EVER
        )
        app = App(config, fresh_store(config.database), few_topics())
        codes = (f"invite-{number:024}" for number in range(10_000))
        services = Services(app.store, app.topics, "UTC", None, "1", code=lambda: next(codes))
        self.room = Newsroom(app, services)
        self.mode = Access.INVITED
        self.standing: dict[str, Standing] = {}
        self.since = dict.fromkeys(NAMES, NOW)
        self.subscribed: set[str] = set()
        self.invites: dict[str, timedelta] = {}
        self.stories = 0
        self.change(Access.INVITED)

    def teardown(self) -> None:
        self.room.app.close()
        shutil.rmtree(self.folder)

    def says(self, name: str, text: str) -> str:
        return self.room.say(text, address=Address("terminal", name))

    def decided(self, name: str, standing: Standing) -> None:
        self.standing[name], self.since[name] = standing, self.room.now

    @rule(mode=st.sampled_from((Access.INVITED, Access.INVITED, Access.ADMINS)))
    def change(self, mode: Access) -> None:
        self.mode, door = mode, Door(mode, frozenset(ADMINS))
        self.room.services = replace(self.room.services, door=door)
        self.room.app.store.write(lambda session: door.settle(session, self.room.now))

    @rule(name=WHO)
    def ask(self, name: str) -> None:
        said, before = self.says(name, "/start"), self.standing.get(name)
        if self.mode is Access.ADMINS:
            assert said.startswith("This newsbell is for its admins only.")
        elif before is Standing.ADMITTED:
            assert said.startswith("Welcome")
        elif before is None or self.room.now >= self.since[name] + self.patience(before):
            assert "have been asked" in said
            self.decided(name, Standing.ASKED)
        else:
            assert ("were asked" in said) is (before is Standing.ASKED)

    def patience(self, standing: Standing) -> timedelta:
        """How long an asking stands."""
        return ASKED_FOR if standing is Standing.ASKED else ASK_AGAIN_FOR

    @rule(name=WHO, verb=st.sampled_from(("approve", "deny", "revoke")), admin=st.sampled_from(ADMINS))
    def decide(self, name: str, verb: str, admin: Address) -> None:
        said = self.room.say(f"/access {verb} terminal:{name}", admin=True, address=admin)
        before = self.standing.get(name)
        after = {"approve": Standing.ADMITTED, "deny": Standing.DENIED, "revoke": Standing.REVOKED}[verb]
        if before is after:
            assert said.startswith("That was decided")
        elif before is None and after is not Standing.ADMITTED:
            assert said.startswith("Nobody called")
        elif after is Standing.REVOKED and before is not Standing.ADMITTED:
            assert "is not let in" in said
        else:
            self.decided(name, Standing.REVOKED if before is Standing.ADMITTED else after)

    @rule()
    def invite(self) -> None:
        said = self.room.say("/invite", admin=True, address=ADMINS[0])
        if self.mode is Access.ADMINS:
            assert said.startswith("Nobody can be invited")
        else:
            self.invites[said.split()[-1]] = self.room.now - NOW + INVITED_FOR

    @rule(name=WHO, which=st.integers(0, 2))
    def enter(self, name: str, which: int) -> None:
        code = ([WRONG, WRONG, WRONG, *self.invites])[-1 - which]
        said, good = self.says(name, f"/start {code}"), self.invites.get(code, timedelta(0)) > self.room.now - NOW
        if self.mode is Access.ADMINS:
            assert said.startswith("This newsbell is for its admins only.")
        elif self.standing.get(name) is Standing.ADMITTED:
            assert said.startswith("Welcome")
        elif good:
            assert said.startswith("Welcome")
            self.invites[code] = timedelta(0)
            self.decided(name, Standing.ADMITTED)
        else:
            assert said.startswith("This invite was used already")

    @rule(name=WHO)
    def join(self, name: str) -> None:
        """The usual way in."""
        self.decide(name, "approve", ADMINS[0])
        self.subscribe(name)

    @rule(name=WHO)
    def subscribe(self, name: str) -> None:
        said = self.says(name, "/subscribe frontex")
        assert said.startswith(("Subscribed", "You have this already")) is self.may(name)
        if self.may(name):
            self.subscribed.add(name)

    @rule(days=st.sampled_from((1, 31)))
    def wait(self, days: int) -> None:
        self.room.wait(days=days)

    @rule()
    def ring(self) -> None:
        """A story rings those who may hear it now; the others' waits."""
        self.stories += 1
        title = f"Frontex buys {self.stories} " + " ".join(f"boat{self.stories}x{part}" for part in range(12))
        self.room.take(Article(title, title, title, "Wire", language="en"))
        self.room.wait(minutes=30)
        self.room.paper.write = lambda to, message: to.chat
        for _ in range(3):
            heard = self.room.deliver()
            assert {name for name in heard if name in NAMES} <= {name for name in NAMES if self.hears(name)}
            self.room.wait(minutes=31)

    def may(self, name: str) -> bool:
        return self.mode is Access.INVITED and self.standing.get(name) is Standing.ADMITTED

    def hears(self, name: str) -> bool:
        """Who was asked about is told of the decision, too."""
        return self.may(name) or (name not in self.subscribed and self.standing.get(name) is not None)

    @invariant()
    def each_stands_as_the_model_has_it(self) -> None:
        guests, _ = self.room.app.store.read(lambda session: session.guests.listed(None, 9))
        assert {guest.address.chat: guest.standing for guest in guests} == self.standing
        for name in NAMES:
            if name in self.subscribed:
                assert self.room.chat(Address("terminal", name)).is_away is not self.may(name)


DoorMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
test_door = DoorMachine.TestCase
