"""Teller: stories as they are told, worked out once for everybody who is told of them in the same pass."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.compose import Reason, Told
from bot.core.following import leading
from bot.core.model import Archived, Chat, Subscription
from bot.core.ports import Session
from bot.matching.muting import keys
from bot.matching.telling import Interest, told
from bot.matching.text import languages_of
from bot.matching.topics import Topics

KEPT = 5_000
"""Stories as told that are remembered; a pass that has more begins anew."""


@dataclass
class Teller:
    """Tells stories to subscribers at `now`: analysing an article costs a hundred times what wording it does.

    Threads that compose at the same moment share one.
    """

    topics: Topics
    now: datetime
    _archived: dict[int, tuple[Archived, list[str]] | None] = field(default_factory=dict)
    _interests: dict[int, Interest] = field(default_factory=dict)
    _told: dict[tuple[int, tuple[int, ...]], Told] = field(default_factory=dict)

    def interest(self, subscription: Subscription) -> Interest:
        """What the subscription stands for, whoever has it."""
        found = self._interests.get(subscription.query_id)
        if found is None:
            found = self._interests[subscription.query_id] = Interest.of_subscription(subscription, self.topics)
        return found

    def tell(self, session: Session, article_id: int, matched: Sequence[Subscription]) -> Told | None:
        """The article's story as it is told to a chat with these subscriptions; None when it is no longer there."""
        key = article_id, tuple(entry.query_id for entry in matched)
        worked_out = self._told.get(key)
        if worked_out is None:
            found = self._found(session, article_id)
            if found is None:
                return None
            archived, outlets = found
            interests = [replace(self.interest(entry), number=index) for index, entry in enumerate(matched)]
            worked_out = self._told[key] = told(archived, interests, self.topics, outlets=outlets)
            self._shrink()
        return replace(worked_out, reasons=tuple(_numbered(reason, matched) for reason in worked_out.reasons))

    def lead(self, session: Session, chat: Chat, article_id: int, matched: Sequence[Subscription]) -> int:
        """The article that tells this one's story in the chat: this one, or the first in a language it reads.

        Only what matched one of the subscriptions, of no outlet that the chat has muted, can take its place.
        """
        read, found = languages_read(chat), self._found(session, article_id) if chat.reads or chat.language else None
        if found is None or found[0].language is None or found[0].language in read:
            return article_id
        story_id, queries = found[0].story_id, [entry.query_id for entry in matched]
        others = session.articles.many(session.joinings.matched(story_id, queries))
        muted = {entry.what for entry in session.mutes.live(chat.id, self.now)}
        heard = [(entry.id, entry.language) for entry in others if muted.isdisjoint(keys(entry))]
        return leading(found[0].language, heard, read) or article_id

    def _found(self, session: Session, article_id: int) -> tuple[Archived, list[str]] | None:
        with suppress(KeyError):  # other threads put in, and begin anew, at any moment
            return self._archived[article_id]
        archived = session.articles.get(article_id)
        found = None if archived is None else (archived, session.articles.outlets(archived.story_id))
        self._archived[article_id] = found
        return found

    def _shrink(self) -> None:
        if len(self._told) > KEPT:
            self._told.clear()
            self._archived.clear()


def languages_read(chat: Chat) -> tuple[str, ...]:
    """The languages (ISO 639-1) a chat reads: those it chose or, failing that, the one it is spoken to in; or any."""
    if chat.reads or chat.language is None:
        return chat.reads
    return languages_of("bcms" if chat.language.startswith("sr") else chat.language)


def _numbered(reason: Reason, matched: Sequence[Subscription]) -> Reason:
    """The reason with the number that this chat calls its subscription by; until then it is a place in `matched`."""
    assert reason.subscription_number is not None
    return replace(reason, subscription_number=matched[reason.subscription_number].number)
