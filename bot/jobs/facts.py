"""Facts: what the store knows of a claim, gathered into the values that compose turns into a Message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.compose import Group, Telling, Told, alerts, digest, failing, left_out, rank
from bot.core.following import Further
from bot.core.further import further
from bot.core.message import Action, Message, line
from bot.core.model import Archived, Chat, Claim, Delivery, Kind, Subscription
from bot.core.plan import audible_at, zone_of
from bot.core.ports import Session
from bot.core.prefaces import said
from bot.core.reader_ports import Preface
from bot.core.reasons import PREFACE
from bot.core.retelling import retold
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
    leads: tuple[tuple[int, int], ...] = ()
    """(delivery id, article id) of lines that another article of their story tells than they were owed with."""

    def keep(self, session: Session, claim: Claim, now: datetime) -> None:
        """Records, in the transaction that settles the claim as sent, what was said and what is still to be had."""
        session.leftovers.keep(claim.chat.id, now, self.left)
        session.prefaces.said(claim.chat.id, self.prefaces)
        for lead in self.leads:
            session.joinings.lead(*lead)


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
            return self._edit(session, claim, to)
        composed = self._with_prefaces(session, claim, to)
        if composed is None or not self._is_hushed(claim, now):
            return composed
        return replace(composed, message=replace(composed.message, silent=True))

    def _is_hushed(self, claim: Claim, now: datetime) -> bool:
        """Whether it makes no sound: it is late, say, and the chat is quiet by now; what is urgent is heard."""
        is_urgent = any(delivery.owed.urgent for delivery in claim.deliveries)
        return not is_urgent and audible_at(claim.chat, now, self.default_zone) > now

    def _edit(self, session: Session, claim: Claim, to: Telling) -> Composed | None:
        """What told stories, as it reads now; what was told again stays what it was but for corrections."""
        if claim.deliveries and all(line.owed.further and not line.owed.gathered for line in claim.deliveries):
            return self._again(session, claim, to)
        rung = self._rung(session, claim, to.now)
        grown = [self._grown(session, told, claim.due_at) for told, _ in rung]
        below = [
            further(entry, to)
            for told in grown
            for again in [session.joinings.rung(claim.chat.id, told.archived.story_id)]
            for entry in self._later(session, told, claim.due_at)
            if entry.id not in again
        ]
        return Composed(replace(alerts(grown, to), replies=tuple(below)), leads=_leads(rung)) if grown else None

    def _again(self, session: Session, claim: Claim, to: Telling) -> Composed | None:
        """What a story that the chat was told has to tell again, as a reply to what told it."""
        rung = self._rung(session, claim, to.now)
        if not rung:
            return None
        story_id = rung[0][0].archived.story_id
        first = session.articles.of_story(story_id)[0]
        message = retold(
            [told for told, _ in rung],
            self._known_by(session, claim, story_id) or first.article.title or first.article.text,
            session.joinings.outlets(story_id),
            to,
            due_at=claim.due_at if claim.kind is Kind.AGAIN else None,
            held_since=claim.chat.held_since,
        )
        return Composed(replace(message, in_reply=claim.in_reply), leads=_leads(rung))

    def _known_by(self, session: Session, claim: Claim, story_id: int) -> str:
        """The headline by which the chat was told the story, empty where it was not."""
        lines = (delivery for delivery, *_ in session.outbox.deliveries_of_story(claim.chat.id, story_id))
        told = next((line.owed.article_id for line in lines if not line.owed.further), None)
        archived = None if told is None else session.articles.get(told)
        return archived.article.title if archived else ""

    def _with_prefaces(self, session: Session, claim: Claim, to: Telling) -> Composed | None:
        """An alert or a digest, after what is to be said on top of the chat's next message."""
        prefaces = session.prefaces.of_chat(claim.chat.id)
        lines = said(prefaces, to)
        if claim.kind is Kind.DIGEST and not claim.deliveries and (lines or not claim.chat.empty_digest):
            kinds = tuple(entry.kind for entry in prefaces)
            return Composed(Message(tuple(lines), silent=True), (), kinds, PREFACE) if lines else None
        kinds_of = {Kind.ALERT: self._alerts, Kind.AGAIN: self._again, Kind.DIGEST: self._digest}
        composed = kinds_of[claim.kind](session, claim, to)
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
        rest = tuple((told.archived.id, entry.owed.subscription_id) for told, entry in left)
        return Composed(message, rest, leads=_leads(rung))

    def _digest(self, session: Session, claim: Claim, to: Telling) -> Composed:
        placed = self._placed(session, claim, to.now)
        groups = self._groups(session, claim, placed, to.now)
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
        lines = {told.archived.id: line.owed.subscription_id for told, line, _ in placed}
        leads = _leads((told, line) for told, line, _ in placed)
        rest = tuple((told.archived.id, lines[told.archived.id]) for told in left)
        return Composed(message, rest, leads=leads)

    def _rung(self, session: Session, claim: Claim, now: datetime) -> list[tuple[Told, Delivery]]:
        """Every alert of the claim whose article is still there, with all of the chat's subscriptions it matched."""
        rung = []
        for delivery in claim.deliveries:
            owed = delivery.owed
            matched = session.outbox.matched(claim.chat.id, owed.story_id)
            article_id = self._lead(session, claim.chat, delivery, matched, now)
            told = self._teller(now).tell(session, article_id, matched)
            if told is not None:
                followed = len(claim.deliveries) == 1 or owed.further is not None
                follows = followed and session.follows.get(owed.chat_id, owed.story_id) is not None
                rung.append((replace(told, further=owed.further, followed=follows), delivery))
        return rung

    def _lead(
        self, session: Session, chat: Chat, delivery: Delivery, matched: Sequence[Subscription], now: datetime
    ) -> int:
        """The article that tells a story in this chat: of those that matched one in a language it reads, if it can be.

        What rings for itself is told by itself.
        """
        owed = delivery.owed
        if owed.further is Further.ACCOUNT or (owed.each and owed.further is None):
            return owed.article_id
        return self._teller(now).lead(session, chat, owed.article_id, matched)

    def _grown(self, session: Session, told: Told, told_at: datetime) -> Told:
        """The story with the outlets set apart that took it up since it was told."""
        later = self._later(session, told, told_at)
        return replace(told, grown=tuple(entry.article.source for entry in later if entry.id != told.archived.id))

    def _later(self, session: Session, told: Told, told_at: datetime) -> list[Archived]:
        """The first article of each outlet that took the story up since it was told."""
        articles = session.articles.of_story(told.archived.story_id)
        known = {entry.article.source for entry in articles if entry.first_seen_at <= told_at}
        later: dict[str, Archived] = {}
        for entry in articles:
            if entry.first_seen_at > told_at and entry.article.source and entry.article.source not in known:
                later.setdefault(entry.article.source, entry)
        return list(later.values())

    def _placed(self, session: Session, claim: Claim, now: datetime) -> list[tuple[Told, Delivery, Subscription]]:
        """The digest's stories as they are told, each with its line and the subscription it came for."""
        subscriptions = self._subscriptions(session, claim.deliveries)
        placed = []
        for entry in claim.deliveries:
            subscription = subscriptions.get(entry.owed.subscription_id)
            if subscription is None:
                continue
            article_id = self._lead(session, claim.chat, entry, [subscription], now)
            told = self._teller(now).tell(session, article_id, [subscription])
            placed += [(told, entry, subscription)] if told is not None else []
        return placed

    def _groups(
        self, session: Session, claim: Claim, placed: Sequence[tuple[Told, Delivery, Subscription]], now: datetime
    ) -> list[Group]:
        """The digest's stories by the subscription they came for, each group's best first."""
        heard = session.outbox.told(claim.chat.id, [entry.owed.story_id for _, entry, _ in placed])
        groups: dict[int, list[Told]] = {}
        for told, entry, subscription in placed:
            already = entry.owed.story_id in heard
            groups.setdefault(subscription.number, []).append(replace(told, already=True) if already else told)
        by_number = {found.number: found for _, _, found in placed}
        return [
            Group(self._teller(now).interest(by_number[number]).label, tuple(sorted(tolds, key=rank)), len(tolds))
            for number, tolds in sorted(groups.items())
        ]

    def _subscriptions(self, session: Session, deliveries: Sequence[Delivery]) -> dict[int, Subscription]:
        """The subscriptions the lines came for, by id."""
        found = (session.subscriptions.get(entry) for entry in {line.owed.subscription_id for line in deliveries})
        return {entry.id: entry for entry in found if entry is not None}


def _leads(rung: Iterable[tuple[Told, Delivery]]) -> tuple[tuple[int, int], ...]:
    """(delivery id, article id) of those that are told by another article than they were owed with."""
    return tuple((line.id, told.archived.id) for told, line in rung if told.archived.id != line.owed.article_id)
