"""Tellers are shared by the threads that compose at the same moment."""

from __future__ import annotations

from bot.jobs.teller import Teller
from tests.jobs.conftest import NOW, Newsbell, article


class Forgetful(dict[int, object]):
    """What another thread empties as soon as something is put in."""

    def __setitem__(self, key: int, value: object) -> None:
        super().__setitem__(key, value)
        self.clear()


def test_a_story_is_told_though_another_thread_begins_anew_meanwhile(bell: Newsbell) -> None:
    (taken,) = bell.take(article("Frontex opens an office"))
    teller = Teller(bell.app.topics, NOW, _archived=Forgetful())  # type: ignore[arg-type]
    told = bell.app.store.read(lambda session: teller.tell(session, taken.archived.id, []))
    assert told is not None
    assert told.archived == taken.archived
