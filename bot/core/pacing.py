"""How fast a platform may be sent to: its rates as data, and what was used up of them on a clock that is passed in.

`at` is seconds on any clock that never goes back. Nothing here waits: it says how long to.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

WINDOW = 60.25
"""Seconds that a group's minute is taken for: messages travel, and do not all take as long."""

EASED, EASED_AGAIN = 0.95, 0.8
"""What is left of the overall rate after a refusal: one alone may be bad luck, one soon after another is none."""
LEAST = 0.25
"""What is always left of it."""
CREEP = 1 / 100
"""How much of it comes back a second: one refusal is forgotten within five, a row of them is felt for a minute."""

ALARM_CHATS, ALARM_FOR = 3, 5.0
"""So many chats throttled within so many seconds, and it is the whole token that is too fast."""

REMEMBERED = 10_000
"""Chats above which those that are at rest are forgotten."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What a platform permits, None where it has no limit.

    `overall` and `chat` are messages a second, `burst` is how many a chat that was silent may get at once, `group` is
    how many a group may get in any minute; a chat is a group when its id begins with `group_mark`. The reserves are
    what deliveries leave of a chat's burst and a group's minute for answers. `slack` is how many seconds of lateness
    may be made up for: a limit that is enforced to the message leaves no room for any. `in_flight` is how many
    deliveries may wait for their answers at once. `edits` is how many messages may be changed in any minute.
    """

    overall: float | None = None
    chat: float | None = None
    burst: int = 1
    group: int | None = None
    group_mark: str = "-"
    chat_reserve: int = 0
    group_reserve: int = 0
    slack: float = 0.0
    in_flight: int = 16
    edits: int | None = None


UNLIMITED = Rates()
"""A terminal."""

TELEGRAM = Rates(overall=29, chat=1, burst=3, group=20, chat_reserve=1, group_reserve=4, slack=0.012)
"""About 30 a second, 1 a second in a chat, 20 a minute in a group (core.telegram.org/bots/faq)."""

SLACK = Rates(overall=10, chat=1, burst=3, chat_reserve=1, slack=0.1, edits=45)
"""1 a second in a channel with short bursts; a workspace's own limit is unpublished, so the overall rate eases. A few
of the 50 chat.update a minute (docs.slack.dev/apis/web-api/rate-limits, tier 3) are left for pages that are turned."""


@dataclass(slots=True)
class _Chat:
    """What a chat has left: its bucket as of `at`, until when it is stopped, and when a group got its last messages."""

    left: float
    at: float
    stopped_until: float = float("-inf")
    sent: tuple[float, ...] = ()


class Pace:
    """What one token has used up of a platform's rates."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._chats: dict[str, _Chat] = {}
        self._next_at = float("-inf")
        self._stopped_until = float("-inf")
        self._share, self._share_at = 1.0, float("-inf")
        self._throttled: deque[tuple[float, str, float]] = deque()
        self._edits: deque[float] = deque()

    def pause(self, at: float) -> float:
        """Seconds until anything may be sent."""
        return max(0.0, self._stopped_until - at, self._next_at - at)

    def stopped(self, at: float) -> float:
        """Seconds until the whole token goes on after it was stopped."""
        return max(0.0, self._stopped_until - at)

    def chat_pause(self, chat: str, at: float, *, answer: bool = False) -> float:
        """Seconds until the chat itself may be sent to; an answer may use what deliveries leave for it."""
        state = self._chats.get(chat)
        if state is None:
            return 0.0
        waits = (self._bucket_pause(state, at, answer), self._group_pause(chat, state, at, answer))
        return max(0.0, state.stopped_until - at, *waits)

    def edit_pause(self, at: float) -> float:
        """Seconds until a message may be changed."""
        while self._edits and self._edits[0] + WINDOW <= at:
            self._edits.popleft()
        full = self.rates.edits is not None and len(self._edits) >= self.rates.edits
        return self._edits[0] + WINDOW - at if full else 0.0

    def spend_edit(self, at: float) -> None:
        """One message is changed now."""
        if self.rates.edits is not None:
            self._edits.append(at)

    def spend(self, chat: str, at: float) -> None:
        """One message is sent to the chat now."""
        overall = self.overall(at)
        if overall is not None:
            self._next_at = max(self._next_at, at - self.rates.slack) + 1 / overall
        if self.rates.chat is None and self.rates.group is None:
            return
        state = self._state(chat, at)
        state.left, state.at = self._level(state, at) - 1, at
        if self._is_group(chat):
            state.sent = (*state.sent, at)[-(self.rates.group or 1) :]

    def throttled(self, chat: str, pause: float, at: float, *, everyone: bool = False) -> bool:
        """The platform wants `pause` seconds of silence in the chat; True when the whole token is stopped for it.

        That it is when the platform says so or when several chats are throttled at about the same time.
        """
        self._state(chat, at).stopped_until = at + pause
        while self._throttled and self._throttled[0][0] < at - ALARM_FOR:
            self._throttled.popleft()
        eased = EASED_AGAIN if self._throttled else EASED
        self._share, self._share_at = max(LEAST, self._shared(at) * eased), at
        self._throttled.append((at, chat, at + pause))
        everyone = everyone or len({name for _, name, _ in self._throttled}) >= ALARM_CHATS
        if everyone:
            self.stop(max(until for _, _, until in self._throttled))
        return everyone

    def stop(self, until: float) -> None:
        """Nothing leaves before then."""
        self._stopped_until = max(self._stopped_until, until)

    def overall(self, at: float) -> float | None:
        """Messages a second just now: less than permitted for a while after a refusal."""
        return None if self.rates.overall is None else self.rates.overall * self._shared(at)

    def _shared(self, at: float) -> float:
        return 1.0 if self._share >= 1 else min(1.0, self._share + (at - self._share_at) * CREEP)

    def _bucket_pause(self, state: _Chat, at: float, answer: bool) -> float:
        if self.rates.chat is None:
            return 0.0
        needed = 1 + (0 if answer else min(self.rates.chat_reserve, self.rates.burst - 1))
        return (needed - 1e-9 - self._level(state, at)) / self.rates.chat

    def _group_pause(self, chat: str, state: _Chat, at: float, answer: bool) -> float:
        if self.rates.group is None or not self._is_group(chat):
            return 0.0
        allowed = self.rates.group - (0 if answer else self.rates.group_reserve)
        sent = state.sent  # another thread may look while it is replaced
        return sent[-allowed] + WINDOW - at if len(sent) >= allowed else 0.0

    def _level(self, state: _Chat, at: float) -> float:
        return min(self.rates.burst, state.left + (at - state.at) * (self.rates.chat or 0))

    def _is_group(self, chat: str) -> bool:
        return self.rates.group is not None and chat.startswith(self.rates.group_mark)

    def _state(self, chat: str, at: float) -> _Chat:
        if len(self._chats) > REMEMBERED and chat not in self._chats:
            self._forget(at)
        return self._chats.setdefault(chat, _Chat(self.rates.burst, at))

    def _forget(self, at: float) -> None:
        """Drops the chats that are as if they had never been sent to."""
        self._chats = {chat: state for chat, state in self._chats.items() if not self._rests(state, at)}

    def _rests(self, state: _Chat, at: float) -> bool:
        full = self.rates.chat is None or self._level(state, at) >= self.rates.burst
        quiet = not state.sent or state.sent[-1] + WINDOW <= at
        return full and quiet and state.stopped_until <= at
