"""Whatever happens to followed stories, each account rings once, in time, and nothing that waits is lost.

The world of `test_delivery_machine`, with people who follow, and outlets that tell the same events in other words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.core.model import SourceKind
from tests.jobs.accounts import EVENTS, account, copy_of
from tests.jobs.test_delivery_machine import CHATS, CRASH, MARK, SCRIPT, DeliveryMachine

SAID = ("/follow {}", "/follow {}", "/follow {}", "/unfollow {}", "/unfollow all", "/undo", "/mute {}", "/unmute {}",
        "/settings outlets 2", "/settings outlets 3", "/settings outlets never")  # fmt: skip
ABOVE = re.compile(r"^(?:Another account|\d+ more accounts|\d+ outlets have accounts) of .*?: .*$", re.MULTILINE)
"""The line that says which story is told again, by the headline it is known by."""


class FollowingMachine(DeliveryMachine):
    """Three events that any outlet may tell, or copy, besides what the others do."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Counter[str] = Counter()
        for name in CHATS:
            self.say(name, '/subscribe "frontex"')
        for event in EVENTS:
            self.tell(event=event, copies=False, script=[], die_at=None)
        for name in CHATS[:2]:
            self.follow(name=name, what="/follow {}", event="ferry")
        self.follow(name=CHATS[2], what="/settings outlets 2", event="ferry")

    @rule(event=st.sampled_from(sorted(EVENTS)), copies=st.booleans(), script=SCRIPT, die_at=CRASH)
    def tell(self, event: str, copies: bool, script: list[str | None], die_at: int | None) -> None:
        """Another account of the event comes, or a copy of the latest."""
        self.told[event] += not copies or not self.told[event]
        self.told["all"] += 1
        mark = f"m99{self.told['all']}99x"
        known = account(event, self.told[event])
        article = copy_of(known, f"Wire {self.told['all']}") if copies else known
        article = replace(article, guid=mark, title=f"{article.title} {mark}")
        source = self.apps[0].store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
        list(self.apps[0].intake.take([article], source, self.now))
        self.deliver(script, die_at, workers=1)

    @rule(name=st.sampled_from(CHATS), what=st.sampled_from(SAID), event=st.sampled_from(sorted(EVENTS)))
    def follow(self, name: str, what: str, event: str) -> None:
        [(story,)] = self.rows("SELECT coalesce(min(story_id), 1) FROM articles WHERE instr(text, ?)", f"{event}1x")
        self.say(name, what.format(story))

    def everything_ends(self) -> None:
        for name in CHATS:
            self.say(name, "/unmute all")
        super().everything_ends()
        self.check_rings_keep_their_distance()
        self.check_many_outlets_ring_once()

    def check_none_came_twice(self) -> None:
        """What stands above a ring only names the story."""
        self.world.accepted = [(chat, ref, ABOVE.sub("", text, count=1)) for chat, ref, text in self.world.accepted]
        super().check_none_came_twice()

    def check_rings_keep_their_distance(self) -> None:
        sql = """
            SELECT DISTINCT chat_id, story_id, settled_at FROM deliveries
            WHERE further <> 0 AND state = 'sent' ORDER BY chat_id, story_id, settled_at
        """
        rung: dict[tuple[object, object], list[int]] = {}
        for chat_id, story_id, at in self.rows(sql):
            rung.setdefault((chat_id, story_id), []).append(int(str(at)))
        half_an_hour = timedelta(minutes=30) // timedelta(microseconds=1)
        for times in rung.values():
            assert all(later - earlier >= half_an_hour for earlier, later in pairwise(times))

    def check_many_outlets_ring_once(self) -> None:
        sql = "SELECT count(*) FROM deliveries WHERE abs(further) = 2 GROUP BY chat_id, story_id HAVING count(*) > 1"
        assert self.rows(sql) == []


TestFollowing = FollowingMachine.TestCase
TestFollowing.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)


def test_the_line_above_is_told_from_what_it_stands_above() -> None:
    text = "2 more accounts of a story you follow: Report m11x\n• Report m12x"
    assert MARK.findall(ABOVE.sub("", text, count=1)) == ["m12x"]
