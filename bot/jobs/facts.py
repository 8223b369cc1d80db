"""Facts: what the store knows of a claim, gathered into the values that compose turns into a Message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.compose import Group, Telling, Told, alerts, digest, failing, left_out, rank
from bot.core.further import further
from bot.core.message import Action, Message, line
from bot.core.model import Archived, Claim, Delivery, Kind, Subscription
from bot.core.plan import audible_at, zone_of
from bot.core.ports import Session
from bot.core.prefaces import said
from bot.core.reader_ports import Preface
from bot.core.reasons import PREFACE
from bot.core.words import Words
from bot.jobs.teller import Teller
from bot.matching.topics import Topics

SHOWN = 20
"""Stories a message holds at most; the others are a `/digest more` away."""

MORE = "/digest more"


@dataclass(frozen=True, slots=True)
class Composed:
    """A claim's message, the lines that did not fit into it, best first, and what it says on top.

    `reason` is what its rows are settled with: PREFACE where it is no digest but only such a line.
    """

    message: Message
    left: tuple[tuple[int, int], ...] = ()
    """(article id, subscription id) of each."""
    prefaces: tuple[Preface, ...] = ()
    reason: str | None = None

    def keep(self, session: Session, claim: Claim, now: datetime) -> None:
        """Records, in the transaction that settles the claim as sent, what was said and what is still to be had."""
        session.leftovers.keep(claim.chat.id, now, self.left)
        session.prefaces.said(claim.chat.id, self.prefaces)


@dataclass
class Composer:
    """Composes what a chat gets, in its words and its zone."""

    topics: Topics
    default_zone: str
    _latest: Teller | None = None

    def compose(self, session: Session, claim: Claim, now: datetime) -> Composed | None:
        """The claim's message, None when there is nothing to say (an empty digest the chat does not want)."""
        words = Words(claim.chat.language or "en")
        if claim.notice is not None:
            said = line(words.say(claim.notice.key, **claim.notice.details))
            return Composed(Message((said,), silent=self._is_hushed(claim, now)))
        to = Telling(words, zone_of(claim.chat, self.default_zone), now)
        if claim.kind is Kind.EDIT:
            grown = [self._grown(session, told, claim.due_at) for told, _ in self._rung(session, claim, now)]
            below = [further(entry, to) for told in grown for entry in self._later(session, told, claim.due_at)]
            return Composed(replace(alerts(grown, to), replies=tuple(below))) if grown else None
        composed = self._with_prefaces(session, claim, to)
        if composed is None or not self._is_hushed(claim, now):
            return composed
        return replace(composed, message=replace(composed.message, silent=True))

    def _is_hushed(self, claim: Claim, now: datetime) -> bool:
        """Whether it makes no sound: it is late, say, and the chat is quiet by now; what is urgent is heard."""
        is_urgent = any(delivery.owed.urgent for delivery in claim.deliveries)
        return not is_urgent and audible_at(claim.chat, now, self.default_zone) > now

    def _with_prefaces(self, session: Session, claim: Claim, to: Telling) -> Composed | None:
        """An alert or a digest, after what is to be said on top of the chat's next message."""
        prefaces = session.prefaces.of_chat(claim.chat.id)
        lines = said(prefaces, to)
        if claim.kind is Kind.DIGEST and not claim.deliveries and (lines or not claim.chat.empty_digest):
            kinds = tuple(entry.kind for entry in prefaces)
            return Composed(Message(tuple(lines), silent=True), (), kinds, PREFACE) if lines else None
        composed = self._alerts(session, claim, to) if claim.kind is Kind.ALERT else self._digest(session, claim, to)
        if composed is None or not lines:
            return composed
        message = replace(composed.message, blocks=(*lines, *composed.message.blocks))
        return replace(composed, message=message, prefaces=tuple(entry.kind for entry in prefaces))

    def _teller(self, now: datetime) -> Teller:
        """What was worked out for others at the same time serves everybody; at another time it is done anew."""
        teller = self._latest
        if teller is None or teller.now != now:
            teller = self._latest = Teller(self.topics, now)
        return teller

    def _alerts(self, session: Session, claim: Claim, to: Telling) -> Composed | None:
        """Every alert of the claim; of many the best."""
        rung = self._rung(session, claim, to.now)
        if not rung:
            return None
        left = sorted(rung, key=lambda entry: rank(entry[0]))[SHOWN:]
        outside = {delivery.id for _, delivery in left}
        shown = [told for told, delivery in rung if delivery.id not in outside]
        message = alerts(shown, to, due_at=claim.due_at, held_since=claim.chat.held_since, left=len(left), more=MORE)
        return Composed(message, tuple((entry.owed.article_id, entry.owed.subscription_id) for _, entry in left))

    def _digest(self, session: Session, claim: Claim, to: Telling) -> Composed:
        groups = self._groups(session, claim, to.now)
        left = left_out(groups, SHOWN)
        message = digest(
            groups,
            to,
            since=claim.chat.last_digest_at,
            due_at=claim.due_at,
            more=MORE,
            limit=SHOWN,
            footer=failing(session.sources.failing(), to.words),
            actions=[Action(to.words.say("commands.more"), MORE)] if left else [],
        )
        lines = {entry.owed.article_id: entry.owed.subscription_id for entry in claim.deliveries}
        return Composed(message, tuple((told.archived.id, lines[told.archived.id]) for told in left))

    def _rung(self, session: Session, claim: Claim, now: datetime) -> list[tuple[Told, Delivery]]:
        """Every alert of the claim whose article is still there, with all of the chat's subscriptions it matched."""
        rung = []
        for delivery in claim.deliveries:
            matched = session.outbox.matched(claim.chat.id, delivery.owed.story_id)
            told = self._teller(now).tell(session, delivery.owed.article_id, matched)
            rung += [(told, delivery)] if told is not None else []
        return rung

    def _grown(self, session: Session, told: Told, told_at: datetime) -> Told:
        """The story with the outlets set apart that took it up since it was told."""
        later = self._later(session, told, told_at)
        return replace(told, grown=tuple(entry.article.source for entry in later))

    def _later(self, session: Session, told: Told, told_at: datetime) -> list[Archived]:
        """The first article of each outlet that took the story up since it was told."""
        articles = session.articles.of_story(told.archived.story_id)
        known = {entry.article.source for entry in articles if entry.first_seen_at <= told_at}
        later: dict[str, Archived] = {}
        for entry in articles:
            if entry.first_seen_at > told_at and entry.article.source and entry.article.source not in known:
                later.setdefault(entry.article.source, entry)
        return list(later.values())

    def _groups(self, session: Session, claim: Claim, now: datetime) -> list[Group]:
        """The digest's stories by the subscription they came for, each group's best first."""
        heard = session.outbox.told(claim.chat.id, [delivery.owed.story_id for delivery in claim.deliveries])
        subscriptions = self._subscriptions(session, claim.deliveries)
        groups: dict[int, list[Told]] = {}
        for delivery in claim.deliveries:
            subscription = subscriptions.get(delivery.owed.subscription_id)
            if subscription is None:
                continue
            told = self._teller(now).tell(session, delivery.owed.article_id, [subscription])
            if told is not None:
                already = delivery.owed.story_id in heard
                groups.setdefault(subscription.number, []).append(replace(told, already=True) if already else told)
        by_number = {entry.number: entry for entry in subscriptions.values()}
        return [
            Group(self._teller(now).interest(by_number[number]).label, tuple(sorted(tolds, key=rank)), len(tolds))
            for number, tolds in sorted(groups.items())
        ]

    def _subscriptions(self, session: Session, deliveries: Sequence[Delivery]) -> dict[int, Subscription]:
        """The subscriptions the lines came for, by id."""
        found = (session.subscriptions.get(entry) for entry in {line.owed.subscription_id for line in deliveries})
        return {entry.id: entry for entry in found if entry is not None}
