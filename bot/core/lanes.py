"""Whose turn it is: answers first, then deliveries by weight, and within a lane one chat after another."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Lane(StrEnum):
    """What kind of thing waits to be sent."""

    ANSWER = "answer"
    ALERT = "alert"
    DIGEST = "digest"
    EDIT = "edit"
    BROADCAST = "broadcast"


WEIGHTS = {Lane.ALERT: 8, Lane.DIGEST: 3, Lane.EDIT: 2, Lane.BROADCAST: 1}
"""Of so many turns each lane of deliveries has this many while all of them wait; an answer waits for none."""


class RoundRobin:
    """Deficit round-robin over the lanes of deliveries, each message costing one (Shreedhar and Varghese, 1995)."""

    def __init__(self) -> None:
        self._left = dict.fromkeys(WEIGHTS, 0)
        self._order = deque(WEIGHTS)
        self._left[self._order[0]] = WEIGHTS[self._order[0]]

    def pick(self, ready: set[Lane]) -> Lane:
        """The lane whose turn it is among those that have something ready; ValueError when there is none."""
        if not ready & WEIGHTS.keys():
            raise ValueError("nothing is ready")
        while True:
            lane = self._order[0]
            if lane in ready and self._left[lane] > 0:
                self._left[lane] -= 1
                return lane
            self._left[lane] = 0
            self._order.rotate(-1)
            self._left[self._order[0]] = WEIGHTS[self._order[0]]


class Queue(Generic[T]):
    """What waits to be sent, by lane and chat: in order within a chat, in turn between chats."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, OrderedDict[str, deque[T]]] = {lane: OrderedDict() for lane in Lane}
        self._turns = RoundRobin()
        self._chats: dict[str, int] = {}
        self._held = 0

    def __len__(self) -> int:
        return self._held

    def __iter__(self) -> Iterator[tuple[Lane, str, T]]:
        """(lane, chat, item) of everything that waits, in no particular order."""
        for lane, chats in self._lanes.items():
            for chat, items in chats.items():
                yield from ((lane, chat, item) for item in items)

    def holds(self, chat: str) -> bool:
        """Whether something waits for the chat."""
        return chat in self._chats

    def add(self, lane: Lane, chat: str, item: T) -> None:
        """Puts it behind what waits for the chat in the same lane."""
        self._lanes[lane].setdefault(chat, deque()).append(item)
        self._chats[chat] = self._chats.get(chat, 0) + 1
        self._held += 1

    def pick(self, ready: Callable[[Lane, str], bool]) -> tuple[Lane, str, T] | None:
        """Takes the next (lane, chat, item) of a chat that is `ready`, None when there is none."""
        if (chat := self._first(Lane.ANSWER, ready)) is not None:
            return Lane.ANSWER, chat, self._take(Lane.ANSWER, chat)
        heads = {lane: chat for lane in WEIGHTS if (chat := self._first(lane, ready)) is not None}
        if not heads:
            return None
        lane = self._turns.pick(set(heads))
        return lane, heads[lane], self._take(lane, heads[lane])

    def remove(self, lane: Lane, chat: str, item: T) -> bool:
        """Takes this one out, wherever it stands; False when it is not there any more."""
        items = self._lanes[lane].get(chat)
        if items is None or item not in items:
            return False
        items.remove(item)
        self._close(lane, chat)
        return True

    def _first(self, lane: Lane, ready: Callable[[Lane, str], bool]) -> str | None:
        return next((chat for chat in self._lanes[lane] if ready(lane, chat)), None)

    def _take(self, lane: Lane, chat: str) -> T:
        item = self._lanes[lane][chat].popleft()
        self._lanes[lane].move_to_end(chat)
        self._close(lane, chat)
        return item

    def _close(self, lane: Lane, chat: str) -> None:
        if not self._lanes[lane][chat]:
            del self._lanes[lane][chat]
        self._held -= 1
        self._chats[chat] -= 1
        if not self._chats[chat]:
            del self._chats[chat]
