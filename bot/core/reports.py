"""Reports: what the admins are told of the installation itself, gathered into one message in each chat's own words.

A report is recorded as facts and worded when it is sent. Its phrase is `reports.KEY`, and `reports.KEY_many` where
there may be very many; a detail is filled in by its name: `*_at` (ISO 8601) is a moment, `*_for` (seconds) a span,
`source` a name, and anything else stands as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.compose import Telling
from bot.core.message import Block, Code, Heading, Item, Line, Message, Spans, Strong, filled, line, spans
from bot.core.model import Address, Chat, State
from bot.core.times import duration, listed, when
from bot.core.words import keys

Details = Mapping[str, str | int]

FEW, NAMED = 5, 8
"""Reports of one key that are told one by one, and how many of more are named."""
_LONGEST = 200
"""Characters of a detail that are shown."""

SEE = dict.fromkeys(("degraded", "disabled", "silent", "back", "heard", "burst"), "/sources")
"""Which command shows more of what a report says."""


@dataclass(frozen=True, slots=True)
class Report:
    """One fact; a later one `about` the same thing overtakes one that was not sent yet."""

    about: str
    key: str
    details: Details


@dataclass(frozen=True, slots=True)
class ReportClaim:
    """What one admin chat is told in one message, leased to us until `leased_until`; oldest first."""

    chat: Chat
    reports: tuple[Report, ...]
    ids: tuple[int, ...]
    attempts: int
    leased_until: datetime = field(compare=False)


class Reports(Protocol):
    """Reports in the outbox, claimed, sent and settled as deliveries are. Every method may raise StoreError."""

    def owe(self, chat_id: int, report: Report, now: datetime, due_at: datetime) -> None:
        """Has the chat told then; one about the same thing that waits is cancelled."""

    def gathering_until(self, chat_id: int, now: datetime) -> datetime | None:
        """When the reports that wait for a later time than `now` are due, None when none does."""

    def last_sent_at(self, chat_id: int) -> datetime | None:
        """When the chat was last sent a report."""

    def claimable(self, now: datetime, accept: Callable[[Address], bool]) -> bool:
        """Whether `claim` would take anything."""

    def claim(
        self, now: datetime, leased_until: datetime, accept: Callable[[Address], bool], limit: int
    ) -> list[ReportClaim]:
        """Leases all that is due of each of `limit` chats at most, not paused and taken by `accept`."""

    def settle(
        self,
        claim: ReportClaim,
        state: State,
        now: datetime,
        *,
        message_ref: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Closes a claim as sent, dead or cancelled."""

    def postpone(self, claim: ReportClaim, due_at: datetime, reason: str, *, tried: bool = True) -> None:
        """Gives a claim back, one attempt older if `tried`; what was overtaken meanwhile is cancelled."""

    def counts(self) -> dict[State, int]:
        """How many reports are in which state."""

    def prune(self, before: datetime) -> int:
        """Drops those settled before then; returns how many."""


def told(reports: Iterable[Report], to: Telling) -> Message:
    """Everything an admin is told at once: by key, a few one by one, more as a number and some names."""
    by_key: dict[str, list[Report]] = {}
    for report in {report.about: report for report in reports}.values():
        by_key.setdefault(report.key, []).append(report)
    blocks: list[Block] = [Heading(to.words.say("reports.title"))]
    for key, group in by_key.items():
        blocks += _gathered(key, group, to)
    for command in dict.fromkeys(SEE[key] for key in by_key if key in SEE):
        blocks.append(line(*filled(to.words.phrase("reports.see"), command=(Code(command),)), quiet=True))
    return Message(tuple(blocks), silent=True)


def _gathered(key: str, group: Sequence[Report], to: Telling) -> list[Item | Line]:
    many = f"reports.{key}_many"
    if len(group) <= FEW or many not in keys():
        return [Item(_worded(report, to)) for report in group]
    names = [_cut(report.details.get("source", report.about)) for report in group]
    if len(names) > NAMED:
        names = [*names[:NAMED], to.words.say("cards.more_reasons", n=f"{len(names) - NAMED:,}")]
    return [Item(spans(to.words.count(many, len(group), names=listed(names, to.words))))]


def _worded(report: Report, to: Telling) -> Spans:
    """The report in the chat's words; a key that this newsbell has no words for is told as it stands."""
    key = f"reports.{report.key}"
    if key not in keys():
        return spans(f"{report.key}: {_cut(dict(report.details))}")
    details = {name: _detail(name, value, to) for name, value in report.details.items()}
    return tuple(filled(to.words.phrase(key), **details))


def _detail(name: str, value: str | int, to: Telling) -> Spans:
    if name.endswith("_at"):
        return (when(datetime.fromisoformat(str(value)), to.now, to.zone, to.words),)
    if name.endswith("_for"):
        return spans(duration(timedelta(seconds=int(value)), to.words))
    if isinstance(value, int):
        return spans(f"{value:,}")
    return (Strong(_cut(value)),) if name == "source" else spans(_cut(value))


def _cut(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
