"""A story that was told is told again: other accounts of it to who follows it, or that many outlets carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.compose import Telling, Told, alert_card, item, story_actions, why_late
from bot.core.following import Further
from bot.core.message import Actions, Line, Message, Strong, filled

_TITLE = 160


def retold(
    tolds: Sequence[Told],
    story: str,
    outlets: int,
    to: Telling,
    *,
    due_at: datetime | None = None,
    held_since: datetime | None = None,
) -> Message:
    """Articles that tell it again, below the headline `story` by which the chat knows it.

    `outlets` is how many carry it, where that is the news. One article is a card, several are a list in the order
    given, both with the story's buttons. `due_at` and `held_since` are as for `alerts`.
    """
    first = tolds[0]
    notes = (_said(tolds, story, outlets, to), *why_late(len(tolds), to, due_at, held_since))
    actions = story_actions(first.archived.story_id, to.words, followed=first.followed)
    if len(tolds) == 1:
        card = alert_card(replace(first, further=None), to, actions)
        return replace(card, blocks=(*notes, *card.blocks))
    items = (item(replace(told, further=None), to) for told in tolds)
    return Message((*notes, *items, Actions(actions)))


def _said(tolds: Sequence[Told], story: str, outlets: int, to: Telling) -> Line:
    """`Another account of a story you follow: Headline`, or how many outlets carry it."""
    accounts = sum(told.further is Further.ACCOUNT for told in tolds)
    key = f"stories.{'accounts' if accounts else 'outlets_told'}"
    phrase = to.words.plural(key, accounts or outlets)
    title = " ".join(story.split())[:_TITLE] or to.words.say("cards.untitled")
    return Line(filled(phrase, n=accounts or outlets, story=(Strong(title),)), quiet=True)
