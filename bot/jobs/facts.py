"""Facts: what the store knows of a claim, gathered into the values that compose turns into a Message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.compose import Group, Telling, Told, alerts, digest, failing
from bot.core.message import Message, line
from bot.core.model import Claim, Delivery, Kind, Subscription
from bot.core.plan import zone_of
from bot.core.ports import Session
from bot.core.words import Words
from bot.matching.telling import Interest, told
from bot.matching.topics import Topics


@dataclass(frozen=True)
class Composer:
    """Composes what a chat gets, in its words and its zone."""

    topics: Topics
    default_zone: str

    def compose(self, session: Session, claim: Claim, now: datetime) -> Message | None:
        """The claim's message, None when there is nothing to say (an empty digest the chat does not want)."""
        words = Words(claim.chat.language or "en")
        if claim.notice is not None:
            return Message((line(words.say(claim.notice.key, **claim.notice.details)),))
        to = Telling(words, zone_of(claim.chat, self.default_zone), now)
        if claim.kind is Kind.ALERT:
            rung = self._rung(session, claim)
            return alerts(rung, to, due_at=claim.due_at, held_since=claim.chat.held_since) if rung else None
        if claim.kind is Kind.EDIT:
            grown = [self._grown(session, told, claim.due_at) for told in self._rung(session, claim)]
            return alerts(grown, to) if grown else None
        if not claim.deliveries and not claim.chat.empty_digest:
            return None
        groups = self._groups(session, claim)
        return digest(
            groups,
            to,
            since=claim.chat.last_digest_at,
            due_at=claim.due_at,
            limit=len(claim.deliveries),
            footer=failing(session.sources.failing(), to.words),
        )

    def _told(
        self, session: Session, delivery: Delivery, matched: list[Subscription], already: bool = False
    ) -> Told | None:
        """The delivery's story as it is told; None when its article is no longer there."""
        archived = session.articles.get(delivery.owed.article_id)
        if archived is None:
            return None
        outlets = [entry.article.source for entry in session.articles.of_story(archived.story_id)]
        interests = [Interest.of_subscription(entry, self.topics) for entry in matched]
        return told(archived, interests, self.topics, outlets=outlets, already=already)

    def _rung(self, session: Session, claim: Claim) -> list[Told]:
        """Every alert of the claim, with all of the chat's subscriptions it matched."""
        rung = [
            self._told(session, delivery, session.outbox.matched(claim.chat.id, delivery.owed.story_id))
            for delivery in claim.deliveries
        ]
        return [entry for entry in rung if entry is not None]

    def _grown(self, session: Session, told: Told, told_at: datetime) -> Told:
        """The story with the outlets set apart that took it up since it was told."""
        articles = session.articles.of_story(told.archived.story_id)
        known = {entry.article.source for entry in articles if entry.first_seen_at <= told_at}
        later = [entry.article.source for entry in articles if entry.first_seen_at > told_at]
        return replace(told, grown=tuple(name for name in dict.fromkeys(later) if name and name not in known))

    def _groups(self, session: Session, claim: Claim) -> list[Group]:
        """The digest's stories by the subscription they came for, newest first."""
        heard = session.outbox.told(claim.chat.id, [delivery.owed.story_id for delivery in claim.deliveries])
        groups: dict[int, list[Told]] = {}
        subscriptions: dict[int, Subscription] = {}
        for delivery in claim.deliveries:
            subscription = session.subscriptions.get(delivery.owed.subscription_id)
            matched = [] if subscription is None else [subscription]
            entry = self._told(session, delivery, matched, delivery.owed.story_id in heard)
            if entry is not None and subscription is not None:
                subscriptions[subscription.number] = subscription
                groups.setdefault(subscription.number, []).append(entry)
        return [
            Group(Interest.of_subscription(subscriptions[number], self.topics).label, _newest(tolds), len(tolds))
            for number, tolds in sorted(groups.items())
        ]


def _newest(tolds: list[Told]) -> tuple[Told, ...]:
    return tuple(sorted(tolds, key=lambda entry: entry.archived.published_at, reverse=True))
