"""Which story a person means: by the number that buttons and digests show, by URL, by headline, or the latest alert."""

from __future__ import annotations

import re

from bot.core.errors import UserError
from bot.core.message import Link, Span, Strong
from bot.core.model import Archived, Kind, State
from bot.matching.syntax import And, Node, Title, Word
from bot.matching.text import folded_words
from handlers.call import Call

MOST_WORDS = 24
"""Words of a headline that are looked for."""

URL = re.compile(r"https?://\S+", re.IGNORECASE)
NUMBER = re.compile(r"#?\s*([0-9]{1,18})")


def story_of(call: Call, text: str) -> Archived:
    """The article of the story that `text` means, as this chat was told it where it was; UserError when there is none.

    Nothing typed means the latest alert.
    """
    if not text:
        return _some(latest_alert(call), "readers.which_story")
    if number := NUMBER.fullmatch(text):
        return _some(numbered(call, int(number[1])), "readers.no_story", number=number[1])
    if URL.fullmatch(text):
        return _some(call.session.articles.by_url(text), "commands.why_no_url", text=text[:200])
    return _some(headlined(call, text, anywhere=False), "readers.no_such_headline", text=text[:80])


def _some(found: Archived | None, key: str, **details: str) -> Archived:
    if found is None:
        raise UserError(key, suggestion=None, **details)
    return found


def numbered(call: Call, story_id: int) -> Archived | None:
    """The article by which this chat knows the story, else the story's first."""
    for delivery, *_ in call.session.outbox.deliveries_of_story(call.chat.id, story_id):
        if known := call.session.articles.get(delivery.owed.article_id):
            return known
    return next(iter(call.session.articles.of_story(story_id)), None)


def latest_alert(call: Call) -> Archived | None:
    """The article of the latest alert the chat was sent."""
    story_id = call.session.outbox.latest_alert(call.chat.id)
    if story_id is None:
        return None
    deliveries = call.session.outbox.deliveries_of_story(call.chat.id, story_id)
    alerts = [delivery.owed for delivery, state, _, _ in deliveries if state is State.SENT]
    return call.session.articles.get(next(owed.article_id for owed in reversed(alerts) if owed.kind is Kind.ALERT))


def headlined(call: Call, text: str, *, anywhere: bool = True) -> Archived | None:
    """The newest article with all these words in its headline or, failing that and `anywhere`, at all."""
    words = [Word(word) for word in folded_words(text)[:MOST_WORDS]]
    for query in (_all([Title(word) for word in words]), _all(words) if anywhere else None):
        page = call.session.search.newest(query, call.now, limit=1) if query else None
        if page and page.hits:
            return page.hits[0]
    return None


def _all(nodes: list[Title] | list[Word]) -> Node | None:
    distinct: tuple[Node, ...] = tuple(dict.fromkeys(nodes))
    return And(distinct) if len(distinct) > 1 else next(iter(distinct), None)


def named(archived: Archived) -> Span:
    """The story by its headline, leading to the article where there is a URL."""
    article = archived.article
    headline = article.title or " ".join(article.text[:80].split())
    return Link(headline, article.url) if article.url else Strong(headline)
