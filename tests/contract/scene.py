"""A store and short ways to say what happens in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.core.model import Address, Alert, Chat, Claim, Delivery, Kind, Manner, Owed, State, Subscription, Terms
from bot.core.ports import Session, Store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEASE = 5 * MINUTE
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)


@dataclass
class Scene:
    """What chats say and articles bring, each as one operation of its own."""

    store: Store
    articles: int = field(default=0)

    def chat(self, name: str = "ana", platform: str = "terminal") -> Chat:
        return self.store.write(lambda session: session.chats.ensure(Address(platform, name), NOW))

    def change(self, chat: Chat, **settings: object) -> Chat:
        changed = replace(self.chat_again(chat), **settings)  # type: ignore[arg-type]
        self.store.write(lambda session: session.chats.save(changed))
        return changed

    def chat_again(self, chat: Chat) -> Chat:
        found = self.store.read(lambda session: session.chats.get(chat.id))
        assert found is not None
        return found

    def subscribe(
        self,
        chat: Chat,
        query: str,
        due: datetime | None = None,
        *,
        now: datetime = NOW,
        urgent: bool = False,
        every: bool = False,
    ) -> Subscription:
        """An instant subscription or, with `due`, a daily digest."""
        cadence = f"daily {due:%H:%M}" if due else "instant"
        return self.store.write(
            lambda session: session.subscriptions.add(
                chat, query, now, cadence=cadence, urgent=urgent, every=every, next_due_at=due
            )
        )

    def end(self, subscription: Subscription, now: datetime = NOW) -> None:
        self.store.write(lambda session: session.subscriptions.end(subscription.id, now))

    def revive(self, subscription: Subscription, now: datetime = NOW) -> None:
        self.store.write(lambda session: session.subscriptions.revive(subscription.id, now))

    def pause_one(self, subscription: Subscription, until: datetime | None = None, now: datetime = NOW) -> None:
        self.store.write(lambda session: session.pauses.begin(subscription.id, now, until))

    def resume_one(self, subscription: Subscription, now: datetime = NOW, due: datetime | None = None) -> int:
        """Hears it again; a digest at its next time unless that is given."""
        due_at = due or self.again(subscription).next_due_at
        return self.store.write(lambda session: session.pauses.end(subscription.id, now, due_at))

    def held(self, subscription: Subscription) -> int:
        return self.store.read(lambda session: session.pauses.held(subscription.id))

    def again(self, subscription: Subscription) -> Subscription:
        found = self.store.read(lambda session: session.subscriptions.get(subscription.id))
        assert found is not None
        return found

    def reschedule(self, subscription: Subscription, due: datetime | None) -> None:
        self.store.write(lambda session: session.subscriptions.reschedule(subscription.id, due))

    def match(
        self, story: int, *queries: int, now: datetime = NOW, fresh: bool = True, article: int | None = None
    ) -> int:
        """A new article of the story matches the queries (ids) and what it raises is expanded; its id."""
        article = article or self.articles + 1
        self.articles = max(self.articles, article)
        matches = [(article, story, query) for query in queries]
        self.store.write(lambda session: session.outbox.raise_alerts(matches, now, fresh=fresh))
        self.expand(now)
        return article

    def expand(self, now: datetime = NOW, chunk: int = 100) -> None:
        while self.store.write(lambda session: _expand_some(session, now, chunk)):
            pass

    def open_digest(self, chat: Chat, due: datetime, now: datetime | None = None) -> None:
        self.store.write(lambda session: session.outbox.open_digest(chat.id, due, now or due))

    def claim(
        self,
        now: datetime = NOW,
        *,
        accept: Callable[[Address], bool] = lambda address: True,
        limit: int = 100,
        lease: timedelta = LEASE,
    ) -> list[Claim]:
        return self.store.write(lambda session: session.outbox.claim(now, now + lease, accept, limit))

    def claimable(self, now: datetime) -> bool:
        return self.store.read(lambda session: session.outbox.claimable(now, lambda address: True))

    def settle(self, claim: Claim, state: State = State.SENT, now: datetime = NOW) -> None:
        self.store.write(lambda session: session.outbox.settle(claim, state, now, message_ref="m1"))

    def postpone(self, claim: Claim, due: datetime) -> None:
        self.store.write(lambda session: session.outbox.postpone(claim, due, "busy"))

    def owe(self, *owed: Owed) -> int:
        return self.store.write(lambda session: session.outbox.owe(owed))

    def tell(self, chat: Chat, subscription: Subscription, *stories: int, now: datetime = NOW) -> None:
        self.store.write(lambda session: session.outbox.tell(chat.id, subscription.id, stories, now, "shown"))

    def of_story(self, chat: Chat, story: int) -> list[tuple[Delivery, State, datetime | None, str | None]]:
        return self.store.read(lambda session: session.outbox.deliveries_of_story(chat.id, story))

    def states(self, chat: Chat) -> dict[tuple[Kind, State], int]:
        return self.store.read(lambda session: session.outbox.counts(chat.id))


def planned(alert: Alert, manner: Manner, now: datetime) -> Terms | None:
    """The simplest plan: an instant subscription is owed now (if fresh), a digest at its next time."""
    due = manner.next_due_at
    if due is None and not alert.fresh:
        return None
    kind = Kind.DIGEST if due else Kind.ALERT
    return Terms(kind, due or now, urgent=manner.urgent, each=manner.every, held=manner.paused)


def _expand_some(session: Session, now: datetime, chunk: int) -> bool:
    waiting = session.outbox.next_alert()
    if waiting is None:
        return False
    alert, reached = waiting
    audiences, _, reached_now = session.subscriptions.audiences(alert, reached, chunk)
    plans = [(planned(alert, audience.manner, now), audience) for audience in audiences]
    session.outbox.owe_all(alert.story_id, alert.article_id, [(terms, told) for terms, told in plans if terms])
    session.outbox.expanded(alert.id, reached_now)
    return True


def stories(claim: Claim) -> list[int]:
    """The stories of a claim, in its order."""
    return [delivery.owed.story_id for delivery in claim.deliveries]
