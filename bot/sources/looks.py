"""Between what is remembered of a polled source and one look at it: what to ask, and what the answer means."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.poll import Poll, Seen
from bot.sources.web.answers import Answer, Ask, Validators


def question(poll: Poll) -> Ask:
    """How a source is asked whether it has changed."""
    return Ask(Validators(poll.url, poll.etag, poll.last_modified))


def changed(poll: Poll, answer: Answer) -> bool:
    """Whether an answer brings anything to parse: many servers send the same bytes again instead of a 304."""
    return answer.body is not None and answer.digest != poll.digest


def unchanged(answer: Answer) -> Seen:
    """A look that brought nothing to parse."""
    known = answer.validators
    return Seen(
        fresh_for=answer.fresh_for,
        moved_to=answer.moved_to,
        url=known.url,
        etag=known.etag,
        last_modified=known.last_modified,
        digest=answer.digest,
    )


def showed(
    answer: Answer,
    items_at: tuple[datetime, ...],
    *,
    shown: int,
    new: int,
    ttl_for: timedelta | None = None,
    memory: str | None = None,
) -> Seen:
    """A look whose body was parsed: publication times of its items, how many it showed, and how many are new."""
    return replace(unchanged(answer), items_at=items_at, shown=shown, new=new, ttl_for=ttl_for, memory=memory)
